"""A session stands for a time of its series, or is beside it; calendars have addresses"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.store.tables import Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A session of before finds its time in the series when the next one is laid out."""
    new: tuple[sa.Column[Any], ...] = (
        sa.Column("slot", sa.String(), nullable=True),
        sa.Column("skipped", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("extra", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    for column in new:
        op.add_column("session", column)
    op.create_table(
        "feed",
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("member"),
        sa.UniqueConstraint("digest"),
    )
