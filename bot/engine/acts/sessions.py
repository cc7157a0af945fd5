"""Buttons of sessions, their guide and methods, and of what somebody wished in words."""

from collections.abc import Callable
from datetime import datetime

from bot.conversation.cards import Tell
from bot.conversation.talk import Press
from bot.domain import members, sessions, wishes
from bot.domain.availability import instant, local
from bot.domain.members import Member
from bot.engine import convening, guiding, knowing, library, meeting, wiping
from bot.engine.acts.oneself import set_language
from bot.engine.acts.pressed import Act, number, says
from bot.engine.desk import Desk
from bot.engine.series import meant
from bot.store import appointments, pairs


def slot(desk: Desk, member: Member, press: Press) -> None:
    session = meant(desk, press.subject)
    if session is None:
        desk.tell([Tell(member.id, members.STALE)])
    else:
        convening.wish(desk, session, member, datetime.fromisoformat(press.value))


def _beside(desk: Desk, member: Member, press: Press) -> None:
    session = appointments.get_session(desk.connection, number(press))
    tandem = pairs.get_tandem(desk.connection, session.tandem)
    convening.wish_beside(desk, tandem, member, datetime.fromisoformat(press.value))


def anyway(desk: Desk, member: Member, press: Press) -> None:
    """A time that was left out of the series, by the instant that the button read as."""
    tandem = appointments.tandem_of(desk.connection, press.subject)
    session = appointments.open_session(desk.connection, tandem.id)
    if session is None:
        desk.tell([Tell(member.id, members.STALE)])
        return
    begins, zone = datetime.fromisoformat(press.value), session.zone
    found = (w for w in session.skipped if instant(w.date(), w.time(), zone) == begins)
    at = next(found, local(begins, zone))
    convening.on_session(desk, session, sessions.Restore(member.id, at))


def _on_session(
    event: Callable[[int, datetime | None], sessions.Event],
) -> Act:
    def act(desk: Desk, member: Member, press: Press) -> None:
        session = appointments.get_session(desk.connection, number(press))
        at = datetime.fromisoformat(press.value) if press.value else None
        convening.on_session(desk, session, event(member.id, at))

    return act


def _calendar(desk: Desk, member: Member, press: Press) -> None:
    meeting.send_calendar(desk, member, appointments.get_session(desk.connection, number(press)))


def _guide(phase: str) -> Act:
    """A phase of the guide through a session, in place."""

    def act(desk: Desk, member: Member, press: Press) -> None:
        guiding.look(desk, member, press.subject, phase)

    return act


def _turn(desk: Desk, member: Member, press: Press) -> None:
    guiding.turn(desk, member, press.subject, int(press.value))


def _watch(desk: Desk, member: Member, press: Press) -> None:
    guiding.watch(desk, member, press.subject, press.value)


def _unwatch(desk: Desk, member: Member, press: Press) -> None:
    guiding.unwatch(desk, member, press.subject, press.value)


def _methods(desk: Desk, member: Member, press: Press) -> None:
    library.overview(desk, member, press.subject)


def _method(desk: Desk, member: Member, press: Press) -> None:
    library.show(desk, member, press.subject, press.value)


ACTS: dict[str, Act] = {
    "session.wipe": wiping.wipe,
    "wish.propose": slot,
    "wish.instead": slot,
    "wish.beside": _beside,
    "wish.cancel": _on_session(sessions.Cancel),
    "wish.keep": says(wishes.KEPT),
    "wish.switch": lambda desk, member, p: set_language(desk, member, p.value),
    "session.guide": knowing.on_guide,
    "session.agree": _on_session(sessions.Agree),
    "session.cancel": _on_session(sessions.Cancel),
    "session.calendar": _calendar,
    "session.anyway": anyway,
    "session.fits": _on_session(lambda by, _: sessions.Fits(by)),
    "session.agenda": lambda desk, member, p: guiding.begin(desk, member, p.subject),
    "guide.arrive": _guide("arrive"),
    "guide.main": _guide("main"),
    "guide.turn": _turn,
    "guide.method": _methods,
    "guide.steps": _guide("steps"),
    "guide.done": _guide("done"),
    "guide.watch": _watch,
    "guide.unwatch": _unwatch,
    "methods.open": _method,
    "methods.begin": _method,
    "methods.next": _method,
    "methods.previous": _method,
    "methods.whole": _method,
    "methods.overview": _methods,
    "methods.guide": _guide("main"),
}
REPLACING = {
    "session.calendar",
    "session.agenda",
    "guide.arrive",
    "guide.main",
    "guide.turn",
    "guide.method",
    "guide.steps",
    "guide.done",
    "guide.watch",
    "guide.unwatch",
    "methods.open",
    "methods.begin",
    "methods.next",
    "methods.previous",
    "methods.whole",
    "methods.overview",
    "methods.guide",
    "wish.switch",
    "session.wipe",
    "session.guide",
}
