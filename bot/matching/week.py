"""The week as bits: when people have time, and how long they have it together.

A bit is a quarter of an hour of the coming week in UTC, so zones and clock changes are dealt with
once. The first hours of the week stand at its end again: a Sunday evening in New York goes on
into the Monday of the bits.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.domain.availability import instant, local
from bot.matching.people import Hours

Bits: TypeAlias = NDArray[np.uint64]
"""A row a person, of eleven words."""

QUARTER = 15
SLOTS = 7 * 24 * 60 // QUARTER
WORDS = 11
DAY = timedelta(days=1)
AGAIN = WORDS * 64 - SLOTS
"""Slots of the week's beginning that stand at its end once more: eight hours."""
WHOLE = (1 << WORDS * 64) - 1
ONCE = np.array([~0] * 10 + [(1 << SLOTS - 640) - 1]).astype(np.uint64)
"""Each slot of the week once."""
LAST = np.uint64(SLOTS - 640 - 1)
"""Where the week's last slot stands in the last word."""


def free(hours: Iterable[Hours], zone: str, now: datetime) -> int:
    """All the time somebody has, as one number; who says nothing of it has all the time."""
    found = 0
    for span in hours:
        found |= _span(span, zone, now)
    return found or WHOLE


def packed(weeks: Iterable[int]) -> Bits:
    """A row for each."""
    raw = b"".join(week.to_bytes(WORDS * 8, "little") for week in weeks)
    return np.frombuffer(raw, dtype="<u8").reshape(-1, WORDS).astype(np.uint64)


def slots(session: int) -> int:
    """Quarters of an hour that a session of so many minutes takes."""
    return -(-session // QUARTER)


def beginnings(weeks: Bits, length: int) -> Bits:
    """Where a session of so many slots could begin.

    Of common time it is what the beginnings of each have in common, so this is done once a person.
    """
    done = 1
    while done < length:
        step = min(done, length - done)
        weeks = weeks & _later(weeks, step)
        done += step
    return weeks


def minutes(begins: Bits, length: int) -> NDArray[np.int32]:
    """Minutes a week of stretches in which a session could begin there.

    Each stretch is as long as its beginnings, and the rest of its last session.
    """
    once = begins & ONCE
    before = once << np.uint64(1)
    before[:, 1:] |= once[:, :-1] >> np.uint64(63)
    before[:, 0] |= once[:, -1] >> LAST & np.uint64(1)
    stretches = np.bitwise_count(once & ~before).sum(axis=1, dtype=np.int32)
    starts = np.bitwise_count(once).sum(axis=1, dtype=np.int32)
    found: NDArray[np.int32] = (starts + (length - 1) * stretches) * np.int32(QUARTER)
    return found


def rough(weeks: Bits) -> NDArray[np.uint64]:
    """A week in one word: who shares a slot shares a bit, and hardly anybody else does.

    Each bit stands for some slots in a row, for fewer where more people have time.
    """
    bits = np.unpackbits(weeks.astype("<u8").view(np.uint8), axis=1, bitorder="little")[:, :SLOTS]
    before = np.cumsum(bits.sum(axis=0, dtype=np.int64))
    span = np.minimum(before * 64 // max(1, int(before[-1])), 63)
    starts = np.unique(span, return_index=True)[1]
    folded = np.zeros((len(weeks), 64), np.uint8)
    folded[:, : len(starts)] = np.bitwise_or.reduceat(bits, starts, axis=1)
    found: NDArray[np.uint64] = np.packbits(folded, axis=1, bitorder="little").view("<u8").ravel()
    return found


@lru_cache(maxsize=100_000)
def _span(span: Hours, zone: str, now: datetime) -> int:
    """The bits of a weekly span. An end at or before the start is on the next day."""
    today = local(now, zone).date()
    day = today + DAY * ((span.weekday - today.weekday()) % 7)
    last = day if span.end > span.start else day + DAY
    begin, end = instant(day, span.start, zone), instant(last, span.end, zone)
    first = -(-_minute(begin) // QUARTER)
    count = (_minute(begin) + int((end - begin).total_seconds()) // 60) // QUARTER - first
    return _bits(first % SLOTS, max(0, min(count, SLOTS)))


def _minute(at: datetime) -> int:
    """Minutes since Monday began, in UTC."""
    midnight = datetime.combine(at.date(), time(), at.tzinfo)
    return at.weekday() * 24 * 60 + int((at - midnight).total_seconds()) // 60


def _bits(first: int, count: int) -> int:
    week = (1 << SLOTS) - 1
    run = (1 << count) - 1 << first
    found = run & week | run >> SLOTS
    return found | (found & (1 << AGAIN) - 1) << SLOTS


def _later(bits: Bits, by: int) -> Bits:
    """Each slot as the one ``by`` after it, with nothing behind the end; less than a word."""
    moved = bits >> np.uint64(by)
    moved[:, :-1] |= bits[:, 1:] << np.uint64(64 - by)
    return moved
