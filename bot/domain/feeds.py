"""A member's own calendar address: whoever has it reads when they meet, and nothing else."""

import secrets
from hashlib import sha256

from bot.conversation.cards import Act, Card

SECRET_BYTES = 24
"""192 bits, so that nobody finds an address by trying."""

OFF = Card("feed", "off", (Act("make"),))
ON = Card("feed", "on", (Act("renew"), Act("stop")))
MADE = Card("feed", "made", (Act("stop"),))
STOPPED = Card("feed", "stopped", (Act("make"),))

CARDS = (OFF, ON, MADE, STOPPED)


def token() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


def digest(secret: str) -> str:
    """What is stored of a token: it opens nothing."""
    return sha256(secret.encode()).hexdigest()
