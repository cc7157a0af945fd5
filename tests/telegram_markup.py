"""Text formatting: what is left of an HTML message when Telegram has parsed it.

As strict as the documentation, where the real parser is more forgiving: a bare ``&`` or ``>`` is
refused, because "all <, > and & symbols that are not a part of a tag or an HTML entity must be
replaced" (Bot API: HTML style).
"""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, urlsplit

from tests.telegram_wire import ApiError, Json, bad_request, utf16_length

_KINDS: Final = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("span", "tg-spoiler"), "spoiler"),
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
}
_NAMED: Final = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}
_NUMERIC: Final = re.compile(r"&#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));")
_PIECES: Final = re.compile(
    r"""(?P<words>[^<>&]+) | (?P<reference>&(?:[\w#]+;)?)
      | (?P<tag><(?:[^<>"'] | "[^"]*" | '[^']*')*>?) | (?P<stray>>)""",
    re.VERBOSE,
)
_TAG: Final = re.compile(r"<(/?)([^\s>]*)\s*(.*?)\s*>", re.DOTALL)
_ATTRIBUTE: Final = re.compile(
    r"""([^\s=>/"']+) (?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+)))? (?:\s+|$)""", re.VERBOSE
)
# Removed or made a space before anything is counted (telegram-bot-api: clean_input_string).
_CLEAN: Final = (
    {code: " " for code in range(32) if chr(code) not in "\n\r"}
    | {ord("\r"): None}
    | dict.fromkeys(range(0x2028, 0x202F))
)


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text as people see it, and what is set in bold, linked ... in it."""

    text: str
    entities: list[Json]


def parse_plain(source: str) -> Formatted:
    return _trimmed(source.translate(_CLEAN), [])


def parse_html(source: str) -> Formatted:
    """Raises 400 "can't parse entities: ..." for anything outside Bot API: HTML style."""
    return _Parser(source).parse()


@dataclass(slots=True)
class _Open:
    """A tag that waits for its end tag."""

    name: str
    attributes: dict[str, str]
    offset: int
    index: int


@dataclass(slots=True)
class _Parser:
    source: str
    out: list[str] = field(default_factory=list)
    length: int = 0
    open: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def parse(self) -> Formatted:
        for piece in _PIECES.finditer(self.source):
            match piece.lastgroup:
                case "words":
                    self._write(piece[0])
                case "reference":
                    self._write(_character(piece[0], self._where(piece)))
                case "tag":
                    self._tag(piece)
                case _:
                    raise _cannot_parse(f"Unescaped character '>'{self._where(piece)}")
        if self.open:
            name = self.open[-1].name
            raise _cannot_parse(f'Can\'t find end tag corresponding to start tag "{name}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return _trimmed("".join(self.out), self.entities)

    def _where(self, piece: re.Match[str]) -> str:
        return f" at byte offset {len(self.source[: piece.start()].encode())}"

    def _write(self, words: str) -> None:
        clean = words.translate(_CLEAN)
        self.out.append(clean)
        self.length += utf16_length(clean)

    def _tag(self, piece: re.Match[str]) -> None:
        tag = _TAG.fullmatch(piece[0])
        if tag is None:
            raise _cannot_parse(f"Unclosed start tag{self._where(piece)}")
        end, name, attributes = tag[1], tag[2].lower(), tag[3]
        if end:
            self._end(name, self._where(piece))
        elif name in _KINDS:
            self._start(name, attributes, self._where(piece))
        else:
            raise _cannot_parse(f'Unsupported start tag "{name}"{self._where(piece)}')

    def _start(self, name: str, attributes: str, where: str) -> None:
        found = _attributes(name, attributes, where)
        if name == "span" and found.get("class") != "tg-spoiler":
            raise _cannot_parse(f'Tag "span" must have class "tg-spoiler"{where}')
        self.open.append(_Open(name, found, self.length, len(self.out)))

    def _end(self, name: str, where: str) -> None:
        if not self.open:
            raise _cannot_parse(f"Unexpected end tag{where}")
        start = self.open.pop()
        if name != start.name:
            expected = f'expected "</{start.name}>", found "</{name}>"'
            raise _cannot_parse(f"Unmatched end tag{where}, {expected}")
        if self.length > start.offset:
            self._mark(start)

    def _mark(self, start: _Open) -> None:
        around = {_KINDS[tag.name] for tag in self.open}
        if around & {"pre", "code"}:
            self._name_language(start)
            return
        kind = _KINDS[start.name]
        if kind == "blockquote" and kind in around:
            return  # "blockquote entities can't be nested"
        entity: Json = {"type": kind, "offset": start.offset, "length": self.length - start.offset}
        if kind == "text_link":
            entity |= _link(start.attributes.get("href") or "".join(self.out[start.index :]))
        elif kind == "blockquote" and "expandable" in start.attributes:
            entity["type"] = "expandable_blockquote"
        elif kind == "pre" and "language" in start.attributes:
            entity["language"] = start.attributes["language"]
        if entity["type"]:
            self.entities.append(entity)

    def _name_language(self, code: _Open) -> None:
        """``<pre><code class="language-...">`` names the language of the ``<pre>``."""
        parent, language = self.open[-1], code.attributes.get("class", "")
        if code.name == "code" and parent.name == "pre" and language.startswith("language-"):
            parent.attributes["language"] = language.removeprefix("language-")


def _attributes(tag: str, source: str, where: str) -> dict[str, str]:
    found: dict[str, str] = {}
    position = 0
    while position < len(source):
        attribute = _ATTRIBUTE.match(source, position)
        if attribute is None:
            raise _cannot_parse(f'Empty attribute name in the tag "{tag}"{where}')
        value = next((group for group in attribute.groups()[1:] if group is not None), "")
        found[attribute[1]] = re.sub(r"&(?:[\w#]+;)?", lambda it: _character(it[0], where), value)
        position = attribute.end()
    return found


def _character(reference: str, where: str) -> str:
    """Four named references and all numeric ones (Bot API: HTML style)."""
    if reference in _NAMED:
        return _NAMED[reference]
    number = _NUMERIC.fullmatch(reference)
    code = int(number[1], 16) if number and number[1] else int(number[2]) if number else 0
    if not 0 < code < 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise _cannot_parse(f'Unsupported HTML entity "{reference}"{where}')
    return chr(code)


def _cannot_parse(why: str) -> ApiError:
    return bad_request(f"can't parse entities: {why}")


def _link(url: str) -> Json:
    """A link that is none is dropped without an error, as the real parser does."""
    user = linked_user(url)
    if user is not None:
        return {"type": "text_mention", "user": {"id": user}}
    try:
        return {"url": checked_link(url)}
    except ValueError:
        return {"type": ""}


def linked_user(url: str) -> int | None:
    """The person a ``tg://user?id=`` link means."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    ids = parse_qs(parts.query).get("id", [""])
    is_user = parts.scheme.lower() == "tg" and parts.netloc.lower() == "user"
    return int(ids[0]) if is_user and ids[0].isdecimal() else None


def checked_link(url: str) -> str:
    """The address as Telegram keeps it; raises ValueError for one it doesn't take.

    A host without a dot ("localhost") is refused (td: LinkManager.check_link).
    """
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if re.search(r"\s", url) or parts.scheme.lower() not in {"http", "https", "tg"}:
        raise ValueError("Wrong HTTP URL")
    if parts.scheme.lower() == "tg":
        return url
    if "." not in (parts.hostname or "") and ":" not in (parts.hostname or ""):
        raise ValueError("Wrong HTTP URL")
    return parts._replace(path=parts.path or "/").geturl()


def _trimmed(text: str, entities: list[Json]) -> Formatted:
    """Without blanks around it; at the front only those before the first entity."""
    text = text.rstrip(" \n")
    end = utf16_length(text)
    kept = [entity for entity in entities if entity["offset"] < end]
    first = min((entity["offset"] for entity in kept), default=end)
    lead = min(len(text) - len(text.lstrip(" \n")), first)
    moved = [_moved(entity, lead, end) for entity in kept]
    return Formatted(text[lead:], moved)


def _moved(entity: Json, lead: int, end: int) -> Json:
    length = min(entity["length"], end - entity["offset"])
    return entity | {"offset": entity["offset"] - lead, "length": length}
