"""The page of professional contacts, one step away from everywhere.

It needs no database: whoever presses or types one of these gets it from the adapter itself, and
nothing of it is stored or logged. A crisis must not have to wait for anything else to work.
"""

from collections.abc import Mapping
from pathlib import Path

from bot.conversation.commands import COMMANDS
from bot.conversation.wording import LANGUAGES, Label, Wording, Words
from bot.errors import OperatorError

FILE = "crisis"
HANDLES = {f"{FILE}.{language}": language for language in LANGUAGES}
"""What a button for the page carries, and its language. Never issued, so it never expires."""
_WORDS = {"crisis": "en", **{word: language for language, word in COMMANDS["crisis"].items()}}
_AROUND = " \t\r\n!.?…"
"""What may stand around a bare word."""
LONGEST = 4000
"""Characters of the whole page with an operator's own contacts, markup and all: one message."""


class CrisisPageError(OperatorError):
    """An operator's own contacts can't be shown; the message says where and why."""


def asked(text: str) -> str | None:
    """In which language somebody asks for the page, by a button's handle, a command or its bare
    word (``/notfall``, ``/emergency@tandem_bot``, ``Notfall!``); None if they don't.

    A bare word only counts alone: in a sentence it is somebody's answer to a question.
    """
    if text in HANDLES:
        return HANDLES[text]
    said = text.strip(_AROUND)
    if said.startswith("/"):
        said = said.split()[0].lstrip("/").partition("@")[0].strip(_AROUND)
    return _WORDS.get(said.casefold())


def pages(overrides: Path | None) -> Mapping[str, Words]:
    """The page in every language, made at the start: a mistake in an operator's own contacts
    shows then, and not to somebody who needs them."""
    return {language: page(language, overrides) for language in LANGUAGES}


def page(language: str, overrides: Path | None) -> Words:
    """The page, with an operator's own ``local`` contacts in it.

    Only that block of theirs is read: the contacts that hold everywhere can't be taken away.
    """
    whole = Wording(FILE, language).say("crisis", local=_local(language, overrides))
    if len(whole) > LONGEST:
        raise CrisisPageError(_cure(language, f"the page would have {len(whole)} characters"))
    return whole


def button(language: str) -> Label:
    """What the way to the page is called, wherever it is not part of a card."""
    return Wording(FILE, language).label("button")


def handle(language: str) -> str:
    return f"{FILE}.{language}"


def _local(language: str, overrides: Path | None) -> Words:
    try:
        return Wording(FILE, language, overrides).say("local")
    except Exception as error:
        raise CrisisPageError(_cure(language, str(error))) from error


def _cure(language: str, why: str) -> str:
    return f"TANDEM_TEXTS: {language}/{FILE}.j2 can't be used ({why}); change its block local"
