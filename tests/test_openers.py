"""Questions to begin with: enough of them, in both languages, and none twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.wording import LANGUAGES, Wording, plain
from bot.domain.openers import ALL, BY_GROUP, GENERAL, GROUPS, pick
from bot.matching.lexicon import lexicon

AREAS = sorted({topic.area for topic in lexicon().topics.values()})


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_words_for_all_of_them(language: str) -> None:
    wording = Wording("openers", language)
    assert wording.blocks() == set(ALL)
    said = [plain(wording.say(name)) for name in ALL]
    assert len(set(said)) == len(ALL) >= 60
    assert [words for words in said if "?" not in words or len(words) > 120] == []


@pytest.mark.parametrize("area", AREAS)
def test_every_area_of_topics_has_openers_of_its_own(area: str) -> None:
    assert BY_GROUP[GROUPS.get(area, area)]


def test_no_opener_goes_by_an_area_that_is_none() -> None:
    assert set(GROUPS) <= set(AREAS)
    assert set(BY_GROUP) <= set(AREAS) | set(GROUPS.values())


@given(st.lists(st.sampled_from(AREAS), max_size=4), st.text(max_size=5))
def test_what_is_common_comes_first_and_nothing_comes_twice(areas: list[str], seed: str) -> None:
    fitting = {name for area in areas for name in BY_GROUP[GROUPS.get(area, area)]}
    used: list[str] = []
    while found := pick(areas, used, seed):
        assert found == pick(areas, used, seed), "the same for the same people"
        used.append(found)
    assert len(used) == len(set(used))
    assert set(used[: len(fitting)]) == fitting
    assert set(used[len(fitting) :]) == set(GENERAL)
