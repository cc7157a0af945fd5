"""A number that was given once is never given again

Messages are known by the numbers of what said them, so a number that comes back after its row was
forgotten would keep a new message from being said. PostgreSQL never gives one twice anyway.
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for name in ("member", "inbox", "outbox", "due"):
        with op.batch_alter_table(
            name, recreate="always", table_kwargs={"sqlite_autoincrement": True}
        ):
            pass  # the same columns and indexes
