"""What a tandem agrees on: its versions, and who agreed to them"""

import sqlalchemy as sa
from alembic import op

from bot.store.sealing import Sealed, SealedJson
from bot.store.tables import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Sessions of before were an hour long."""
    op.add_column(
        "session", sa.Column("minutes", sa.Integer(), nullable=False, server_default="60")
    )
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
