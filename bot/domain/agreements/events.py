"""What may happen to an agreement."""

from dataclasses import dataclass
from typing import TypeAlias

from bot.domain.agreements.agreement import Content


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
