"""Care for a tandem within a turn: what became of its sessions, and whose word is waited for."""

from collections.abc import Sequence

from bot.conversation.cards import Tell
from bot.domain import care, silence
from bot.domain.agreements import Version
from bot.domain.care import Turnout
from bot.domain.sessions import Session
from bot.domain.silence import Silence, Watch
from bot.domain.tandems import State, Tandem
from bot.engine.desk import Desk
from bot.store import agreements, appointments, cares

WATCHED = frozenset({State.CONTACTS, State.AGREEING, State.ACTIVE})
"""In these it is looked after whether everybody is still there."""


def called_off(desk: Desk, tandem: Tandem, session: Session) -> None:
    """Only what was agreed on says what is late, and only that is counted."""
    held = _held(desk, tandem)
    if held is None or session.starts_at is None:
        return
    if care.late(session.starts_at, held.notice, desk.now):
        before = record(desk, tandem)
        cares.add_lapse(desk.connection, tandem.id, session.starts_at)
        talk(desk, tandem, before)


def record(desk: Desk, tandem: Tandem) -> Sequence[Turnout]:
    """What became of the sessions since the agreement as it holds now."""
    held = _held(desk, tandem)
    if held is None:
        return ()
    past = cares.past(desk.connection, tandem.id)
    lapses = cares.lapses(desk.connection, tandem.id)
    return care.record(past, lapses, tandem.members, held.agreed_at)


def talk(desk: Desk, tandem: Tandem, before: Sequence[Turnout]) -> bool:
    """Asks all of them in the same words, if what has just changed in the record leads to it.

    Returns whether it does.
    """
    held = _held(desk, tandem)
    if held is None or tandem.state is not State.ACTIVE:
        return False
    if not care.leads_to_talk(before, record(desk, tandem), held.misses):
        return False
    desk.tell(
        Tell(member, care.TALK, tandem.about[member], tandem.subject) for member in tandem.members
    )
    return True


def watch(desk: Desk, tandem: Tandem) -> None:
    """Notes whose word is waited for, from now on or no more."""
    if tandem.state not in WATCHED:
        forget(desk, tandem)
        return
    before = silent(desk, tandem)
    after, told = silence.decide(before, Watch(_awaited(desk, tandem)), desk.now)
    if after != before:
        keep(desk, tandem, after)
        desk.tell(told)


def _awaited(desk: Desk, tandem: Tandem) -> frozenset[int]:
    """Before they are introduced it is what each lets the others see that is waited for."""
    if tandem.state is State.CONTACTS:
        return frozenset(tandem.members) - tandem.contacts.keys()
    sessions = appointments.open_sessions(desk.connection, tandem.id)
    agreement = agreements.get(desk.connection, tandem)
    past = cares.past(desk.connection, tandem.id)
    return silence.awaited(sessions, agreement, past)


def silent(desk: Desk, tandem: Tandem) -> Silence:
    people = [desk.member(number) for number in tandem.members]
    held = list(care.held(cares.past(desk.connection, tandem.id)))
    seen = {m.id: [*held, *([m.seen_at] if m.seen_at else [])] for m in people}
    return Silence(
        tandem=tandem.id,
        members=tandem.members,
        about=tandem.about,
        waits=cares.waits(desk.connection, tandem.id),
        heard={number: max(moments) for number, moments in seen.items() if moments},
        away=frozenset(m.id for m in people if m.paused_until is not None),
        patience=desk.house.silent,
    )


def keep(desk: Desk, tandem: Tandem, known: Silence) -> None:
    cares.save_waits(desk.connection, tandem.id, known.waits)
    people = [desk.member(number) for number in tandem.members]
    desk.replan(known.subject, known, people)


def forget(desk: Desk, tandem: Tandem) -> None:
    """Nobody is waited for in a tandem that rests or is over."""
    cares.save_waits(desk.connection, tandem.id, {})
    desk.forget_plans(f"silence:{tandem.id}")


def _held(desk: Desk, tandem: Tandem) -> Version | None:
    return agreements.get(desk.connection, tandem).in_force
