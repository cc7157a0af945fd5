"""Sharing an entry of a diary with the others of a tandem, and taking it back.

The rule of the place: it is shared as it was shown to its owner before, and it is taken back
whenever the reason for it ends: with the tandem, the entry, the diary, or a report.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time

from bot.conversation.cards import Tell
from bot.domain import diary
from bot.domain.availability import instant, local
from bot.domain.diary import Entry, Share, Spot
from bot.domain.members import Member
from bot.domain.parcels import Patience
from bot.domain.tandems import MEETING, Tandem
from bot.engine import places
from bot.engine.desk import Desk
from bot.store import cases, pairs, shares

A_DAY = 5
"""Entries that can be shared with one tandem in a day."""
MARK = 8
"""Signs that tell two texts apart, in a button nobody but us reads."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Of an entry's card what has to do with sharing."""

    about: Mapping[str, object]
    values: Mapping[str, tuple[str, ...]]
    without: frozenset[str]


def choices(desk: Desk, member: Member, found: Entry, spot: Spot) -> Shown:
    """With whom an entry can be shared, and from whom it can be taken back."""
    known = {tandem.id: tandem for tandem in pairs.tandems_of(desk.connection, member.id)}
    shared = shares.of_entry(desk.connection, member.id, found.key)
    fresh = {one.tandem for one in shared if not one.outdated}
    new = [t.id for t in known.values() if t.state in MEETING and t.id not in fresh]
    names = {number: _partner(tandem, member) for number, tandem in known.items()}
    values = {"share": new, "unshare": [one.tandem for one in shared]}
    placed = {name: {_at(spot, found, t): names[t] for t in values[name]} for name in values}
    return Shown(
        about={
            "names": {value: name for found in placed.values() for value, name in found.items()},
            "shared_with": [(names[one.tandem], one.at, one.outdated) for one in shared],
        },
        values={name: tuple(found) for name, found in placed.items()},
        without=frozenset(name for name, found in placed.items() if not found),
    )


def preview(desk: Desk, member: Member, found: Entry, spot: Spot) -> Tell | None:
    """What the others would read, with a button to let them; None where nobody would."""
    tandem = _tandem(desk, member, found, spot.tandem)
    if tandem is None:
        return None
    about = {
        "who": _partner(tandem, member),
        "many": tandem.many,
        "text": found.shown,
    }
    values = {"really_share": (f"{mark(found.text)} {spot}",), "leave": (str(spot),)}
    return Tell(member.id, diary.SHARING, about, found.subject, values, replaces=True)


def share(desk: Desk, member: Member, found: Entry, number: int) -> bool:
    """Shows an entry to the others; an older wording of it is taken back. False if nobody is
    there to see it, or they see it already."""
    tandem = _tandem(desk, member, found, number)
    if tandem is None:
        return False
    before = shares.of_entry(desk.connection, member.id, found.key)
    take_back(desk, [one for one in before if one.tandem == number])
    new = shares.add(desk.connection, member.id, number, found.key, desk.now)
    tells = [_told(desk, found, new, tandem, other) for other in tandem.others(member.id)]
    desk.tell(tells, Patience.ONCE)
    return True


def enough(desk: Desk, member: Member, number: int) -> bool:
    """Whether they shared as much with a tandem today as is good for anybody to read."""
    midnight = datetime.combine(local(desk.now, member.zone).date(), time())
    since = instant(midnight.date(), midnight.time(), member.zone)
    return shares.number_since(desk.connection, member.id, number, since) >= A_DAY


def take_back(desk: Desk, shared: Iterable[Share]) -> None:
    """From the chats of the others, as far as platforms allow it. Whoever has reported them keeps
    what they saw until that is settled: it may be what it is about."""
    for one in shared:
        keeps = cases.open_about(desk.connection, one.member)
        desk.unsay([one.subject], apart_from={one.member, *keeps})
        shares.remove(desk.connection, one)


def stop(desk: Desk, tandem: Tandem, by: Member) -> None:
    """After a report nobody reads anything of anybody any more; what was shown to who reports
    stays with them until the tandem ends."""
    for one in shares.of_tandem(desk.connection, tandem.id):
        if one.member == by.id:
            take_back(desk, [one])
        else:
            desk.unsay([one.subject], apart_from={one.member, by.id})


def settled(desk: Desk, reader: int) -> None:
    """A report is settled: what was taken back meanwhile goes from the chat of who reported."""
    desk.unsay(shares.withheld(desk.connection, reader), apart_from=set())


def forget(desk: Desk, member: Member) -> None:
    """Their diary goes, and with it what others were shown of it."""
    take_back(desk, shares.of(desk.connection, member.id))


def mark(text: str) -> str:
    """Tells whether a text still reads as it did."""
    return hashlib.sha256(text.encode()).hexdigest()[:MARK]


def _told(desk: Desk, found: Entry, new: Share, tandem: Tandem, reader: int) -> Tell:
    """Whoever reads it learns who else does."""
    known = places.names(desk, tandem.members)
    names = [known[number] for number in tandem.others(new.member) if number != reader]
    also = desk.wording("common", desk.member(reader)).label("listed", items=names)
    about = {"by": known[new.member], "also": also, "text": found.shown}
    return Tell(reader, diary.SHARED, about, new.subject)


def _tandem(desk: Desk, member: Member, found: Entry, number: int) -> Tandem | None:
    """A tandem of theirs with which the entry is not shared as it is now."""
    known = next((t for t in pairs.tandems_of(desk.connection, member.id) if t.id == number), None)
    shared = shares.of_entry(desk.connection, member.id, found.key)
    if known is None or known.state not in MEETING:
        return None
    return None if any(s.tandem == number and not s.outdated for s in shared) else known


def _partner(tandem: Tandem, member: Member) -> str:
    return str(tandem.about[member.id].get("partner", ""))


def _at(spot: Spot, found: Entry, tandem: int) -> str:
    return str(Spot(found.key, spot.page, spot.query, tandem))
