"""What one language has to say for each wish."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto


class Wish(Enum):
    """In the order in which they are looked for: what would be missed worst goes first."""

    REPORT = auto()
    DELETE = auto()
    DATA = auto()
    EXTRA = auto()
    MOVE = auto()
    CANNOT_MEET = auto()
    RESUME = auto()
    PAUSE = auto()
    END_TANDEM = auto()
    NEXT_SESSION = auto()
    PARTNER = auto()
    GERMAN = auto()
    ENGLISH = auto()
    PROFILE = auto()
    AGENDA = auto()
    HELP = auto()


@dataclass(frozen=True, slots=True)
class Book:
    fillers: str
    """Words that change nothing."""
    please: str
    """Words that change nothing, except where a sentence has them: "English, please"."""
    leads: str
    """Words that lead to a day: "on the"."""
    reasons: str
    """Words after which only the reason follows."""
    until: str
    parts: Mapping[str, str]
    """Pieces of sentences, by name."""
    sentences: Mapping[Wish, str]
