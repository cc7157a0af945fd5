"""For how many tandems somebody has room, and what the others in one are called."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.domain.members import Member, called
from bot.domain.tandems import Tandem
from bot.engine.desk import Desk
from bot.store import pairs


def capacity(member: Member) -> int:
    return int(member.profile.capacity) if member.profile else 1


def free(desk: Desk, member: Member) -> int:
    """For how many more tandems there is room, besides running ones and what is proposed."""
    return capacity(member) - pairs.taken(desk.connection, member.id)[member.id]


def next_place(desk: Desk, member: Member) -> int | None:
    """The first of a member's places that no tandem takes; None if they all are taken."""
    used = pairs.places(desk.connection, member.id)
    return next((p for p in range(1, capacity(member) + 1) if p not in used), None)


def partner(desk: Desk, reader: Member, others: Sequence[Member]) -> str:
    """The others by their first names: "Ben", or "Ben und Cem"."""
    known = called([*others, reader])
    names = [known[other.id] for other in others if other.id != reader.id]
    return desk.wording("common", reader).label("listed", items=names)


def names(desk: Desk, numbers: Iterable[int]) -> dict[int, str]:
    """What some people are called where they are spoken of together."""
    return called(desk.member(number) for number in set(numbers))


def rename(desk: Desk, member: Member) -> None:
    """A new first name, where it stands in running tandems."""
    for tandem in pairs.running_tandems(desk.connection, member.id):
        people = [desk.member(number) for number in tandem.members]
        about = {m.id: _renamed(desk, tandem, m, people) for m in people}
        pairs.describe(desk.connection, replace(tandem, about=about))


def _renamed(
    desk: Desk, tandem: Tandem, reader: Member, people: Sequence[Member]
) -> Mapping[str, object]:
    return {**tandem.about[reader.id], "partner": partner(desk, reader, people)}
