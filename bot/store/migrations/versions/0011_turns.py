"""Whose topic a session was about, and the next steps agreed on in it"""

import sqlalchemy as sa
from alembic import op

from bot.store.sealing import Sealed
from bot.store.tables import Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("session", sa.Column("turn", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "step",
        sa.Column("session", sa.Integer(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("text", Sealed(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("session", "member"),
    )
    op.create_index("ix_step_member", "step", ["member"])
