"""A diary after the last tandem: kept for a while, announced, kept longer on a press, then gone."""

from datetime import datetime, timedelta

from bot.conversation.cards import Tell
from bot.domain import diary
from bot.domain.diary import Keeping
from bot.domain.dues import Nudge
from bot.domain.members import Member
from bot.engine import sharing
from bot.engine.desk import Desk
from bot.store import diaries, dues, messages, pairs


def keep(desk: Desk, member: Member) -> datetime:
    """From the end of a tandem on a diary is kept for a while; its owner is told before it goes.
    Returns until when."""
    until = desk.now + timedelta(days=desk.house.retention.diary)
    keeping = Keeping(member.id, until)
    desk.replan(keeping.subject, keeping, [member])
    return until


def extend(desk: Desk, member: Member) -> None:
    until = keep(desk, member)
    desk.tell([Tell(member.id, diary.EXTENDED, {"until": until})])


def notice(desk: Desk, member: Member) -> None:
    """``until`` the moment the diary goes by itself, unless they say otherwise."""
    if _is_over(desk, member):
        until = dues.planned(desk.connection, Nudge.DIARY_OVER, f"diary:{member.id}")
        desk.tell([Tell(member.id, diary.NOTICE, {"until": until or desk.now})])


def over(desk: Desk, member: Member) -> None:
    if _is_over(desk, member):
        forget(desk, member)


def forget(desk: Desk, member: Member) -> None:
    """A diary goes: its words, what others were shown of it, and what we said of it."""
    sharing.forget(desk, member)
    entries = diaries.entries(desk.connection, member.id)
    about = [diary.whole(member.id), *(entry.subject for entry in entries)]
    messages.forget_words(desk.connection, member.id, about)
    diaries.forget(desk.connection, member.id)


def _is_over(desk: Desk, member: Member) -> bool:
    """Not while somebody is in a tandem again, and not without anything written."""
    if pairs.places(desk.connection, member.id):
        return False
    return bool(diaries.entries(desk.connection, member.id))
