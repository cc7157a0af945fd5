"""Answers are sent before what is said unasked, and the next to be sent is found at once"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "outbox",
        sa.Column("unasked", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.drop_index("outbox_due", "outbox")
    op.create_index("outbox_next", "outbox", ["platform", "state", "unasked", "id"])
    op.drop_index("due_next", "due")
    op.create_index("due_next", "due", ["state", "at", "id"])
