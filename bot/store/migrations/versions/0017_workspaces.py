"""Workspaces that installed the bot themselves"""

import sqlalchemy as sa
from alembic import op

from bot.store.sealing import Sealed
from bot.store.tables import Instant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workspace",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("token", Sealed(), nullable=False),
        sa.Column("refresh", Sealed(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=True),
        sa.Column("installed_at", Instant(), nullable=False),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("account"),
    )
    op.create_table(
        "install",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("ix_install_expires_at", "install", ["expires_at"])
