"""Shapes: what typed text has to look like to be of use to others. Each gives it back cleaned."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

ADDRESS = re.compile(r"[^\s@<>\"',;:()]+@[^\s@<>\"',;:()]+\.[^\s@.<>\"',;:()]{2,}")
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", re.IGNORECASE)
INVITE = re.compile(r"https://(?:t\.me|telegram\.me)/(?:\+|joinchat/)[\w-]{8,64}")


def email(text: str) -> str | None:
    """An address somebody can be written to; whether it exists, only a letter would tell."""
    return text if ADDRESS.fullmatch(text) else None


def link(text: str) -> str | None:
    """A link that can be pressed without a thought: encrypted, to a named host, to no account."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return None
    plain = not re.search(r"[\s<>\"\\]", text) and "@" not in parts.netloc
    return text if parts.scheme == "https" and HOST.fullmatch(host) and plain else None


def invite(text: str) -> str | None:
    """A link that lets people into a group on Telegram."""
    whole = text if "://" in text else f"https://{text}"
    return whole if INVITE.fullmatch(whole) else None


SHAPES: Mapping[str, Callable[[str], str | None]] = {"email": email, "link": link, "invite": invite}
