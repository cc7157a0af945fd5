"""The program as an operator meets it: it starts with one command, and errors name the cure."""

import asyncio
import json
import os
import re
import signal
import sys
from pathlib import Path

import pytest

from bot.store.database import connect
from tests.telegram_standin import TelegramStandin
from tests.test_telegram import joins

pytestmark = pytest.mark.whole

ROOT = Path(__file__).parent.parent


async def tandem(folder: Path, *words: str, **settings: str) -> asyncio.subprocess.Process:
    """The program in an environment with nothing in it but these settings."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *words,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def output(program: asyncio.subprocess.Process) -> tuple[int | None, str, str]:
    async with asyncio.timeout(30):
        out, err = await program.communicate()
    return program.returncode, out.decode(), err.decode()


async def first_line(program: asyncio.subprocess.Process) -> str:
    assert program.stdout is not None
    async with asyncio.timeout(30):
        return (await program.stdout.readline()).decode()


async def test_without_a_token_the_playground_starts_and_ctrl_c_ends_it_cleanly(
    tmp_path: Path,
) -> None:
    program = await tandem(tmp_path, "run", TANDEM_PLAYGROUND="127.0.0.1:0")
    assert re.fullmatch(
        r"Tandem's playground: http://127\.0\.0\.1:\d+\n", await first_line(program)
    )
    program.send_signal(signal.SIGINT)
    code, _, errors = await output(program)
    assert (code, errors) == (0, "")
    assert (tmp_path / "data" / "tandem.db").exists()


async def test_a_second_program_on_the_same_file_is_refused(tmp_path: Path) -> None:
    first = await tandem(tmp_path, "run", TANDEM_PLAYGROUND="127.0.0.1:0")
    await first_line(first)
    code, _, errors = await output(await tandem(tmp_path, "run", TANDEM_PLAYGROUND="127.0.0.1:0"))
    first.send_signal(signal.SIGTERM)
    assert (await output(first))[0] == 0
    assert code == 2
    assert re.fullmatch(r"DATABASE_URL: another Tandem is running on .*; stop it first\n", errors)


async def test_a_port_that_is_taken_is_one_line_with_the_cure(tmp_path: Path) -> None:
    server = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    program = await tandem(tmp_path, "run", TANDEM_PLAYGROUND=f"127.0.0.1:{port}")
    code, _, errors = await output(program)
    server.close()
    await server.wait_closed()
    assert code == 2
    assert errors.startswith(f"TANDEM_PLAYGROUND: can't open 127.0.0.1:{port}")
    assert errors.count("\n") == 1


@pytest.mark.parametrize("word", ["run", "doctor"])
async def test_a_wrong_value_ends_the_start_with_one_line(tmp_path: Path, word: str) -> None:
    program = await tandem(tmp_path, word, TANDEM_DEFAULT_TIMEZONE="Berlin")
    assert await output(program) == (
        2,
        "",
        "TANDEM_DEFAULT_TIMEZONE: use an IANA name such as Europe/Berlin\n",
    )


async def test_the_doctor_says_what_is_fine_and_what_is_missing(tmp_path: Path) -> None:
    async with TelegramStandin() as telegram:
        settings = {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url}
        code, out, errors = await output(await tandem(tmp_path, "doctor", **settings))
        assert errors == ""
        assert re.search(r"^ok  telegram: @\w+$", out, re.MULTILINE)
        assert re.search(r"^FIX organizers: TANDEM_ORGANIZERS: ", out, re.MULTILINE)
        assert code == 1
        settings["TELEGRAM_BOT_TOKEN"] = "123:wrong"  # noqa: S105 -- of the stand-in
        _, out, _ = await output(await tandem(tmp_path, "doctor", **settings))
        assert re.search(r"^FIX telegram: TELEGRAM_BOT_TOKEN: ", out, re.MULTILINE)


async def test_the_doctor_asks_for_somebody_responsible_and_somebody_to_turn_to(
    tmp_path: Path,
) -> None:
    async with TelegramStandin() as telegram:
        settings = {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url}
        code, out, _ = await output(await tandem(tmp_path, "doctor", **settings))
        assert "FIX contact: TANDEM_OPERATOR, TANDEM_CONTACT: name who" in out
        settings |= {"TANDEM_OPERATOR": "Verein", "TANDEM_ORGANIZERS": "telegram:1"}
        code, out, _ = await output(await tandem(tmp_path, "doctor", **settings))
        assert (code, "FIX contact: TANDEM_CONTACT: name who" in out) == (1, True)
        settings["TANDEM_CONTACT"] = "Kim, kim@example.org"
        code, out, _ = await output(await tandem(tmp_path, "doctor", **settings))
        assert (code, "ok  contact: Kim, kim@example.org\n" in out) == (0, True)


async def test_the_doctor_wants_the_key_to_be_its_owners_alone(tmp_path: Path) -> None:
    key = tmp_path / "data" / "tandem.key"
    code, out, _ = await output(await tandem(tmp_path, "doctor"))
    assert (code, f"ok  key: {key.relative_to(tmp_path)}, readable by its" in out) == (0, True)
    assert key.stat().st_mode & 0o777 == 0o600
    key.chmod(0o640)
    code, out, _ = await output(await tandem(tmp_path, "doctor"))
    assert code == 1
    assert re.search(r"^FIX key: .*; chmod 600 data/tandem\.key$", out, re.MULTILINE)
    key.chmod(0o600)
    assert (await output(await tandem(tmp_path, "doctor")))[0] == 0


async def test_a_new_key_seals_everything_anew_and_the_bot_goes_on(tmp_path: Path) -> None:
    key, name = tmp_path / "data" / "tandem.key", "Ana Ungewöhnlich"
    async with TelegramStandin() as telegram:
        settings = {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url}
        ana = telegram.person(name, language="de")
        program = await tandem(tmp_path, "run", **settings)
        await joins(ana, "Singen", "Kochen")
        busy = await output(await tandem(tmp_path, "new-key", **settings))
        assert (busy[0], "another Tandem is running" in busy[2]) == (2, True)
        program.send_signal(signal.SIGINT)
        assert (await output(program))[0] == 0

        before = key.read_bytes()
        code, out, errors = await output(await tandem(tmp_path, "new-key", **settings))
        assert (code, errors) == (0, "")
        assert int(out.split()[0]) > 1
        assert "the new key in data/tandem.key" in out
        after = key.read_bytes()
        assert (len(after.split()), after == before) == (1, False)
        assert key.stat().st_mode & 0o777 == 0o600

        program = await tandem(tmp_path, "run", **settings)
        ana.says("/profil")
        assert f"Name: {name}" in (await ana.sees("Dein Profil", timeout=30)).text
        ana.presses("✎ Ich biete")  # a button of after, on what was said before
        await ana.sees(lambda m: "✓ Singen" in m.labels)
        program.send_signal(signal.SIGINT)
        assert (await output(program))[0] == 0


@pytest.mark.parametrize(
    ("word", "wrong", "cure"),
    [
        ("run", None, "is not the key this database was sealed with; put that file back"),
        ("new-key", b"nonsense", "holds no key; put the right file back"),
    ],
)
async def test_without_the_right_key_the_start_ends_with_the_cure(
    tmp_path: Path, word: str, wrong: bytes | None, cure: str
) -> None:
    """Every way to lose a key: see `tests.test_sealing`."""
    key = tmp_path / "data" / "tandem.key"
    connect(f"sqlite:///{tmp_path}/data/tandem.db").dispose()
    right = key.read_bytes()
    key.unlink() if wrong is None else key.write_bytes(wrong)
    code, out, errors = await output(await tandem(tmp_path, word, TANDEM_PLAYGROUND="127.0.0.1:0"))
    assert (code, out) == (2, "")
    assert errors.startswith(f"TANDEM_KEY_FILE: data/tandem.key {cure}")
    assert errors.count("\n") == 1
    assert (key.read_bytes() if key.exists() else None) == wrong, "nothing is put in its place"
    _, out, _ = await output(await tandem(tmp_path, "doctor"))
    assert re.search(r"^FIX database: TANDEM_KEY_FILE: ", out, re.MULTILINE)
    key.write_bytes(right)
    key.chmod(0o600)
    assert (await output(await tandem(tmp_path, "doctor")))[0] == 0


async def test_logs_hold_neither_tokens_nor_anybodys_words(tmp_path: Path) -> None:
    async with TelegramStandin() as telegram:
        settings = {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url}
        program = await tandem(tmp_path, "run", **settings)
        ana = telegram.person("Ana", language="de")
        ana.says("ein ganz privates Wort")
        await ana.sees("Ich bin Tandem", timeout=30)
        program.send_signal(signal.SIGINT)
        code, out, errors = await output(program)
        assert code == 0
        assert telegram.token not in out + errors
        assert "privates" not in out + errors
        assert all(json.loads(line) for line in errors.splitlines())


def test_the_readme_names_commands_that_exist() -> None:
    readme, makefile = (ROOT / "README.md").read_text(), (ROOT / "Makefile").read_text()
    named = set(re.findall(r"`make (\w+)`|^make (\w+)", readme, re.MULTILINE))
    targets = set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    assert {target for pair in named for target in pair if target} <= targets
    linked = re.findall(r"\]\((?!http)([^)]+)\)", readme)
    assert [path for path in linked if not (ROOT / path).exists()] == []
