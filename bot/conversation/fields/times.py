"""Fields for times, and for the zone they are in: the options are guesses, others can be typed."""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from zoneinfo import available_timezones

from bot.conversation.answers import SKIPPED, Answer, Facts, Problem


@dataclass(frozen=True, slots=True)
class Moment:
    """A local date and wall time, ``2026-11-24T18:00``, in the zone the form was opened with.

    Suggestions come from ``facts["slots"]``; nothing before ``facts["earliest"]`` is taken.
    """

    name: str
    optional: bool = False

    def options(self, facts: Facts) -> tuple[str, ...]:
        return tuple(facts.get("slots", ()))

    def read(self, raw: Answer, facts: Facts) -> Answer | Problem:
        try:
            moment = datetime.fromisoformat(str(raw)).replace(second=0, microsecond=0)
        except ValueError:
            return Problem("unknown")
        if moment.tzinfo is not None:
            return Problem("unknown")
        written = moment.isoformat(timespec="minutes")
        return written if written >= str(facts.get("earliest", "")) else Problem("past")


@dataclass(frozen=True, slots=True)
class Weekly:
    """A weekday and a wall time, ``1 18:00``, Monday being 0; suggestions in ``facts["slots"]``."""

    name: str
    optional: bool = False

    def options(self, facts: Facts) -> tuple[str, ...]:
        return tuple(facts.get("slots", ()))

    def read(self, raw: Answer, _facts: Facts) -> Answer | Problem:
        day, _, wall = str(raw).partition(" ")
        try:
            at = time.fromisoformat(wall)
        except ValueError:
            return Problem("unknown")
        known = day in set("0123456") and at.tzinfo is None
        return f"{day} {at:%H:%M}" if known else Problem("unknown")


@dataclass(frozen=True, slots=True)
class Day:
    """A local date, ``2027-03-12``, none before ``facts["today"]``; suggestions in ``days``."""

    name: str
    optional: bool = False

    def options(self, facts: Facts) -> tuple[str, ...]:
        return tuple(facts.get("days", ()))

    def read(self, raw: Answer, facts: Facts) -> Answer | Problem:
        if raw == SKIPPED and self.optional:
            return SKIPPED
        try:
            day = date.fromisoformat(str(raw)).isoformat()
        except ValueError:
            return Problem("unknown")
        return day if day >= str(facts.get("today", "")) else Problem("past")


@cache
def zones() -> frozenset[str]:
    return frozenset(available_timezones())


@dataclass(frozen=True, slots=True)
class Zone:
    """An IANA time zone; the guess to confirm is in ``facts["zone"]``."""

    name: str
    optional: bool = False

    def options(self, facts: Facts) -> tuple[str, ...]:
        return (str(facts["zone"]),) if "zone" in facts else ()

    def read(self, raw: Answer, _facts: Facts) -> Answer | Problem:
        return raw if isinstance(raw, str) and raw in zones() else Problem("unknown")
