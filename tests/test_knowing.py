"""Proposals and getting to know each other as they are decided: for two to four, in any order."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.cards import Tell
from bot.conversation.reaching import reaches
from bot.domain import acquainting, proposals
from bot.domain.acquainting import Acquainting, Keep, Met, Outcome, Rest, RunOut, Say, Word
from bot.domain.proposals import Accept, Ask, Decline, Expire, Full, Halfway, Proposal, Reply
from scheduler.due import plan
from tests.people import NOW

DAY = timedelta(days=1)


def proposed(members: Iterable[int] = (1, 2)) -> Proposal:
    numbers = tuple(members)
    about = {m: {"partner": "Ben", "gets": ["Singen"]} for m in numbers}
    return Proposal(1, numbers, NOW, NOW + 7 * DAY, about)


def known(members: Iterable[int] = (1, 2)) -> Acquainting:
    numbers = tuple(members)
    return Acquainting(1, numbers, {m: {"partner": "Ben"} for m in numbers}, NOW, NOW + 14 * DAY)


def read(tells: Iterable[Tell]) -> dict[int, str]:
    """What each is told."""
    return {tell.member: tell.card.name for tell in tells}


# ------------------------------------------------------------------ proposals


def test_whoever_is_full_elsewhere_lets_go_and_all_concerned_read_kind_words() -> None:
    waiting, _ = proposals.decide(proposed((1, 2, 3)), Accept(2))
    over, tells = proposals.decide(waiting, Full(1))
    assert proposals.released(over)
    assert read(tells) == {1: "full", 2: "released", 3: "withdrawn"}
    assert proposals.decide(over, Full(1)) == (over, [])


@pytest.mark.parametrize("event", [Decline(1), Full(1), proposals.Withdraw(1)])
def test_a_no_and_no_room_read_alike_for_the_others(event: proposals.Event) -> None:
    accepted, _ = proposals.decide(proposed((1, 2, 3)), Accept(2))
    _, tells = proposals.decide(accepted, event)
    told = {tell.member: tell for tell in tells if tell.member != 1}
    assert read(told.values()) == {2: "released", 3: "withdrawn"}
    assert all(set(tell.about) == set(tells[-1].about) for tell in told.values())


def test_a_question_goes_to_all_others_and_each_answers_once() -> None:
    asked, tells = proposals.decide(proposed((1, 2, 3)), Ask(1, "Ana", "Jazz?", frozenset({2, 3})))
    assert read(tells) == {1: "asked", 2: "asked_by", 3: "asked_by"}
    assert list(proposals.unanswered(asked, 2)) == [1]
    answered, tells = proposals.decide(asked, Reply(2, "Ben", "Ja.", 1))
    assert read(tells) == {2: "replied", 1: "replied_by"}
    assert read(proposals.decide(answered, Reply(2, "Ben", "Doch nicht.", 1))[1]) == {2: "once"}
    assert read(proposals.decide(answered, Reply(3, "Cem", "Nein.", 1))[1]) == {
        3: "replied",
        1: "replied_by",
    }
    again = proposals.decide(answered, Ask(1, "Ana", "Und Blues?", frozenset({2, 3})))
    assert (again[0], read(again[1])) == (answered, {1: "once"})


ASKING = st.builds(Ask, st.integers(1, 4), st.just("Ana"), st.just("Jazz?"), st.just(frozenset()))
PROPOSING = st.lists(
    st.one_of(
        st.builds(Accept, st.integers(1, 4)),
        st.builds(Decline, st.integers(1, 4)),
        st.builds(Full, st.integers(1, 4)),
        st.builds(Halfway, st.integers(1, 4)),
        st.just(Expire()),
        ASKING,
        st.builds(Reply, st.integers(1, 4), st.just("Ben"), st.just("Ja."), st.integers(1, 4)),
    ),
    max_size=12,
)


@given(PROPOSING)
def test_a_proposal_ends_once_and_then_changes_no_more(events: list[proposals.Event]) -> None:
    proposal, ended = proposed((1, 2, 3, 4)), 0
    for event in events:
        after, tells = proposals.decide(proposal, event)
        if proposal.state is not proposals.State.OPEN:
            assert after == proposal
            assert len(tells) <= 1
        elif after.state is not proposals.State.OPEN:
            ended += 1
            assert len(read(tells)) == len(tells), "nobody reads two things at once"
        proposal = after
    assert ended <= 1


# ------------------------------------------------------------------ getting to know each other


def after_talk(members: Iterable[int] = (1, 2)) -> Acquainting:
    return acquainting.decide(known(members), Met(), NOW)[0]


@pytest.mark.parametrize("members", [(1, 2), (1, 2, 3), (1, 2, 3, 4)])
def test_it_goes_on_when_the_last_one_says_so(members: tuple[int, ...]) -> None:
    here = after_talk(members)
    for member in members[:-1]:
        here, tells = acquainting.decide(here, Say(member, Word.GO_ON, 1), NOW)
        assert read(tells) == {member: "noted"}
    here, tells = acquainting.decide(here, Say(members[-1], Word.GO_ON, 1), NOW)
    assert here.outcome is Outcome.TOGETHER
    assert read(tells) == dict.fromkeys(members, "together")


def test_one_no_ends_it_in_the_same_words_for_all() -> None:
    here, _ = acquainting.decide(after_talk((1, 2, 3)), Say(1, Word.GO_ON, 1), NOW)
    here, tells = acquainting.decide(here, Say(3, Word.RATHER_NOT, 1), NOW)
    assert here.outcome is Outcome.OVER
    assert read(tells) == {1: "over", 2: "over", 3: "over"}
    assert [tell.about for tell in tells] == [tells[0].about] * 3


def test_unsure_leads_to_a_second_talk_and_to_no_third() -> None:
    here, _ = acquainting.decide(after_talk(), Say(1, Word.UNSURE, 1), NOW)
    here, tells = acquainting.decide(here, Say(2, Word.GO_ON, 1), NOW)
    assert (here.talk, read(tells)) == (2, {1: "second", 2: "second"})
    here, tells = acquainting.decide(here, Met(), NOW)
    assert all("unsure" in tell.without for tell in tells)
    for member in here.members:
        here, tells = acquainting.decide(here, Say(member, Word.UNSURE, 2), NOW)
        assert (here.talk, here.words, read(tells)) == (2, {}, {member: "stale"})


def test_an_old_answer_says_nothing_about_a_later_talk() -> None:
    second = acquainting.decide(replace(known(), talk=2), Met(), NOW)[0]
    for word in (Word.GO_ON, Word.UNSURE, Word.NOT_YET):
        after, tells = acquainting.decide(second, Say(1, word, 1), NOW)
        assert (after, read(tells)) == (second, {1: "stale"})


def test_without_a_date_it_is_asked_once_and_then_let_go() -> None:
    asked, tells = acquainting.decide(known(), RunOut(), NOW + 14 * DAY)
    assert read(tells) == {1: "still", 2: "still"}
    kept, _ = acquainting.decide(asked, Keep(1), NOW + 15 * DAY)
    over, tells = acquainting.decide(kept, RunOut(), kept.until)
    assert (over.outcome, read(tells)) == (Outcome.OVER, {1: "dateless", 2: "dateless"})


def test_whoever_answered_and_whoever_did_not_are_let_go_in_words_of_their_own() -> None:
    here, _ = acquainting.decide(after_talk(), Say(1, Word.GO_ON, 1), NOW)
    over, tells = acquainting.decide(here, RunOut(), NOW + 7 * DAY)
    assert (over.outcome, read(tells)) == (Outcome.OVER, {1: "unanswered", 2: "run_out"})


SAYING = st.builds(Say, st.integers(1, 4), st.sampled_from(Word), st.integers(1, 2))
HAPPENING = st.lists(
    st.one_of(
        SAYING,
        st.builds(Met, st.integers(0, 4)),
        st.builds(Keep, st.integers(1, 4)),
        st.builds(acquainting.Remind, st.integers(1, 4)),
        st.builds(acquainting.Repeat, st.integers(1, 4)),
        st.just(RunOut()),
        st.builds(Rest, st.integers(0, 30).map(lambda days: NOW + days * DAY)),
    ),
    max_size=20,
)
PRIVATE = {"asked", "repeated", "noted", "stale", "not_yet", "kept", "undated"}
"""Cards that say nothing of what somebody else answered."""


@given(HAPPENING)
def test_whatever_happens_nobody_learns_of_a_single_answer(
    events: list[acquainting.Event],
) -> None:
    here, now = known((1, 2, 3, 4)), NOW
    for event in events:
        now += timedelta(hours=7)
        before, (here, tells) = here, acquainting.decide(here, event, now)
        assert here.talk <= 2
        if before.outcome is not Outcome.OPEN:
            assert (here, tells) == (before, [])
        if isinstance(event, Say) and here.outcome is Outcome.OPEN and here.talk == before.talk:
            others = {tell.card.name for tell in tells if tell.member != event.by}
            assert others <= PRIVATE
        assert not any("words" in tell.about for tell in tells)


@given(HAPPENING)
def test_it_never_waits_without_an_end(events: list[acquainting.Event]) -> None:
    here, now = known((1, 2, 3, 4)), NOW
    for event in events:
        now += timedelta(hours=7)
        here, _ = acquainting.decide(here, event, now)
    for _ in range(3):
        if here.outcome is Outcome.OPEN:
            here, _ = acquainting.decide(here, RunOut(), here.until)
    assert here.outcome is not Outcome.OPEN
    assert list(plan(here, [], now))[-1].nudge == "run_out"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Schreib mir: ana@example.org", True),
        ("ana (at) example.org", True),
        ("Ich bin @ana_h", True),
        ("t.me/ana", True),
        ("https://example.org/ana", True),
        ("www.ana.example", True),
        ("meet.ana-huber.de", True),
        ("0171 2345678", True),
        ("+49 (171) 23 45 678", True),
        ("0171/234-5678", True),
        ("\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff10", True),
        ("Passt dir der 12.01.2027 um 18:30?", False),
        ("Bis 2027-01-12, oder 31/12/2026", False),
        ("Kostet das 1.500.000 Euro?", False),
        ("Kennst du ASP.NET und Node.js?", False),
        ("Mo, Di und Mi 18–20 Uhr", False),
        ("Wie oft magst du dich treffen, und singst du auch Jazz?", False),
    ],
)
def test_what_leads_to_somebody_outside_is_noticed(text: str, found: bool) -> None:
    assert reaches(text) is found
