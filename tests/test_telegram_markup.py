"""The stand-in's reading of HTML and of keyboards, against the documentation."""

import json
from typing import Any

import pytest

from tests.telegram_keyboards import Button, Markup, read_markup
from tests.telegram_markup import checked_link, parse_html, parse_plain
from tests.telegram_wire import ApiError, Json


def entity(kind: str, offset: int, length: int, **more: str) -> Json:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("Hallo", "Hallo", []),
        ("<b>a</b><strong>b</strong>", "ab", [entity("bold", 0, 1), entity("bold", 1, 1)]),
        ("<i>a</i><EM>b</EM >", "ab", [entity("italic", 0, 1), entity("italic", 1, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [entity("underline", 0, 1), entity("underline", 1, 1)]),
        ("<s>a</s>", "a", [entity("strikethrough", 0, 1)]),
        ("<strike>a</strike>", "a", [entity("strikethrough", 0, 1)]),
        ("<del>a</del>", "a", [entity("strikethrough", 0, 1)]),
        ("<tg-spoiler>a</tg-spoiler>", "a", [entity("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">a</span>', "a", [entity("spoiler", 0, 1)]),
        ("<code>a</code>", "a", [entity("code", 0, 1)]),
        ("<code><b>a</b></code>", "a", [entity("code", 0, 1)]),
        ("<pre>a</pre>", "a", [entity("pre", 0, 1)]),
        (
            '<pre><code class="language-python">a</code></pre>',
            "a",
            [entity("pre", 0, 1, language="python")],
        ),
        (
            "<blockquote>a<blockquote>b</blockquote></blockquote>",
            "ab",
            [entity("blockquote", 0, 2)],
        ),
        (
            "<blockquote expandable>a</blockquote>",
            "a",
            [entity("expandable_blockquote", 0, 1)],
        ),
        ("<b>👋<i>ü</i></b>", "👋ü", [entity("bold", 0, 3), entity("italic", 2, 1)]),
        (
            '<a href="https://t.me/x?a=1&amp;b=2">hier</a>',
            "hier",
            [entity("text_link", 0, 4, url="https://t.me/x?a=1&b=2")],
        ),
        (
            "<a href='example.org/&#39;&gt;'>x</a>",
            "x",
            [entity("text_link", 0, 1, url="http://example.org/'>")],
        ),
        (
            "<a>example.org</a>",
            "example.org",
            [entity("text_link", 0, 11, url="http://example.org/")],
        ),
        ("<a href='mailto:a'>x</a><a href='http://['>y</a>", "xy", []),
        ("&lt;&gt;&amp;&quot;&#39;&#x1F44B;", "<>&\"'👋", []),
        (" \n Hallo <b>Ana </b>\n ", "Hallo Ana", [entity("bold", 6, 3)]),
        ("<b> a</b>", " a", [entity("bold", 0, 2)]),
        ("a\r\n\tb\u202ec<b></b>", "a\n bc", []),
    ],
)
def test_html(html: str, text: str, entities: list[Json]) -> None:
    parsed = parse_html(html)
    assert (parsed.text, parsed.entities) == (text, entities)


@pytest.mark.parametrize(
    ("html", "error"),
    [
        ("ü<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("a < b", "Unclosed start tag at byte offset 2"),
        ("<3", "Unclosed start tag at byte offset 0"),
        ("<a href='x>y</a>", "Unclosed start tag at byte offset 0"),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        (
            "<b><i>a</b></i>",
            'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
        ),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a =x>a</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("Tom & Ben", 'Unsupported HTML entity "&" at byte offset 4'),
        ("&nbsp;", 'Unsupported HTML entity "&nbsp;" at byte offset 0'),
        ("&apos;", 'Unsupported HTML entity "&apos;" at byte offset 0'),
        ("&amp", 'Unsupported HTML entity "&" at byte offset 0'),
        ("&#0;", 'Unsupported HTML entity "&#0;" at byte offset 0'),
        ("&#xD83D;", 'Unsupported HTML entity "&#xD83D;" at byte offset 0'),
        ("<a href='?a&b'>x</a>", 'Unsupported HTML entity "&" at byte offset 0'),
        ("a -> b", "Unescaped character '>' at byte offset 3"),
    ],
)
def test_wrong_html(html: str, error: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse_html(html)
    assert refused.value.description == f"Bad Request: can't parse entities: {error}"


def test_plain_text_is_left_alone() -> None:
    assert parse_plain(" <b>Tom & Ben</b>\n").text == "<b>Tom & Ben</b>"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org", "https://example.org/"),
        ("example.org/a?b#c", "http://example.org/a?b#c"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/"),
        ("tg://resolve?domain=tandem", "tg://resolve?domain=tandem"),
    ],
)
def test_links(url: str, kept: str) -> None:
    assert checked_link(url) == kept


@pytest.mark.parametrize("url", ["", "http://localhost", "ftp://example.org", "https://a b.org"])
def test_wrong_links(url: str) -> None:
    with pytest.raises(ValueError, match="Wrong HTTP URL"):
        checked_link(url)


def read(markup: object) -> Markup | None:
    return read_markup(json.dumps(markup), lambda _: None)


def inline(*buttons: Any) -> Json:
    return {"inline_keyboard": [list(buttons)]}


def data(number: int) -> Json:
    return {"text": str(number), "callback_data": str(number)}


def test_buttons() -> None:
    markup = read(
        inline(
            {"text": "Gern", "callback_data": "ü" * 32, "style": "success"},
            {"text": "Zur Seite", "url": "https://example.org/"},
            {"text": "Ben", "url": "tg://user?id=77"},
            {"text": "Abschreiben", "copy_text": {"text": "TANDEM"}},
            {"text": "App", "web_app": {"url": "https://example.org"}},
            {"text": "Weitersagen", "switch_inline_query": ""},
        )
    )
    assert markup
    assert markup.buttons == [
        [
            Button("Gern", data="ü" * 32),
            Button("Zur Seite", url="https://example.org/"),
            Button("Ben", url="tg://user?id=77"),
            *map(Button, ("Abschreiben", "App", "Weitersagen")),
        ]
    ]


def test_other_markups() -> None:
    keyboard = read({"keyboard": [["Ja", {"text": "Nummer", "request_contact": True}]]})
    assert keyboard
    assert (keyboard.kind, keyboard.buttons) == ("keyboard", [])
    assert keyboard.labels == [["Ja", "Nummer"]]
    assert read({"remove_keyboard": True}) == Markup("remove")
    assert read({"force_reply": True, "selective": True}) == Markup("force_reply")
    assert read({"inline_keyboard": []}) is None
    assert read_markup("", lambda _: None) is None


def test_the_largest_keyboard() -> None:
    rows = [[data(number) for number in range(8)] for _ in range(12)]
    full = read({"inline_keyboard": [*rows, [data(number) for number in range(4)]]})
    assert full
    assert sum(map(len, full.buttons)) == 100


@pytest.mark.parametrize(
    ("markup", "error"),
    [
        (inline({"text": "x", "callback_data": "ü" * 33}), "BUTTON_DATA_INVALID"),
        (inline({"text": "x", "callback_data": ""}), "BUTTON_DATA_INVALID"),
        (inline({"text": "x", "callback_data": 1}), "must be of type String"),
        (inline({"text": "", "callback_data": "x"}), "text must be non-empty"),
        (inline({"callback_data": "x"}), "InlineKeyboardButton must be an Object with a text"),
        (inline({"text": "x"}), "Text buttons are unallowed in the inline keyboard"),
        (inline(data(1) | {"url": "https://example.org"}), "the button does url and callback_data"),
        (inline({"text": "x", "pay": True}), "the button does pay"),
        (inline(data(1) | {"style": "pink"}), "invalid button style"),
        (inline({"text": "x", "url": "http://localhost"}), "URL 'http://localhost' is invalid"),
        (inline({"text": "x", "web_app": {"url": "http://a.org"}}), "Only HTTPS links are allowed"),
        (inline({"text": "x", "copy_text": {"text": ""}}), "must hold 1-256 characters"),
        (inline(*map(data, range(9))), "reply markup is too long"),
        ({"inline_keyboard": [[data(1)]] * 101}, "reply markup is too long"),
        (
            {"inline_keyboard": [[{"text": "x" * 200, "callback_data": "x"}]] * 50},
            "reply markup is too long",
        ),
        ({"inline_keyboard": [data(1)]}, "must be an Array of Arrays"),
        ({"keyboard": [[1]]}, "KeyboardButton must be a String or an Object"),
        ({"keyboard": [[" "]]}, "keyboard button text must be non-empty"),
        ({}, "object expected as reply markup"),
        ([], "object expected as reply markup"),
    ],
)
def test_wrong_markups(markup: object, error: str) -> None:
    with pytest.raises(ApiError) as refused:
        read(markup)
    assert refused.value.code == 400
    assert error in refused.value.description
