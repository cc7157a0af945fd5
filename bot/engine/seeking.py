"""Looking for somebody in a turn: begun, gone on with, stopped; and who is asked whether they want
to."""

from dataclasses import replace
from datetime import datetime

from bot.conversation.cards import Tell
from bot.domain import members, silence, tandems
from bot.domain.members import Member, Standing
from bot.engine import places, rounds
from bot.engine.desk import Desk

ENDS = {tandems.ENDED, tandems.LEFT, tandems.PARTED, silence.RELEASED, silence.LET_GO}
"""Whoever reads these may look for a new tandem."""


def seek(desk: Desk, member: Member) -> None:
    """Starts or goes on looking for somebody, in the next round. If that is later, they learn when;
    if it is now, it speaks for itself."""
    at = look(desk, member)
    if at is not None:
        card = members.NEXT_ROUND if desk.house.calendar.fixed else members.GATHERING
        desk.tell([Tell(member.id, card, {"next_look": at})])


def look(desk: Desk, member: Member) -> datetime | None:
    """The same without a word. Returns when the next round is, if that is later and known."""
    since = member.since or desk.now
    waiting = desk.save(replace(member, standing=Standing.SEEKING, since=since))
    if waiting.paused_until is not None or places.free(desk, waiting) < 1:
        return None
    desk.replan(f"member:{waiting.id}", waiting, [waiting])
    at = rounds.want(desk, waiting)
    return at if at > desk.now else None


def rest(desk: Desk, member: Member) -> None:
    """Stops looking until they ask for it again."""
    resting = desk.save(replace(member, standing=Standing.RESTING, since=None))
    rounds.no_longer(desk, member)
    desk.replan(f"member:{member.id}", resting, [resting])
    desk.tell([Tell(member.id, members.RESTING)])


def with_search(desk: Desk, told: Tell) -> Tell:
    """Whoever is looked for already is not asked whether they want to be."""
    if told.card not in ENDS:
        return told
    seeking = desk.member(told.member).standing is Standing.SEEKING
    without = told.without | ({"seek"} if seeking else set())
    return replace(told, about={**told.about, "seeking": seeking}, without=without)
