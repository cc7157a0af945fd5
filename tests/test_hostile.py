"""What people write stays words: on every platform, in every template, in both languages.

Nothing they write becomes a mention, a link or a tag, breaks a message or makes it too long; it
is compared with what the same words become with a harmless ``x`` in its place.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from adapters.slack.blocks import to_blocks
from adapters.slack.modals import to_view
from adapters.slack.mrkdwn import escape, from_slack, to_mrkdwn
from adapters.slack.outgoing import worded
from bot.conversation import sheets
from bot.conversation.answers import Answer, Problem, clean
from bot.conversation.asking import Asking
from bot.conversation.cards import Card
from bot.conversation.fields import Field
from bot.conversation.fields.choices import Review
from bot.conversation.fields.texts import Steps, Text, Topics
from bot.conversation.fields.times import Weekly
from bot.conversation.forms import Form
from bot.conversation.talk import Conversation
from bot.conversation.wording import LANGUAGES, Label, Wording, Words, markup
from bot.domain.milestones import Milestone
from bot.flows import FORMS
from bot.store import tables
from tests.hostile import texts
from tests.slack_blocks import message_findings, too_large, too_long, view_findings
from tests.slack_render import active
from tests.stage import Stage
from tests.telegram_markup import parse_html
from tests.telegram_wire import utf16_length
from tests.test_authorization import CANARIES, SCRIPT
from tests.test_export import copied
from tests.test_wording import ABOUT, CARDS, FACTS, SLOT, SPECIAL, longest

pytestmark = pytest.mark.whole

TELEGRAM_TEXT = 4096
SLACK_TEXT = 40_000
BUTTON = 75
TAGS = re.compile(r"<(/?[a-z]+)(?: href=\"([^\"<>]*)\")?>")
"""All the markup there is in a message, as the playground's page reads it."""
OURS = {
    *("code", "kind", "language", "languages", "lead", "note", "hours", "value", "what", "zone"),
    *("tandem_zone", "zones", "platform", "platforms", "preferred", "agreed", "rhythm", "order"),
    *("suggested", "begins", "turn", "offered", "skipped", "url", "address", "profile_url"),
    *("found_url", "link", "why", "opener", "holiday", "operator", "contact", "username", "user"),
}
"""What is spoken of that nobody but us and the operator wrote."""
ROOM = 40
"""As long as words are that a message has many of; what may be longer is so in the example."""
EMPTY = {"", "_"}
"""Words that say nothing are taken for a name that is not known, or for no answer."""
Filled = Iterator[str]


@pytest.fixture(scope="module")
def count(request: pytest.FixtureRequest) -> int:
    """How many texts go through everything: 10,000 with ``--long``."""
    return 10_000 if request.config.getoption("--long") else 120


def written(text: str, room: int) -> str:
    """As it comes to a template: cleaned, no longer than its question allows, never empty."""
    return clean(clean(text)[:room]) or "x"


def filled(example: object, given: Filled) -> object:
    """The example, with words of others where it has words."""
    match example:
        case str():
            return written(next(given), max(ROOM, len(example))) if example else example
        case list() | tuple():
            return type(example)(filled(part, given) for part in example)
        case dict():
            return about(example, given)
        case Milestone():
            return replace(example, title=written(next(given), len(example.title)))
        case _:
            return example


def about(example: Mapping[Any, object], given: Filled) -> dict[Any, object]:
    return {name: v if name in OURS else filled(v, given) for name, v in example.items()}


class Counted:
    """Texts one after the other; how many were taken."""

    def __init__(self, given: tuple[str, ...]) -> None:
        self.given, self.taken = given, 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.taken += 1
        return self.given[self.taken % len(self.given)]


def skeleton(html: str) -> list[tuple[str, ...]]:
    """Tags and addresses, in the order of a text."""
    return [found.groups("") for found in TAGS.finditer(html)]


def check_everywhere(words: Words, harmless: Words) -> None:
    """That a message means the same as a harmless one, wherever it is read."""
    html = str(words)
    assert skeleton(html) == skeleton(str(harmless))
    assert not re.search("[<>]", TAGS.sub("", html))
    told, meant = parse_html(html), parse_html(str(harmless))
    assert [e["type"] for e in told.entities] == [e["type"] for e in meant.entities]
    assert 0 < utf16_length(told.text) <= TELEGRAM_TEXT
    call = worded(html, [], "D1")
    assert active(call["text"]) == []
    assert len(call["text"]) <= SLACK_TEXT
    assert message_findings(call["blocks"]) == []
    assert not too_long(call["blocks"])
    assert active(to_mrkdwn(html)) == active(to_mrkdwn(str(harmless)))
    assert [m for block in call["blocks"] for m in active(block["text"]["text"])] == active(
        to_mrkdwn(html)
    )


def check_label(label: Label) -> None:
    assert label.strip()
    [actions] = to_blocks("", [[{"label": label, "handle": "h"}]])
    assert message_findings([actions]) == []


@pytest.mark.parametrize("card", CARDS, ids=lambda card: f"{card.file}.{card.name}")
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_write_stays_words_in_every_card(card: Card, language: str, count: int) -> None:
    wording = Wording(card.file, language)
    example = {**ABOUT, **SPECIAL.get((card.file, card.name), {})}
    given, x = Counted(texts(count)), Counted(("x",))
    needed = {
        n: v for n, v in example.items() if any(n in wording.needs(b) for b in card.wording())
    }
    harmless = wording.say(card.name, **example | about(needed, x))
    while given.taken <= len(given.given):
        known = example | about(needed, given)
        check_everywhere(wording.say(card.name, **known), harmless)
        for block in list(card.wording())[1:]:
            check_label(wording.label(block, **known))
        if not x.taken:
            return


def answered(form: Form, given: Filled) -> dict[str, Answer]:
    """Every question answered as long as may be; whatever can be typed, by others."""
    full = dict(longest(form))
    for asked in (field for page in form.pages for field in page.fields):
        raw = typed(asked, given)
        read = asked.read(raw, {}) if raw else Problem("empty")
        if not isinstance(read, Problem):
            full[asked.name] = read
    return full


def typed(asked: Field, given: Filled) -> Answer:
    match asked:
        case Text():
            return written(next(given), asked.limit)
        case Topics():
            return [written(next(given), asked.limit) for _ in range(3)]
        case Steps():
            return [f"2027-11-30|{written(next(given), asked.limit)}" for _ in range(asked.most)]
        case _:
            return ""


def asked_with(form: Form, language: str, given: Filled) -> Iterator[tuple[Field, Asking]]:
    """Each question of a form, as it is come back to: with the others answered."""
    weekly = any(isinstance(field, Weekly) for page in form.pages for field in page.fields)
    facts: dict[str, Answer] = {
        **FACTS,
        "partner": written(next(given), ROOM),
        "slots": ["2 18:00"] if weekly else [SLOT],
    }
    full = answered(form, given)
    for field in (field for page in form.pages for field in page.fields):
        left = {name: answer for name, answer in full.items() if name != field.name}
        talk = Conversation(form.name, "", left, {field.name: full[field.name]}, facts)
        if form.field(left, facts) == field:
            yield field, Asking(form, talk, Wording(form.name, language))


@pytest.mark.parametrize("form", FORMS.values(), ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_write_stays_words_in_every_question(
    form: Form, language: str, count: int
) -> None:
    given, compared = Counted(texts(count)), set()
    harmless = {field.name: asking for field, asking in asked_with(form, language, Counted(("x",)))}
    while given.taken <= len(given.given):
        for field, asking in asked_with(form, language, given):
            if plainly := harmless.get(field.name):  # whether it is asked may follow from words
                check_question(field, asking, plainly)
                compared.add(field.name)
    assert compared == harmless.keys()


def check_question(asked: Field, asking: Asking, plainly: Asking) -> None:
    message, settled = asking.question(), asking.settled(asked)
    if isinstance(asked, Review):  # which lines it has follows from words, too
        assert set(skeleton(message.text)) == {("b", ""), ("/b", "")}
        check_everywhere(message.text, message.text)
        check_everywhere(settled.text, settled.text)
    else:
        check_everywhere(message.text, plainly.question().text)
        check_everywhere(settled.text, plainly.settled(asked).text)
    for button in (button for row in message.rows for button in row):
        check_label(button.label)
    view = to_view(sheets.sheet(asking), "h" * 22)
    assert view_findings(view, "modal") == []
    assert not too_large(view)


def test_what_is_typed_in_slack_comes_back_as_it_was(count: int) -> None:
    for text in texts(count):
        assert from_slack(escape(text)) == text
        assert active(escape(text)) == []


WALKED = ("goal", "expectations", "place", "step", "insight", "next_step", "report", "milestone")
"""What is written on the way of a tandem, by the names in `CANARIES`."""
MORE = """annegret > /tagebuch
annegret > [Eintrag schreiben]
annegret > {said}
annegret > /tagebuch
annegret > /vereinbarung
annegret > /daten
berthold > /tandem
"""


def test_a_whole_walk_of_hostile_words_is_read_on_all_platforms(tmp_path: Path) -> None:
    """From the sign-up to a copy of the data; what is planned and kept is as with other words."""
    said = """</b>"'&amp; <!channel> <@U1> *_~` {{ 7*7 }} =1+1 <script>alert(1)</script> a\u202eb"""
    script = SCRIPT
    for name in WALKED:
        script = script.replace(CANARIES[name], f"Bis Ostern {said} {name}"[:300])
    stage = Stage(tmp_path)
    stage.perform(script + MORE.format(said=said))
    texts = [parcel.body["text"] for parcel in stage.sent if parcel.body.get("text")]
    for words in texts:
        check_everywhere(markup(words), markup(words))
    assert sum("&lt;script&gt;" in words for words in texts) > len(WALKED)
    with stage.store.begin() as connection:
        failed = select(tables.inbox.c.error).where(tables.inbox.c.attempts > 0)
        assert connection.execute(failed).all() == []
    files = copied(stage, "annegret")
    page = next(text for name, text in files.items() if name.endswith(".html"))
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    stage.store.dispose()
