"""Sessions called off late, and members nothing is heard of"""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of what was before nothing is counted."""
    with op.batch_alter_table("member") as table:
        table.add_column(sa.Column("seen_at", Instant(), nullable=True))
    op.create_table(
        "lapse",
        sa.Column("tandem", sa.Integer(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("tandem", "starts_at"),
    )
    op.create_table(
        "silence",
        sa.Column("tandem", sa.Integer(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("tandem", "member"),
    )
    op.create_index(op.f("ix_silence_member"), "silence", ["member"])
