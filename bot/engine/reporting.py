"""Reports: what a member says goes to the organizers alone, and the contact ends at once."""

from itertools import combinations

from bot.conversation.cards import Tell
from bot.domain import proposals, reports, tandems
from bot.domain.members import Member
from bot.domain.parcels import Patience
from bot.domain.reports import State
from bot.engine import knowing, partnering, proposing, sharing
from bot.engine.desk import Desk
from bot.store import blocks, cases, pairs, suggestions


def report(desk: Desk, member: Member, about: int, text: str) -> None:
    """Takes a report in: a case for the organizers; a block between the two, told to nobody."""
    running = pairs.running_tandems(desk.connection, member.id)
    concerned = next((tandem for tandem in running if about in tandem.members), None)
    number = cases.add(
        desk.connection, member.id, about, concerned.id if concerned else 0, text, desk.now
    )
    if about:
        _part(desk, member, about, concerned)
    called = _call_organizers(desk, number, member, about, text)
    about_case = {"case": number, "named": bool(about), "called": called, "paused": bool(concerned)}
    desk.tell([Tell(member.id, reports.NOTED, about_case)])


def _part(desk: Desk, member: Member, about: int, tandem: tandems.Tandem | None) -> None:
    blocks.add(desk.connection, member.id, about, desk.now)
    if tandem is not None:
        desk.unsay(tandem.subjects, apart_from={member.id})
        sharing.stop(desk, tandem, member)
        partnering.on_tandem(desk, tandem, tandems.Freeze(member.id))
    for proposal in suggestions.open_proposals(desk.connection, member.id):
        if about in proposal.members:
            proposing.on_proposal(desk, proposal, proposals.Withdraw(member.id))


def _call_organizers(desk: Desk, case: int, member: Member, about: int, text: str) -> bool:
    """Everyone but who it is about. False if there is nobody to be told by the bot."""
    who = desk.member(about).first_name if about else ""
    number = cases.tandem_of(desk.connection, case)
    in_tandem = bool(number)
    goes_on = in_tandem and pairs.get_tandem(desk.connection, number).goes_on
    told = {"case": case, "by": member.first_name, "who": who, "text": text}
    told |= {"tandem": in_tandem, "goes_on": goes_on}
    found = [n for n in desk.organizers() if n not in {about, member.id}]
    without = frozenset[str]() if in_tandem else frozenset({"end", "resume"})
    tells = [Tell(n, reports.TOLD, told, f"case:{case}", without=without) for n in found]
    desk.tell(tells, Patience.ONCE)
    return bool(found)


def settle(desk: Desk, organizer: Member, case: int, outcome: str) -> None:
    """What an organizer does with a case. Only those named by the operator can."""
    if organizer.id not in desk.organizers() or cases.state(desk.connection, case) is State.CLOSED:
        desk.tell([Tell(organizer.id, reports.DONE, {"case": case})])
        return
    cases.close(desk.connection, case)
    number = cases.tandem_of(desk.connection, case)
    tandem = pairs.get_tandem(desk.connection, number) if number else None
    goes_on = tandem is not None and tandem.goes_on
    about = cases.about(desk.connection, case)
    if tandem is not None and outcome == "end" and tandem.goes_on and about in tandem.members:
        partnering.leave(desk, tandem, about)
        left = pairs.get_tandem(desk.connection, tandem.id)
        partnering.on_tandem(desk, left, tandems.Thaw(organizer.id))
    elif tandem is not None and outcome == "end":
        partnering.on_tandem(desk, tandem, tandems.End(tandem.members[0]))
    if tandem is not None and outcome == "resume":
        for one, other in combinations(tandem.members, 2):
            blocks.remove(desk.connection, one, other)
        partnering.on_tandem(desk, tandem, tandems.Thaw(organizer.id))
        knowing.rest(desk, pairs.get_tandem(desk.connection, tandem.id), desk.now)
    told = cases.reporter(desk.connection, case)
    if not cases.open_by(desk.connection, told):
        sharing.settled(desk, told)
    said = {"end": reports.ENDED, "resume": reports.RESUMED, "close": reports.CLOSED}[outcome]
    desk.tell([Tell(organizer.id, said, {"case": case, "goes_on": goes_on})])
