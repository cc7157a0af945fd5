"""What the value of a setting has to be like. A ValueError names the cure, not the variable."""

import re
from datetime import date
from zoneinfo import available_timezones

from holidays import list_supported_countries
from pydantic import AfterValidator, SecretStr
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


PARTS = (
    "mutual",
    "either",
    "goals",
    "interests",
    "time",
    "language",
    "rhythm",
    "place",
    "waiting",
)
"""Of a score; what each means is said in docs/matching.md."""


LONGEST_SILENCE = 365


def database_at(value: str) -> str:
    """With the driver that is used; ValueError for what is none."""
    try:
        url = make_url(re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", value))
    except ArgumentError:
        url = make_url("none://")
    if url.drivername not in {"sqlite", "postgresql+psycopg"} or url.database in {
        None,
        "",
        ":memory:",
    }:
        raise ValueError(
            "use a SQLite file such as sqlite:///data/tandem.db, "
            "or PostgreSQL such as postgresql://tandem:password@localhost/tandem"
        )
    return url.render_as_string(hide_password=False)


def zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("use an IANA name such as Europe/Berlin")
    return value


def address(value: str) -> str:
    host, _, port = value.rpartition(":")
    if value not in {"", "off"} and not (host and port.isdecimal() and int(port) < 1 << 16):
        raise ValueError("use an address such as 127.0.0.1:8080, or off")
    return value


def http(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("use an address that begins with https://")
    return value


def public(value: str) -> str:
    return http(value) if value else value


def listen(value: str) -> str:
    if value in {"", "off"}:
        raise ValueError("use an address such as 127.0.0.1:8081")
    return address(value)


def split(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


def organizers(value: str) -> str:
    for entry in filter(None, map(str.strip, value.split(","))):
        platform, _, user = entry.partition(":")
        if platform not in {"telegram", "slack", "playground"} or not user:
            raise ValueError("use entries such as telegram:123456789, slack:U012ABCDE")
    return value


def telegram_token(value: SecretStr) -> SecretStr:
    number, _, rest = value.get_secret_value().partition(":")
    if value.get_secret_value() and not (number.isdecimal() and rest):
        raise ValueError("use the token as @BotFather gave it, 123456:ABC…")
    return value


def slack(prefix: str) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not value.get_secret_value().startswith(prefix):
            raise ValueError(f"use the token that begins with {prefix}")
        return value

    return AfterValidator(check)


def workspaces(value: str) -> str:
    for entry in filter(None, map(str.strip, value.split(","))):
        if not (entry.startswith("T") and entry.isalnum()):
            raise ValueError("use ids such as T012ABCDE, separated by commas")
    return value


def weights(value: str) -> str:
    try:
        found = weights_of(value)
    except ValueError:
        found = {"": -1.0}
    if not set(found) <= set(PARTS) or any(weight < 0 for weight in found.values()):
        raise ValueError(f"use entries such as goals=0.3, time=0.05; there are {', '.join(PARTS)}")
    return value


def weights_of(value: str) -> dict[str, float]:
    entries = (entry.partition("=") for entry in value.split(",") if entry.strip())
    return {part.strip(): float(weight) for part, _, weight in entries}


def rounds(value: str) -> str:
    try:
        rounds_at(value)
    except ValueError:
        cure = "use a weekday such as monday, or dates such as 2027-01-12, 2027-04-13"
        raise ValueError(cure) from None
    return value


def rounds_at(value: str) -> tuple[tuple[date, ...], int | None]:
    """Dates, or a weekday, on which people are brought together."""
    if value.strip().casefold() in WEEKDAYS:
        return (), WEEKDAYS.index(value.strip().casefold())
    return tuple(date.fromisoformat(day.strip()) for day in value.split(",") if day.strip()), None


def silent(value: str) -> str:
    try:
        remind, ask, release = days_of(value)
    except ValueError:
        remind = ask = release = 0
    if not 1 <= remind < ask < release <= LONGEST_SILENCE:
        raise ValueError("use three rising numbers of days such as 7, 14, 21")
    return value


def days_of(value: str) -> tuple[int, ...]:
    return tuple(int(days) for days in value.split(","))


def holidays(value: str) -> str:
    known = list_supported_countries()
    for entry in filter(None, map(str.strip, value.split(","))):
        country, _, part = entry.partition("-")
        if country not in known:
            raise ValueError("use a country and a part of it, such as DE-BY")
        if part not in known[country]:
            parts = ", ".join(f"{country}-{part}" for part in known[country])
            raise ValueError(f"use one of {parts}" if parts else f"leave {country} away: no parts")
    return value
