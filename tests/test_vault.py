"""A token of the vault says nothing without its key, and nothing but what was sealed with it."""

from base64 import b64decode, b64encode

import pytest
from cryptography.fernet import Fernet, InvalidToken
from hypothesis import given
from hypothesis import strategies as st

from bot.store.vault import Vault

KEY, NEXT = Fernet.generate_key(), Fernet.generate_key()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_is_read_with_any_of_the_keys_and_with_no_other(text: str) -> None:
    token = Vault([KEY]).seal(text)
    assert text not in token or len(text) < 12
    assert Vault([KEY]).open(token) == Vault([NEXT, KEY]).open(token) == text
    with pytest.raises(InvalidToken):
        Vault([NEXT]).open(token)


def test_the_same_words_are_never_the_same_token() -> None:
    vault = Vault([KEY])
    assert len({vault.seal("Singen") for _ in range(100)}) == 100


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_token_that_somebody_changed_is_not_opened(place: int, by: int) -> None:
    raw = bytearray(b64decode(Vault([KEY]).seal("Singen")[1:]))
    raw[place % len(raw)] ^= by
    with pytest.raises(InvalidToken):
        Vault([KEY]).open("." + b64encode(raw).decode())


@pytest.mark.parametrize(
    "text", ["", ".", ".abc", ". ä", ".AAAA", "Singen", "gAAAAA", "ä", "\ud800"]
)
def test_what_is_no_token_is_not_opened(text: str) -> None:
    with pytest.raises(InvalidToken):
        Vault([KEY]).open(text)


def test_a_lone_surrogate_is_sealed_as_a_question_mark() -> None:
    assert Vault([KEY]).open(Vault([KEY]).seal("a\ud800b")) == "a?b"


def test_what_fernet_sealed_before_is_still_opened() -> None:
    token = Fernet(KEY).encrypt("Bücher".encode()).decode()
    assert Vault([NEXT, KEY]).open(token) == "Bücher"
    with pytest.raises(InvalidToken):
        Vault([NEXT]).open(token)


@pytest.mark.parametrize("keys", [[], [b""], [b"no key at all"], [KEY[:-4]]])
def test_what_is_no_key_makes_no_vault(keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Vault(keys)
