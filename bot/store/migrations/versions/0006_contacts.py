"""Questions to begin with that were shown, and groups that members open themselves"""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tandem", sa.Column("openers", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "group_chat",
        sa.Column("tandem", sa.Integer(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("tandem"),
    )
    op.create_index(op.f("ix_group_chat_hash"), "group_chat", ["hash"])
    op.create_index("group_chat_there", "group_chat", ["platform", "account", "chat"])
