"""When somebody wants to be reminded, and which reminders they were sent"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0010"
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
        table.add_column(sa.Column("settled_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE due SET settled_at = at WHERE state != 'due'")
    # From here on this is also how a reminder is known to be about one start of a session.
    op.execute(
        "UPDATE due SET until = (SELECT starts_at FROM session WHERE session.id ="
        " CAST(SUBSTR(due.subject, 9) AS INTEGER))"
        " WHERE nudge = 'soon' AND state = 'due' AND subject LIKE 'session:%'"
    )
