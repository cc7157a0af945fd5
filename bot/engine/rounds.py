"""Rounds in the house: who takes part, and what follows for whom.

Three steps, so that nobody's chat waits while it is computed: what is asked is noted, then
answered elsewhere, and in one transaction everything follows that still holds by then.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from zlib import crc32

from bot.conversation.cards import Tell
from bot.domain import members, proposals
from bot.domain.availability import DAYS, TIMES, local
from bot.domain.dues import Due, Nudge
from bot.domain.members import Member, Standing
from bot.domain.parcels import Patience
from bot.domain.proposals import Proposal
from bot.domain.tandems import Tandem
from bot.engine import places
from bot.engine.describing import described
from bot.engine.desk import Desk
from bot.matching.asked import asked, fingerprint
from bot.matching.people import Hours, Left, Match, Outcome, Person, Request
from bot.matching.telling import waiting
from bot.matching.topics import extract
from bot.store import blocks, dues, inquiries, pairs, people, rounds, suggestions
from bot.store.holding import need_everybody

LATEST = timedelta(days=30)
GROUPS = {"pair": "pair", "group": "group", "either": "any"}
"""With how many somebody would like to be, as matching calls it."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A round that waits for its outcome."""

    number: int
    request: Request
    asking: frozenset[int]
    """Who is told how it went. Who comes while it is computed waits for the next one."""


def want(desk: Desk, member: Member) -> datetime:
    """A member is looked for in the next round, and told how it went. Returns when that is.

    All who wait for a round wait for the same one: who comes may be the one who was missing.
    """
    need_everybody(desk.connection)
    pool = _pool(desk, pairs.taken(desk.connection))
    since = [one.since or desk.now for one in pool.values()] or [desk.now]
    asking = rounds.asking(desk.connection)
    at = desk.house.calendar.next(desk.now, desk.house.zone, since)
    at = min([at, *(known for known in asking.values() if known is not None)])
    for number in {*asking, member.id}:
        if asking.get(number) != at:
            due = Due(Nudge.ROUND, _subject(number), at, at + LATEST, number)
            dues.plan(desk.connection, due.subject, [due])
    return at


def no_longer(desk: Desk, member: Member) -> None:
    dues.plan(desk.connection, _subject(member.id), ())


def forget(desk: Desk, member: Member) -> None:
    """What they wrote for being matched goes, also where a round kept it."""
    no_longer(desk, member)
    rounds.forget_member(desk.connection, member.id)


def begin(desk: Desk) -> Begun | None:
    """The round whose time has come, with everybody who takes part."""
    due = rounds.waiting(desk.connection, desk.now)
    if not due:
        return None
    key = _key(desk, due[0])
    request = _request(desk, key)
    inputs = asked(request)
    values = {"seed": request.seed, "hash": fingerprint(inputs), "inputs": inputs, "at": desk.now}
    try:
        number = rounds.open_round(desk.connection, key, values)
    except LookupError:
        _next_date(desk)
        return None
    return Begun(number, request, frozenset(one.member for one in due))


def preview(desk: Desk) -> Request:
    """What a round would be asked now. Nothing is noted."""
    return _request(desk, "preview")


def close(desk: Desk, begun: Begun, outcome: Outcome) -> None:
    """What came out of a round happens, once."""
    found = {
        "matches": [asdict(m) for m in outcome.matches],
        "left": [asdict(one) for one in outcome.left],
    }
    if not rounds.close(desk.connection, begun.number, found):
        return
    desk.patience = Patience.NUDGE
    rounds.told(desk.connection, begun.asking)
    known = {person.id: person for person in begun.request.people}
    for match in outcome.matches:
        _propose(desk, match, known)
    for left in outcome.left:
        if int(left.id) in begun.asking:
            _tell(desk, left, known)


def person(desk: Desk, member: Member, taken: int, doubtful: tuple[str, ...] = ()) -> Person:
    """What matching knows of a member. ``taken``: how many of their places are; ``doubtful``:
    which of their wishes count less."""
    profile = member.profile
    running = pairs.running_tandems(desk.connection, member.id) if taken else []
    assert profile is not None, "only who has a profile is looked for"
    return Person(
        id=str(member.id),
        name=member.first_name,
        offers=profile.offers,
        seeks=profile.seeks,
        doubtful=tuple(wish for wish in profile.seeks if wish in doubtful),
        goals=tuple(extract(f"{profile.goal}\n{profile.goal_exactly}", member.language)),
        languages=profile.languages,
        zone=member.zone,
        hours=tuple(_hours(profile.days, profile.times)),
        rhythm=profile.rhythm,
        format=profile.format if profile.format in {"video", "in_person"} else "any",
        city=profile.city,
        minutes=int(profile.length),
        capacity=places.capacity(member) - taken,
        group=GROUPS[profile.company],
        waiting_since=member.since,
        served=tuple(dict.fromkeys(t for known in running for t in learnt(known, member))),
    )


def learnt(tandem: Tandem, member: Member) -> list[str]:
    """What a tandem is about for one of its members."""
    found = tandem.about[member.id].get("gets", ())
    assert isinstance(found, list | tuple), "topics"
    return list(map(str, found))


def _pool(desk: Desk, taken: Mapping[int, int]) -> dict[int, Member]:
    """Everybody a proposal can be made to, who has waited longest first."""
    seeking = people.seeking(desk.connection, desk.now)
    return {m.id: m for m in seeking if m.profile and taken[m.id] < places.capacity(m)}


def _request(desk: Desk, key: str) -> Request:
    taken = pairs.taken(desk.connection)
    pool = _pool(desk, taken)
    doubtful = inquiries.doubtful(desk.connection, pool)
    return Request(
        now=desk.now,
        people=tuple(person(desk, m, taken[m.id], doubtful.get(m.id, ())) for m in pool.values()),
        exclude=_couples(blocks.couples(desk.connection), pool),
        met=_couples(people.couples(desk.connection), pool),
        seed=crc32(key.encode()),
        weights=desk.house.weights,
    )


def _couples(
    found: Iterable[tuple[int, int]], pool: Mapping[int, Member]
) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(map(str, two)) for two in found if set(two) <= set(pool))


def _hours(days: Iterable[str], times: Iterable[str]) -> Iterable[Hours]:
    for day in days:
        for name in times:
            yield Hours(DAYS.index(day), *TIMES[name])


def _key(desk: Desk, due: Due) -> str:
    """A date has one round. As people come there is no end to them, so they are numbered."""
    day = local(due.at, desk.house.zone).date().isoformat()
    return day if desk.house.calendar.fixed else f"{day} {rounds.ended(desk.connection) + 1}"


def _next_date(desk: Desk) -> None:
    """A round that was is not repeated; who came too late is told in the next one."""
    asking = rounds.asking(desk.connection)
    rounds.told(desk.connection, asking)
    for number in asking:
        want(desk, desk.member(number))


def _propose(desk: Desk, match: Match, known: Mapping[str, Person]) -> None:
    """A proposal, if all are as they were: what changed meanwhile is looked at anew."""
    found = [desk.member(int(number)) for number in match.members]
    if not _as_before(desk, found, known):
        for member in found:
            if _looking(desk, member):
                want(desk, member)
        return
    about = {m.id: described(desk, m, found, match) for m in found}
    numbers = tuple(member.id for member in found)
    new = Proposal(0, numbers, desk.now, desk.now + desk.house.proposal, about)
    proposal = suggestions.add_proposal(desk.connection, new)
    for member in found:
        if not places.free(desk, member):
            desk.forget_plans(f"member:{member.id}")
    desk.replan(proposal.subject, proposal, found)
    desk.tell(proposals.propose(proposal), Patience.NUDGE)


def _as_before(desk: Desk, found: Sequence[Member], known: Mapping[str, Person]) -> bool:
    numbers = {member.id for member in found}
    if any(numbers & blocks.of(desk.connection, number) for number in numbers):
        return False
    return all(_looking(desk, m) and _same(_now(desk, m), known[str(m.id)]) for m in found)


def _now(desk: Desk, member: Member) -> Person:
    return person(desk, member, pairs.taken(desk.connection, member.id)[member.id])


def _same(now: Person, then: Person) -> bool:
    """What somebody said no for while it was computed counts from the next time on; and whoever
    wants several is proposed to several times in one round."""
    return now == replace(then, doubtful=now.doubtful, capacity=now.capacity)


def _looking(desk: Desk, member: Member) -> bool:
    paused = member.paused_until is not None and member.paused_until > desk.now
    looks = member.standing is Standing.SEEKING and places.free(desk, member) > 0
    return looks and member.reachable and not paused


def _tell(desk: Desk, left: Left, known: Mapping[str, Person]) -> None:
    """Why there is nobody yet, what would help, and when the next try is."""
    member = desk.member(int(left.id))
    if not _looking(desk, member):
        return
    if not _same(_now(desk, member), known[left.id]):
        want(desk, member)
        return
    calendar, subject = desk.house.calendar, f"member:{member.id}"
    if calendar.fixed:
        at: datetime | None = want(desk, member)
    else:
        desk.replan(subject, member, [member])
        at = dues.planned(desk.connection, Nudge.SEARCH, subject)
    why = waiting(left, member.language, desk.house.texts)
    desk.tell([Tell(member.id, members.NOT_YET, {"why": why, "next_look": at})])


def _subject(number: int) -> str:
    return f"round:{number}"
