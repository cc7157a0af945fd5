"""Buttons on the way of a tandem: proposals, contacts, the first talk, care, an end."""

from collections.abc import Callable

from bot.conversation.talk import Press
from bot.domain import care, contacts, proposals, tandems
from bot.domain.members import Member
from bot.domain.tandems import Tandem
from bot.engine import (
    choosing,
    contacting,
    grouping,
    inquiring,
    introducing,
    knowing,
    meeting,
    partnering,
    proposing,
    releasing,
)
from bot.engine.acts.oneself import rest, seek
from bot.engine.acts.pressed import Act, number, says
from bot.engine.acts.sessions import slot
from bot.engine.desk import Desk
from bot.store import appointments, pairs, suggestions


def _proposal(event: Callable[[int], proposals.Event]) -> Act:
    def act(desk: Desk, member: Member, press: Press) -> None:
        proposal = suggestions.get_proposal(desk.connection, number(press))
        inquiring.remember(desk, proposal, event(member.id))
        proposing.on_proposal(desk, proposal, event(member.id))

    return act


def _on_tandem(event: Callable[[int], tandems.Event]) -> Act:
    def act(desk: Desk, member: Member, press: Press) -> None:
        pair = pairs.get_tandem(desk.connection, number(press))
        partnering.on_tandem(desk, pair, event(member.id))

    return act


def _in_tandem(do: Callable[[Desk, Tandem, Member], None]) -> Act:
    def act(desk: Desk, member: Member, press: Press) -> None:
        do(desk, pairs.get_tandem(desk.connection, number(press)), member)

    return act


def _share(kind: str) -> Act:
    return _in_tandem(
        lambda desk, tandem, member: partnering.share(
            desk, tandem, member, contacting.given(member, kind)
        )
    )


def _change(desk: Desk, tandem: Tandem, member: Member) -> None:
    """Asks anew which contact the others may see, as long as anybody is there to see it."""
    if tandem.state in {tandems.State.CONTACTS, *tandems.MEETING}:
        desk.tell([contacting.choice(desk, tandem, member)])
    else:
        paused = tandem.state is tandems.State.PAUSED
        desk.tell([tandems.tell(tandem, member.id, tandems.PAUSED if paused else tandems.ALREADY)])


def _calendar(desk: Desk, member: Member, press: Press) -> None:
    """Takes the sessions of a group that somebody has left off their calendar."""
    for session in appointments.open_sessions(desk.connection, number(press)):
        if session.planned is not None:
            meeting.send_calendar(desk, member, meeting.off(session))


ACTS: dict[str, Act] = {
    "proposal.accept": _proposal(proposals.Accept),
    "proposal.decline": _proposal(proposals.Decline),
    "tandem.guide": knowing.on_guide,
    "knowing.slot": slot,
    "knowing.met": knowing.met,
    "knowing.keep": knowing.keep,
    "knowing.go_on": knowing.say,
    "knowing.unsure": knowing.say,
    "knowing.rather_not": knowing.say,
    "knowing.not_yet": knowing.say,
    "knowing.seek": seek,
    "knowing.rest": rest,
    "care.stay": releasing.stay,
    "care.change": releasing.change,
    "care.end": _on_tandem(tandems.Ask),
    "care.keep": says(care.KEPT),
    "care.go_on": releasing.go_on,
    "care.alive": releasing.alive,
    "care.seek": seek,
    # As they were called in messages that may still be around.
    "tandem.username": _share("username"),
    "tandem.profile": _share("profile"),
    "contacts.username": _share("username"),
    "contacts.profile": _share("profile"),
    "contacts.group": _share("group"),
    "contacts.change": _in_tandem(_change),
    "contacts.found": _in_tandem(grouping.found),
    "contacts.keep": says(contacts.KEPT),
    "tandem.opener": _in_tandem(introducing.another_opener),
    "tandem.found": _in_tandem(grouping.found),
    "tandem.change": _in_tandem(_change),
    "tandem.slot": slot,
    "tandem.later": _on_tandem(tandems.Later),
    "tandem.end": _on_tandem(tandems.End),
    "tandem.stay": _on_tandem(tandems.Stay),
    "tandem.seek": seek,
    "tandem.calendar": _calendar,
    "tandem.choose": choosing.chosen,
}
REPLACING = {
    "tandem.opener",
    "tandem.found",
    "tandem.change",
    "tandem.calendar",
    "contacts.change",
    "contacts.found",
    "tandem.guide",
}
