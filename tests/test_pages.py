"""The web pages an operator can link to say what the chat says, and need nothing else."""

import re
from pathlib import Path

import pytest

from bot.conversation import crisis
from bot.conversation.pages import pages
from bot.conversation.wording import plain
from bot.domain.retention import Retention

ABOUT = {"keep": Retention(), "operator": "Verein <Beispiel>", "contact": "kim@example.org"}
PAGES = dict(pages(None, ABOUT))


def text(html: str) -> str:
    return plain(html.partition('<p class="words">')[2].partition("</p>")[0])  # type: ignore[arg-type]  # as stored words


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_nothing_and_runs_nothing(name: str) -> None:
    html = PAGES[name]
    assert html.startswith("<!doctype html>")
    assert re.findall(r"<script|<link|<img|<iframe|<form|\bon\w+=|@import|url\(", html) == []
    assert "default-src 'none'" in html


def test_there_is_a_page_of_each_in_each_language() -> None:
    assert list(PAGES) == ["datenschutz.html", "notfall.html", "privacy.html", "emergency.html"]


@pytest.mark.parametrize(("name", "language"), [("notfall.html", "de"), ("emergency.html", "en")])
def test_the_page_of_professional_help_is_the_one_of_the_chat(name: str, language: str) -> None:
    assert text(PAGES[name]) == plain(crisis.page(language, None))


def test_the_notice_names_who_is_responsible_as_text() -> None:
    assert "Verein &lt;Beispiel&gt;" in PAGES["datenschutz.html"]
    assert "kim@example.org" in PAGES["privacy.html"]


def test_an_operators_own_words_are_on_the_page(tmp_path: Path) -> None:
    (tmp_path / "de").mkdir()
    own = "{% block notice %}Unsere Worte{% endblock %}"
    (tmp_path / "de" / "consent.j2").write_text(own)
    assert "Unsere Worte" in dict(pages(tmp_path, ABOUT))["datenschutz.html"]
