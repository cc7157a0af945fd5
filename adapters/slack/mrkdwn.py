"""The bot's HTML subset as Slack's mrkdwn and as plain words, and Slack's text as it was typed.

Slack wants exactly ``& < >`` escaped (docs.slack.dev/messaging/formatting-message-text). Only what
stands in angle brackets becomes a mention or a link, so what people write never does.
"""

import re
from html.parser import HTMLParser

MARKS = {"b": "*", "i": "_", "code": "`"}
PERSON = re.compile(r"slack:([UW][A-Z0-9]+)")
LINK = re.compile(r"(?:https?://|mailto:|tg://)[^\s<>]+")
IN_BRACKETS = re.compile(r"<(?P<target>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")
ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
UNESCAPED = {escaped: sign for sign, escaped in ESCAPED.items()}


class _Writer(HTMLParser):
    """Writes mrkdwn, or with ``marked=False`` plain words in which links show their address."""

    def __init__(self, *, marked: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.written: list[str] = []
        self._marked = marked
        self._href = ""
        self._label = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._href, self._label = dict(attrs).get("href") or "", ""
        else:
            self._mark(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            link = _link if self._marked else _spelled_out
            self.written.append(link(self._href, self._label))
            self._href = self._label = ""
        else:
            self._mark(tag)

    def handle_data(self, data: str) -> None:
        if self._href:
            self._label += data
        else:
            self.written.append(escape(data))

    def _mark(self, tag: str) -> None:
        if self._marked:
            self.written.append(MARKS.get(tag, ""))


def to_mrkdwn(html: str) -> str:
    return _written(html, _Writer(marked=True))


def to_plain(html: str) -> str:
    """The whole meaning for notifications and screen readers, escaped as mrkdwn is."""
    return _written(html, _Writer(marked=False))


def escape(text: str) -> str:
    return "".join(ESCAPED.get(sign, sign) for sign in text)


def from_slack(text: str) -> str:
    """What somebody wrote, as they see it; a link hidden behind words keeps its address."""
    seen = IN_BRACKETS.sub(lambda found: _seen(found["target"], found["label"] or ""), text)
    return re.sub("&(?:amp|lt|gt);", lambda found: UNESCAPED[found[0]], seen)


def _written(html: str, writer: _Writer) -> str:
    writer.feed(html)
    writer.close()
    return "".join(writer.written)


def _link(href: str, label: str) -> str:
    if person := PERSON.fullmatch(href):
        # Slack shows the name it knows; ours would stand beside it.
        return f"<@{person[1]}>"
    words = escape(" ".join(label.split()))
    if not LINK.fullmatch(href):
        return words
    return f"<{escape(href).replace('|', '%7C')}|{words}>" if words else f"<{escape(href)}>"


def _spelled_out(href: str, label: str) -> str:
    """A person by the name we know; any other link with where it leads."""
    leads = LINK.fullmatch(href) and label not in href
    return escape(f"{label} ({href})" if leads else label)


def _seen(target: str, label: str) -> str:
    match target[:1]:
        case "!":  # <!here>, <!subteam^S1|@team>, <!date^0^{date}|27 Oct>
            return label or f"@{target[1:].partition('^')[0]}"
        case "@" | "#" as sign:
            return sign + (label or target[1:]).removeprefix(sign)
        case _ if not label or label.strip("/") in {target, _bare(target)}:
            return label or target
        case _:
            return f"{label} ({target})"


def _bare(address: str) -> str:
    """An address as people type it: Slack puts ``http://`` or ``mailto:`` before it."""
    return address.partition(":")[2].strip("/")
