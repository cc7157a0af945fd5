"""Puts into words why people fit, or why somebody still waits and what would help."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypedDict

from bot.conversation.wording import Wording
from bot.matching.people import Left, Match, Reason

FILE = "matching"
TOPICS = 3
"""As many topics one sentence names."""
LONGEST = 60
WORDS = 3
"""A topic of more words is no noun; then the sentence puts all of them behind a colon."""
SENTENCES = 2


class Learning(TypedDict):
    """Who learns what from whom, all by their names."""

    who: str
    whom: list[str]
    topics: list[str]


def reasons(
    match: Match, names: Mapping[str, str], language: str, texts: Path | None = None
) -> list[str]:
    """Why people fit, in one or two sentences. ``texts`` is the folder of an operator's own."""
    return list(_sentences(match, names, Wording(FILE, language, texts)))[:SENTENCES]


def waiting(left: Left, language: str, texts: Path | None = None) -> str:
    """Why there is nobody yet, and what would help, to the one who waits."""
    return _waiting(left.why, left.help, left.near, language, texts)


@lru_cache(maxsize=10_000)
def _waiting(why: str, help_: str, near: int, language: str, texts: Path | None) -> str:
    wording = Wording(FILE, language, texts)
    found = [wording.label(f"left__{why}")]
    if help_:
        found.append(wording.label(f"help__{help_}", more=wording.say("more", near=near)))
    return " ".join(found)


def explained(
    match: Match, asked: str, names: Mapping[str, str], language: str, texts: Path | None = None
) -> list[str]:
    """Lines about a match, for whoever asked about one in it."""
    wording = Wording(FILE, language, texts)
    others = [_name(member, names) for member in match.members if member != asked]
    parts = [_part(name, value, wording) for name, value in match.parts.items()]
    return [
        wording.label("placed", who=_name(asked, names), others=others),
        *reasons(match, names, language, texts),
        wording.label("fit", percent=percent(match.score)),
        *parts,
    ]


def unexplained(
    left: Left, names: Mapping[str, str], language: str, texts: Path | None = None
) -> list[str]:
    """Lines about somebody who waits."""
    wording, who = Wording(FILE, language, texts), _name(left.id, names)
    words = waiting(left, language, texts)
    return [wording.label("waits", who=who), wording.label("reads", who=who, words=words)]


def percent(share: float) -> int:
    return round(100 * share)


def _part(name: str, value: float, wording: Wording) -> str:
    block = f"part__{name}"
    label = wording.label(block) if wording.has(block) else name
    return wording.label("part", part=label, percent=percent(value))


def _sentences(match: Match, names: Mapping[str, str], wording: Wording) -> Iterator[str]:
    gets = [_learning(reason.facts, names) for reason in match.reasons if reason.code == "gets"]
    rest = [reason for reason in match.reasons if reason.code != "gets"]
    if gets:
        yield _gets(gets, wording)
    elif not any(reason.code == "shared" for reason in rest):
        yield wording.label("no_topic")
        rest.insert(0, Reason("time", {"minutes": match.minutes}))
    for reason in rest:
        facts = {**reason.facts, "count": len(match.members)}
        if "topics" in facts:
            facts["topics"] = _topics(facts["topics"])
        yield wording.label(reason.code, **facts)


def _gets(gets: Sequence[Learning], wording: Wording) -> str:
    """What is learned; of two who learn from each other in the words for that."""
    long = any(len(topic.split()) > WORDS for one in gets for topic in one["topics"])
    match gets:
        case [one, other] if one["whom"] == [other["who"]] and other["whom"] == [one["who"]]:
            return wording.label("mutual", one=one, other=other, long=long)
        case _:
            return wording.label("gets", learning=gets, long=long)


def _learning(facts: Mapping[str, object], names: Mapping[str, str]) -> Learning:
    whom = [_name(member, names) for member in _listed(facts["whom"])]
    topics = _topics(facts["topics"])
    return {"who": _name(str(facts["who"]), names), "whom": whom, "topics": topics}


def _topics(topics: object) -> list[str]:
    """The first few, each on one line and not too long."""
    found = list(dict.fromkeys(map(_line, _listed(topics))))[:TOPICS]
    return [t if len(t) <= LONGEST else f"{t[:LONGEST].rstrip()} …" for t in found]


def _listed(value: object) -> list[str]:
    assert isinstance(value, tuple | list), "facts are as Reason describes them"
    return [str(each) for each in value]


def _name(member: str, names: Mapping[str, str]) -> str:
    return _line(names.get(member, "")) or member


def _line(text: str) -> str:
    return " ".join(text.split())
