"""Who fits whom: hard rules exclude, everything else only ranks, and the whole is the best."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.matching import candidates as candidate
from bot.matching import exact, small
from bot.matching.alternating import placed_more
from bot.matching.candidates import candidates
from bot.matching.cover import bound, cover
from bot.matching.exact import best_pairs, solved
from bot.matching.pairing import pairs, weights
from bot.matching.people import Hours, Match, Outcome, Person, Request
from bot.matching.pool import compiled
from bot.matching.rounds import run
from bot.matching.score import score
from bot.matching.week import beginnings, free, minutes, packed, rough, slots
from tests.people import ANA, BEN, NOW, community, request, requests


def tandems(outcome: Outcome) -> set[tuple[str, ...]]:
    return {match.members for match in outcome.matches}


def only(outcome: Outcome) -> Match:
    [match] = outcome.matches
    return match


def test_what_one_seeks_the_other_offers_in_both_directions() -> None:
    match = only(run(request(ANA, BEN)))
    assert match.members == ("ana", "ben")
    assert match.gets == {"ana": ("Singen",), "ben": ("Kochen",)}
    assert match.parts["mutual"] == pytest.approx(1, abs=0.01)
    assert match.minutes == 8 * 60
    assert [reason.code for reason in match.reasons] == ["gets", "gets", "time"]


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (replace(BEN, languages=("en",)), "language"),
        (replace(BEN, hours=(Hours(3, time(17), time(21)),)), "time"),
        (replace(BEN, hours=(Hours(0, time(20, 30), time(22)),)), "time"),
        (replace(BEN, zone="Australia/Sydney"), "time"),
        (replace(BEN, group="group"), "group"),
    ],
    ids=["language", "day", "half an hour", "zone", "group"],
)
def test_a_hard_rule_excludes_and_is_named(other: Person, why: str) -> None:
    outcome = run(request(replace(ANA, group="pair"), other))
    assert not outcome.matches
    assert [left.why for left in outcome.left] == [why, why]


def test_in_person_needs_one_city_and_video_needs_none() -> None:
    here, there = replace(ANA, city="Köln"), replace(BEN, city="Bonn")
    assert run(request(here, there)).matches
    outcome = run(request(replace(here, format="in_person"), there))
    assert [(left.why, left.help, left.near) for left in outcome.left] == [
        ("city", "video", 1),
        ("format", "", 0),
    ]
    near = run(request(replace(here, format="in_person"), replace(there, city="köln ")))
    assert [reason.code for reason in only(near).reasons] == ["gets", "gets", "city", "time"]


@pytest.mark.parametrize("name", ["exclude", "met"])
def test_who_must_not_meet_does_not(name: str) -> None:
    outcome = run(request(ANA, BEN, **{name: frozenset({frozenset({"ana", "ben"})})}))
    assert [left.why for left in outcome.left] == ["excluded", "excluded"]


def test_what_somebody_leaves_out_restricts_nothing() -> None:
    assert tandems(run(request(Person("a"), Person("b")))) == {("a", "b")}
    assert tandems(run(request(ANA, Person("b")))) == {("ana", "b")}


def test_who_gives_and_takes_comes_before_who_only_takes_and_that_before_nothing() -> None:
    takes = replace(BEN, id="cem", offers=("Malen",))
    nothing = replace(BEN, id="dora", offers=("Malen",), seeks=("Tanzen",))
    pool = [nothing, takes, BEN]
    order = []
    while pool:
        best = max(pool, key=lambda other: only(run(request(ANA, other))).score)
        order.append(best)
        pool.remove(best)
    assert order == [BEN, takes, nothing]


def test_the_best_whole_is_taken_although_the_best_pair_is_not_in_it() -> None:
    """Two good pairs are better than the best one and two people who have nothing."""
    ana = replace(ANA, seeks=("Singen", "Klavier"), offers=("Kochen", "Excel"), group="pair")
    ben = replace(BEN, seeks=("Kochen", "Excel"), offers=("Singen", "Klavier"), group="pair")
    cem = replace(BEN, id="cem", group="pair")
    dora = replace(ANA, id="dora", group="pair")
    assert tandems(run(request(ana, ben))) == {("ana", "ben")}
    never = frozenset({frozenset({"cem", "dora"})})
    outcome = run(request(ana, ben, cem, dora, exclude=never))
    assert tandems(outcome) == {("ana", "cem"), ("ben", "dora")}


def test_who_waited_longest_comes_first_among_equals() -> None:
    long = replace(BEN, id="zoe", waiting_since=NOW - timedelta(weeks=5), group="pair")
    short = replace(BEN, id="cem", waiting_since=NOW - timedelta(weeks=1), group="pair")
    outcome = run(request(replace(ANA, group="pair"), short, long))
    assert tandems(outcome) == {("ana", "zoe")}
    assert [(left.id, left.why) for left in outcome.left] == [("cem", "taken")]


def test_three_are_a_group_where_all_of_them_would_have_that() -> None:
    third = replace(BEN, id="cem")
    assert tandems(run(request(ANA, BEN, third))) == {("ana", "ben", "cem")}
    strict = replace(ANA, group="pair")
    assert len(only(run(request(strict, BEN, third))).members) == 2


def test_who_wants_a_group_gets_one_of_three_or_four() -> None:
    wishes = [replace(ANA if n % 2 else BEN, id=f"p{n}", group="group") for n in range(7)]
    sizes = sorted(len(match.members) for match in run(request(*wishes)).matches)
    assert sizes == [3, 4]


def test_a_second_tandem_has_another_topic() -> None:
    ana = replace(ANA, seeks=("Singen", "Excel"), capacity=2, group="pair")
    singer, also = replace(BEN, group="pair"), replace(BEN, id="cem", group="pair")
    clerk = replace(BEN, id="dora", offers=("Excel",), group="pair")
    apart = (("ben", "cem"), ("ben", "dora"), ("cem", "dora"))
    outcome = run(request(ana, singer, also, clerk, exclude=frozenset(map(frozenset, apart))))
    gets = [match.gets["ana"] for match in outcome.matches if "ana" in match.members]
    assert sorted(gets) == [("Excel",), ("Singen",)]


def test_what_would_help_is_counted_on_those_who_are_there() -> None:
    tuesday = replace(BEN, hours=(Hours(1, time(17), time(21)),))
    others = [replace(tuesday, id=f"p{n}") for n in range(4)]
    early = replace(ANA, hours=(Hours(0, time(8), time(10)),))
    left = {left.id: left for left in run(request(early, *others)).left}
    assert (left["ana"].why, left["ana"].help, left["ana"].near) == ("time", "evening", 4)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 17])
def test_any_number_of_people_has_a_clear_result(count: int) -> None:
    outcome = run(request(*(Person(f"p{n}") for n in range(count))))
    assert len({m for match in outcome.matches for m in match.members}) == count - (count == 1)


def test_nothing_to_say_and_far_too_much_to_say_are_no_mistake() -> None:
    many = tuple(f"Thema {number}" for number in range(100))
    loud = replace(ANA, offers=many, seeks=many, goals=many, interests=many)
    assert only(run(request(loud, replace(loud, id="twin")))).parts["mutual"] == 1
    assert run(request(replace(ANA, capacity=0), BEN)).left[0].why == "full"


@given(requests())
@settings(max_examples=150, deadline=None)
def test_no_hard_rule_is_ever_broken_and_everybody_has_an_answer(asked: Request) -> None:
    outcome = run(asked)
    known = {person.id: person for person in asked.people}
    load = dict.fromkeys(known, 0)
    for match in outcome.matches:
        assert 0 <= match.score <= 1
        assert all(0 <= part <= 1 for part in match.parts.values())
        people = [known[member] for member in match.members]
        assert _may(people, asked), match
        for person in people:
            load[person.id] += 1
    assert all(load[one] <= known[one].capacity for one in known)
    assert {left.id for left in outcome.left} == {one for one in known if not load[one]}


def _may(people: list[Person], asked: Request) -> bool:
    """The rules once more, by another hand."""
    banned = any(frozenset({a.id, b.id}) in asked.exclude | asked.met for a, b in _twos(people))
    spoken = [set(p.languages) or {"de", "en"} for p in people]
    alone = len(people) == 2
    company = all(p.group != ("group" if alone else "pair") for p in people)
    week = packed([free(p.hours, p.zone, asked.now) for p in people])
    length = slots(min(p.minutes for p in people))
    together = minutes(beginnings(np.bitwise_and.reduce(week, axis=0)[None], length), length)
    here = all(_meet(a, b) for a, b in _twos(people))
    return bool(not banned and set.intersection(*spoken) and here and company and together[0])


def _meet(one: Person, other: Person) -> bool:
    video = "in_person" not in {one.format, other.format}
    cities = {one.city, other.city} - {""}
    return video or ("video" not in {one.format, other.format} and len(cities) < 2)


def _twos(people: list[Person]) -> Iterator[tuple[Person, Person]]:
    return combinations(people, 2)


@given(requests(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_people_changes_nothing(asked: Request, chance: random.Random) -> None:
    mixed = list(asked.people)
    chance.shuffle(mixed)
    again = run(replace(asked, people=tuple(mixed)))
    first = run(asked)
    assert (again.matches, again.left) == (first.matches, first.left)


@given(requests(most=8))
@settings(max_examples=60, deadline=None)
def test_one_more_who_is_willing_places_nobody_less(asked: Request) -> None:
    willing = Person("willing")
    before, after = run(asked), run(replace(asked, people=(*asked.people, willing)))
    assert after.stats["placed"] >= before.stats["placed"]


@pytest.mark.parametrize("seed", range(6))
def test_a_small_pool_is_matched_as_well_as_can_be(seed: int) -> None:
    """Every way to pair up to twelve people, by brute force."""
    asked = community(12, seed, group=("pair",))
    pool = compiled(asked)
    found = candidates(pool, np.arange(12), seed)
    worth = {
        (int(a), int(b)): float(s)
        for a, b, s in zip(found.left, found.right, found.score, strict=True)
    }
    best = max(_ways(list(range(12)), worth))
    outcome = run(asked)
    assert outcome.stats["placed"] == best[0]
    assert sum(2 * match.score for match in outcome.matches) == pytest.approx(best[1], abs=1e-2)


def _ways(people: list[int], worth: dict[tuple[int, int], float]) -> Iterator[tuple[int, float]]:
    """Of each way: how many have a place, and what it is worth."""
    if len(people) < 2:
        yield 0, 0.0
        return
    first, *rest = people
    yield max(_ways(rest, worth))
    for other in rest:
        if (first, other) in worth:
            left = [one for one in rest if one != other]
            placed, value = max(_ways(left, worth))
            yield placed + 2, value + 2 * worth[first, other]


edges = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 200_000)), max_size=30
)


@given(edges)
@example([])
@settings(max_examples=100, deadline=None)
def test_the_exact_method_agrees_with_another_one(drawn: list[tuple[int, int, int]]) -> None:
    graph = nx.Graph()
    graph.add_weighted_edges_from((a, b, w) for a, b, w in drawn if a != b)
    table = [(min(a, b), max(a, b), w) for a, b, w in graph.edges(data="weight")]
    left, right, weight = np.array(table, np.int64).reshape(-1, 3).T
    pairs_ = nx.max_weight_matching(graph)
    best = sum(graph.edges[pair]["weight"] for pair in pairs_)
    found = best_pairs(10, left, right, weight)
    assert weight[found].sum() == best
    ends = [*left[found], *right[found]]
    assert len(set(ends)) == len(ends)
    if len(weight):
        nearly = cover(10, left, right, weight)
        assert best <= bound(10, left, right, weight)
        assert weight[nearly].sum() <= best
        assert len({*left[nearly], *right[nearly]}) == 2 * len(nearly)


def test_what_takes_too_long_is_given_up_for_nearly_the_best() -> None:
    chance = np.random.default_rng(1)
    left, right = np.triu_indices(400, 1)
    weight = chance.integers(1, 200_000, len(left))
    late = best_pairs(400, left, right, weight, limit_s=0.01)
    best = weight[solved(400, left, right, weight)].sum()
    assert 0.997 * best <= weight[late].sum() <= best
    there = best_pairs(400, left, right, weight)
    assert weight[there].sum() == best


def test_of_very_many_it_is_the_largest_sum_or_lacks_a_trifle() -> None:
    """Somebody who fits nobody but two favourites of others, as it is in any crowd."""
    chance = np.random.default_rng(2)
    left, right = np.triu_indices(360, 1)
    lonely = (left < 3) & (right > 4)
    left, right = left[~lonely], right[~lonely]
    weight = chance.integers(20_000, 200_000, len(left))
    assert len(weight) > exact.AT_HAND
    found = best_pairs(360, left, right, weight)
    best = weight[solved(360, left, right, weight)].sum()
    assert best * (1 - 1 / exact.TRIFLE) <= weight[found].sum() <= best


def test_who_is_left_gets_a_place_and_nobody_loses_theirs() -> None:
    """1 and 2 are a pair; 0 likes only 1, and 3 only 2."""
    liked = [[1], [2, 0], [1, 3], [2]]
    assert placed_more([-1, 2, 1, -1], liked, [0, 3]) == [1, 0, 3, 2]
    assert placed_more([-1, 2, 1], [[1], [2, 0], [1]], [0]) == [-1, 2, 1]


@pytest.mark.whole
@pytest.mark.parametrize("seed", range(3))
def test_a_large_pool_is_matched_nearly_as_well_as_if_all_pairs_were_looked_at(seed: int) -> None:
    pool = compiled(community(1_800, seed))
    rows = np.arange(len(pool))
    some = candidates(pool, rows, seed)
    assert len(rows) > candidate.SMALL
    every = score(pool, *(side.astype(np.int64) for side in np.triu_indices(len(rows), 1)))

    def total(found: object) -> int:
        weight = weights(pool, found, seed)  # type: ignore[arg-type]  # a Scored
        return int(weight[best_pairs(len(pool), found.left, found.right, weight)].sum())  # type: ignore[attr-defined]

    assert total(some) >= 0.99 * total(every)


def test_above_a_handful_as_many_have_a_place_as_pairs_can_give() -> None:
    asked = community(small.MOST + 24, 5, group=("pair",))
    pool = compiled(asked)
    found = candidates(pool, np.arange(len(pool)), 5)
    graph = nx.Graph(list(zip(found.left.tolist(), found.right.tolist(), strict=True)))
    most = len(nx.max_weight_matching(graph, maxcardinality=True))
    assert len(pairs(pool, found, 5)) == most


def test_nobody_waits_for_more_than_three_rounds_while_somebody_would_fit() -> None:
    """A year of weekly rounds, in which people come, are matched, and leave again."""
    chance = random.Random(7)  # noqa: S311
    crowd, waited, longest = list(community(31, 7).people), dict[str, int](), 0
    newcomers = iter(community(900, 8).people)
    for week in range(52):
        now = NOW + timedelta(weeks=week)
        outcome = run(Request(now, tuple(crowd), seed=week))
        placed = {member for match in outcome.matches for member in match.members}
        taken = {left.id for left in outcome.left if left.why == "taken"}
        waited = {p.id: waited.get(p.id, 0) + 1 for p in crowd if p.id in taken}
        longest = max([longest, *waited.values()])
        crowd = [person for person in crowd if person.id not in placed]
        fresh = [next(newcomers) for _ in range(chance.randint(5, 15))]
        crowd += [replace(person, id=f"n{person.id}", waiting_since=now) for person in fresh]
    assert longest <= 3


spans = st.lists(st.tuples(st.integers(0, 671), st.integers(1, 40)), max_size=3)


@given(st.lists(spans, min_size=2, max_size=30))
@settings(max_examples=100, deadline=None)
def test_who_shares_a_slot_shares_a_bit(drawn: list[list[tuple[int, int]]]) -> None:
    weeks = [sum({1 << at % 672 for a, n in week for at in range(a, a + n)}) for week in drawn]
    words = rough(packed(weeks))
    for (one, word), (other, theirs) in combinations(zip(weeks, words, strict=True), 2):
        assert word & theirs or not one & other


@given(
    st.lists(st.tuples(st.integers(0, 671), st.integers(1, 40)), max_size=6),
    st.integers(30, 120),
)
@settings(max_examples=200, deadline=None)
def test_common_minutes_are_those_of_stretches_long_enough(
    spans: list[tuple[int, int]], session: int
) -> None:
    """Against slots counted one by one, around the end of the week too."""
    week = sum({1 << (first + at) % 672 for first, length in spans for at in range(length)})
    wrapped = week | (week & (1 << 32) - 1) << 672
    open_ = [bool(week >> at & 1) for at in range(672)]
    if all(open_):
        return
    first = open_.index(False)
    turned = "".join("x" if on else " " for on in [*open_[first:], *open_[:first]])
    length = slots(session)
    expected = sum(15 * len(run) for run in turned.split() if len(run) >= length)
    found = minutes(beginnings(packed([wrapped]), length), length)
    assert found.tolist() == [expected]
