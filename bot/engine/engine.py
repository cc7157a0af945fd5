"""The engine: takes an event, a due or a receipt, and carries out all of it in one transaction.

Nothing else in the house changes state. What fails as a whole is rolled back as a whole, kept
for another try, and set aside after three, so that nobody else waits for it.
"""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

import structlog
from sqlalchemy import Connection
from sqlalchemy.engine import Engine as Database
from structlog.contextvars import bound_contextvars

from bot.conversation.cards import Tell
from bot.domain import members
from bot.domain.dues import Due
from bot.domain.gauges import Gauge
from bot.domain.parcels import Patience, Receipt, Uncertain
from bot.engine import convening, delivered, feeding, hearing, installing, rounds, showing
from bot.engine.desk import LAST_WORDS, Desk
from bot.engine.elapsing import elapse
from bot.engine.events import NOTHING, Event, Key, Reply
from bot.engine.house import House
from bot.engine.rounds import Begun
from bot.matching.people import Outcome, Request
from bot.store import (
    accounts,
    aging,
    appointments,
    buttons,
    database,
    dues,
    gauges,
    groups,
    inbox,
    integrity,
    leases,
    outbox,
    people,
    restoring,
    sending,
)
from bot.store.holding import EVERYBODY, NOBODY, Concerned, by_due, by_sender, carry_out
from bot.store.inbox import Payload
from bot.store.outbox import Parcel
from bot.store.rounds import failed
from bot.store.together import together, transaction

log = structlog.get_logger()

P = ParamSpec("P")
R = TypeVar("R")

BATCH = 50
CLOCK = "clock_ahead_s"


class Engine:
    """Synchronous and free of platforms. On SQLite it is called from one thread; on PostgreSQL from
    as many as there are, in as many programs: see `bot.store.holding`."""

    def __init__(self, store: Database, house: House) -> None:
        self.store = store
        self.house = house
        self.shared = database.on_postgresql(store)
        """Whether other programs may be at work on the same database."""

    def recover(self, now: datetime) -> None:
        """After a start: what the last process was sending when it ended is uncertain, and where
        the rules of a zone have changed a session's wall time is another instant."""
        carry_out(self.store, lambda connection: self._recover(connection, now), EVERYBODY)

    def receive(
        self, inputs: list[tuple[Key, Payload]], now: datetime, hold: timedelta = timedelta()
    ) -> int:
        """Commits raw input, which may be confirmed to the platform from then on.

        For as long as ``hold`` it is not among those that wait: whoever received it has it in hand.
        Returns how many of them are new.
        """

        def keep(connection: Connection) -> int:
            return sum(inbox.receive(connection, key, raw, now, hold) for key, raw in inputs)

        return carry_out(self.store, keep, NOBODY)

    def waiting(self, platform: str, now: datetime) -> list[tuple[Key, Payload]]:
        with transaction(self.store) as connection:
            rows = inbox.waiting(connection, platform, now, BATCH)
            return [((r.platform, r.account, r.external_id), r.payload) for r in rows]

    def turn(self, key: Key, event: Event | None, now: datetime) -> Reply:
        """Gives a received input its effect, once; again, or without an event, it has none."""
        try:
            reply, erased = carry_out(
                self.store,
                lambda connection: self._turn(connection, key, event, now),
                _concerned(event),
            )
        except Exception as error:  # noqa: BLE001 -- the edge of a turn, a bug must not stop the house
            self.failed(key, event, error, now)
            return NOTHING
        if erased:
            database.clear_log(self.store)
        return reply

    def failed(self, key: Key, event: Event | None, error: Exception, now: datetime) -> None:
        """Counts a failed try; after the last one the person is told in one kind sentence."""
        log.error("turn failed", platform=key[0], exc_info=error)

        def count(connection: Connection) -> None:
            number = inbox.unfinished(connection, key)
            if number is not None and inbox.failed(connection, number, type(error).__name__, now):
                self._park(self._desk(connection, f"parked:{number}", now), number, event)

        carry_out(self.store, count, NOBODY)

    def transact(
        self,
        do: Callable[Concatenate[Connection, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """One transaction on a table of an adapter's own: no member's, and nothing is said."""
        return carry_out(self.store, lambda c: do(c, *args, **kwargs), NOBODY)

    def tick(self, now: datetime, most: int = BATCH) -> int:
        """Lets what is due happen. Returns how many dues there were; 0: nothing is left."""
        with nullcontext() if self.shared else together(self.store):
            taken = carry_out(self.store, lambda c: dues.due_now(c, now, most), NOBODY)
            erased = [self._elapse(number, due, now) for number, due in taken]
        if any(erased):
            database.rewrite(self.store)
        return len(taken)

    def begin_round(self, now: datetime) -> Begun | None:
        """A round of matching that is due: what is to be computed, wherever that is."""
        return carry_out(self.store, lambda c: rounds.begin(self._desk(c, "round", now)), EVERYBODY)

    def preview_round(self, now: datetime) -> Request:
        """What a round would be asked now; nothing comes of it."""
        with transaction(self.store) as connection:
            return rounds.preview(self._desk(connection, "preview", now))

    def close_round(self, begun: Begun, outcome: Outcome, now: datetime) -> None:
        """What was computed happens; computed twice, it happens once."""

        def close(connection: Connection) -> None:
            desk = self._desk(connection, f"round:{begun.number}", now)
            rounds.close(desk, begun, outcome)
            desk.refresh_homes()

        carry_out(self.store, close, EVERYBODY)

    def fail_round(self, error: Exception, now: datetime) -> None:
        """Counts a failed try at a round. After the last one the organizers are told."""
        log.error("round failed", exc_info=error)

        def fail(connection: Connection) -> None:
            if failed(connection, type(error).__name__, now):
                self._give_up(connection, "round", 0, now)

        carry_out(self.store, fail, EVERYBODY)

    def tidy(self, now: datetime) -> None:
        """Forgets what is of no use any more."""

        def tidy(connection: Connection) -> None:
            buttons.forget_expired(connection, now)
            accounts.forget_expired(connection, now)
            groups.forget_expired(connection, now)
            aging.tidy(connection, self.house.retention, now)
            desk = self._desk(connection, f"tidy:{now.isoformat()}", now)
            installing.missed(desk)
            desk.refresh_homes()

        carry_out(self.store, tidy, EVERYBODY)
        database.clear_log(self.store)

    def claim(self, platform: str, now: datetime, limit: int) -> list[Parcel]:
        """What is to be sent now. Where it is done anew since nobody learnt whether it was kept,
        what was is found again: nobody else could have taken it in between."""
        before: list[Parcel] = []

        def claim(connection: Connection) -> list[Parcel]:
            if kept := sending.still_leased(connection, before):
                return kept
            for parcel in sending.abandoned(connection, platform, now):
                self._settle(connection, parcel, Uncertain(), now)
            before[:] = sending.claim(connection, platform, now, limit)
            return before

        return carry_out(self.store, claim, NOBODY)

    def settle(self, parcel: Parcel, receipt: Receipt, now: datetime) -> None:
        """Notes how a send went, with what follows for the member or the tandem."""
        carry_out(self.store, lambda c: self._settle(c, parcel, receipt, now), NOBODY)
        if parcel.subject == LAST_WORDS:
            database.rewrite(self.store)

    def lead(self, name: str, owner: str, now: datetime) -> bool:
        """Whether a program is the one that does something for all; then it is so for a while.

        ``name``: of a platform that it sends on, for one. What the one before it was sending there
        when it ended is uncertain.
        """

        def take(connection: Connection) -> bool:
            before = leases.owner(connection, name)
            if not leases.take(connection, name, owner, now):
                return False
            for parcel in sending.left_behind(connection, name) if before != owner else ():
                self._settle(connection, parcel, Uncertain(), now)
            return True

        return carry_out(self.store, take, NOBODY) if self.shared else True

    def step_down(self, owner: str) -> None:
        """Before a program ends: another goes on at once."""
        if self.shared:
            carry_out(self.store, lambda c: leases.give_up(c, owner), NOBODY)

    def give_back(self, parcel: Parcel) -> None:
        with transaction(self.store) as connection:
            sending.give_back(connection, parcel)

    def home(self, member: int, now: datetime) -> list[dict[str, Any]]:
        """What a member's home page shows: bodies as in the outbox."""
        with transaction(self.store) as connection:
            return showing.home(self._desk(connection, f"home:{member}", now), member)

    def feed(self, secret: str, now: datetime) -> bytes | None:
        """A member's calendar, by the secret part of its address; None where it is nobody's."""
        with transaction(self.store) as connection:
            return feeding.read(self._desk(connection, "feed", now), secret)

    def file(self, parcel: Parcel, now: datetime) -> bytes:
        """What a parcel with a file is to bring: as things are at this moment."""
        with transaction(self.store) as connection:
            return showing.file(self._desk(connection, f"file:{parcel.id}", now), parcel)

    def next_moment(self, now: datetime) -> datetime | None:
        """When time will say something next."""
        with transaction(self.store) as connection:
            moments = dues.next_due(connection), outbox.next_waking(connection, now)
            return min((at for at in moments if at is not None), default=None)

    def all_said(self, platform: str, now: datetime) -> bool:
        """Whether nothing is waiting to go out there, or on its way."""
        with transaction(self.store) as connection:
            return outbox.all_said(connection, platform, now)

    def damages(self) -> dict[str, str]:
        """What is wrong with the database, by where. The only call for any thread."""
        return integrity.examine(self.store)

    def gauges(self, now: datetime) -> list[Gauge]:
        """How much waits, and for how long."""
        with transaction(self.store) as connection:
            return list(gauges.read(connection, now))

    def usable(self) -> bool:
        """Whether the database is there, with the schema this program knows."""
        with transaction(self.store) as connection:
            return database.is_current(connection)

    def held(self) -> bool:
        """Whether this is a restored database that nobody has confirmed."""
        with transaction(self.store) as connection:
            return restoring.held_since(connection) is not None

    def clock_ahead(self) -> timedelta:
        """By how much the playground's clock was moved in this database."""
        with transaction(self.store) as connection:
            return timedelta(seconds=int(database.get_meta(connection, CLOCK) or 0))

    def move_clock(self, ahead: timedelta) -> None:
        with transaction(self.store) as connection:
            database.set_meta(connection, CLOCK, str(int(ahead.total_seconds())))

    def _recover(self, connection: Connection, now: datetime) -> None:
        """What others have in hand is left to them; see `lead` for when they are gone."""
        if not self.shared:
            dues.let_go(connection)
            inbox.let_go(connection)
            for parcel in sending.left_behind(connection):
                self._settle(connection, parcel, Uncertain(), now)
        for session in appointments.shifted_sessions(connection):
            convening.reckon_anew(self._desk(connection, "recover", now), session)

    def _turn(
        self, connection: Connection, key: Key, event: Event | None, now: datetime
    ) -> tuple[Reply, bool]:
        """The reply, and whether somebody's data were deleted."""
        number = inbox.begin(connection, key, now)
        if number is None:
            return NOTHING, False
        desk = self._desk(connection, f"in:{number}", now)
        reply = hearing.hear(desk, event) if event else NOTHING
        desk.refresh_homes()
        return reply, desk.erased

    def _settle(
        self, connection: Connection, parcel: Parcel, receipt: Receipt, now: datetime
    ) -> None:
        delivered.settle(self._desk(connection, f"sent:{parcel.id}", now), parcel, receipt)

    def _park(self, desk: Desk, number: int, event: Event | None) -> None:
        log.error("input set aside", input=number)
        member = people.by_address(desk.connection, event.sender.address) if event else None
        if member and event:
            desk.here = member.id, event.sender.address
            desk.tell([Tell(member.id, members.FAILED)])
        desk.call_organizers("input", number)

    def _elapse(self, number: int, due: Due, now: datetime) -> bool:
        """Whether somebody's data were deleted."""
        try:
            with bound_contextvars(request=f"due-{number}"):
                return carry_out(
                    self.store,
                    lambda connection: self._happen(connection, number, due, now),
                    by_due(due.subject, due.member),
                )
        except Exception as error:  # the edge of a tick: the other dues go on
            log.exception("due failed", due=number, nudge=due.nudge)
            why = type(error).__name__
            carry_out(self.store, lambda c: self._fail_due(c, number, why, now), EVERYBODY)
            return False

    def _fail_due(self, connection: Connection, number: int, why: str, now: datetime) -> None:
        if dues.failed(connection, number, why):
            self._give_up(connection, "due", number, now)

    def _give_up(self, connection: Connection, what: str, number: int, now: datetime) -> None:
        """Nobody waits for an answer, so whoever organizes hears of it when they are up."""
        desk = self._desk(connection, f"{what} failed:{number}:{now.isoformat()}", now)
        desk.patience = Patience.NUDGE
        desk.call_organizers(what, number)

    def _happen(self, connection: Connection, number: int, due: Due, now: datetime) -> bool:
        desk = self._desk(connection, f"due:{number}", now)
        # Before anything is planned anew, which takes away what is still due about it.
        if not dues.take(connection, number, due):
            return False
        reason = elapse(desk, due)
        desk.refresh_homes()
        dues.settle(connection, number, reason, now)
        return desk.erased

    def _desk(self, connection: Connection, key: str, now: datetime) -> Desk:
        return Desk(connection, now, key, self.house)


def _concerned(event: Event | None) -> Concerned:
    if event is None:
        return NOBODY
    return by_sender(event.sender.address.platform, event.sender.address.user)
