"""Texts of the bot as web pages for a host to link to: no script, nothing from elsewhere."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.conversation import crisis
from bot.conversation.commands import COMMANDS
from bot.conversation.wording import LANGUAGES, Wording, Words


def pages(overrides: Path | None, about: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The name of each file, and what is in it. ``about`` is what the privacy notice speaks of."""
    for language in LANGUAGES:
        notice = Wording("consent", language, overrides).say("notice", **about)
        yield _page("privacy", language, overrides, notice)
        yield _page("crisis", language, overrides, crisis.page(language, overrides))


def _page(title: str, language: str, overrides: Path | None, words: Words) -> tuple[str, str]:
    """Files are called like the command that shows the same in a chat."""
    wording = Wording("page", language, overrides)
    whole = wording.document("page", title=title, language=language, words=words)
    return f"{COMMANDS[title][language]}.html", whole + "\n"
