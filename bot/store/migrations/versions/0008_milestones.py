"""Milestones of a tandem"""

import sqlalchemy as sa
from alembic import op

from bot.store.sealing import Sealed
from bot.store.tables import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "milestone",
        sa.Column("tandem", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", Sealed(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("done_at", Instant(), nullable=True),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("cheered", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tandem", "number"),
    )
