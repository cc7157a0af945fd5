"""A search finds whatever its case and accents, and shows where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.searching import excerpt, fits, fold, matches

LONG = "Wir haben lange geübt und am Ende ein ganzes Lied gesungen, ohne Pause und ohne Angst."


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("Käse gemacht", "kase", True),
        ("kase gemacht", "KÄSE", True),
        ("Straße", "strasse", True),
        ("Déjà vu", "deja VU", True),
        ("Erst Brot, dann Käse", "käse brot", True),
        ("Erst Brot", "käse brot", False),
        ("İstanbul", "istanbul", True),
        ("Brot", "", True),
        ("Brot", "%", False),
        ("Brot", ".*", False),
        ("", "Brot", False),
    ],
)
def test_words_are_found_in_any_order_whatever_their_case_and_accents(
    text: str, query: str, found: bool
) -> None:
    assert matches(text, query) is found


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", "Wir haben lange geübt und am …"),
        ("wir", "Wir haben lange geübt und am …"),
        ("LIED", "… ganzes Lied gesungen, ohne …"),
        ("angst", "… ohne Pause und ohne Angst."),
    ],
)
def test_what_was_found_is_shown_with_what_stands_around_it(query: str, shown: str) -> None:
    assert excerpt(LONG, query, 30) == shown


@given(st.text(max_size=300), st.text(max_size=20), st.integers(10, 60))
def test_an_excerpt_is_one_short_line_of_the_text(text: str, query: str, width: int) -> None:
    shown = excerpt(text, query, width)
    assert len(shown) <= width + 4
    assert shown.removeprefix("… ").removesuffix(" …") in " ".join(text.split())


@given(st.text(max_size=60), st.integers(1, 50))
def test_a_message_takes_so_much_of_a_text_and_no_half_sign(text: str, units: int) -> None:
    shown = fits(text, units)
    assert shown == text or len(shown.encode("utf-16-le")) <= 2 * units + 4
    assert text.startswith(shown.removesuffix(" …")) or shown == text


@given(st.text(max_size=100))
def test_every_text_is_found_by_itself(text: str) -> None:
    assert matches(text, text)
    assert fold(fold(text)) == fold(text)
