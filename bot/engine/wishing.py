"""Wishes in plain sentences: each becomes the card or question that a command would have opened.

Nothing changes by a sentence alone: whatever does is asked back first.
"""

from bot.conversation.cards import Tell
from bot.conversation.sentences import intents
from bot.conversation.sentences.intents import Intent
from bot.domain import data, wishes
from bot.domain.members import Member
from bot.engine import choosing, pausing
from bot.engine.commanding import COMMANDS
from bot.engine.desk import Desk
from bot.engine.events import NOTHING, Reply


def wish(desk: Desk, member: Member, intent: Intent) -> Reply:
    match intent:
        case intents.Pause(until):
            return pausing.ask(desk, member, until)
        case intents.CannotMeet(on):
            return _in_tandem(desk, member, "cannot", on.isoformat() if on else "")
        case intents.Move(to):
            return _in_tandem(desk, member, "move", to or "")
        case intents.Extra(at):
            return _in_tandem(desk, member, "extra", at or "")
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
    intents.Agenda: "agenda",
    intents.Help: "help",
}
"""Wishes that say the same as a command."""


def _in_tandem(desk: Desk, member: Member, name: str, rest: str = "") -> Reply:
    choosing.about_one(desk, member, name, choosing.meeting(desk, member), rest)
    return NOTHING


def _tell(desk: Desk, told: Tell) -> Reply:
    desk.tell([told])
    return NOTHING
