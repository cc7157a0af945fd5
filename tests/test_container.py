"""The image and the composition: what can be said of them without building them."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from adapters.slack.installing import INSTALL, RETURN
from adapters.slack.posted import PATH as POSTED
from adapters.telegram.webhook import PATH as BROUGHT
from bot.engine.feeding import PATH as FEEDS
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
NAMES = {name.upper() for name in Settings.model_fields}
OTHERS = {"PATH", "PYTHONDONTWRITEBYTECODE"}


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:  # YAML
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return found


@pytest.fixture(scope="module")
def stages() -> list[list[str]]:
    """Each stage's instructions, one a line."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    begins = [n for n, line in enumerate(lines) if line.startswith("FROM ")]
    return [lines[a:b] for a, b in zip(begins, [*begins[1:], None], strict=True)]


def test_every_setting_in_them_exists(whole: dict[str, Any], stages: list[list[str]]) -> None:
    for name in ("setup", "bot"):
        assert set(whole["services"][name]["environment"]) <= NAMES
    environment = next(line for line in stages[-1] if line.startswith("ENV "))
    set_here = set(re.findall(r"([A-Z_]+)=", environment))
    assert set_here - OTHERS <= NAMES


def test_the_image_is_small_pinned_and_nobodys(stages: list[list[str]]) -> None:
    build, run = stages
    assert [stage[0].split()[1] for stage in stages] == ["python:3.13-slim"] * 2
    assert any("--require-hashes" in line and "requirements.lock" in line for line in build)
    assert not any("pip" in line for line in run)
    users = [line for line in run if line.startswith("USER ")]
    assert users == ["USER tandem"]
    assert run.index(users[0]) < run.index('ENTRYPOINT ["tandem"]')
    assert any(line.startswith("HEALTHCHECK ") and "/healthz" in line for line in run)
    assert not any(line.startswith("ADD ") for line in build + run)


def test_what_is_copied_exists_and_nothing_else_is_sent(stages: list[list[str]]) -> None:
    copied = {
        name
        for line in stages[0]
        if line.startswith("COPY ")
        for name in line.split()[1:-1]
        if not name.startswith("--")
    }
    assert [name for name in copied if not (ROOT / name).exists()] == []
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {line[1:] for line in ignored if line.startswith("!")} == copied


def test_only_the_proxy_is_open_and_passes_on_what_is_served(whole: dict[str, Any]) -> None:
    services = whole["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert whole["networks"]["inside"] == {"internal": True}
    assert "inside" not in services["proxy"]["networks"]
    content = whole["configs"]["caddyfile"]["content"]
    [passed] = re.findall(r"@bot path (.*)", content)
    begins = [pattern.removesuffix("*") for pattern in passed.split()]
    served = [FEEDS, BROUGHT, POSTED, INSTALL, RETURN]
    assert all(any(path.startswith(one) for one in begins) for path in served)
    assert not any("/healthz".startswith(one) for one in begins)


def test_bots_are_several_and_wait_for_the_key_and_the_schema(whole: dict[str, Any]) -> None:
    bot = whole["services"]["bot"]
    assert bot["deploy"]["replicas"] > 1
    assert bot["depends_on"] == {"setup": {"condition": "service_completed_successfully"}}
    assert "test -s /data/tandem.key" in whole["services"]["setup"]["entrypoint"][-1]
    tags = [service["image"] for service in whole["services"].values() if "build" not in service]
    assert all(":" in tag and not tag.endswith(":latest") for tag in tags)
