"""The conversations in tests/transcripts happen as written: all on SQLite and, with --postgres, all
on PostgreSQL as well."""

import re
from pathlib import Path

import pytest

from tests.postgres import Server
from tests.stage import Stage

SCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.chat"))
ON_BOTH = {
    "agreement_race.de",
    "data.de",
    "round_of_three.de",
    "series.de",
    "three_zones",
}
"""Where most is stored, taken back and deleted, and most people are about one thing."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    everything = metafunc.function is test_transcript or metafunc.config.getoption("--postgres")
    scripts = [path for path in SCRIPTS if everything or path.stem in ON_BOTH]
    marked = [
        pytest.param(path, id=path.stem, marks=[] if path.stem in ON_BOTH else pytest.mark.whole)
        for path in scripts
    ]
    metafunc.parametrize("script", marked)


def test_transcript(script: Path, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    expected = script.read_text(encoding="utf-8")

    performed = Stage(tmp_path).perform(expected)
    if request.config.getoption("--postgres"):
        performed, expected = _unnumbered(performed), _unnumbered(expected)

    if request.config.getoption("--rewrite"):
        script.write_text(performed, encoding="utf-8")
    assert performed == expected


def test_transcript_on_postgresql(script: Path, postgres: Server) -> None:
    expected = script.read_text(encoding="utf-8")

    with postgres.place() as place:
        assert _unnumbered(Stage(place).perform(expected)) == _unnumbered(expected)


def _unnumbered(text: str) -> str:
    """On PostgreSQL numbers that were not used in the end are left out."""
    return re.sub(r"(Sendung|parcel) \d+", r"\1 N", text)
