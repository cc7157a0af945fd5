"""When somebody wants to be reminded, and which reminders they were sent"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from bot.store.tables import Instant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was agreed on is sealed: sessions planned before know of no notice."""
    with op.batch_alter_table("member") as table:
        table.add_column(sa.Column("lead", sa.String(), nullable=False, server_default="eve"))
        table.add_column(
            sa.Column("quiet_hours", sa.String(), nullable=False, server_default="20-8")
        )
        table.add_column(
            sa.Column("quiet_sundays", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    with op.batch_alter_table("session") as table:
        table.add_column(sa.Column("notice", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("due") as table:
        table.add_column(sa.Column("settled_at", Instant()))
    op.execute("UPDATE due SET settled_at = at WHERE state != 'due'")
    _know_their_start()


def _know_their_start() -> None:
    """From here on a reminder is known to be about one start of a session by when it is stale."""
    session = sa.table("session", sa.column("id"), sa.column("starts_at", Instant()))
    until: sa.ColumnClause[object] = sa.column("until", Instant())
    due = sa.table("due", *(sa.column(n) for n in ("id", "nudge", "subject", "state")), until)
    bind = op.get_bind()
    starts = {f"session:{row.id}": row.starts_at for row in bind.execute(sa.select(session))}
    waiting = sa.select(due).where(due.c.nudge == "day_before", due.c.state == "due")
    for row in bind.execute(waiting).all():
        if start := starts.get(row.subject):
            late = start - timedelta(minutes=30)
            bind.execute(sa.update(due).where(due.c.id == row.id).values(until=late))
