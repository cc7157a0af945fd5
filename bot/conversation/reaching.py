"""What leads to somebody outside the bot: an address, a link, a number, a name to write to.

Careful rather than clever: whoever means it can always get around it, and a date or an amount of
money must never be taken for a number to call.
"""

import re
import unicodedata

AT = re.compile(r"@\s?\w|\w\s?(?:\(at\)|\[at\]|\{at\})\s?\w", re.IGNORECASE)
LINK = re.compile(r"\b(?:https?|tg|slack)://|\bwww\.|\b(?:t|wa|telegram)\.me\b", re.IGNORECASE)
ENDINGS = "de|com|org|net|eu|info|io|me|at|ch|uk|fr|nl|pl|app|dev|xyz|link|social|chat"
HOST = re.compile(rf"(?<![\w.])[a-z0-9][a-z0-9-]+\.(?:[a-z0-9-]+\.)*(?:{ENDINGS})(?![\w-])")
"""In small letters only: "ASP.NET" is a topic."""
DATE = re.compile(r"\b\d{1,4}([./-])\d{1,2}\1\d{1,4}\b")
NUMBER = re.compile(r"(?:\+|\b0)\d?(?:[\s()/.-]{0,2}\d){6,}|\b\d{9,}\b")


def reaches(text: str) -> bool:
    """Whether a text holds something by which somebody can be reached."""
    plain = unicodedata.normalize("NFKC", text)
    undated = DATE.sub(" ", plain)
    return any(found.search(plain) for found in (AT, LINK, HOST)) or bool(NUMBER.search(undated))
