"""What the bot says, in the reader's language.

One file per form or noun and language, one block per thing said: read from top to bottom, a
file is the script of a conversation. Blocks a file lacks are looked for in ``common``. An
operator's folder with the same file and block names goes before the package's own texts.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import NewType
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from jinja2 import (
    BaseLoader,
    FileSystemLoader,
    PackageLoader,
    StrictUndefined,
    Template,
    TemplateNotFound,
    nodes,
)
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from bot.conversation.places import LANGUAGES, city

__all__ = ["LANGUAGES", "Label", "Wording", "Words", "markup", "plain"]

MOMENT = {"de": "ccc, d.M., HH:mm 'Uhr'", "en": "EEE d MMM, HH:mm"}
PLATFORMS = {"telegram": "Telegram", "slack": "Slack", "playground": "Playground"}
"""Proper names, the same in every language."""
DAY = {"de": "ccc, d.M.", "en": "EEE d MMM"}
WEEKLY = {"de": "EEEE, HH:mm 'Uhr'", "en": "EEEE, HH:mm"}
DATE = {"de": "d. MMMM y", "en": "d MMMM y"}
"""With the year, for what is months away."""
DATED = {"de": "%d.%m.%Y, %H:%M Uhr", "en": "%Y-%m-%d, %H:%M"}
"""With the year, for what is kept; in digits only, which no locale has to spell."""

MONDAY = date(2024, 1, 1)
"""Any one."""

# Text out of a template, in the HTML subset <b> <i> <code> <a>. Messages take nothing else,
# so the type checker keeps prose out of the code.
Words = NewType("Words", Markup)
# The same without markup: for buttons, titles, notifications.
Label = NewType("Label", str)

TAG = re.compile(r"<[^>]*>")


@cache
def _environment(language: str, overrides: Path | None) -> tuple[SandboxedEnvironment, ...]:
    package: list[BaseLoader] = [PackageLoader("templates", "")]
    own: list[BaseLoader] = [FileSystemLoader(overrides)] if overrides else []
    return tuple(_prepared(loader, language) for loader in own + package)


def _prepared(loader: BaseLoader, language: str) -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= _filters(language)
    return environment


def _filters(language: str) -> dict[str, Callable[..., str]]:
    def moment(at: datetime, zone: str = "UTC", named: bool = False) -> str:
        """``named``: with the place whose time it is, for people who live by different ones."""
        said = format_datetime(_local(at, zone), MOMENT[language], locale=language)
        return f"{said} ({city(zone, language)})" if named else said

    def day(at: datetime | date, zone: str) -> str:
        there = _local(at, zone) if isinstance(at, datetime) else at
        return format_date(there, DAY[language], locale=language)

    def clock(at: datetime, zone: str) -> str:
        return _local(at, zone).strftime("%H:%M")

    def listed(items: Iterable[str]) -> str:
        return format_list(list(items), locale=language)

    def dated(at: datetime | str, zone: str = "UTC") -> str:
        """A wall time may come as it is stored: as text."""
        moment = datetime.fromisoformat(at) if isinstance(at, str) else at
        return _local(moment, zone).strftime(DATED[language])

    def date_(at: date | str) -> str:
        """A day may come as it is stored: as text."""
        day = date.fromisoformat(at) if isinstance(at, str) else at
        return format_date(day, DATE[language], locale=language)

    def weekly(at: str) -> str:
        """A weekday and wall time as a form has them: "1 18:00"."""
        weekday, _, wall = at.partition(" ")
        moment = datetime.combine(MONDAY + timedelta(int(weekday)), time.fromisoformat(wall))
        return format_datetime(moment, WEEKLY[language], locale=language)

    def place(zone: str) -> str:
        return city(zone, language)

    def tongue(code: str) -> str:
        """A language by its name."""
        return Locale.parse(code).get_language_name(language) or code

    def platform(name: str) -> str:
        return PLATFORMS.get(name, name)

    def shortened(text: str, limit: int) -> str:
        return text if len(text) <= limit else f"{text[:limit].rstrip()} …"

    return {
        "platform": platform,
        "tongue": tongue,
        "shortened": shortened,
        "moment": moment,
        "day": day,
        "dated": dated,
        "date": date_,
        "weekly": weekly,
        "clock": clock,
        "listed": listed,
        "place": place,
    }


def _local(at: datetime, zone: str) -> datetime:
    """A naive moment is local already."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if at.tzinfo else at


@cache
def _templates(name: str, language: str, overrides: Path | None) -> tuple[Template, ...]:
    found = []
    for environment in _environment(language, overrides):
        try:
            found.append(environment.get_template(f"{language}/{name}.j2"))
        except TemplateNotFound:
            if environment is _environment(language, overrides)[-1]:
                raise
    return tuple(found)


@cache
def _needs(template: Template) -> Mapping[str, frozenset[str]]:
    """By block, the names it takes from its context; those of what it includes are not known."""
    environment = template.environment
    assert environment.loader is not None, "see _prepared"
    assert template.name is not None, "it was found by its name"
    source, *_ = environment.loader.get_source(environment, template.name)
    blocks = environment.parse(source).find_all(nodes.Block)
    return {
        block.name: frozenset(
            find_undeclared_variables(nodes.Template(block.body, lineno=1, environment=environment))
        )
        for block in blocks
    }


def _said(template: Template, block: str, known: Mapping[str, object]) -> Words:
    words = template.blocks[block](template.new_context(dict(known)))
    # Autoescaped: only a template's own tags are left.
    return Words(Markup("".join(words).strip()))  # noqa: S704 -- as said above


@cache
def _fixed(template: Template, block: str) -> Words:
    """Words that speak of nothing, so that they read the same for ever: most buttons."""
    return _said(template, block, {})


@cache
def _fixed_label(template: Template, block: str) -> Label:
    return plain(_fixed(template, block))


class Wording:
    """The texts of one file in one language."""

    def __init__(
        self, name: str, language: str, overrides: Path | None = None, slash: str = "/"
    ) -> None:
        """``slash`` is what a command begins with where the reader is."""
        self.language = language
        self._slash = slash
        common = _templates("common", language, overrides)
        self._templates = (*_templates(name, language, overrides), *common)

    def say(self, block: str, /, **context: object) -> Words:
        template = self._of(block)
        if not _needs(template)[block]:
            return _fixed(template, block)
        return _said(template, block, {"slash": self._slash, **context})

    def document(self, block: str, /, **context: object) -> str:
        """A whole page, with all the HTML there is; ``word`` says its smaller blocks.

        A long page says most of them hundreds of times, so each is made once.
        """
        known = {"slash": self._slash, "word": cache(self.label), **context}
        return str(_said(self._of(block), block, known))

    def label(self, block: str, /, **context: object) -> Label:
        template = self._of(block)
        if not _needs(template)[block]:
            return _fixed_label(template, block)
        return plain(_said(template, block, {"slash": self._slash, **context}))

    def needs(self, block: str) -> frozenset[str]:
        """What its words may speak of: the rest need not be found out."""
        return _needs(self._of(block))[block]

    def _of(self, block: str) -> Template:
        return next(template for template in self._templates if block in template.blocks)

    def has(self, block: str) -> bool:
        return any(block in template.blocks for template in self._templates)

    def blocks(self) -> set[str]:
        """The blocks of the package's own file, without those of ``common``."""
        return set(self._templates[-2].blocks)


def plain(words: Words) -> Label:
    """Words without their tags. User text has none: its signs are escaped in there."""
    return Label(Markup(TAG.sub("", words)).unescape())  # noqa: S704 -- to be unescaped


def markup(words: str) -> Words:
    """Words that were stored, as they came out of a template."""
    return Words(Markup(words))  # noqa: S704 -- nothing else is stored as words
