"""Milestones: added, moved and reached at any time, and all members read of it."""

from collections.abc import Callable
from datetime import date
from typing import TypeAlias

from bot.conversation.cards import Tell
from bot.conversation.talk import Conversation
from bot.domain import members, milestones
from bot.domain.members import Member
from bot.domain.tandems import Tandem
from bot.engine import agreeing
from bot.engine.desk import Desk
from bot.store import agreements

Deed: TypeAlias = Callable[[Desk, Tandem, Member, int], None]
SHOWN = 5
"""Of those that are reached, the last ones."""


def show(desk: Desk, tandem: Tandem, member: Member) -> None:
    """All that are open, each with its day, and the last ones that were reached."""
    known = agreements.milestones(desk.connection, tandem)
    coming = [step for step in known if step.done_at is None]
    reached = sorted((s for s in known if s.done_at), key=lambda s: (s.done_at, s.number))
    about = {
        **tandem.about[member.id],
        "coming": [(step.title, step.due) for step in coming],
        "reached": [(step.title, step.done_at) for step in reached[-SHOWN:]],
        "titles": {str(step.id): step.title for step in coming},
        "full": len(coming) >= milestones.MOST,
    }
    card = milestones.LIST if known else milestones.NONE
    without = {"add"} if about["full"] else set[str]()
    without |= set() if coming else {"pick"}
    choices = {"pick": tuple(str(step.id) for step in coming)}
    subject = f"tandem:{tandem.id}"
    desk.tell([Tell(member.id, card, about, subject, choices, frozenset(without))])


def on_one(desk: Desk, member: Member, number: int, deed: Deed) -> None:
    """Something about one milestone, where its tandem still goes on."""
    one = agreements.get_milestone(desk.connection, number)
    tandem = agreeing.open_tandem(desk, member, f"tandem:{one.tandem}")
    if tandem is None:
        desk.tell([Tell(member.id, members.STALE)])
    else:
        deed(desk, tandem, member, number)


def one(desk: Desk, _tandem: Tandem, member: Member, number: int) -> None:
    known = agreements.get_milestone(desk.connection, number)
    card = milestones.ALREADY if known.done_at else milestones.ONE
    desk.tell([milestones.tell(known, member.id, card)])


def tandem_of(desk: Desk, subject: str) -> str:
    """The subject of a milestone's tandem; any other is one already."""
    kind, _, number = subject.partition(":")
    if kind != "milestone":
        return subject
    return f"tandem:{agreements.get_milestone(desk.connection, int(number)).tandem}"


def reach(desk: Desk, _tandem: Tandem, member: Member, number: int) -> None:
    _on(desk, number, milestones.Reach(member.id))


def add(desk: Desk, member: Member, talk: Conversation) -> None:
    tandem = agreeing.open_tandem(desk, member, talk.subject)
    if tandem is None:
        desk.tell([Tell(member.id, members.STALE)])
        return
    known = agreements.milestones(desk.connection, tandem)
    if sum(step.done_at is None for step in known) >= milestones.MOST:
        about = {**tandem.about[member.id], "title": str(talk.answers["milestone"])}
        desk.tell([Tell(member.id, milestones.FULL, about, f"tandem:{tandem.id}")])
        return
    title, due = str(talk.answers["milestone"]), _day(str(talk.answers.get("due", "")))
    new = agreements.add_milestone(desk.connection, tandem, member.id, title, due)
    desk.tell(milestones.told(new, milestones.ADDED))


def move(desk: Desk, member: Member, talk: Conversation) -> None:
    def deed(desk: Desk, _tandem: Tandem, member: Member, number: int) -> None:
        due = _day(str(talk.answers["new_due"]))
        _on(desk, number, milestones.Move(member.id, due))

    on_one(desk, member, int(talk.subject.partition(":")[2]), deed)


def _on(desk: Desk, number: int, event: milestones.Event) -> None:
    before = agreements.get_milestone(desk.connection, number)
    after, told = milestones.decide(before, event, desk.now)
    agreements.save_milestone(desk.connection, after)
    desk.tell(told)


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None
