"""A calendar address of one's own: made, renewed, taken back, and what is read there."""

from bot.conversation.cards import Card, Tell
from bot.domain import feeds, members
from bot.domain.calendar_files import feed_file
from bot.domain.feeds import digest, token
from bot.domain.members import Member, Standing
from bot.engine.desk import Desk
from bot.store import appointments
from bot.store import feeds as store

PATH = "/calendar/"


def show(desk: Desk, member: Member) -> None:
    _tell(desk, member, feeds.ON if store.has(desk.connection, member.id) else feeds.OFF)


def make(desk: Desk, member: Member) -> None:
    """The address is said once: only a hash of it is kept."""
    secret = token()
    if desk.house.feed:
        store.renew(desk.connection, member.id, digest(secret), desk.now)
    url = f"{desk.house.feed.rstrip('/')}{PATH}{secret}.ics"
    _tell(desk, member, feeds.MADE, url=url)


def stop(desk: Desk, member: Member) -> None:
    store.stop(desk.connection, member.id)
    _tell(desk, member, feeds.STOPPED)


def read(desk: Desk, secret: str) -> bytes | None:
    """What a calendar finds at an address; None where it is nobody's."""
    number = store.owner(desk.connection, digest(secret))
    member = desk.member(number) if number is not None else None
    if member is None or member.standing is Standing.GONE:
        return None
    known = appointments.sessions_of(desk.connection, member.id)
    summary = desk.wording("session", member).label("calendar_title")
    return feed_file(known, summary, desk.now)


def _tell(desk: Desk, member: Member, card: Card, **about: object) -> None:
    """Where the operator has no public address any more, there is none for anybody."""
    desk.tell([Tell(member.id, card if desk.house.feed else members.STALE, about)])
