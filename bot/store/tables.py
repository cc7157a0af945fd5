"""The schema. Every timestamp is UTC and aware; local times stand beside their zone.

The ORM is not used on the way of an event: statements are SQLAlchemy Core on these tables,
a quarter of the cost.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Index, Table, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from bot.store.sealing import Sealed, SealedJson


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, also on SQLite, which would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime would be ambiguous: {value}")
        there = value.astimezone(UTC)
        return there.replace(tzinfo=None) if dialect.name == "sqlite" else there

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


def _at(*, nullable: bool = False, index: bool = False) -> Any:  # SQLModel's own field type
    return Field(default=None, sa_column=Column(Instant, nullable=nullable, index=index))


def _json(default: type = dict) -> Any:  # SQLModel's own field type
    return Field(default_factory=default, sa_column=Column(JSON, nullable=False))


def _sealed() -> Any:  # SQLModel's own field type
    return Field(default="", sa_column=Column(Sealed, nullable=False, default=""))


def _sealed_json(*, nullable: bool = False) -> Any:  # SQLModel's own field type
    return Field(default=None, sa_column=Column(SealedJson, nullable=nullable))


class Meta(SQLModel, table=True):
    """Facts about this database itself."""

    key: str = Field(primary_key=True)
    value: str


class MemberRow(SQLModel, table=True):
    __tablename__ = "member"

    id: int | None = Field(default=None, primary_key=True)
    account: int | None = None
    """Where messages go; None for somebody who is gone, of whom nothing else is left."""
    name: str = _sealed()
    language: str
    zone: str
    standing: str = Field(index=True)
    profile: dict[str, Any] | None = _sealed_json(nullable=True)
    since: datetime | None = _at(nullable=True)
    paused_until: datetime | None = _at(nullable=True)
    lead: str = "eve"
    quiet_hours: str = "20-8"
    quiet_sundays: bool = True
    joined_at: datetime = _at()
    seen_at: datetime | None = _at(nullable=True)


class AccountRow(SQLModel, table=True):
    """Where a member is known: one on each platform at most."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("platform", "account", "user"),)

    id: int | None = Field(default=None, primary_key=True)
    member: int = Field(index=True)
    platform: str
    account: str
    user: str
    chat: str
    username: str = _sealed()
    reachable: bool = True


class CodeRow(SQLModel, table=True):
    """A one-time code to link another account with, as its hash only."""

    __tablename__ = "code"

    hash: str = Field(primary_key=True)
    member: int = Field(index=True)
    expires_at: datetime = _at(index=True)


class BlockRow(SQLModel, table=True):
    """Two who must not meet, whoever of them asked for it. Never shown to anybody."""

    __tablename__ = "block"

    member: int = Field(primary_key=True)
    other: int = Field(primary_key=True, index=True)
    at: datetime = _at()


class ReportRow(SQLModel, table=True):
    """What a member told the organizers in private."""

    __tablename__ = "report"

    id: int | None = Field(default=None, primary_key=True)
    member: int = Field(index=True)
    about: int = 0
    """The member it is about, or 0."""
    tandem: int = 0
    text: str = _sealed()
    state: str
    at: datetime = _at()


class DiaryRow(SQLModel, table=True):
    """Private to its member, like a reflection."""

    __tablename__ = "diary"

    id: int | None = Field(default=None, primary_key=True)
    member: int = Field(index=True)
    text: str = _sealed()
    at: datetime = _at()


class ShareRow(SQLModel, table=True):
    """A diary entry that the others of a tandem were shown, until it is taken back."""

    __tablename__ = "share"
    # A number that was in somebody's chat never stands for another entry.
    __table_args__ = (
        UniqueConstraint("member", "entry", "tandem"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    member: int
    tandem: int
    entry: str
    at: datetime = _at()
    outdated: bool = False
    """The entry was changed since; the others have it as it was."""


class ConsentRow(SQLModel, table=True):
    """Append-only: what was agreed to, in which words, when and where."""

    __tablename__ = "consent"

    id: int | None = Field(default=None, primary_key=True)
    member: int = Field(index=True)
    """0 once they are gone; then the proof has a pseudonym that leads to nobody."""
    pseudonym: str = ""
    purpose: str
    version: str
    text_hash: str
    language: str
    channel: str
    given: bool
    at: datetime = _at()


class ConversationRow(SQLModel, table=True):
    __tablename__ = "conversation"

    member: int = Field(primary_key=True)
    form: str = Field(primary_key=True)
    subject: str = Field(default="", primary_key=True)
    answers: dict[str, Any] = _sealed_json()
    drafts: dict[str, Any] = _sealed_json()
    facts: dict[str, Any] = _sealed_json()
    in_chat: bool = True
    touched: int
    """Rises with every turn, so that the open form is the one touched last."""
    at: datetime = _at()
    """When its question was last asked."""


class ButtonRow(SQLModel, table=True):
    """What a handle means and whose it is. A platform sees nothing but the handle."""

    __tablename__ = "button"

    handle: str = Field(primary_key=True)
    member: int
    label: str = _sealed()
    press: dict[str, Any] = _sealed_json()
    expires_at: datetime = _at(index=True)


class ProposalRow(SQLModel, table=True):
    __tablename__ = "proposal"

    id: int | None = Field(default=None, primary_key=True)
    state: str
    about: dict[str, Any] = _sealed_json()
    made_at: datetime = _at()
    expires_at: datetime = _at()


class ProposalMember(SQLModel, table=True):
    __tablename__ = "proposal_member"

    proposal: int = Field(primary_key=True)
    member: int = Field(primary_key=True, index=True)
    accepted: bool = False


class QuestionRow(SQLModel, table=True):
    """What a member would like to know before they answer a proposal; gone once it is over."""

    __tablename__ = "question"

    proposal: int = Field(primary_key=True)
    member: int = Field(primary_key=True, index=True)
    text: str = _sealed()


class ReplyRow(SQLModel, table=True):
    """That a question was answered; the answer itself is passed on and not kept."""

    __tablename__ = "reply"

    proposal: int = Field(primary_key=True)
    asker: int = Field(primary_key=True)
    member: int = Field(primary_key=True, index=True)


class ReasonRow(SQLModel, table=True):
    """Why a member said no, for their own matching: nobody else is ever shown it."""

    __tablename__ = "reason"

    proposal: int = Field(primary_key=True)
    member: int = Field(primary_key=True, index=True)
    code: str = _sealed()
    """Empty as long as it was not told."""
    topics: list[str] = _sealed_json()
    at: datetime = _at()


class AcquaintingRow(SQLModel, table=True):
    """Getting to know each other, as long as it lasts."""

    __tablename__ = "acquainting"

    tandem: int = Field(primary_key=True)
    talk: int
    last: bool
    since: datetime = _at()
    until: datetime = _at()
    asked_at: datetime | None = _at(nullable=True)


class WordRow(SQLModel, table=True):
    """How a member would like to go on: for nobody else, and until all have said it."""

    __tablename__ = "word"

    tandem: int = Field(primary_key=True)
    member: int = Field(primary_key=True, index=True)
    word: str = _sealed()


class TandemRow(SQLModel, table=True):
    __tablename__ = "tandem"

    id: int | None = Field(default=None, primary_key=True)
    state: str
    resumes: str
    """What a paused one goes back to."""
    rhythm: str
    zone: str
    about: dict[str, Any] = _sealed_json()
    made_at: datetime = _at()
    ended_at: datetime | None = _at(nullable=True)
    openers: list[str] = _json(list)
    """The questions to begin with that were shown, by name."""


class GroupRow(SQLModel, table=True):
    """A tandem's group that its members opened themselves, or the way to open it."""

    __tablename__ = "group_chat"
    __table_args__ = (Index("group_chat_there", "platform", "account", "chat"),)

    tandem: int = Field(primary_key=True)
    member: int
    """Who opens it."""
    hash: str = Field(index=True)
    """Of the one-time token; "" once it was used."""
    expires_at: datetime = _at()
    platform: str = ""
    account: str = ""
    chat: str = ""


class TandemMember(SQLModel, table=True):
    __tablename__ = "tandem_member"
    __table_args__ = (UniqueConstraint("member", "place"),)

    tandem: int = Field(primary_key=True)
    member: int = Field(primary_key=True, index=True)
    place: int | None = None
    """Which of the member's places it takes, from 1 to as many as they want; None once it ended."""
    contact_kind: str = ""
    contact: str = _sealed()


class SessionRow(SQLModel, table=True):
    __tablename__ = "session"
    __table_args__ = (UniqueConstraint("tandem", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    tandem: int
    number: int
    state: str
    zone: str
    planned: str | None = None
    """Local wall time in ``zone``; ``starts_at`` is derived from it and stored beside."""
    minutes: int = 60
    starts_at: datetime | None = _at(nullable=True, index=True)
    was: str | None = None
    """What was planned before it was moved or called off."""
    sequence: int = 0
    uid: str
    """A calendar knows it by this and ``sequence``."""
    wish: str | None = None
    wished_by: int = 0
    agreed: list[int] = _json(list)
    place: str = _sealed()
    notice: int = 0
    """Hours, as agreed on when it was planned."""
    slot: str | None = None
    """The wall time of the series that it stands for."""
    skipped: list[str] = _json(list)
    """Wall times of the series that were left out just before it."""
    extra: bool = False
    """Beside the series."""
    turn: int = 0
    """Whose topic had the main part, or 0."""


class StepRow(SQLModel, table=True):
    """What a member wants to do until the next session, as all of the tandem read it."""

    __tablename__ = "step"

    session: int = Field(primary_key=True)
    member: int = Field(primary_key=True, index=True)
    text: str = _sealed()
    at: datetime = _at()


class LapseRow(SQLModel, table=True):
    """A session was called off later than agreed. Who did it is not kept."""

    __tablename__ = "lapse"

    tandem: int = Field(primary_key=True)
    starts_at: datetime = Field(sa_column=Column(Instant, primary_key=True))


class SilenceRow(SQLModel, table=True):
    """Something waits for a member's word, and how often they were asked for it."""

    __tablename__ = "silence"

    tandem: int = Field(primary_key=True)
    member: int = Field(primary_key=True, index=True)
    step: str
    at: datetime = _at()


class FeedRow(SQLModel, table=True):
    """A member's own calendar address: of its secret part only the hash."""

    __tablename__ = "feed"

    member: int = Field(primary_key=True)
    digest: str = Field(unique=True)
    at: datetime = _at()


class AgreementRow(SQLModel, table=True):
    """A version of what a tandem agrees on. Append-only, apart from what is forgotten."""

    __tablename__ = "agreement"

    tandem: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    by: int
    """0 for the bot's own suggestion."""
    base: int
    """The version it was made of; where a newer one had come, this one stands beside."""
    content: dict[str, Any] = _sealed_json()
    at: datetime = _at()


class AgreementYes(SQLModel, table=True):
    """A member agreed to a version, and what they want to achieve themselves."""

    __tablename__ = "agreement_yes"

    tandem: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    member: int = Field(primary_key=True, index=True)
    goal: str = _sealed()
    at: datetime = _at()


class ReflectionRow(SQLModel, table=True):
    """Private to its member: nobody else is ever shown a row of this table."""

    __tablename__ = "reflection"

    session: int = Field(primary_key=True)
    member: int = Field(primary_key=True)
    held: bool
    """False if they said that it did not take place."""
    moved: bool = False
    """It did not, and is to be at another time."""
    useful: int | None = None
    insight: str = _sealed()
    next_step: str = _sealed()
    at: datetime = _at()


class MilestoneRow(SQLModel, table=True):
    """What a tandem wants to reach. Without a title it was taken away."""

    __tablename__ = "milestone"

    tandem: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    title: str = _sealed()
    due: date | None = None
    done_at: datetime | None = _at(nullable=True)
    by: int = 0
    """Who added it, or 0 for somebody who is gone."""
    cheered: bool = False


class InboxRow(SQLModel, table=True):
    """Raw input, committed before it is confirmed. Its payload goes once it had its effect."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("platform", "account", "external_id"),
        Index("inbox_waiting", "platform", "done_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    platform: str
    account: str
    external_id: str
    payload: dict[str, Any] | None = _sealed_json(nullable=True)
    received_at: datetime = _at()
    done_at: datetime | None = _at(nullable=True)
    attempts: int = 0
    retry_at: datetime | None = _at(nullable=True)
    error: str = ""


class OutboxRow(SQLModel, table=True):
    """What is to be sent. due → sending → sent | uncertain | failed | dropped."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_due", "platform", "state", "not_before"),
        Index("outbox_chat", "platform", "account", "chat", "state", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    platform: str
    account: str
    chat: str
    member: int = 0
    method: str
    patience: str
    subject: str = ""
    body: dict[str, Any] = _sealed_json()
    ref: str = ""
    state: str
    reason: str = ""
    attempts: int = 0
    made_at: datetime = _at()
    not_before: datetime = _at()
    expires_at: datetime | None = _at(nullable=True)
    lease_until: datetime | None = _at(nullable=True)
    sent_at: datetime | None = _at(nullable=True)


class HoldRow(SQLModel, table=True):
    """Until when a platform asked us to leave a chat or a method alone ("" means all)."""

    __tablename__ = "hold"

    platform: str = Field(primary_key=True)
    account: str = Field(primary_key=True)
    chat: str = Field(primary_key=True)
    method: str = Field(primary_key=True)
    until: datetime = _at()


class RoundRow(SQLModel, table=True):
    """A round of matching. open → done; its key is there once, so it happens once."""

    __tablename__ = "round"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    """The date, and a number where rounds come as people come."""
    seed: int
    hash: str
    """Of the inputs, which are forgotten sooner."""
    inputs: dict[str, Any] | None = _sealed_json(nullable=True)
    outcome: dict[str, Any] | None = _sealed_json(nullable=True)
    state: str
    at: datetime = _at()


class DueRow(SQLModel, table=True):
    """A nudge at its moment. due → done | dropped (with the reason)."""

    __tablename__ = "due"
    __table_args__ = (
        UniqueConstraint("nudge", "subject", "member", "at"),
        Index("due_next", "state", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    nudge: str
    subject: str = Field(index=True)
    member: int = 0
    at: datetime = _at()
    until: datetime = _at()
    state: str = "due"
    reason: str = ""
    attempts: int = 0
    settled_at: datetime | None = _at(nullable=True)
    """When it was said or dropped; those said in one message at the same instant."""


def _table(name: str) -> Table:
    return SQLModel.metadata.tables[name]


meta, member, consent = _table("meta"), _table("member"), _table("consent")
account, code, block = _table("account"), _table("code"), _table("block")
report, diary, share = _table("report"), _table("diary"), _table("share")
conversation, button = _table("conversation"), _table("button")
proposal, proposal_member = _table("proposal"), _table("proposal_member")
question, reply, reason = _table("question"), _table("reply"), _table("reason")
acquainting, word = _table("acquainting"), _table("word")
tandem, tandem_member = _table("tandem"), _table("tandem_member")
session, reflection = _table("session"), _table("reflection")
step, feed = _table("step"), _table("feed")
agreement, agreement_yes = _table("agreement"), _table("agreement_yes")
milestone = _table("milestone")
lapse, silence = _table("lapse"), _table("silence")
round_ = _table("round")
group_chat = _table("group_chat")
inbox, outbox, hold, due = _table("inbox"), _table("outbox"), _table("hold"), _table("due")
