"""How well two profiles fit, with the reasons in codes a template words.

Hard rules exclude; everything else only ranks. So two people with a common language and time
are found for each other even if their words have nothing in common.
"""

import re
import unicodedata
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.availability import SESSION, Week, minutes_a_week
from bot.domain.members import Member, Profile, Standing

NEEDED = int(SESSION.total_seconds() // 60)
STEM = 5
"""Two words count as one topic from this many common first letters on."""
FILLERS = frozenset(
    [
        "aber",
        "alle",
        "auch",
        "auf",
        "bei",
        "beim",
        "besser",
        "das",
        "dass",
        "der",
        "die",
        "ein",
        "eine",
        "einen",
        "etwas",
        "für",
        "gut",
        "ich",
        "ist",
        "mehr",
        "mein",
        "meine",
        "mit",
        "nicht",
        "oder",
        "ohne",
        "und",
        "von",
        "was",
        "wie",
        "wir",
        "zum",
        "zur",
        "and",
        "better",
        "for",
        "how",
        "more",
        "not",
        "some",
        "that",
        "the",
        "this",
        "what",
        "with",
    ]
)


@dataclass(frozen=True, slots=True)
class Fit:
    """``gets``: what the first seeks that the second offers; ``gives`` the reverse."""

    score: float
    gets: tuple[str, ...]
    gives: tuple[str, ...]
    minutes: int


def best(
    member: Member, pool: Iterable[Member], met: Container[int], now: datetime
) -> tuple[Member, Fit] | None:
    """The best partner in the pool, nobody in ``met``; among equals, who has waited longest."""
    strangers = (other for other in pool if other.id not in met)
    fits = [(other, found) for other in strangers if (found := fit(member, other, now))]
    if not fits:
        return None
    return max(fits, key=lambda pair: (pair[1].score, -_since(pair[0], now), -pair[0].id))


def fit(member: Member, other: Member, now: datetime) -> Fit | None:
    """How well two members fit, or None where a hard rule excludes them."""
    mine, theirs = member.profile, other.profile
    if mine is None or theirs is None or _excluded(member, other):
        return None
    minutes = minutes_a_week([week(member, mine), week(other, theirs)], now)
    if not set(mine.languages) & set(theirs.languages) or minutes < NEEDED:
        return None
    seeks, sought = " ".join(mine.seeks), " ".join(theirs.seeks)
    gets = shared(seeks, " ".join(theirs.offers))
    gives = shared(sought, " ".join(mine.offers))
    goal = shared(mine.goal, theirs.goal)
    weaker, stronger = sorted((_cover(gets, seeks), _cover(gives, sought)))
    rhythm = 0.1 * (mine.rhythm == theirs.rhythm)
    score = 2 * weaker + stronger + 0.5 * _cover(goal, mine.goal) + rhythm + minutes / 10_000
    return Fit(score, gets, gives, minutes)


def week(member: Member, profile: Profile) -> Week:
    return profile.days, profile.times, member.zone


def shared(wanted: str, offered: str) -> tuple[str, ...]:
    """The words of ``wanted`` that ``offered`` has too, as they were written."""
    stems = {_stem(word) for word in _words(offered)}
    found = [word for word in _words(wanted) if _stem(word) in stems]
    return tuple(dict.fromkeys(found))


def _excluded(member: Member, other: Member) -> bool:
    if member.id == other.id:
        return True
    return other.standing is not Standing.SEEKING or not other.reachable


def _cover(found: Sequence[str], wanted: str) -> float:
    return len(found) / max(1, len(set(_words(wanted))))


def _words(text: str) -> list[str]:
    return [w for w in re.findall(r"\w{3,}", text) if w.casefold() not in FILLERS]


def _stem(word: str) -> str:
    bare = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in bare if not unicodedata.combining(c))[:STEM]


def _since(member: Member, now: datetime) -> float:
    return (member.since or now).timestamp()
