"""Who fits whom: hard rules exclude, everything else only ranks."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.members import Address, Member, Profile, Standing
from bot.matching.score import best, fit, shared
from tests.stage import MONDAY

COOK = Profile(
    "Ana", ("Kochen",), ("Singen",), "Im Chor", ("de",), ("mon", "tue"), ("evening",), "weekly"
)
SING = replace(COOK, name="Ben", offers=("Singen",), seeks=("Kochen",))


def member(number: int, profile: Profile, zone: str = "Europe/Berlin") -> Member:
    address = Address("telegram", "b", str(number), str(number))
    since = MONDAY - timedelta(days=number)
    return Member(
        number, address, "de", zone, standing=Standing.SEEKING, profile=profile, since=since
    )


ANA, BEN = member(1, COOK), member(2, SING)


def test_what_one_seeks_the_other_offers_in_both_directions() -> None:
    found = fit(ANA, BEN, MONDAY)
    assert found is not None
    assert (found.gets, found.gives, found.minutes) == (("Singen",), ("Kochen",), 8 * 60)


@pytest.mark.parametrize(
    "other",
    [
        replace(BEN, profile=replace(SING, languages=("en",))),
        replace(BEN, profile=replace(SING, days=("wed", "thu"))),
        replace(BEN, profile=replace(SING, times=("morning",))),
        replace(BEN, zone="Australia/Sydney"),
        replace(BEN, profile=None),
        replace(BEN, standing=Standing.RESTING),
        replace(BEN, reachable=False),
        ANA,
    ],
    ids=["language", "days", "times", "zone", "no profile", "resting", "unreachable", "oneself"],
)
def test_a_hard_rule_excludes(other: Member) -> None:
    assert fit(ANA, other, MONDAY) is None


def test_who_gives_and_takes_comes_before_who_only_takes_and_that_before_nothing() -> None:
    takes = member(3, replace(SING, offers=("Malen",)))
    nothing = member(4, replace(SING, offers=("Malen",), seeks=("Tanzen",)))
    pool = [nothing, takes, BEN]
    order = []
    while found := best(ANA, pool, frozenset(), MONDAY):
        order.append(found[0])
        pool.remove(found[0])
    assert order == [BEN, takes, nothing]


def test_among_equals_who_has_waited_longest_comes_first_and_nobody_met_comes_again() -> None:
    longer = member(5, SING)
    assert best(ANA, [BEN, longer], frozenset(), MONDAY) == (longer, fit(ANA, longer, MONDAY))
    assert best(ANA, [BEN, longer], frozenset({5}), MONDAY) == (BEN, fit(ANA, BEN, MONDAY))
    assert best(ANA, [BEN, longer], frozenset({2, 5}), MONDAY) is None


@pytest.mark.parametrize(
    ("wanted", "offered", "words"),
    [
        ("agiles Projektmanagement", "Projektarbeit, Scrum", ("Projektmanagement",)),
        ("Zeitmanagement", "time management", ()),
        ("Für mich mehr Ruhe", "mehr für alle", ()),
        ("Kochen und Kochen", "kochen", ("Kochen",)),
    ],
)
def test_words_are_shared_by_their_beginnings(
    wanted: str, offered: str, words: tuple[str, ...]
) -> None:
    assert shared(wanted, offered) == words
