"""Settings: the environment and ``.env``, read once and frozen.

A wrong value is the operator's mistake: `SettingsError` names the variable and the cure.
"""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias
from zoneinfo import available_timezones

from holidays import list_supported_countries
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import OperatorError

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


class SettingsError(OperatorError):
    """A setting has to be changed; the message says which one and how."""


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


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("use an IANA name such as Europe/Berlin")
    return value


def _address(value: str) -> str:
    host, _, port = value.rpartition(":")
    if value not in {"", "off"} and not (host and port.isdecimal() and int(port) < 1 << 16):
        raise ValueError("use an address such as 127.0.0.1:8080, or off")
    return value


def _http(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("use an address that begins with https://")
    return value


def _public(value: str) -> str:
    return _http(value) if value else value


def _listen(value: str) -> str:
    if value in {"", "off"}:
        raise ValueError("use an address such as 127.0.0.1:8081")
    return _address(value)


def _split(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


def _organizers(value: str) -> str:
    for entry in filter(None, map(str.strip, value.split(","))):
        platform, _, user = entry.partition(":")
        if platform not in {"telegram", "slack", "playground"} or not user:
            raise ValueError("use entries such as telegram:123456789, slack:U012ABCDE")
    return value


def _telegram_token(value: SecretStr) -> SecretStr:
    number, _, rest = value.get_secret_value().partition(":")
    if value.get_secret_value() and not (number.isdecimal() and rest):
        raise ValueError("use the token as @BotFather gave it, 123456:ABC…")
    return value


def _slack(prefix: str) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not value.get_secret_value().startswith(prefix):
            raise ValueError(f"use the token that begins with {prefix}")
        return value

    return AfterValidator(check)


def _workspaces(value: str) -> str:
    for entry in filter(None, map(str.strip, value.split(","))):
        if not (entry.startswith("T") and entry.isalnum()):
            raise ValueError("use ids such as T012ABCDE, separated by commas")
    return value


def _weights(value: str) -> str:
    try:
        found = _weights_of(value)
    except ValueError:
        found = {"": -1.0}
    if not set(found) <= set(PARTS) or any(weight < 0 for weight in found.values()):
        raise ValueError(f"use entries such as goals=0.3, time=0.05; there are {', '.join(PARTS)}")
    return value


def _weights_of(value: str) -> dict[str, float]:
    entries = (entry.partition("=") for entry in value.split(",") if entry.strip())
    return {part.strip(): float(weight) for part, _, weight in entries}


def _rounds(value: str) -> str:
    try:
        _rounds_at(value)
    except ValueError:
        cure = "use a weekday such as monday, or dates such as 2027-01-12, 2027-04-13"
        raise ValueError(cure) from None
    return value


def _rounds_at(value: str) -> tuple[tuple[date, ...], int | None]:
    """Dates, or a weekday, on which people are brought together."""
    if value.strip().casefold() in WEEKDAYS:
        return (), WEEKDAYS.index(value.strip().casefold())
    return tuple(date.fromisoformat(day.strip()) for day in value.split(",") if day.strip()), None


def _silent(value: str) -> str:
    try:
        remind, ask, release = _days_of(value)
    except ValueError:
        remind = ask = release = 0
    if not 1 <= remind < ask < release <= LONGEST_SILENCE:
        raise ValueError("use three rising numbers of days such as 7, 14, 21")
    return value


def _days_of(value: str) -> tuple[int, ...]:
    return tuple(int(days) for days in value.split(","))


def _holidays(value: str) -> str:
    known = list_supported_countries()
    for entry in filter(None, map(str.strip, value.split(","))):
        country, _, part = entry.partition("-")
        if country not in known:
            raise ValueError("use a country and a part of it, such as DE-BY")
        if part not in known[country]:
            parts = ", ".join(f"{country}-{part}" for part in known[country])
            raise ValueError(f"use one of {parts}" if parts else f"leave {country} away: no parts")
    return value


LONGEST_SILENCE = 365
EMPTY = SecretStr("")
Days: TypeAlias = Annotated[int, Field(ge=1, le=3650)]


class Settings(BaseSettings):
    """All settings by the names of their variables in lower case."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", frozen=True, extra="ignore"
    )

    database_url: Annotated[str, AfterValidator(database_at), Field(repr=False)] = (
        "sqlite:///data/tandem.db"
    )
    telegram_bot_token: Annotated[SecretStr, AfterValidator(_telegram_token)] = EMPTY
    telegram_api_url: Annotated[str, AfterValidator(_http)] = "https://api.telegram.org"
    telegram_mode: Literal["polling", "webhook"] = "polling"
    slack_bot_token: Annotated[SecretStr, _slack("xoxb-")] = EMPTY
    slack_app_token: Annotated[SecretStr, _slack("xapp-")] = EMPTY
    slack_signing_secret: SecretStr = EMPTY
    slack_mode: Literal["socket", "http"] = "socket"
    slack_client_id: str = ""
    slack_client_secret: SecretStr = EMPTY
    slack_workspaces: Annotated[str, AfterValidator(_workspaces)] = ""
    slack_api_url: Annotated[str, AfterValidator(_http)] = "https://slack.com/api/"
    tandem_organizers: Annotated[str, NoDecode, AfterValidator(_organizers)] = ""
    tandem_default_language: Literal["de", "en"] = "de"
    tandem_default_timezone: Annotated[str, AfterValidator(_zone)] = "Europe/Berlin"
    tandem_playground: Annotated[str, AfterValidator(_address)] = ""
    tandem_public_url: Annotated[str, AfterValidator(_public)] = ""
    tandem_listen: Annotated[str, AfterValidator(_listen)] = "127.0.0.1:8081"
    tandem_metrics: Annotated[str, AfterValidator(_address)] = ""
    tandem_log: Literal["json", "lines"] = "json"
    tandem_texts: Path | None = None
    tandem_operator: str = ""
    tandem_contact: str = ""
    tandem_key_file: Path | None = None
    tandem_pool: Annotated[int, Field(ge=1, le=1000)] = 6
    tandem_pool_days: Annotated[int, Field(ge=0, le=60)] = 3
    tandem_rounds: Annotated[str, AfterValidator(_rounds)] = ""
    tandem_holidays: Annotated[str, AfterValidator(_holidays)] = ""
    tandem_proposal_days: Annotated[int, Field(ge=2, le=60)] = 7
    tandem_first_talk_days: Annotated[int, Field(ge=6, le=90)] = 14
    tandem_silent_days: Annotated[str, NoDecode, AfterValidator(_silent)] = "7, 14, 21"
    tandem_semantic: Literal["off", "on"] = "off"
    tandem_weights: Annotated[str, AfterValidator(_weights)] = ""
    tandem_keep_signup_days: Days = 30
    tandem_keep_inputs_days: Days = 1
    tandem_keep_messages_days: Days = 14
    tandem_keep_tandems_days: Days = 90
    tandem_keep_diary_days: Days = 90
    tandem_keep_reports_days: Days = 180
    tandem_keep_workspace_days: Days = 30
    tandem_keep_consents_days: Days = 1095

    @property
    def rounds(self) -> dict[str, Any]:
        """When people are brought together. Who only tries the playground waits for nobody."""
        trying = not (self.telegram or self.slack)
        asked = "tandem_pool" in self.model_fields_set
        dates, weekday = _rounds_at(self.tandem_rounds)
        return {
            "least": self.tandem_pool if asked or not trying else 1,
            "patience": timedelta(days=self.tandem_pool_days),
            "weekday": weekday,
            "dates": dates,
        }

    @property
    def silent(self) -> tuple[timedelta, timedelta, timedelta]:
        """After how long somebody is reminded, asked, and the others set free."""
        remind, ask, release = _days_of(self.tandem_silent_days)
        return timedelta(days=remind), timedelta(days=ask), timedelta(days=release)

    @property
    def holidays(self) -> dict[str, str]:
        """By country, the part of it in which its members live."""
        entries = (entry.strip().partition("-") for entry in self.tandem_holidays.split(","))
        return {country: part for country, _, part in entries if country}

    @property
    def weights(self) -> dict[str, float]:
        """By part of a score, what differs from the usual weights."""
        return _weights_of(self.tandem_weights)

    @property
    def telegram(self) -> bool:
        return bool(self.telegram_bot_token.get_secret_value())

    @property
    def slack(self) -> bool:
        return bool(self.slack_bot_token.get_secret_value() or self.slack_client_id)

    @property
    def workspaces(self) -> frozenset[str]:
        """Ids of those that may install the Slack app; none named, all may."""
        return frozenset(filter(None, map(str.strip, self.slack_workspaces.split(","))))

    @property
    def playground(self) -> tuple[str, int] | None:
        """Host and port, or None: without a word on it, only where there is no token."""
        asked = self.tandem_playground
        if asked == "off" or (not asked and (self.telegram or self.slack)):
            return None
        return _split(asked or "127.0.0.1:8080")

    @property
    def listen(self) -> tuple[str, int]:
        """Host and port of the web server behind the public address."""
        return _split(self.tandem_listen)

    @property
    def metrics(self) -> tuple[str, int] | None:
        """Host and port for a probe and for Prometheus, or None."""
        off = self.tandem_metrics in {"", "off"}
        return None if off else _split(self.tandem_metrics)

    @property
    def organizers(self) -> frozenset[tuple[str, str]]:
        """(platform, user) of each organizer."""
        entries = filter(None, map(str.strip, self.tandem_organizers.split(",")))
        return frozenset((p, user) for p, _, user in (e.partition(":") for e in entries))

    @property
    def retention(self) -> dict[str, int]:
        """By what is kept, for how many days."""
        prefix, suffix = "tandem_keep_", "_days"
        names = [name for name in type(self).model_fields if name.startswith(prefix)]
        return {n.removeprefix(prefix).removesuffix(suffix): getattr(self, n) for n in names}

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be read in a log."""
        tokens = (
            self.telegram_bot_token,
            self.slack_bot_token,
            self.slack_app_token,
            self.slack_signing_secret,
            self.slack_client_secret,
        )
        found = [token.get_secret_value() for token in tokens]
        return tuple(filter(None, (*found, make_url(self.database_url).password)))


def read_settings() -> Settings:
    """The settings as they are now, or a `SettingsError` in one line."""
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper()
        raise SettingsError(f"{name}: {_cure(first['msg'])}") from error
    return _complete(settings)


def _cure(message: str) -> str:
    return message.removeprefix("Value error, ")


def _complete(settings: Settings) -> Settings:
    """What only works together must come together."""
    _slack_complete(settings)
    if settings.telegram_mode == "webhook":
        _reached(settings, "TELEGRAM_MODE=webhook")
    if settings.tandem_key_file is None and not settings.database_url.startswith("sqlite"):
        raise SettingsError(
            "TANDEM_KEY_FILE: PostgreSQL has no place for a key; name a file, "
            "such as data/tandem.key"
        )
    if settings.tandem_texts is not None and not settings.tandem_texts.is_dir():
        raise SettingsError("TANDEM_TEXTS: there is no such folder; create it, or remove this")
    return settings


def _reached(settings: Settings, asked: str) -> None:
    if not settings.tandem_public_url.startswith("https://"):
        raise SettingsError(
            f"TANDEM_PUBLIC_URL: {asked} needs the https:// address of this bot; add it"
        )


def _slack_complete(settings: Settings) -> None:
    token = bool(settings.slack_bot_token.get_secret_value())
    if settings.slack_client_id and token:
        raise SettingsError("SLACK_BOT_TOKEN: workspaces bring their own; remove it")
    if settings.slack_mode == "http":
        _slack_over_http(settings)
    elif settings.slack_client_id:
        raise SettingsError("SLACK_MODE: SLACK_CLIENT_ID needs SLACK_MODE=http; change it")
    elif token != bool(settings.slack_app_token.get_secret_value()):
        missing = "SLACK_APP_TOKEN" if token else "SLACK_BOT_TOKEN"
        raise SettingsError(f"{missing}: Slack needs both tokens; add it, or remove the other")


def _slack_over_http(settings: Settings) -> None:
    if not settings.slack:
        raise SettingsError(
            "SLACK_BOT_TOKEN: SLACK_MODE=http needs it, or SLACK_CLIENT_ID; add one of them"
        )
    if not settings.slack_signing_secret.get_secret_value().strip():
        raise SettingsError("SLACK_SIGNING_SECRET: SLACK_MODE=http needs it; add it")
    if settings.slack_client_id and not settings.slack_client_secret.get_secret_value():
        raise SettingsError("SLACK_CLIENT_SECRET: SLACK_CLIENT_ID needs it; add it")
    _reached(settings, "SLACK_MODE=http")
