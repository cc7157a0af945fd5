"""What can be asked for at any time: a function for each command."""

from collections.abc import Callable
from dataclasses import replace

from bot.conversation import crisis
from bot.conversation.cards import Card, Tell
from bot.conversation.messages import Message
from bot.domain import members, tandems
from bot.domain.members import Member, Standing
from bot.engine import happening, questions, status
from bot.engine.desk import Desk
from bot.engine.events import NOTHING, Reply
from bot.store import pairs, people


def welcome(desk: Desk, member: Member) -> Reply:
    desk.tell([Tell(member.id, members.WELCOME)])
    return NOTHING


def _start(desk: Desk, member: Member) -> Reply:
    """Where somebody is: in the middle of a question, at the door, or well inside."""
    talk = questions.current(desk, member)
    if talk is not None:
        about = {"number": questions.number(talk)}
        desk.tell([Tell(member.id, members.RESUME, about, without=frozenset({"resume"}))])
        return questions.ask(desk, member, replace(talk, in_chat=True))
    return welcome(desk, member) if member.standing is Standing.NEW else tandem(desk, member)


def tandem(desk: Desk, member: Member) -> Reply:
    desk.tell(status.tells(desk, member))
    return NOTHING


def _session(desk: Desk, member: Member) -> Reply:
    tandem = pairs.running_tandem(desk.connection, member.id)
    if tandem is None or tandem.state is not tandems.State.ACTIVE:
        desk.tell([Tell(member.id, members.NO_TANDEM)])
        return NOTHING
    return questions.begin(desk, member, "meeting", tandem.subject, sheet=False)


def _profile(desk: Desk, member: Member) -> Reply:
    return questions.begin(desk, member, "onboarding", "", sheet=False)


def _cancel(desk: Desk, member: Member) -> Reply:
    """Puts a question aside. What was answered stays, the question waits."""
    talk = questions.current(desk, member)
    if talk is None:
        desk.tell([Tell(member.id, members.NOTHING_OPEN)])
        return NOTHING
    if talk.form == "onboarding" and member.profile is None:
        people.keep(desk.connection, member.id, replace(talk, in_chat=False))
        desk.tell([Tell(member.id, members.CANCELLED)])
    else:
        people.close(desk.connection, member.id, talk)
        desk.tell([Tell(member.id, members.CANCELLED, without=frozenset({"resume"}))])
    return NOTHING


def _end(desk: Desk, member: Member) -> Reply:
    tandem = pairs.running_tandem(desk.connection, member.id)
    if tandem is not None:
        happening.on_tandem(desk, tandem, tandems.Ask(member.id))
    elif member.standing is Standing.SEEKING:
        happening.rest(desk, member)
    else:
        desk.tell([Tell(member.id, members.NO_TANDEM)])
    return NOTHING


def crisis_page(desk: Desk, member: Member) -> Reply:
    """Adapters answer this themselves. Should one not have, nobody is sent away without it."""
    desk.say(member, Message(crisis.page(member.language, desk.house.texts)))
    return NOTHING


def _says(card: Card) -> Callable[[Desk, Member], Reply]:
    def say(desk: Desk, member: Member) -> Reply:
        desk.tell([Tell(member.id, card)])
        return NOTHING

    return say


COMMANDS: dict[str, Callable[[Desk, Member], Reply]] = {
    "start": _start,
    "help": _says(members.HELP),
    "tandem": tandem,
    "session": _session,
    "profile": _profile,
    "language": _says(members.LANGUAGE),
    "privacy": _says(members.PRIVACY),
    "cancel": _cancel,
    "end": _end,
    "crisis": crisis_page,
}
