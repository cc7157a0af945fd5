"""The conversations in tests/transcripts happen as written."""

from pathlib import Path

import pytest

from tests.postgres import Server
from tests.stage import Stage

SCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.chat"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_transcript(script: Path, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    expected = script.read_text(encoding="utf-8")

    performed = Stage(tmp_path).perform(expected)

    if request.config.getoption("--rewrite"):
        script.write_text(performed, encoding="utf-8")
    assert performed == expected


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_transcript_on_postgresql(script: Path, postgres: Server) -> None:
    expected = script.read_text(encoding="utf-8")

    with postgres.place() as place:
        assert Stage(place).perform(expected) == expected
