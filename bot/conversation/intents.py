"""stub"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Pause:
    until: date | None


@dataclass(frozen=True, slots=True)
class Resume: ...


@dataclass(frozen=True, slots=True)
class CannotMeet:
    on: date | None


@dataclass(frozen=True, slots=True)
class Move:
    to: str | None


@dataclass(frozen=True, slots=True)
class Partner: ...


@dataclass(frozen=True, slots=True)
class NextSession: ...


@dataclass(frozen=True, slots=True)
class Delete: ...


@dataclass(frozen=True, slots=True)
class Data: ...


@dataclass(frozen=True, slots=True)
class EndTandem: ...


@dataclass(frozen=True, slots=True)
class Language:
    code: str


@dataclass(frozen=True, slots=True)
class Profile: ...


@dataclass(frozen=True, slots=True)
class Report: ...


@dataclass(frozen=True, slots=True)
class Help: ...


Intent: TypeAlias = (
    Pause
    | Resume
    | CannotMeet
    | Move
    | Partner
    | NextSession
    | Delete
    | Data
    | EndTandem
    | Language
    | Profile
    | Report
    | Help
)


def understand(text: str, now: datetime, language: str) -> Intent | None:
    return None
