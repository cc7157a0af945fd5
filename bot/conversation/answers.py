"""Answers: what is kept of what somebody said, or why it can't be taken."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

Answer: TypeAlias = str | list[str]
Answers: TypeAlias = Mapping[str, Answer]
Facts: TypeAlias = Mapping[str, Answer]
"""What a form was opened with: its dynamic options and whom it is about."""

SKIPPED = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer can't be taken. The words for it are in the templates.

    ``at``: moments or days, local and naive, that they speak of.
    """

    code: str
    at: tuple[datetime, ...] = ()


def clean(text: str) -> str:
    """User text without control characters and bidi overrides, in composed form."""
    if not text.isprintable():  # nearly everything is, and is read again at every turn
        kept = (c for c in text if c == "\n" or unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
        text = "".join(kept)
    return unicodedata.normalize("NFC", text).strip()
