"""The vault: turns words into tokens that nobody reads or changes without the key.

AES-256 in GCM, at a fifth of what Fernet costs. What Fernet sealed is still opened, and
becomes a token of today when the key is changed.
"""

import base64
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MARK = "."
"""Before every token of today; Fernet's have none."""
NONCE = 12
"""Random bytes. Of the 2**32 tokens that one key is good for a busy house uses a part a year."""
PURPOSE = b"tandem: sealed words, AES-256-GCM"


class Vault:
    """Seals with the first of its keys, opens with any of them."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        """``keys``: 32 bytes each in URL-safe base64. ValueError for anything else."""
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._ciphers = [AESGCM(_derived(key)) for key in keys]

    def seal(self, text: str) -> str:
        # A lone surrogate can't be encoded; nothing a person can type is lost with it.
        nonce, plain = os.urandom(NONCE), text.encode(errors="replace")
        sealed = nonce + self._ciphers[0].encrypt(nonce, plain, None)
        return MARK + base64.b64encode(sealed).decode()

    def open(self, token: str) -> str:
        """InvalidToken for what none of these keys sealed, or somebody changed."""
        try:
            if not token.startswith(MARK):
                return self._fernet.decrypt(token).decode()
            return self._opened(base64.b64decode(token[len(MARK) :], validate=True))
        except ValueError:  # no base64
            raise InvalidToken from None

    def _opened(self, sealed: bytes) -> str:
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], None).decode()
            except (InvalidTag, ValueError):  # another key's, or too short for a nonce
                continue
        raise InvalidToken


def _derived(key: bytes) -> bytes:
    """The key of the file is Fernet's too: each way has one of its own."""
    return HKDF(SHA256(), 32, None, PURPOSE).derive(base64.urlsafe_b64decode(key))
