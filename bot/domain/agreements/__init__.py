"""Agreements: what they are, what may happen to them, what it means and what is said of it."""

from bot.domain.agreements.agreement import (
    ASIDE,
    BOT,
    Agreement,
    Content,
    Version,
    Yes,
    months_later,
)
from bot.domain.agreements.cards import (
    CARDS,
    DRAFT,
    FORM,
    HOLDS,
    MERGED,
    NONE_YET,
    PRESENT,
    STATUS,
    STUCK,
    SUITS,
    WHOLE,
)
from bot.domain.agreements.deciding import (
    decide,
    standing,
    tell,
)
from bot.domain.agreements.events import (
    Ask,
    CheckIn,
    Confirm,
    Event,
    NobodyWrote,
    Remind,
    Suggest,
    Write,
)
from bot.domain.agreements.merging import (
    changed,
    merged,
)

__all__ = [
    "ASIDE",
    "BOT",
    "CARDS",
    "DRAFT",
    "FORM",
    "HOLDS",
    "MERGED",
    "NONE_YET",
    "PRESENT",
    "STATUS",
    "STUCK",
    "SUITS",
    "WHOLE",
    "Agreement",
    "Ask",
    "CheckIn",
    "Confirm",
    "Content",
    "Event",
    "NobodyWrote",
    "Remind",
    "Suggest",
    "Version",
    "Write",
    "Yes",
    "changed",
    "decide",
    "merged",
    "months_later",
    "standing",
    "tell",
]
