"""A guide says when the time of a phase is over; a group goes on without who leaves"""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import Instant

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tandem_member", sa.Column("left_at", Instant(), nullable=True))
    op.create_table(
        "cue",
        sa.Column("session", sa.Integer(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("till", Instant(), nullable=False),
        sa.Column("parcel", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("session", "member"),
    )
    op.create_index("ix_cue_member", "cue", ["member"])
