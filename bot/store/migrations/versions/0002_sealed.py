"""What people write is sealed; accounts, pauses, blocks, reports and a diary"""

import json
import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from bot.store.sealing import Sealed, SealedJson, seal
from bot.store.tables import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SEALED = {
    "button": ("label", "press"),
    "conversation": ("answers", "drafts", "facts"),
    "inbox": ("payload",),
    "outbox": ("body",),
    "proposal": ("about",),
    "reflection": ("insight", "next_step"),
    "session": ("place",),
    "tandem": ("about",),
    "tandem_member": ("contact",),
}
JSON = {"press", "answers", "drafts", "facts", "payload", "body", "about"}


def upgrade() -> None:
    _new_tables()
    _members()
    for table, names in SEALED.items():
        with op.batch_alter_table(table) as batch:
            for name in names:
                kind = SealedJson() if name in JSON else Sealed()
                batch.alter_column(name, type_=kind, existing_nullable=name == "payload")
        _seal(table, names)
    _new_columns()


def _new_tables() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("username", Sealed(), nullable=False),
        sa.Column("reachable", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("platform", "account", "user"),
    )
    op.create_index("ix_account_member", "account", ["member"])
    op.create_table(
        "code",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("ix_code_member", "code", ["member"])
    op.create_index("ix_code_expires_at", "code", ["expires_at"])
    op.create_table(
        "block",
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("other", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("member", "other"),
    )
    op.create_index("ix_block_other", "block", ["other"])
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("about", sa.Integer(), nullable=False),
        sa.Column("tandem", sa.Integer(), nullable=False),
        sa.Column("text", Sealed(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_report_member", "report", ["member"])
    op.create_table(
        "diary",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("text", Sealed(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_diary_member", "diary", ["member"])


def _members() -> None:
    """Where somebody is reached moves into a table of its own; each has one account so far."""
    op.rename_table("member", "member_before")
    op.drop_index("ix_member_standing", "member_before")
    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=True),
        sa.Column("name", Sealed(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("profile", SealedJson(), nullable=True),
        sa.Column("since", Instant(), nullable=True),
        sa.Column("paused_until", Instant(), nullable=True),
        sa.Column("joined_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_member_standing", "member", ["standing"])
    op.execute(
        'INSERT INTO account (id, member, platform, account, "user", chat, username, reachable) '
        'SELECT id, id, platform, account, "user", chat, username, reachable FROM member_before'
    )
    op.execute(
        "INSERT INTO member (id, account, name, language, zone, standing, profile, since, "
        "joined_at) SELECT id, id, name, language, zone, standing, profile, since, joined_at "
        "FROM member_before"
    )
    op.drop_table("member_before")
    _change("member", "profile", _listed)
    for table in ("proposal", "tandem"):
        _change(table, "about", _listed_each)
    _seal("member", ("name", "profile"))
    _seal("account", ("username",))


def _listed(profile: str) -> str:
    """Topics used to be one text each."""
    return json.dumps(_with_lists(json.loads(profile)), ensure_ascii=False)


def _listed_each(about: str) -> str:
    known = {member: _with_lists(said) for member, said in json.loads(about).items()}
    return json.dumps(known, ensure_ascii=False)


def _with_lists(known: dict[str, object] | None) -> dict[str, object] | None:
    for name in {"offers", "seeks"} & (known or {}).keys():
        assert known is not None
        parts = (part.strip() for part in re.split(r"[,;\n]", str(known[name])))
        known[name] = [part for part in parts if part]
    return known


def _seal(table: str, names: tuple[str, ...]) -> None:
    dialect = op.get_bind().dialect
    for name in names:
        _change(table, name, lambda text: None if text == "null" else seal(dialect, text))


def _change(table: str, name: str, change: Callable[[str], str | None]) -> None:
    """Every value of a column that has one, as it lies in the database."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":  # a database elsewhere begins with no rows
        return
    quoted = bind.dialect.identifier_preparer.quote(name)
    rows = bind.execute(
        sa.text(f"SELECT rowid AS r, {quoted} AS v FROM {table} WHERE {quoted} IS NOT NULL")  # noqa: S608 -- our own names
    ).all()
    for row in rows:
        bind.execute(
            sa.text(f"UPDATE {table} SET {quoted} = :v WHERE rowid = :r"),  # noqa: S608 -- as above
            {"v": change(row.v), "r": row.r},
        )


def _new_columns() -> None:
    with op.batch_alter_table("consent") as batch:
        batch.add_column(sa.Column("pseudonym", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("consent") as batch:
        batch.alter_column("pseudonym", server_default=None)
    with op.batch_alter_table("conversation") as batch:
        batch.add_column(sa.Column("at", Instant(), nullable=True))
    op.execute("UPDATE conversation SET at = CURRENT_TIMESTAMP")
    with op.batch_alter_table("conversation") as batch:
        batch.alter_column("at", nullable=False)
    with op.batch_alter_table("tandem") as batch:
        batch.add_column(sa.Column("ended_at", Instant(), nullable=True))
