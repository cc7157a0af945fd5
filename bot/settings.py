"""Settings: the environment and ``.env``, read once and frozen.

A wrong value is the operator's mistake: `SettingsError` names the variable and the cure.
"""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url

from bot import checks
from bot.errors import OperatorError


class SettingsError(OperatorError):
    """A setting has to be changed; the message says which one and how."""


EMPTY = SecretStr("")
Days: TypeAlias = Annotated[int, Field(ge=1, le=3650)]


class Settings(BaseSettings):
    """All settings by the names of their variables in lower case."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", frozen=True, extra="ignore"
    )

    database_url: Annotated[str, AfterValidator(checks.database_at), Field(repr=False)] = (
        "sqlite:///data/tandem.db"
    )
    telegram_bot_token: Annotated[SecretStr, AfterValidator(checks.telegram_token)] = EMPTY
    telegram_api_url: Annotated[str, AfterValidator(checks.http)] = "https://api.telegram.org"
    telegram_mode: Literal["polling", "webhook"] = "polling"
    slack_bot_token: Annotated[SecretStr, checks.slack("xoxb-")] = EMPTY
    slack_app_token: Annotated[SecretStr, checks.slack("xapp-")] = EMPTY
    slack_signing_secret: SecretStr = EMPTY
    slack_mode: Literal["socket", "http"] = "socket"
    slack_client_id: str = ""
    slack_client_secret: SecretStr = EMPTY
    slack_workspaces: Annotated[str, AfterValidator(checks.workspaces)] = ""
    slack_api_url: Annotated[str, AfterValidator(checks.http)] = "https://slack.com/api/"
    tandem_organizers: Annotated[str, NoDecode, AfterValidator(checks.organizers)] = ""
    tandem_default_language: Literal["de", "en"] = "de"
    tandem_default_timezone: Annotated[str, AfterValidator(checks.zone)] = "Europe/Berlin"
    tandem_playground: Annotated[str, AfterValidator(checks.address)] = ""
    tandem_public_url: Annotated[str, AfterValidator(checks.public)] = ""
    tandem_listen: Annotated[str, AfterValidator(checks.listen)] = "127.0.0.1:8081"
    tandem_metrics: Annotated[str, AfterValidator(checks.address)] = ""
    tandem_log: Literal["json", "lines"] = "json"
    tandem_texts: Path | None = None
    tandem_operator: str = ""
    tandem_contact: str = ""
    tandem_key_file: Path | None = None
    tandem_pool: Annotated[int, Field(ge=1, le=1000)] = 6
    tandem_pool_days: Annotated[int, Field(ge=0, le=60)] = 3
    tandem_rounds: Annotated[str, AfterValidator(checks.rounds)] = ""
    tandem_holidays: Annotated[str, AfterValidator(checks.holidays)] = ""
    tandem_proposal_days: Annotated[int, Field(ge=2, le=60)] = 7
    tandem_first_talk_days: Annotated[int, Field(ge=6, le=90)] = 14
    tandem_silent_days: Annotated[str, NoDecode, AfterValidator(checks.silent)] = "7, 14, 21"
    tandem_semantic: Literal["off", "on"] = "off"
    tandem_weights: Annotated[str, AfterValidator(checks.weights)] = ""
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
        dates, weekday = checks.rounds_at(self.tandem_rounds)
        return {
            "least": self.tandem_pool if asked or not trying else 1,
            "patience": timedelta(days=self.tandem_pool_days),
            "weekday": weekday,
            "dates": dates,
        }

    @property
    def silent(self) -> tuple[timedelta, timedelta, timedelta]:
        """After how long somebody is reminded, asked, and the others set free."""
        remind, ask, release = checks.days_of(self.tandem_silent_days)
        return timedelta(days=remind), timedelta(days=ask), timedelta(days=release)

    @property
    def holidays(self) -> dict[str, str]:
        """By country, the part of it in which its members live."""
        entries = (entry.strip().partition("-") for entry in self.tandem_holidays.split(","))
        return {country: part for country, _, part in entries if country}

    @property
    def weights(self) -> dict[str, float]:
        """By part of a score, what differs from the usual weights."""
        return checks.weights_of(self.tandem_weights)

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
        return checks.split(asked or "127.0.0.1:8080")

    @property
    def listen(self) -> tuple[str, int]:
        """Host and port of the web server behind the public address."""
        return checks.split(self.tandem_listen)

    @property
    def metrics(self) -> tuple[str, int] | None:
        """Host and port for a probe and for Prometheus, or None."""
        off = self.tandem_metrics in {"", "off"}
        return None if off else checks.split(self.tandem_metrics)

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
