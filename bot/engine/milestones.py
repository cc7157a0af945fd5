"""Milestones in a turn: shown, added, changed. What each of it means is in the domain."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot.conversation.answers import Answer
from bot.conversation.talk import Conversation
from bot.domain import milestones
from bot.domain.availability import local
from bot.domain.members import Member
from bot.domain.milestones import Milestones
from bot.domain.tandems import MEETING
from bot.engine.desk import Desk
from bot.engine.drafting import days_ahead
from bot.store import milestones as store


def on_milestones(desk: Desk, tandem: int, event: milestones.Event) -> None:
    known = store.get(desk.connection, tandem)
    after, tells = milestones.decide(known, event, desk.now)
    store.save(desk.connection, known, after)
    desk.tell(tells)


def waiting(desk: Desk, tandem: int) -> list[milestones.Milestone]:
    """What is to be reached, what is due first before the rest."""
    return store.get(desk.connection, tandem).open


def take_over(desk: Desk, tandem: int, by: int, steps: Iterable[tuple[date | None, str]]) -> None:
    """Those of an agreement, once it holds: all have read them in it."""
    known = after = store.get(desk.connection, tandem)
    for due, title in steps:
        after = after.with_(milestones.Milestone(after.next_number(), title, due, by=by))
    store.save(desk.connection, known, after)


def coming(desk: Desk, tandem: int, since: date, until: date) -> list[milestones.Milestone]:
    """What is to be reached from one day to another."""
    steps = waiting(desk, tandem)
    return [one for one in steps if one.due and since <= one.due <= until]


def opened(desk: Desk, member: Member, subject: str) -> Conversation | None:
    """The form for a new one, or for another date of one there is; going back, for its title."""
    tandem, number = _parts(subject)
    known = store.get(desk.connection, tandem)
    if member.id not in known.tandem.members or known.tandem.state not in MEETING:
        return None
    here = local(desk.now, member.zone)
    facts: dict[str, Answer] = {
        "today": here.date().isoformat(),
        "days": days_ahead(here),
        "zone": member.zone,
    }
    return _asked(known, number, Conversation("milestone", subject, facts=facts))


def _asked(known: Milestones, number: int, talk: Conversation) -> Conversation | None:
    if not number:
        return talk if len(known.open) < milestones.OPEN_AT_MOST else None
    found = known.find(number)
    if found is None:
        return None
    drafts: dict[str, Answer] = {"due": found.due.isoformat()} if found.due else {}
    return replace(talk, answers={"milestone": found.title}, drafts=drafts)


def finish(desk: Desk, member: Member, subject: str, result: dict[str, Answer]) -> None:
    """The form is complete."""
    tandem, number = _parts(subject)
    title, due = str(result["milestone"]), str(result["due"])
    day = date.fromisoformat(due) if due else None
    event: milestones.Event = milestones.Add(member.id, title, day)
    if number:
        event = milestones.Change(member.id, number, title, day)
    on_milestones(desk, tandem, event)


def _parts(subject: str) -> tuple[int, int]:
    """The tandem, and the milestone's number in it, or 0: "tandem:5", "milestone:5.3"."""
    tandem, _, number = subject.partition(":")[2].partition(".")
    return int(tandem), int(number or 0)


def back(desk: Desk, member: Member, subject: str) -> None:
    """From one milestone to the list of all, in place."""
    on_milestones(desk, _parts(subject)[0], milestones.Back(member.id))


def on_pressed(desk: Desk, member: Member, subject: str, kind: type[milestones.OnOne]) -> None:
    """A button of one milestone, on the card it has for itself."""
    tandem, number = _parts(subject)
    on_milestones(desk, tandem, kind(member.id, number))
