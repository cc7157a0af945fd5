"""What can be asked for at any time: a function for each command, with what stood behind it."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from bot.conversation import crisis
from bot.conversation.cards import Card, Tell
from bot.conversation.messages import Message
from bot.conversation.sentences import dates
from bot.domain import consents, data, members, tandems
from bot.domain.availability import local
from bot.domain.members import Member, Standing
from bot.engine import (
    agreeing,
    browsing,
    choosing,
    consenting,
    library,
    linking,
    pausing,
    questions,
    reminding,
    seeking,
    status,
)
from bot.engine.desk import Desk
from bot.engine.events import NOTHING, Reply
from bot.store import pairs, people

Command: TypeAlias = Callable[[Desk, Member, str], Reply]


def welcome(desk: Desk, member: Member) -> Reply:
    desk.tell([Tell(member.id, members.WELCOME)])
    return NOTHING


def _start(desk: Desk, member: Member, rest: str) -> Reply:
    """Where somebody is: in the middle of a question, at the door, or well inside."""
    talk = questions.current(desk, member)
    if talk is not None:
        about = {"number": questions.number(talk)}
        desk.tell([Tell(member.id, members.RESUME, about, without=frozenset({"resume"}))])
        return questions.ask(desk, member, replace(talk, in_chat=True))
    return welcome(desk, member) if member.standing is Standing.NEW else tandem(desk, member, rest)


def tandem(desk: Desk, member: Member, _rest: str) -> Reply:
    desk.tell(status.tells(desk, member))
    return NOTHING


def _help(desk: Desk, member: Member, _rest: str) -> Reply:
    desk.tell([status.help_for(desk, member)])
    return NOTHING


def _session(desk: Desk, member: Member, _rest: str) -> Reply:
    choosing.about_one(desk, member, "session", choosing.meeting(desk, member))
    return NOTHING


def _agenda(desk: Desk, member: Member, _rest: str) -> Reply:
    choosing.about_one(desk, member, "agenda", choosing.meeting(desk, member))
    return NOTHING


def _milestones(desk: Desk, member: Member, _rest: str) -> Reply:
    """Those of a tandem somebody is in; else of the last one, which can still be read."""
    running = pairs.running_tandems(desk.connection, member.id)
    known = running or pairs.tandems_of(desk.connection, member.id)[:1]
    choosing.about_one(desk, member, "milestones", known)
    return NOTHING


def _agreement(desk: Desk, member: Member, _rest: str) -> Reply:
    """What each of their tandems agreed on."""
    theirs = pairs.tandems_of(desk.connection, member.id)
    rests = [t for t in theirs if t.state is tandems.State.PAUSED]
    found = [t for t in theirs if t.state in agreeing.OPEN]
    for known in found:
        agreeing.show(desk, known, member)
    if not found:
        resting = [tandems.tell(t, member.id, tandems.PAUSED) for t in rests]
        desk.tell(resting or [Tell(member.id, members.NO_TANDEM)])
    return NOTHING


def _methods(desk: Desk, member: Member, _rest: str) -> Reply:
    library.browse(desk, member)
    return NOTHING


def _profile(desk: Desk, member: Member, _rest: str) -> Reply:
    return questions.begin(desk, member, "onboarding", "", sheet=False)


def _cancel(desk: Desk, member: Member, _rest: str) -> Reply:
    """Puts a question aside. What was answered stays, the question waits."""
    talk = questions.current(desk, member)
    if talk is None:
        desk.tell([Tell(member.id, members.NOTHING_OPEN)])
        return NOTHING
    if talk.form == "agreement" or (talk.form == "onboarding" and member.profile is None):
        people.keep(desk.connection, member.id, replace(talk, in_chat=False), desk.now)
        desk.tell([Tell(member.id, members.CANCELLED)])
    else:
        people.close(desk.connection, member.id, talk)
        lettered = talk.form == "phone"
        without = frozenset({"resume"})
        desk.tell([Tell(member.id, members.CANCELLED, without=without, lettered=lettered)])
    return NOTHING


def _end(desk: Desk, member: Member, _rest: str) -> Reply:
    """A tandem; without one, the search for somebody."""
    running = pairs.running_tandems(desk.connection, member.id)
    if not running and member.standing is Standing.SEEKING:
        seeking.rest(desk, member)
    else:
        choosing.about_one(desk, member, "end", running)
    return NOTHING


def _pause(desk: Desk, member: Member, rest: str) -> Reply:
    now = local(desk.now, member.zone)
    return pausing.ask(desk, member, dates.day(rest, now, member.language) if rest else None)


def _resume(desk: Desk, member: Member, rest: str) -> Reply:
    """Whoever is back from no pause may be back at a question that was put aside."""
    if member.paused_until is None and questions.current(desk, member) is not None:
        return _start(desk, member, rest)
    pausing.end(desk, member)
    return NOTHING


def _data(desk: Desk, member: Member, _rest: str) -> Reply:
    without = frozenset() if desk.house.feed else frozenset({"feed"})
    about = status.stored(desk, member)
    desk.tell([Tell(member.id, data.OVERVIEW, about, without=without)])
    return NOTHING


def _privacy(desk: Desk, member: Member, _rest: str) -> Reply:
    """The whole notice, and what somebody agreed to with a button to take it back."""
    about = {"keep": desk.house.retention}
    desk.tell([Tell(member.id, consents.NOTICE, about), consenting.overview(desk, member)])
    return NOTHING


def _diary(desk: Desk, member: Member, rest: str) -> Reply:
    """Its newest entries, or those with what stood behind the command."""
    browsing.search(desk, member, rest)
    return NOTHING


def _report(desk: Desk, member: Member, _rest: str) -> Reply:
    return questions.begin(desk, member, "report", f"report:{member.id}", sheet=desk.sheets)


def _link(desk: Desk, member: Member, rest: str) -> Reply:
    linking.link(desk, member, rest)
    return NOTHING


def crisis_page(desk: Desk, member: Member, _rest: str = "") -> Reply:
    """Adapters answer this themselves. Should one not have, nobody is sent away without it."""
    desk.say(member, Message(crisis.page(member.language, desk.house.texts)))
    return NOTHING


def _says(card: Card) -> Command:
    def say(desk: Desk, member: Member, _rest: str) -> Reply:
        desk.tell([Tell(member.id, card)])
        return NOTHING

    return say


COMMANDS: dict[str, Command] = {
    "start": _start,
    "help": _help,
    "tandem": tandem,
    "session": _session,
    "milestones": _milestones,
    "agreement": _agreement,
    "profile": _profile,
    "diary": _diary,
    "agenda": _agenda,
    "methods": _methods,
    "pause": _pause,
    "reminders": reminding.settings,
    "resume": _resume,
    "data": _data,
    "language": _says(members.LANGUAGE),
    "privacy": _privacy,
    "report": _report,
    "link": _link,
    "cancel": _cancel,
    "end": _end,
    "crisis": crisis_page,
}
