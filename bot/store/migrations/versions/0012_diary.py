"""Diary entries can be shared with a tandem, and a session can have been moved"""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("tandem", sa.Integer(), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("outdated", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("member", "entry", "tandem"),
        sqlite_autoincrement=True,
    )
    op.add_column(
        "reflection",
        sa.Column("moved", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
