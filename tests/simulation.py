"""A whole community in virtual time: the real engine and database, people with habits, and a
platform on which things go wrong. Everything follows from a seed.

The clock jumps from one moment to the next at which somebody does something or time speaks. At
any statement, and between any two steps, the program may be killed: then there is a new engine on
what the database has. For hours or days it may be down; what people did meanwhile comes in then.
"""

import heapq
import random
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias, TypeVar

from sqlalchemy import Connection, event, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from bot.conversation.talk import Press
from bot.domain.members import Member
from bot.domain.parcels import Away, Gone, Later, NotSent, Receipt, Sent, Uncertain
from bot.engine import questions
from bot.engine.desk import Desk
from bot.engine.engine import Engine
from bot.engine.events import Event, Key, Left, Looked, Returned
from bot.flows import FORMS
from bot.matching.rounds import run
from bot.store import appointments, buttons, people
from bot.store.outbox import Parcel
from bot.store.tables import due, outbox
from tests.fresh import fresh
from tests.habits import ACCOUNTS, Asked, Somebody, crowd
from tests.stage import HOUSE

R = TypeVar("R")

BEGIN = datetime(2026, 2, 2, 8, tzinfo=UTC)
"""A change of the clocks is within the weeks that follow."""
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=s) for s in (1, 60, 3600, 86400))
LOST_ANSWER, NOT_TAKEN, ASKED_TO_WAIT, TROUBLE = 0.02, 0.02, 0.03, 0.02
CUT_OFF, UNNOTICED = 0.004, 0.004
"""How often a step is cut off at one of its statements, or nobody learns that it ended."""
STATEMENTS = 40
TWICE = 0.02
"""How often a platform brings an input again."""
TIDY = 6 * HOUR
ARRIVE = 14 * DAY
"""Within this all have found the bot."""
MOST_A_DAY = 12
UNANSWERED = (Left, Looked, Returned)
"""Of these nobody is told anything, or only where there is something to tell."""


class KilledError(BaseException):
    """As by ``kill -9``: nothing in the program gets to see it."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that came to somebody, with what was so at that moment."""

    at: datetime
    made_at: datetime
    parcel: Parcel
    member: Member | None
    nudge: str
    """What time said it, or ""."""
    acted: datetime
    """When they had last done something."""
    by_partner: bool
    """Whether it tells of what somebody else did."""
    near: bool
    """Whether there is a session that they may be on their way to."""


@dataclass
class World:
    """So many tandems' worth of people, for so many weeks."""

    seed: int
    tandems: int
    weeks: int
    arrivals: list[Arrival] = field(default_factory=list)
    """All of them, in their order."""
    unanswered: list[tuple[datetime, Event]] = field(default_factory=list)
    """What was done without a word or a sheet in return."""
    heard: dict[int, datetime] = field(default_factory=dict)
    """When a member was last told something."""
    acted: dict[str, datetime] = field(default_factory=dict)
    """When somebody last wrote or pressed something."""
    room: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    """The most tandems that a member ever wanted at once: fewer later on ends none of them."""
    uncertain: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    """By the key of a parcel: how often nobody learned whether it had arrived."""
    happened: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    """How often what, to see that a seed was worth its time."""

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311 -- to be repeatable, not to be secret
        self.now, self.end = BEGIN, BEGIN + timedelta(weeks=self.weeks)
        self._folder = TemporaryDirectory()
        self.store = fresh(Path(self._folder.name) / "house.db")
        event.listen(self.store, "connect", _hurried)
        event.listen(self.store, "before_cursor_execute", self._count)
        self.store.dispose()
        self.look = sqlite3.connect(f"{self._folder.name}/house.db", isolation_level=None)
        """A second pair of eyes, that waits for nothing."""
        self.engine = Engine(self.store, HOUSE)
        self.people = crowd(self.dice, 2 * self.tandems)
        self.by_chat = {somebody.user: somebody for somebody in self.people}
        some = range(self.weeks // 6)
        self.outages = [self._outage(1, 5, 14, 72) for _ in some]
        self.away = {platform: [self._outage(0.1, 1, 5) for _ in some] for platform in ACCOUNTS}
        """When each platform can't be reached."""
        self._events: dict[Key, Event] = {}
        self._agenda: list[tuple[datetime, int, bool]] = []
        self._meanings: dict[str, Press | None] = {}
        self._claimed: dict[int, Parcel] = {}
        self._left, self._dead = 0, False
        for somebody in self.people:
            self._plan(somebody, ARRIVE * self.dice.random(), again=True)

    def run(self, checks: Iterable["Check"]) -> list[str]:
        """What the checks found, looked at week by week; it ends with the first such week."""
        found: list[str] = []
        for week in range(1, self.weeks + 1):
            self._live(BEGIN + timedelta(weeks=week))
            found = [f"{check.__name__}: {said}" for check in checks for said in check(self)]
            if found:
                break
        self.close()
        return found

    def close(self) -> None:
        self.look.close()
        self.store.dispose()
        self._folder.cleanup()

    def connection(self) -> Connection:
        return self.store.connect()

    def recent(self, span: timedelta = 7 * DAY) -> Iterator[Arrival]:
        for arrival in reversed(self.arrivals):
            if arrival.at <= self.now - span:
                return
            yield arrival

    def is_away(self, platform: str, lately: timedelta = timedelta()) -> bool:
        """Whether a platform can't be reached, or couldn't a moment ago."""
        return any(begin <= self.now < end + lately for begin, end in self.away[platform])

    def _outage(self, *hours: float) -> tuple[datetime, datetime]:
        begin = BEGIN + (self.end - BEGIN) * self.dice.random()
        return begin, begin + HOUR * self.dice.choice(hours)

    def _live(self, until: datetime) -> None:
        """Lets everything happen up to a moment, everything at its own."""
        while self.now < until:
            self._move(min(self._next(), until))
            self._people_act()
            self._time_speaks()
            self._send()

    def _next(self) -> datetime:
        now = self._text(self.now)
        waits = "SELECT min(not_before) FROM outbox WHERE state = 'due' AND not_before > ?"
        stuck = "EXISTS (SELECT 1 FROM outbox WHERE state = 'due' AND not_before <= ?)"
        known = (
            "SELECT min(at) FROM due WHERE state = 'due' AND at > ?",
            waits,
            f"SELECT min(until) FROM hold WHERE until > ?1 AND {stuck.replace('?', '?1')}",  # noqa: S608 -- our own words
        )
        texts = [self.look.execute(one, (now,)).fetchone()[0] for one in known]
        found = [datetime.fromisoformat(at).replace(tzinfo=UTC) for at in texts if at]
        moments = [*found, *(at for at, *_ in self._agenda[:1])]
        return max(min(moments, default=self.end), self.now + SECOND)

    def _move(self, moment: datetime) -> None:
        """What would happen while the program is down happens at the end of that."""
        tidied = (self.now - BEGIN) // TIDY
        self.now = max([moment, *(end for begin, end in self.outages if begin <= moment < end)])
        if self.now > moment:
            self.happened["outages"] += 1
            self._revive()
        if (self.now - BEGIN) // TIDY > tidied:
            self._survives(lambda: self.engine.tidy(self.now))

    def _text(self, at: datetime) -> str:
        return at.strftime("%Y-%m-%d %H:%M:%S.%f")

    def _is_there(self, what: str, *values: object) -> bool:
        asked = f"SELECT EXISTS (SELECT 1 FROM {what})"  # noqa: S608 -- our own words
        return bool(self.look.execute(asked, values).fetchone()[0])

    # The program, which may be killed

    def _survives(self, step: Callable[[], R | None]) -> R | None:
        """What a step returns; None where the program was killed before anybody knew."""
        cut_off = self.dice.random() < CUT_OFF
        self._left = self.dice.randint(1, STATEMENTS) if cut_off else 0
        try:
            returned = step()
        except BaseException:
            if not self._dead:
                raise
            self._revive()
            return None
        finally:
            self._left = 0
        if self.dice.random() < UNNOTICED:
            self._revive()
            return None
        return returned

    def _count(self, *_: object) -> None:
        """Whoever is dead does nothing more, not even to tidy up after it."""
        self._left -= 1
        self._dead = self._dead or self._left == 0
        if self._dead:
            raise KilledError

    def _revive(self) -> None:
        self.happened["kills"] += 1
        for parcel in self._claimed.values():
            self.uncertain[parcel.key] += 1
        self._claimed.clear()
        self._left, self._dead = 0, False
        self.engine = Engine(self.store, HOUSE)
        self.engine.recover(self.now)

    # People

    def _plan(self, somebody: Somebody, delay: timedelta, *, again: bool = False) -> None:
        """``again``: of their own accord, as they will some days later."""
        heapq.heappush(self._agenda, (self.now + delay, somebody.number, again))

    def _people_act(self) -> None:
        """Whoever acts at one moment does so at once: all is received before any of it counts."""
        done: list[tuple[Key, Event]] = []
        while self._agenda and self._agenda[0][0] <= self.now:
            _, number, again = heapq.heappop(self._agenda)
            somebody = self.people[number]
            if act := self._act(somebody):
                key = (somebody.platform, ACCOUNTS[somebody.platform], str(len(self._events)))
                self._events[key] = act
                done.append((key, act))
                self.acted[somebody.user] = self.now
            if again:
                self._plan(somebody, DAY * self.dice.uniform(0.5, 6), again=True)
        if done:
            self._bring([key for key, _ in done])
            self._bring([key for key, _ in done if self.dice.random() < TWICE])

    def _act(self, somebody: Somebody) -> Event | None:
        today = (self.now - BEGIN) // DAY
        if somebody.day != today:
            somebody.day, somebody.acts_today = today, 0
        somebody.acts_today += 1
        if somebody.acts_today > MOST_A_DAY:
            return None
        with self.store.begin() as connection:
            member = people.by_address(connection, somebody.sender.address)
            number = member.id if member else 0
            if member and member.profile:
                self.room[number] = max(self.room[number], int(member.profile.capacity))

            def meaning(handle: str) -> Press | None:
                if handle not in self._meanings:
                    known = buttons.meaning(connection, handle, number, self.now)
                    self._meanings[handle] = known[1] if known else None
                return self._meanings[handle]

            asked = self._asked(connection, member) if member else None
            return somebody.acts(self.dice, meaning, asked)

    def _asked(self, connection: Connection, member: Member) -> Asked:
        talk = questions.current(Desk(connection, self.now, "", HOUSE), member)
        if talk is None or not talk.in_chat:
            return None
        asked = FORMS[talk.form].field(talk.answers, talk.facts)
        return (talk.form, asked) if asked else None

    def _bring(self, keys: list[Key]) -> None:
        """A platform brings what it has until it hears that it was kept."""
        while keys and self._survives(lambda: self._kept(keys)) is None:
            pass
        for platform in ACCOUNTS:
            while self._is_there("inbox WHERE platform = ? AND done_at IS NULL", platform):
                for key, _ in self.engine.waiting(platform, self.now):
                    self._turn(key)

    def _kept(self, keys: list[Key]) -> int:
        return self.engine.receive([(key, {}) for key in keys], self.now)

    def _turn(self, key: Key) -> None:
        act = self._events[key]
        reply = self._survives(lambda: self.engine.turn(key, act, self.now))
        self.happened["turns"] += 1
        if reply is None:
            return
        self.by_chat[act.sender.address.user].sheet = reply if reply.sheet else None
        if reply.sheet or isinstance(act.what, UNANSWERED):
            return
        if not self._spoke(key) and not self._round_will_speak(act):
            self.unanswered.append((self.now, act))

    def _round_will_speak(self, act: Event) -> bool:
        theirs = "SELECT member FROM account WHERE user = ?"
        due = f"due WHERE nudge = 'round' AND state = 'due' AND at <= ? AND member = ({theirs})"
        return self._is_there(due, self._text(self.now), act.sender.address.user)

    def _spoke(self, key: Key) -> bool:
        mine = "SELECT id FROM inbox WHERE platform = ? AND external_id = ?"
        number = self.look.execute(mine, (key[0], key[2])).fetchone()[0]
        return self._is_there("outbox WHERE key > ? AND key < ?", f"in:{number}:", f"in:{number};")

    def _spoken_by(self, rest: str) -> str:
        """Who did what a message is about, by the rest of its key; "" of what is long forgotten."""
        there = "SELECT platform, account, external_id FROM inbox WHERE id = ?"
        known = self.look.execute(there, (rest.partition(":")[0],)).fetchone()
        return self._events[known].sender.address.user if known else ""

    # Time

    def _time_speaks(self) -> None:
        waits = "due WHERE state = 'due' AND at <= ? AND attempts < 3 AND nudge"
        while self._is_there(f"{waits} != 'round'", self._text(self.now)):
            self._survives(lambda: self.engine.tick(self.now))
        while self._is_there(f"{waits} = 'round'", self._text(self.now)):
            self._survives(self._round)

    def _round(self) -> None:
        begun = self.engine.begin_round(self.now)
        if begun:
            self.engine.close_round(begun, run(begun.request), self.now)
            self.happened["rounds"] += 1

    # The platform

    def _send(self) -> None:
        waits = "outbox WHERE platform = ? AND state = 'due' AND not_before <= ?"
        for platform in ACCOUNTS:
            while self._is_there(waits, platform, self._text(self.now)):
                parcels = self._claim(platform)
                for parcel in parcels:
                    if parcel.id in self._claimed:
                        self._deliver(parcel)
                if not parcels:  # the rest waits behind something else
                    break

    def _claim(self, platform: str) -> list[Parcel]:
        """Again, where it was killed in between: what it had taken is uncertain then."""
        found: list[Parcel] = []

        def claim() -> bool:
            found[:] = self.engine.claim(platform, self.now, 50)
            self._claimed |= {parcel.id: parcel for parcel in found}
            return True

        while not self._survives(claim):
            found.clear()
        return found

    def _deliver(self, parcel: Parcel) -> None:
        receipt = self._receipt(parcel)
        if isinstance(receipt, Uncertain):
            self.uncertain[parcel.key] += 1

        def settle() -> bool:
            self.engine.settle(parcel, receipt, self.now)
            self._claimed.pop(parcel.id, None)
            return True

        self._survives(settle)
        self._claimed.pop(parcel.id, None)

    def _receipt(self, parcel: Parcel) -> Receipt:
        if self.is_away(parcel.platform):
            return Away("no connection")
        fate = self.dice.random()
        somebody = self.by_chat.get(parcel.chat)
        if somebody and somebody.blocking:
            return Gone("blocked")
        if fate < NOT_TAKEN:
            return NotSent("not taken")
        if fate < NOT_TAKEN + ASKED_TO_WAIT:
            wait = SECOND * self.dice.randint(1, 90)
            return Later(wait, everywhere=self.dice.random() < 0.2)
        if fate < NOT_TAKEN + ASKED_TO_WAIT + TROUBLE:
            return Uncertain(trouble=True)
        ref = parcel.ref or f"m{parcel.id}"
        if somebody:
            self._arrive(parcel, somebody, ref)
        return Uncertain() if fate > 1 - LOST_ANSWER else Sent(ref)

    def _arrive(self, parcel: Parcel, somebody: Somebody, ref: str) -> None:
        if parcel.method == "file":
            self.engine.file(parcel, self.now)
        with self.store.begin() as connection:
            known = people.by_address(connection, somebody.sender.address)
            at = connection.execute(select(outbox.c.made_at).where(outbox.c.id == parcel.id))
            kind, _, rest = parcel.key.partition(":")
            row = due.c.id == int(rest.partition(":")[0]) if kind == "due" else None
            nudge = connection.execute(select(due.c.nudge).where(row)) if row is not None else None
            made_at = at.scalar_one()
            moments = (made_at, self.now) if known else ()
            said = Arrival(
                self.now,
                made_at,
                parcel,
                known,
                nudge.scalar() or "" if nudge else "",
                self.acted.get(somebody.user, BEGIN),
                by_partner=kind == "in" and self._spoken_by(rest) not in {"", somebody.user},
                near=any(appointments.has_near(connection, parcel.member, at) for at in moments),
            )
        self.arrivals.append(said)
        self.heard[parcel.member] = self.now
        handles = somebody.gets(parcel, ref)
        asked = self.acted.get(somebody.user) == self.now
        if handles and self.dice.random() < (0.96 if asked else somebody.diligence):
            hours = 0.05 if asked else somebody.hours
            self._plan(somebody, MINUTE + HOUR * (hours * self.dice.random()))


def _hurried(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    """No power is cut here: nothing need be on the disk when it is said to be kept."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


Check: TypeAlias = Callable[[World], Iterator[str]]
