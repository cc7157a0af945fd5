"""The buttons of a message are one row, sealed at once"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.store.sealing import Sealed, SealedJson
from bot.store.tables import Instant

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

PARTS = ("verb", "target", "name", "value", "subject")
OLD = sa.table(
    "button",
    sa.column("handle", sa.String()),
    sa.column("member", sa.Integer()),
    sa.column("label", Sealed()),
    sa.column("press", SealedJson()),
    sa.column("expires_at", Instant()),
)
SHARE = 1000


def upgrade() -> None:
    new = op.create_table(
        "button_new",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("presses", SealedJson(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("token"),
    )
    rows = [_of_its_own(row) for row in op.get_bind().execute(sa.select(OLD))]
    for start in range(0, len(rows), SHARE):
        op.get_bind().execute(new.insert(), rows[start : start + SHARE])
    op.drop_table("button")
    op.rename_table("button_new", "button")
    op.create_index("ix_button_expires_at", "button", ["expires_at"])


def _of_its_own(row: sa.Row[Any]) -> dict[str, Any]:  # a row each
    """What was issued before keeps its handle: a token with one button."""
    presses = {"0": [row.label, *(row.press.get(part, "") for part in PARTS)]}
    who = {"token": row.handle, "member": row.member}
    return {**who, "presses": presses, "expires_at": row.expires_at}
