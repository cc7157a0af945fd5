"""Methods looked at: at any time, or in the middle of a session, for as long as there is time."""

from dataclasses import replace

from bot.conversation.cards import Tell
from bot.domain import members, methods
from bot.domain.guides import Guide
from bot.domain.members import Member
from bot.domain.methods import Method, Reader
from bot.domain.sessions import phases
from bot.domain.tandems import MEETING
from bot.engine import cueing
from bot.engine.desk import Desk
from bot.engine.guiding import at
from bot.engine.introducing import areas, common
from bot.store import pairs


def browse(desk: Desk, member: Member) -> None:
    """All methods in a message of their own, for whoever they meet."""
    desk.tell([replace(methods.overview(_reader(desk, member)), replaces=False)])


def overview(desk: Desk, member: Member, subject: str) -> None:
    """All methods in the place of the message pressed; in a session with a suggestion."""
    guide = _guide(desk, member, subject)
    if subject and guide is None:
        desk.tell([Tell(member.id, members.STALE)])
        return
    if guide:
        cueing.put_aside(desk, guide.session, member)
    suggested = _fitting(guide) if guide else None
    desk.tell([methods.overview(_reader(desk, member, guide), suggested)])


def show(desk: Desk, member: Member, subject: str, value: str) -> None:
    """A method or a step of one; all of them where it is known no more, or the session is over."""
    guide = _guide(desk, member, subject)
    found = methods.show(_reader(desk, member, guide), value)
    if found is None:
        overview(desk, member, subject if guide else "")
    else:
        if guide:
            cueing.put_aside(desk, guide.session, member)
        desk.tell([found])


def _guide(desk: Desk, member: Member, subject: str) -> Guide | None:
    """The session that methods are looked at in, as long as its tandem meets."""
    guide = at(desk, subject) if subject else None
    if guide is None or member.id not in guide.session.members:
        return None
    return guide if guide.tandem.state in MEETING else None


def _reader(desk: Desk, member: Member, guide: Guide | None = None) -> Reader:
    if guide is not None:
        room = phases(guide.session.minutes)[1]
        return Reader(member.id, guide.session.subject, len(guide.session.members), room)
    theirs = pairs.tandems_of(desk.connection, member.id)
    known = {len(tandem.members) for tandem in theirs if tandem.state in MEETING}
    return Reader(member.id, size=known.pop() if len(known) == 1 else 0)


def _fitting(guide: Guide) -> Method:
    """For the topics of whose turn it is, as far as that is noted, or those that all share."""
    size, turn = len(guide.session.members), guide.session.turn
    wished = guide.tandem.about.get(turn, {}).get("gets", ())
    assert isinstance(wished, list | tuple), "gets is a list of topics"
    found = areas(map(str, wished)) or areas(common(guide.tandem))
    return methods.fitting(found, size)
