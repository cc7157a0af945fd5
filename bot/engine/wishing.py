"""Wishes in plain sentences: each becomes the card or question that a command would have opened.

Nothing changes by a sentence alone: whatever does is asked back first.
"""

from datetime import datetime

from bot.conversation.cards import Tell
from bot.conversation.sentences import intents
from bot.conversation.sentences.intents import Intent
from bot.domain import data, members, wishes
from bot.domain.members import Member
from bot.domain.sessions import Session
from bot.domain.tandems import MEETING
from bot.engine import pausing
from bot.engine.commanding import COMMANDS
from bot.engine.desk import Desk
from bot.engine.events import NOTHING, Reply
from bot.engine.meeting import spoken
from bot.store import pairs


def wish(desk: Desk, member: Member, intent: Intent) -> Reply:
    match intent:
        case intents.Pause(until):
            return pausing.ask(desk, member, until)
        case intents.CannotMeet():
            return _cannot_meet(desk, member)
        case intents.Move(to):
            return _move(desk, member, datetime.fromisoformat(to) if to else None)
        case intents.Delete():
            return _tell(desk, Tell(member.id, data.CONFIRM))
        case intents.Language(code):
            return _tell(desk, wishes.language(member.id, code))
        case _:
            return COMMANDS[_COMMAND[type(intent)]](desk, member, "")


_COMMAND: dict[type[Intent], str] = {
    intents.Resume: "resume",
    intents.Partner: "tandem",
    intents.NextSession: "tandem",
    intents.Data: "data",
    intents.EndTandem: "end",
    intents.Profile: "profile",
    intents.Report: "report",
    intents.Help: "help",
}
"""Wishes that say the same as a command."""


def _cannot_meet(desk: Desk, member: Member) -> Reply:
    session = _next(desk, member)
    if session is None:
        return _tell(desk, Tell(member.id, members.NO_TANDEM))
    if session.planned is None:
        return COMMANDS["session"](desk, member, "")
    return _tell(desk, *spoken(desk, session, [wishes.cannot(session, member.id)]))


def _move(desk: Desk, member: Member, to: datetime | None) -> Reply:
    session = _next(desk, member)
    if session is None or to is None:
        return COMMANDS["session"](desk, member, "")
    return _tell(desk, *spoken(desk, session, [wishes.propose(session, member.id, to)]))


def _next(desk: Desk, member: Member) -> Session | None:
    tandem = pairs.running_tandem(desk.connection, member.id)
    if tandem is None or tandem.state not in MEETING:
        return None
    return pairs.open_session(desk.connection, tandem.id)


def _tell(desk: Desk, told: Tell) -> Reply:
    desk.tell([told])
    return NOTHING
