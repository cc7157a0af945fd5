"""Restraining: whether somebody is asked once more, as far as they have answered."""

from datetime import UTC, datetime, timedelta

from bot.conversation.cards import Tell
from bot.conversation.talk import Press
from bot.domain import restraint
from bot.domain.dues import Due, Nudge
from bot.domain.members import Member
from bot.domain.restraint import Verdict
from bot.engine.desk import Desk
from bot.store import dues, pairs

EVER = datetime(1970, 1, 1, tzinfo=UTC)
SOON = timedelta(days=1)


def held_back(desk: Desk, due: Due) -> str:
    """Why somebody is not asked this any more, or "". That it is so they are told once."""
    if due.nudge not in restraint.HELD_BACK:
        return ""
    member = desk.member(due.member)
    match _verdict(desk, member):
        case Verdict.ASK:
            return ""
        case Verdict.TELL:
            notice = Due(Nudge.QUIETER, f"member:{member.id}", desk.now, desk.now + SOON, member.id)
            dues.put_off(desk.connection, notice)
            return restraint.QUIET
        case Verdict.REST:
            return restraint.QUIET


def _verdict(desk: Desk, member: Member) -> Verdict:
    since = member.seen_at or EVER
    said = dues.said_since(desk.connection, member.id, restraint.ASKING, since)
    told = dues.said_since(desk.connection, member.id, {Nudge.QUIETER}, since)
    waiting = dues.waiting_for(desk.connection, member.id, {Nudge.QUIETER})
    return restraint.decide((at for _, at in said), member.seen_at, told=bool(told or waiting))


def notice(desk: Desk, member: Member) -> None:
    running = pairs.running_tandems(desk.connection, member.id)
    if running and _verdict(desk, member) is not Verdict.ASK:
        desk.tell([Tell(member.id, restraint.NOTICE)])


def again(desk: Desk, member: Member, _press: Press) -> None:
    """That they pressed it is all it takes."""
    desk.tell([Tell(member.id, restraint.AGAIN)])
