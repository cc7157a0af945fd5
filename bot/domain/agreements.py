"""An agreement: what a tandem settles for itself, in versions that are all kept.

The rule of the place: only the newest version can be agreed to, and it holds once every member
has. What somebody wrote beside a version they had not seen is kept, but is nobody's newest.
"""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from bot.conversation.cards import Act, Card, Opens, Says, Tell, Where
from bot.conversation.fields import Answer
from bot.domain.series import Series
from bot.domain.sessions import RHYTHMS

FORM = "agreement"
FOUR_WEEKS, APART = timedelta(weeks=4), timedelta(days=12)
"""From one check-in to the next; how near to the middle or the end none is of use."""
BOT = 0
"""Whoever suggests first: nobody of the members."""

WRITE = (Opens("write", FORM, Where.CHAT), Opens("sheet", FORM, Where.SHEET))
CHANGE = (Opens("change", FORM, Where.CHAT), Opens("sheet", FORM, Where.SHEET))
GOAL = Opens("goal", "goal")
TAKE = Act("pdf"), Act("markdown"), Act("milestones")

BEGIN = Card("agreeing", "begin", WRITE)
DRAFT = Card("agreeing", "draft", (Act("confirm"), *CHANGE, GOAL, Act("whole")))
WHOLE = Card("agreeing", "whole", (Act("confirm"), *CHANGE))
WAITING = Card("agreeing", "waiting", (Act("whole"), *CHANGE))
OUTDATED = Card("agreeing", "outdated")
MERGED = Card("agreeing", "merged", (Act("mine"), Opens("review", FORM, Where.CHAT)))
HOLDS = Card("agreeing", "holds", (*TAKE, Act("anyway")))
PRESENT = Card("agreeing", "present", (*CHANGE, GOAL, *TAKE))
GOAL_CHANGED = Card("agreeing", "goal_changed")
NOBODY_WROTE = Card("agreeing", "nobody_wrote", WRITE)
REMINDED = Card("agreeing", "reminded", (Act("confirm"), *CHANGE, Act("whole")))
STUCK = Card("agreeing", "stuck", (Act("confirm"), *WRITE, Act("whole")))
STATUS = Card("agreeing", "status", (Act("show"), Act("milestones")))
NONE_YET = Card("agreeing", "none_yet", (Act("show"), Act("milestones")))
CHECK_IN = Card(
    "agreeing",
    "check_in",
    (Act("suits"), *CHANGE, Act("milestones"), Says("pause", "pause"), Says("end", "end")),
)
SUITS = Card("agreeing", "suits")
FILE = Card("agreeing", "file")

CARDS = (
    BEGIN,
    DRAFT,
    WHOLE,
    WAITING,
    OUTDATED,
    MERGED,
    HOLDS,
    PRESENT,
    GOAL_CHANGED,
    NOBODY_WROTE,
    REMINDED,
    STUCK,
    STATUS,
    NONE_YET,
    CHECK_IN,
    SUITS,
    FILE,
)

Content: TypeAlias = Mapping[str, Answer]
"""A version by its lines: the answers of the form, with the day it counts from and a room."""
ASIDE = frozenset({"since", "room"})
"""What nobody edits."""


@dataclass(frozen=True, slots=True)
class Yes:
    """A member agreed to a version; their goal is their own and changes without the others."""

    at: datetime
    goal: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """``base`` is the version it was made of."""

    number: int
    by: int
    base: int
    content: Content
    at: datetime
    yes: Mapping[int, Yes] = field(default_factory=dict)

    @property
    def check_ins(self) -> tuple[date, ...]:
        """When it is asked whether it still suits them: every four weeks, and in the middle."""
        since = date.fromisoformat(str(self.content["since"]))
        middle = since + (self.until - since) / 2
        found = {since + FOUR_WEEKS * number for number in range(1, 8)}
        apart = {day for day in found if abs(day - middle) >= APART and self.until - day >= APART}
        return tuple(sorted({*apart, middle}))

    @property
    def until(self) -> date:
        """The last day, in the tandem's zone."""
        since = date.fromisoformat(str(self.content["since"]))
        return months_later(since, int(str(self.content["months"])))

    @property
    def notice(self) -> timedelta:
        """Up to how long before it a session can be called off in time."""
        return timedelta(hours=self.hours)

    @property
    def hours(self) -> int:
        """The notice in hours."""
        return int(str(self.content["notice"]))

    @property
    def misses(self) -> tuple[int, int]:
        """After how many missed sessions, of how many, they talk about it."""
        few, _, of = str(self.content["misses"]).partition("of")
        return int(few), int(of)

    @property
    def agreed_at(self) -> datetime:
        """Since when it holds, once all have agreed to it."""
        return max((yes.at for yes in self.yes.values()), default=self.at)

    @property
    def minutes(self) -> int:
        return int(str(self.content["length"]))

    @property
    def series(self) -> Series:
        weekday, wall = weekly(str(self.content["when"]))
        step = RHYTHMS[str(self.content["rhythm"])]
        return Series(step, weekday, wall, self.until)

    @property
    def place(self) -> str:
        """Where they meet, or "" if they settle that each time."""
        match self.content["medium"]:
            case "jitsi":
                return str(self.content["room"])
            case "own":
                return str(self.content["place"])
            case _:
                return ""


@dataclass(frozen=True, slots=True)
class Agreement:
    tandem: int
    members: tuple[int, ...]
    about: Mapping[int, Mapping[str, object]]
    versions: tuple[Version, ...] = ()
    """All there are, in the order of their numbers."""

    @property
    def subject(self) -> str:
        return f"agreement:{self.tandem}"

    @property
    def chain(self) -> tuple[Version, ...]:
        """Those that followed one another; what was written beside them is not among them."""
        found: list[Version] = []
        for version in self.versions:
            if not found or version.base == found[-1].number:
                found.append(version)
        return tuple(found)

    @property
    def newest(self) -> Version | None:
        return self.chain[-1] if self.versions else None

    @property
    def in_force(self) -> Version | None:
        """What holds: the newest version that all have agreed to."""
        everybody = set(self.members)
        return next((v for v in reversed(self.chain) if everybody <= set(v.yes)), None)

    @property
    def missing(self) -> tuple[int, ...]:
        """Who has not agreed to the newest version yet."""
        yes = self.newest.yes if self.newest else {}
        return tuple(member for member in self.members if member not in yes)

    @property
    def awaited(self) -> tuple[int, ...]:
        """Whose word on the newest version is waited for: somebody stands behind it."""
        return self.missing if self.newest and _waits(self.newest) else ()

    def version(self, number: int) -> Version | None:
        return next((v for v in self.versions if v.number == number), None)

    def seen(self, member: int) -> Version | None:
        """What a member knows a newer version to differ from: the last they agreed to, or that
        holds, or else the first suggestion. None for the first suggestion itself."""
        before, held = self.chain[:-1], self.in_force
        known = (v for v in reversed(before) if member in v.yes or v == held)
        return next(known, next(iter(before), None))

    def goal(self, member: int) -> str:
        """A member's own goal, in their newest words."""
        said = (v.yes[member].goal for v in reversed(self.chain) if member in v.yes)
        return next(filter(None, said), "")


@dataclass(frozen=True, slots=True)
class Suggest:
    """Everything is filled in with what makes sense, for members to start from."""

    content: Content


@dataclass(frozen=True, slots=True)
class Write:
    """Somebody sends off what they made of version ``base``."""

    by: int
    base: int
    content: Content
    goal: str


@dataclass(frozen=True, slots=True)
class Confirm:
    by: int
    number: int
    goal: str


@dataclass(frozen=True, slots=True)
class NobodyWrote:
    to: int


@dataclass(frozen=True, slots=True)
class Remind:
    """A version waits for somebody's word."""

    to: int


@dataclass(frozen=True, slots=True)
class Ask:
    """Two weeks are over without an agreement."""

    to: int


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Some weeks with what they agreed on: whether it still suits somebody."""

    to: int


Event: TypeAlias = Suggest | Write | Confirm | NobodyWrote | Remind | Ask | CheckIn
Decision: TypeAlias = tuple[Agreement, list[Tell]]


def decide(agreement: Agreement, event: Event, now: datetime) -> Decision:
    """What an event means. Whatever is told is told of the agreement as it is after it."""
    newest = agreement.newest
    match event:
        case Suggest(content) if newest is None:
            return _with(agreement, Version(1, BOT, 0, content, now)), []
        case Write(by, _, content, goal) if newest and content == newest.content:
            return _confirm(agreement, newest, by, goal, now)
        case Write(by, base, content, goal) if newest and base == newest.number:
            yes = {by: Yes(now, goal)}
            written = _with(agreement, Version(_next(agreement), by, base, content, now, yes))
            return written, _sent(written, by)
        case Write(by, base, content) if newest:
            return _with(agreement, Version(_next(agreement), by, base, content, now)), []
        case Confirm(by, number, goal) if newest and number == newest.number:
            return _confirm(agreement, newest, by, goal, now)
        case Confirm(by) if newest:
            return agreement, [tell(agreement, by, OUTDATED), standing(agreement, by)]
        case NobodyWrote(to) if newest and newest.by == BOT and not newest.yes:
            return agreement, [tell(agreement, to, NOBODY_WROTE)]
        case Remind(to) if newest and to in agreement.missing and _waits(newest):
            return agreement, [tell(agreement, to, REMINDED)]
        case Ask(to) if newest and agreement.in_force is None:
            return agreement, [tell(agreement, to, STUCK)]
        case CheckIn(to) if agreement.in_force:
            return agreement, [tell(agreement, to, CHECK_IN)]
        case Suggest() | Write() | Confirm() | NobodyWrote() | Remind() | Ask() | CheckIn():
            return agreement, []


def standing(agreement: Agreement, member: int) -> Tell:
    """The one card that says how far the newest version is, for one of the members."""
    if not agreement.missing:
        return tell(agreement, member, PRESENT)
    if agreement.newest and not _waits(agreement.newest):
        return tell(agreement, member, BEGIN)
    return tell(agreement, member, DRAFT if member in agreement.missing else WAITING)


def _waits(version: Version) -> bool:
    """Whether anybody stands behind it, so that an answer is waited for."""
    return version.by != BOT or bool(version.yes)


def _confirm(agreement: Agreement, version: Version, by: int, goal: str, now: datetime) -> Decision:
    """With the last yes it holds; somebody who had agreed already changes only their own goal."""
    said = version.yes.get(by)
    if said is not None and goal == said.goal:
        return agreement, [standing(agreement, by)]
    at = said.at if said else now
    after = _with(agreement, replace(version, yes={**version.yes, by: Yes(at, goal)}))
    if said is not None:
        return after, [tell(after, member, GOAL_CHANGED, {"who": by}) for member in after.members]
    if not after.missing:
        return after, [tell(after, member, HOLDS) for member in after.members]
    return after, _sent(after, by) if len(version.yes) == 0 else [tell(after, by, WAITING)]


def _sent(agreement: Agreement, by: int) -> list[Tell]:
    """A version somebody stands behind: the others are asked for their word."""
    others = [tell(agreement, member, DRAFT) for member in agreement.missing]
    return [tell(agreement, by, WAITING), *others]


def _with(agreement: Agreement, version: Version) -> Agreement:
    others = [v for v in agreement.versions if v.number != version.number]
    return replace(agreement, versions=tuple(sorted([*others, version], key=lambda v: v.number)))


def _next(agreement: Agreement) -> int:
    return agreement.versions[-1].number + 1


def tell(
    agreement: Agreement, member: int, card: Card, about: Mapping[str, object] | None = None
) -> Tell:
    known = agreement.about[member]
    return Tell(member, card, {**known, **(about or {})}, agreement.subject)


def changed(before: Content, after: Content) -> tuple[str, ...]:
    """The lines that read differently; a term counted from another day is another term."""
    gone = {"milestones"} - after.keys()  # once it holds they go their own way
    names = [name for name in dict.fromkeys([*before, *after]) if name not in gone]
    new = [name for name in names if before.get(name) != after.get(name)]
    return tuple(dict.fromkeys("months" if name == "since" else name for name in new))


def merged(base: Content, theirs: Content, mine: Content) -> tuple[Content, tuple[str, ...]]:
    """Two changes of one version, line by line: what only one of them changed is taken over.

    Where both did, theirs stands, and the line is named in what is returned beside.
    """
    both, conflicts = dict[str, Answer](), list[str]()
    for name, line in _lines(base, theirs, mine):
        was, their, my = line
        if their not in (was, my) and my != was:
            conflicts.append(name)
        kept = my if their == was else their
        if kept is not None:
            both[name] = kept
    return both, tuple(conflicts)


def _lines(
    base: Content, theirs: Content, mine: Content
) -> Iterator[tuple[str, tuple[Answer | None, Answer | None, Answer | None]]]:
    for name in dict.fromkeys([*base, *theirs, *mine]):
        yield name, (base.get(name), theirs.get(name), mine.get(name))


def weekly(when: str) -> tuple[int, time]:
    """A weekday, Monday being 0, and a wall time, of "1 18:00"."""
    day, _, wall = when.partition(" ")
    return int(day), time.fromisoformat(wall)


def months_later(since: date, months: int) -> date:
    """The same day some months later, or the last of a shorter month."""
    years, month = divmod(since.month - 1 + months, 12)
    year = since.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(since.day, last))
