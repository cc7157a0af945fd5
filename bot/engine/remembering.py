"""Looking back at what somebody wrote while a tandem ran: in its middle, and after its end."""

from bot.conversation.cards import Tell
from bot.conversation.talk import Press
from bot.domain import diary
from bot.domain.diary import Entry, Spot
from bot.domain.members import Member
from bot.domain.tandems import MEETING, Tandem
from bot.engine import browsing
from bot.engine.desk import Desk
from bot.store import diaries, pairs

SHOWN = 700
"""Characters of an entry beside another."""


def offer(desk: Desk, tandem: Tandem, member: Member, *, halfway: bool) -> None:
    """Only for who wrote anything, and not while they or the tandem rest."""
    found = _written(desk, tandem, member)
    running = tandem.state in MEETING and member.paused_until is None
    if found and (running or not halfway):
        about = {
            **tandem.about[member.id],
            "halfway": halfway,
            "count": len(found),
            "since": tandem.made_at,
        }
        desk.tell([Tell(member.id, diary.LOOK_BACK, about, tandem.subject)])


def see(desk: Desk, member: Member, press: Press) -> None:
    """The first and the newest of what they wrote; the list, where that is gone by now."""
    tandem = pairs.get_tandem(desk.connection, int(press.subject.partition(":")[2]))
    found = _written(desk, tandem, member) if member.id in tandem.members else []
    if not found:
        browsing.show(desk, member, Spot())
        return
    ends = [found[-1], *found[:1]] if len(found) > 1 else found
    about = {
        "entries": [browsing.line(entry, "", SHOWN) for entry in ends],
        "shown": {str(Spot(e.key)): browsing.line(e, "", browsing.ON_A_BUTTON) for e in ends},
    }
    values = {"open": tuple(str(Spot(entry.key)) for entry in ends), "all": (str(Spot()),)}
    desk.tell([Tell(member.id, diary.SEEN, about, diary.whole(member.id), values)])


def _written(desk: Desk, tandem: Tandem, member: Member) -> list[Entry]:
    """Insights from its sessions, and what else they wrote at that time; newest first."""
    if not browsing.allowed(desk, member):
        return []
    until = tandem.ended_at or desk.now
    return [
        entry
        for entry in diaries.entries(desk.connection, member.id)
        if entry.tandem == tandem.id or (not entry.tandem and tandem.made_at <= entry.at <= until)
    ]
