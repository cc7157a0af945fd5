"""Topics, as people name them."""

import re
from collections.abc import Sequence


def split(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]


def suggestions(said: Sequence[str], language: str, count: int) -> list[str]:
    del said, language, count
    return []


def extract(text: str, language: str) -> list[str]:
    del text, language
    return []
