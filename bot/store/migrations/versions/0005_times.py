"""A session has a length, and a calendar learns of its changes"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Sessions of before were an hour long."""
    new = (
        sa.Column("minutes", sa.Integer(), nullable=False, server_default="60"),
        sa.Column("was", sa.String(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("uid", sa.String(), nullable=False, server_default=""),
    )
    for column in new:
        op.add_column("session", column)
    session = sa.table("session", sa.column("id"), sa.column("uid"))
    connection = op.get_bind()
    for number in connection.execute(sa.select(session.c.id)).scalars().all():
        named = {"uid": secrets.token_hex(16)}
        connection.execute(sa.update(session).where(session.c.id == number).values(**named))
