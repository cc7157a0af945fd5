"""What a tandem agrees on: its versions, and who agreed to them"""

import sqlalchemy as sa
from alembic import op

from bot.store.sealing import Sealed, SealedJson
from bot.store.tables import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agreement",
        sa.Column("tandem", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("content", SealedJson(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("tandem", "number"),
    )
    op.create_table(
        "agreement_yes",
        sa.Column("tandem", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("goal", Sealed(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("tandem", "number", "member"),
    )
    op.create_index("ix_agreement_yes_member", "agreement_yes", ["member"])
