"""Agreements as they are decided: whatever two to four people write and confirm, in any order."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.agreements import (
    BOT,
    Agreement,
    Confirm,
    Content,
    Suggest,
    Version,
    Write,
    decide,
    merged,
)

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
FOUR = (1, 2, 3, 4)
LINES = ("rhythm", "length", "rules")


def content(rhythm: str = "weekly", length: str = "60", rules: str = "") -> Content:
    return {"rhythm": rhythm, "length": length, "rules": rules, "since": "2026-11-02"}


contents = st.builds(
    content,
    st.sampled_from(["weekly", "biweekly"]),
    st.sampled_from(["60", "75", "90"]),
    st.sampled_from(["", "ask"]),
)
goals = st.sampled_from(["", "singen", "kochen"])
events = st.lists(
    st.one_of(
        st.builds(Write, st.sampled_from(FOUR), st.integers(1, 6), contents, goals),
        st.builds(Confirm, st.sampled_from(FOUR), st.integers(1, 6), goals),
    ),
    max_size=20,
)


def begun(count: int) -> Agreement:
    members = FOUR[:count]
    nothing = Agreement(7, members, {member: {} for member in members})
    suggested, _ = decide(nothing, Suggest(content()), NOW)
    return suggested


@given(events, st.integers(2, 4))
def test_nothing_anybody_wrote_is_lost_and_only_what_all_agreed_to_holds(
    happened: list[Write | Confirm], count: int
) -> None:
    known, yes = begun(count), set[tuple[int, int]]()
    for event in (event for event in happened if event.by in known.members):
        before, (known, told) = known, decide(known, event, NOW)
        assert [v.content for v in known.versions][: len(before.versions)] == [
            v.content for v in before.versions
        ], "what was written stays as it was written"
        if isinstance(event, Write):
            assert event.content in [v.content for v in known.versions]
        yes |= {(v.number, m) for v in known.versions for m in v.yes if m == event.by}
        assert {(v.number, m) for v in known.versions for m in v.yes} <= yes, "for themselves only"
        held = known.in_force
        assert held is None or {(held.number, m) for m in known.members} <= yes
        assert len({tell.member for tell in told}) <= len(known.members)


@given(events, st.integers(2, 4))
def test_what_was_made_of_an_old_version_is_nobodys_newest(
    happened: list[Write | Confirm], count: int
) -> None:
    known = begun(count)
    for event in (event for event in happened if event.by in known.members):
        newest = known.newest
        assert newest is not None
        known, _told = decide(known, event, NOW)
        beside = isinstance(event, Write) and event.base != newest.number
        if beside and isinstance(event, Write) and event.content != newest.content:
            assert known.newest == newest


@given(contents, contents, contents)
def test_two_who_change_one_version_keep_every_line_that_only_one_of_them_changed(
    base: Content, theirs: Content, mine: Content
) -> None:
    both, conflicts = merged(base, theirs, mine)
    for name in LINES:
        changed = [side[name] for side in (theirs, mine) if side[name] != base[name]]
        assert both[name] == (changed[0] if changed else base[name])
        assert (name in conflicts) == (len(set(map(str, changed))) > 1)


@pytest.mark.parametrize("months", ["3", "4", "5", "6"])
def test_a_check_in_comes_every_four_weeks_and_in_the_middle_and_none_at_the_end(
    months: str,
) -> None:
    version = Version(1, BOT, 0, {"since": "2026-11-02", "months": months}, NOW)
    since, days = date(2026, 11, 2), version.check_ins
    middle = since + (version.until - since) / 2
    assert middle in days
    assert len(days) >= int(months) - 1
    ends = [since, *days, version.until]
    gaps = [later - earlier for earlier, later in pairwise(ends)]
    assert all(timedelta(days=12) <= gap <= timedelta(weeks=7) for gap in gaps)
