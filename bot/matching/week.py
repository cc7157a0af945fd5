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


def minutes(common: Bits, session: int) -> NDArray[np.int32]:
    """Minutes in a week, of stretches that are long enough for a session of so many minutes."""
    slots = -(-session // QUARTER)
    starts = _shrunk(common, slots)
    long_enough = _grown(starts, slots) & ONCE
    found: NDArray[np.int32] = (np.bitwise_count(long_enough).sum(axis=1) * QUARTER).astype(
        np.int32
    )
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


def _shrunk(bits: Bits, slots: int) -> Bits:
    """Where a stretch of so many free slots begins."""
    done = 1
    while done < slots:
        step = min(done, slots - done)
        bits = bits & _later(bits, step)
        done += step
    return bits


def _grown(bits: Bits, slots: int) -> Bits:
    done = 1
    while done < slots:
        step = min(done, slots - done)
        bits = bits | _earlier(bits, step)
        done += step
    return bits


def _later(bits: Bits, by: int) -> Bits:
    """Each slot as the one ``by`` after it, with nothing behind the end; less than a word."""
    moved = bits >> np.uint64(by)
    moved[:, :-1] |= bits[:, 1:] << np.uint64(64 - by)
    return moved


def _earlier(bits: Bits, by: int) -> Bits:
    moved = bits << np.uint64(by)
    moved[:, 1:] |= bits[:, :-1] >> np.uint64(64 - by)
    return moved
