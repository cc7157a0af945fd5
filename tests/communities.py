"""Made-up communities to form groups of: topics sought and offered, evenings, languages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

TOPICS = 16
EVENINGS = 14


@dataclass(frozen=True, slots=True)
class Community:
    scores: NDArray[np.float32]
    fits: NDArray[np.bool_]
    together: Callable[[Sequence[int]], bool]


def community(count: int, seed: int, free: int = 4, blocked: float = 0.03) -> Community:
    """People with so many free evenings each, some evenings being more popular than others."""
    random = np.random.default_rng(seed)
    popular = 1 / np.arange(2, EVENINGS + 2)
    evenings = [random.choice(EVENINGS, free, False, popular / popular.sum()) for _ in range(count)]
    times = [sum(1 << int(evening) for evening in theirs) for theirs in evenings]
    languages = [int(one) for one in random.choice([1, 2, 3], count, p=[0.2, 0.2, 0.6])]

    def together(group: Sequence[int]) -> bool:
        time, language = -1, -1
        for one in group:
            time, language = time & times[one], language & languages[one]
        return bool(time and language)

    fits = np.zeros((count, count), np.bool_)
    for pair in product(range(count), repeat=2):
        fits[pair] = together(pair)
    apart = np.triu(random.random((count, count)) < blocked, 1)
    fits &= ~(apart | apart.T | np.eye(count, dtype=np.bool_))
    return Community(_scores(count, random, times), fits, together)


def _scores(count: int, random: np.random.Generator, times: Sequence[int]) -> NDArray[np.float32]:
    """What both get, how alike they are, and how many evenings they have in common."""
    seeks = np.zeros((count, TOPICS))
    offers = np.zeros((count, TOPICS))
    for table, some in ((seeks, 3), (offers, 4)):
        for row in table:
            row[random.choice(TOPICS, some, False)] = 1
    gets = seeks @ offers.T / 3
    looks = random.random((count, 6))
    looks /= np.linalg.norm(looks, axis=1, keepdims=True)
    common = np.zeros((count, count))
    for one, other in product(range(count), repeat=2):
        common[one, other] = (times[one] & times[other]).bit_count()
    raw = 0.3 * np.sqrt(gets * gets.T) + 0.2 * (gets + gets.T) / 2 + 0.3 * looks @ looks.T
    clipped: NDArray[np.float64] = np.clip(raw + 0.2 * np.minimum(common, 3) / 3, 0, 1)
    return clipped.astype(np.float32)
