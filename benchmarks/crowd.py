"""A house with people in it, who are being asked on which days they have time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from bot.domain.dues import Nudge
from bot.domain.members import Address
from bot.engine.engine import Engine
from bot.engine.events import Event, Key, Pressed, Said, Sender, What
from bot.store import buttons
from bot.store.database import connect
from bot.store.tables import account, button, conversation, due, member
from tests.stage import HOUSE, MONDAY

SAID = (
    *(("2", "ja, einverstanden"), ("3", "weiter"), ("4", "Singen"), ("5", "weiter")),
    *(("6", "Kochen"), ("7", "weiter"), ("8", "Bis März einen Vortrag vor zehn Leuten halten")),
)
NOW = MONDAY
FIRST = 1_000_000
"""Numbers of members who were not made by their own doings."""
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Somebody:
    sender: Sender
    chip: str
    """What a press on "Dienstag" brings."""


class Crowd:
    def __init__(self, url: str, key: Path | None = None, account: str = "123") -> None:
        self.store = connect(url, key)
        self.engine = Engine(self.store, HOUSE)
        self.account = account
        self._numbers = count(1)

    def people(self, users: Iterable[str], platform: str = "telegram") -> list[Somebody]:
        """New ones, all at the same question."""
        return [self._somebody(platform, user) for user in users]

    def does(self, sender: Sender, what: What, now: datetime = NOW) -> None:
        key: Key = (sender.address.platform, self.account, f"before {next(self._numbers)}")
        self.engine.receive([(key, {})], now)
        self.engine.turn(key, Event(sender, what), now)

    def many(self, number: int, *, reminded: bool) -> None:
        """So many more in the middle of joining, whether or not a reminder of it is due now."""
        with self.store.begin() as connection:
            for start in range(0, number, BATCH):
                _join(connection, self.account, range(start, min(start + BATCH, number)))
                if reminded:
                    rows = [_due(n) for n in range(start, min(start + BATCH, number))]
                    connection.execute(insert(due), rows)

    def _somebody(self, platform: str, user: str) -> Somebody:
        sender = Sender(Address(platform, self.account, user, user), "Ana", "ana", "de")
        self.does(sender, Said("/start", "1"))
        self.does(sender, Pressed(self._handle("Los geht’s"), "1"))
        for ref, text in SAID:
            self.does(sender, Said(text, ref))
        return Somebody(sender, self._handle("Dienstag"))

    def _handle(self, label: str) -> str:
        newest = select(button).order_by(button.c.member.desc()).limit(10)
        with self.store.begin() as connection:
            for row in connection.execute(newest).all():
                for place, (known_as, *_) in row.presses.items():
                    if known_as == label:
                        return buttons.handle_at(place, row.token)
        raise LookupError(label)


def _join(connection: Connection, bot: str, numbers: Iterable[int]) -> None:
    for table, row in ((member, _member), (conversation, _conversation)):
        connection.execute(insert(table), [row(number) for number in numbers])
    connection.execute(insert(account), [_account(bot, number) for number in numbers])


def _member(number: int) -> dict[str, Any]:  # a row
    here = {"id": FIRST + number, "account": FIRST + number, "name": "Ana", "language": "de"}
    when = {"joined_at": NOW - timedelta(days=1), "seen_at": NOW - timedelta(days=1)}
    rest = {"lead": "eve", "quiet_hours": "20-8", "quiet_sundays": True}
    return {**here, **when, **rest, "zone": "Europe/Berlin", "standing": "new"}


def _account(bot: str, number: int) -> dict[str, Any]:  # a row
    user = str(7_000_000_000 + number)
    there = {"platform": "telegram", "account": bot, "user": user, "chat": user}
    return {
        "id": FIRST + number,
        "member": FIRST + number,
        **there,
        "username": "",
        "reachable": True,
    }


def _conversation(number: int) -> dict[str, Any]:  # a row
    said = {"answers": {}, "drafts": {}, "facts": {"zone": "Europe/Berlin"}}
    where = {"in_chat": True, "touched": 1, "at": NOW - timedelta(days=1)}
    return {"member": FIRST + number, "form": "onboarding", "subject": "", **said, **where}


def _due(number: int) -> dict[str, Any]:  # a row
    here = {"nudge": Nudge.RESUME.value, "subject": f"member:{FIRST + number}", "member": 0}
    when = {"at": NOW, "until": NOW + timedelta(days=1)}
    return {**here, **when, "state": "due", "reason": "", "attempts": 0}
