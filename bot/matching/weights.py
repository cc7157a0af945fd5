"""What counts how much when two people are compared: the one place to change it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Weights:
    """Shares of a score, each of a part between 0 and 1; only their proportion matters."""

    mutual: float = 0.26
    """Both learn from each other; the weaker direction decides."""
    either: float = 0.20
    """Somebody learns something, on average of both."""
    goals: float = 0.12
    """They are after similar things."""
    interests: float = 0.12
    """They know or like similar things."""
    time: float = 0.10
    """Common time, up to three hours a week."""
    language: float = 0.02
    """They share the language that comes first for one of them."""
    rhythm: float = 0.04
    place: float = 0.04
    """They live in one city and would meet there."""
    waiting: float = 0.10
    """How long they have waited, up to eight weeks."""

    def shares(self) -> Mapping[str, float]:
        """By part; together they make 1."""
        return _shares(self)


@cache
def _shares(weights: Weights) -> Mapping[str, float]:
    whole = sum(asdict(weights).values())
    return {part: weight / whole for part, weight in asdict(weights).items()}
