"""The guide through a session in a turn: opened, leafed through, and what is noted in it kept."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.conversation.answers import Answer
from bot.conversation.cards import Tell
from bot.conversation.talk import Conversation
from bot.domain import guides, reminders
from bot.domain.dues import Due
from bot.domain.guides import Guide, Look, Note, Over, Step, Turn, Unwatch, Watch
from bot.domain.members import Member
from bot.domain.parcels import Patience
from bot.domain.sessions import Session
from bot.domain.tandems import MEETING, State, Tandem
from bot.engine import cueing, places
from bot.engine.desk import Desk
from bot.store import appointments, cues, diaries, messages, pairs, steps


def on_guide(desk: Desk, subject: str, event: guides.Event) -> None:
    known = at(desk, subject)
    after, tells = guides.decide(known, event, desk.now)
    _save(desk, known, after)
    desk.tell(tells)
    if tells and (known.cues or after.cues):
        cueing.keep(desk, after.session, after.cues.values(), event.by)


def elapse(desk: Desk, due: Due) -> str:
    """The time of a phase is over: the message that shows it says so. Returns "" or why not."""
    if due.until <= desk.now:
        return reminders.TOO_LATE
    subject = f"session:{due.subject.partition(':')[2]}"
    known = cues.of(desk.connection, int(subject.partition(":")[2])).get(due.member)
    shown = messages.place(desk.connection, known.parcel) if known else None
    if known is None or shown is None or known.till != due.at:
        return reminders.OFF
    (platform, account, chat), ref = shown
    here = replace(desk.member(due.member).address, platform=platform, account=account, chat=chat)
    desk.here, desk.pressed = (due.member, here), (due.member, ref)
    desk.expires_at, desk.patience = due.until, Patience.NUDGE
    before = desk.said
    on_guide(desk, subject, Over(due.member))
    return "" if desk.said > before else reminders.OFF


def at(desk: Desk, subject: str) -> Guide:
    """The guide through "session:12"."""
    session = appointments.get_session(desk.connection, int(subject.partition(":")[2]))
    tandem = pairs.get_tandem(desk.connection, session.tandem)
    return Guide(
        session,
        tandem,
        names(desk, session),
        steps.turns(desk.connection, tandem.id, session.number),
        steps.last(desk.connection, tandem.id, session.number),
        steps.of(desk.connection, session.id),
        cues.of(desk.connection, session.id),
    )


def fitting(tandem: Tandem, tells: Iterable[Tell]) -> list[Tell]:
    """What is said of a session: a first talk binds nobody, so it has no agenda."""
    if tandem.state is not State.ACQUAINTING:
        return list(tells)
    return [replace(told, without=told.without | {"agenda"}) for told in tells]


def names(desk: Desk, session: Session) -> dict[int, str]:
    return places.names(desk, session.members)


def begin(desk: Desk, member: Member, subject: str) -> None:
    """In a message of its own: what led here may be wanted still."""
    on_guide(desk, subject, Look(member.id, guides.ARRIVE.name, fresh=True))


def look(desk: Desk, member: Member, subject: str, phase: str) -> None:
    on_guide(desk, subject, Look(member.id, phase))


def turn(desk: Desk, member: Member, subject: str, whose: int) -> None:
    on_guide(desk, subject, Turn(member.id, whose))


def watch(desk: Desk, member: Member, subject: str, value: str) -> None:
    """The time of a phase is watched: of which, and until when, stands in the button."""
    phase, _, till = value.partition(" ")
    on_guide(desk, subject, Watch(member.id, phase, datetime.fromisoformat(till)))


def unwatch(desk: Desk, member: Member, subject: str, phase: str) -> None:
    on_guide(desk, subject, Unwatch(member.id, phase))


def opened(desk: Desk, member: Member, subject: str) -> Conversation | None:
    """The form for a next step; what was noted already can be kept."""
    guide = at(desk, subject)
    if member.id not in guide.session.members or guide.tandem.state not in MEETING:
        return None
    mine = next((step.text for step in guide.steps if step.member == member.id), "")
    return Conversation("step", subject, {}, {"step": mine} if mine else {}, _facts(guide, member))


def _facts(guide: Guide, member: Member) -> dict[str, Answer]:
    many = "yes" if guide.tandem.many else ""
    return {"partner": str(guide.tandem.about[member.id]["partner"]), "many": many}


def note(desk: Desk, member: Member, subject: str, text: str) -> None:
    """The form is complete."""
    on_guide(desk, subject, Note(member.id, text))


def _save(desk: Desk, before: Guide, after: Guide) -> None:
    session = after.session
    if session.turn != before.session.turn:
        steps.note_turn(desk.connection, session.id, session.turn)
    for new in set(after.steps) - set(before.steps):
        steps.write(desk.connection, session.id, new, desk.now)


def agreed_last(desk: Desk, session: Session, member: int) -> tuple[Step, ...]:
    """What a reminder of a session brings back; what was noted in it ahead of time comes first.

    Whoever wrote their step in their own look-back only is reminded of it, and nobody else is.
    """
    ahead = steps.of(desk.connection, session.id)
    agreed = ahead or steps.last(desk.connection, session.tandem, session.number)
    if any(step.member == member for step in agreed):
        return agreed
    own = diaries.next_step(desk.connection, member, session.tandem, session.number)
    return (*agreed, Step(member, own)) if own else agreed
