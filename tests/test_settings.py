"""Settings: a wrong value names its variable and the cure, and every variable is described."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings, SettingsError, read_settings

ROOT = Path(__file__).parent.parent
NAMES = {name.upper() for name in Settings.model_fields}


@pytest.fixture(autouse=True)
def _nothing_from_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_without_any_setting_the_playground_starts() -> None:
    settings = read_settings()
    assert settings.playground == ("127.0.0.1", 8080)
    assert settings.database_url == "sqlite:///data/tandem.db"
    assert (settings.telegram, settings.slack) == (False, False)


@pytest.mark.parametrize(
    ("name", "value", "cure"),
    [
        ("DATABASE_URL", "nonsense", "sqlite:///data/tandem.db"),
        ("DATABASE_URL", "sqlite://", "sqlite:///data/tandem.db"),
        ("DATABASE_URL", "mysql://localhost/tandem", "postgresql://"),
        ("DATABASE_URL", "postgresql://localhost", "postgresql://"),
        ("TELEGRAM_BOT_TOKEN", "abc", "@BotFather"),
        ("TELEGRAM_API_URL", "api.telegram.org", "https://"),
        ("SLACK_BOT_TOKEN", "xapp-1", "xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-1", "xapp-"),
        ("TELEGRAM_MODE", "hook", "'polling' or 'webhook'"),
        ("SLACK_MODE", "rtm", "'socket' or 'http'"),
        ("SLACK_WORKSPACES", "acme", "T012ABCDE"),
        ("TANDEM_ORGANIZERS", "ana", "telegram:123456789"),
        ("TANDEM_DEFAULT_LANGUAGE", "fr", "'de' or 'en'"),
        ("TANDEM_DEFAULT_TIMEZONE", "Berlin", "Europe/Berlin"),
        ("TANDEM_PLAYGROUND", "8080", "127.0.0.1:8080"),
        ("TANDEM_LISTEN", "off", "127.0.0.1:8081"),
        ("TANDEM_METRICS", "9464", "127.0.0.1:8080"),
        ("TANDEM_LOG", "loud", "'json' or 'lines'"),
        ("TANDEM_PUBLIC_URL", "tandem.example.org", "https://"),
        ("TANDEM_HOLIDAYS", "Bayern", "DE-BY"),
        ("TANDEM_HOLIDAYS", "DE-BY, DE-XX", "DE-BW"),
        ("TANDEM_HOLIDAYS", "DE", "DE-BY"),
        ("TANDEM_SILENT_DAYS", "14, 7, 21", "7, 14, 21"),
        ("TANDEM_SILENT_DAYS", "a week", "7, 14, 21"),
        ("TANDEM_TEXTS", "nowhere", "folder"),
    ],
)
def test_a_wrong_value_is_one_line_with_the_variable_and_the_cure(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, cure: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    line = str(caught.value)
    assert line.startswith(f"{name}: ")
    assert cure in line
    assert "\n" not in line


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_on_postgresql_the_key_has_a_file_and_the_password_does_not_show(
    monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://tandem:hidden@localhost/tandem")
    with pytest.raises(SettingsError, match=r"^TANDEM_KEY_FILE: "):
        read_settings()
    monkeypatch.setenv("TANDEM_KEY_FILE", "tandem.key")
    settings = read_settings()
    assert settings.database_url == "postgresql+psycopg://tandem:hidden@localhost/tandem"
    assert settings.secrets == ("hidden",)
    assert "hidden" not in repr(settings)


def test_slack_needs_both_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    with pytest.raises(SettingsError, match=r"^SLACK_APP_TOKEN: "):
        read_settings()


HTTP = {"SLACK_MODE": "http", "SLACK_SIGNING_SECRET": "s", "TANDEM_PUBLIC_URL": "https://t.org"}
ONE = {**HTTP, "SLACK_BOT_TOKEN": "xoxb-1"}
MANY = {**HTTP, "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "c"}


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"TELEGRAM_MODE": "webhook"}, "TANDEM_PUBLIC_URL"),
        ({"TELEGRAM_MODE": "webhook", "TANDEM_PUBLIC_URL": "http://t.org"}, "TANDEM_PUBLIC_URL"),
        ({"TELEGRAM_MODE": "webhook", "TANDEM_PUBLIC_URL": "https://t.org"}, ""),
        (ONE, ""),
        (MANY, ""),
        (HTTP, "SLACK_BOT_TOKEN"),
        ({**ONE, "SLACK_SIGNING_SECRET": " "}, "SLACK_SIGNING_SECRET"),
        ({**ONE, "TANDEM_PUBLIC_URL": ""}, "TANDEM_PUBLIC_URL"),
        ({**MANY, "SLACK_CLIENT_SECRET": ""}, "SLACK_CLIENT_SECRET"),
        ({**MANY, "SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_BOT_TOKEN"),
        ({**MANY, "SLACK_MODE": "socket"}, "SLACK_MODE"),
    ],
)
def test_each_way_in_names_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], missing: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    if not missing:
        assert read_settings().slack == ("SLACK_MODE" in given)
        return
    with pytest.raises(SettingsError, match=rf"^{missing}: .*; "):
        read_settings()


def test_secrets_of_every_way_in_are_kept_out_of_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in MANY.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert set(settings.secrets) == {"s", "c"}
    assert settings.workspaces == frozenset()
    assert Settings(slack_workspaces="T1, T2,").workspaces == {"T1", "T2"}


@pytest.mark.parametrize(
    ("asked", "address"),
    [("", None), ("off", None), ("127.0.0.1:9000", ("127.0.0.1", 9000)), ("[::1]:1", ("::1", 1))],
)
def test_beside_a_token_the_playground_has_to_be_asked_for(
    asked: str, address: tuple[str, int] | None
) -> None:
    settings = Settings(telegram_bot_token=SecretStr("1:a"), tandem_playground=asked)
    assert settings.playground == address


def test_parts_of_countries_are_known_by_their_country() -> None:
    settings = Settings(tandem_holidays="DE-BY, AT-9,")
    assert settings.holidays == {"DE": "BY", "AT": "9"}
    assert Settings().holidays == {}


def test_calendars_are_served_beside_a_public_address() -> None:
    settings = Settings(tandem_public_url="https://tandem.example.org", tandem_listen="[::1]:90")
    assert settings.listen == ("::1", 90)
    assert Settings().listen == ("127.0.0.1", 8081)


def test_figures_are_told_only_where_it_is_asked_for() -> None:
    assert Settings(tandem_metrics="127.0.0.1:9464").metrics == ("127.0.0.1", 9464)
    assert (Settings().metrics, Settings(tandem_metrics="off").metrics) == (None, None)


def test_env_files_are_read_and_tokens_do_not_show(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TELEGRAM_BOT_TOKEN=123:hidden\nTANDEM_ORGANIZERS=telegram:7\n")
    settings = read_settings()
    assert settings.secrets == ("123:hidden",)
    assert settings.organizers == {("telegram", "7")}
    assert "hidden" not in repr(settings)


def test_the_example_describes_every_setting_with_its_default() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    described = {}
    for comment, line in pairwise(lines):
        if match := re.fullmatch(r"([A-Z_]+)=(.*)", line):
            assert comment.startswith("# "), f"{match[1]} has no sentence before it"
            described[match[1]] = match[2]
    defaults = {name.upper(): field.default for name, field in Settings.model_fields.items()}
    plain = {
        name: value.get_secret_value() if isinstance(value, SecretStr) else str(value or "")
        for name, value in defaults.items()
    }
    assert described == plain
