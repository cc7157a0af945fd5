"""Groups break no rule, place as many as can be, and are as good as the best there are."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.matching import groups
from bot.matching.company import Company, total
from bot.matching.exactly import best_sets
from bot.matching.groups import form
from tests.communities import Community, community

Sets = list[tuple[int, ...]]

people = st.integers(0, 7)
some_sets = st.lists(
    st.sets(people, min_size=1, max_size=4).map(lambda one: tuple(sorted(one))),
    max_size=30,
    unique=True,
)
worth = st.sampled_from([0.0, 0.25, 0.3, 1.0, 2.5, 1e-4, 4.0])
communities = st.builds(
    community, st.integers(0, 14), st.integers(0, 999), st.integers(1, 6), st.just(0.1)
)


def anybody(_: Sequence[int]) -> bool:
    return True


def choices(sets: Sets, start: int = 0) -> Iterator[list[int]]:
    """Every choice of disjoint sets."""
    yield []
    for first in range(start, len(sets)):
        rest = [at for at in range(first + 1, len(sets)) if not set(sets[at]) & set(sets[first])]
        for others in choices([sets[at] for at in rest]):
            yield [first, *(rest[at] for at in others)]


def rank(sets: Sets, values: Sequence[float], chosen: Sequence[int]) -> tuple[int, float]:
    return sum(len(sets[at]) for at in chosen), sum(values[at] for at in chosen)


@pytest.fixture
def in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small communities are handled as large ones are."""
    monkeypatch.setattr(groups, "WIDE", 0)
    monkeypatch.setattr(groups, "STEP", 600)


def value(of: Community, formed: Sets) -> float:
    return total(Company(of.scores, of.fits, of.together), formed)


def placed(formed: Sets) -> int:
    return sum(map(len, formed))


def best(of: Community) -> Sets:
    """By all groups there can be, told one by one."""
    sets = [
        group
        for size in (3, 4)
        for group in combinations(range(len(of.scores)), size)
        if all(of.fits[pair] for pair in combinations(group, 2)) and of.together(group)
    ]
    return [sets[at] for at in best_sets(sets, [value(of, [one]) for one in sets])]


def sound(of: Community, formed: Sets) -> bool:
    members = [person for group in formed for person in group]
    return (
        len(members) == len(set(members))
        and all(len(group) in {3, 4} for group in formed)
        and all(of.fits[pair] for group in formed for pair in combinations(group, 2))
        and all(of.together(group) for group in formed)
    )


@settings(max_examples=150, deadline=None)
@given(some_sets, st.data())
def test_no_choice_of_sets_is_better(sets: Sets, data: st.DataObject) -> None:
    values = data.draw(st.lists(worth, min_size=len(sets), max_size=len(sets)))
    chosen = best_sets(sets, values)
    ours = rank(sets, values, chosen)
    theirs = max(rank(sets, values, one) for one in choices(sets))
    assert len({person for at in chosen for person in sets[at]}) == ours[0] == theirs[0]
    assert ours[1] == pytest.approx(theirs[1], abs=2e-5)


def test_a_place_comes_before_any_value() -> None:
    assert best_sets([(0, 1, 2), (2, 3, 4, 5), (0, 1)], [1e6, 1e-6, 0.0]) == [1, 2]


def test_small_differences_count_as_much_as_large_ones() -> None:
    assert best_sets([(0, 1), (2, 3), (0, 2), (1, 3)], [1e-9, 2e-9, 2e-9, 2e-9]) == [2, 3]


def test_without_any_search_there_is_still_a_choice() -> None:
    sets = [tuple(one) for one in combinations(range(12), 3)]
    chosen = best_sets(sets, [1.0] * len(sets), nodes=0)
    assert placed([sets[at] for at in chosen]) == 12


def test_no_sets_no_choice() -> None:
    assert best_sets([], []) == []


@settings(max_examples=60, deadline=None)
@given(communities, st.integers(0, 3))
def test_groups_keep_the_rules_and_nobody_is_in_two(of: Community, seed: int) -> None:
    formed = form(of.scores, of.fits, of.together, seed)
    assert sound(of, formed)
    assert formed == form(of.scores, of.fits, of.together, seed)


@settings(max_examples=60, deadline=None)
@given(communities)
def test_no_groups_of_a_few_people_are_better(of: Community) -> None:
    formed, exact = form(of.scores, of.fits, of.together, 0), best(of)
    assert placed(formed) == placed(exact)
    assert value(of, formed) == pytest.approx(value(of, exact), abs=1e-4)


@pytest.mark.usefixtures("in_steps")
@pytest.mark.parametrize("count", range(15))
@pytest.mark.parametrize("free", [1, 3])
def test_steps_keep_the_rules_too(count: int, free: int) -> None:
    of = community(count, count, free)
    formed = form(of.scores, of.fits, of.together, 0)
    assert sound(of, formed)
    assert formed == form(of.scores, of.fits, of.together, 0)


@pytest.mark.usefixtures("in_steps")
@pytest.mark.parametrize("count", [12, 20])
@pytest.mark.parametrize("free", [2, 3])
@pytest.mark.parametrize("seed", range(3))
def test_steps_come_near_the_best(count: int, free: int, seed: int) -> None:
    of = community(count, seed, free)
    formed, exact = form(of.scores, of.fits, of.together, seed), best(of)
    assert placed(formed) == placed(exact)
    assert value(of, formed) >= 0.98 * value(of, exact)


@pytest.mark.parametrize("wide", [0, groups.WIDE])
@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        (0, set()),
        (1, set()),
        (2, set()),
        (3, {3}),
        (4, {4}),
        (5, {4}),
        (6, {3}),
        (11, {3, 4}),
    ],
)
def test_where_all_fit_all_but_one_of_five_have_a_place(
    count: int, sizes: set[int], wide: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "WIDE", wide)
    formed = form(np.full((count, count), 0.5, np.float32), everybody(count), anybody, 0)
    assert {len(group) for group in formed} == sizes
    assert placed(formed) == (count if count not in {1, 2, 5} else 4 if count == 5 else 0)


@pytest.mark.parametrize("wide", [0, groups.WIDE])
def test_where_nobody_fits_there_are_no_groups(wide: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "WIDE", wide)
    scores = np.ones((20, 20), np.float32)
    assert form(scores, np.zeros((20, 20), np.bool_), anybody, 0) == []
    assert form(scores, everybody(20), lambda _: False, 0) == []


def test_the_whole_is_asked_only_where_all_pairs_fit() -> None:
    of = community(20, 1, 3)

    def asked(group: Sequence[int]) -> bool:
        assert all(of.fits[pair] for pair in combinations(group, 2))
        return of.together(group)

    assert form(of.scores, of.fits, asked, 0)


def everybody(count: int) -> NDArray[np.bool_]:
    return ~np.eye(count, dtype=np.bool_)
