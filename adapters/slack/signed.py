"""Whether a request over HTTP is Slack's.

In place of Bolt's own check, which logs the body of a refused request, and answers a malformed
one with 500. Socket Mode needs none: the connection itself is authenticated.
"""

from collections.abc import Mapping

from slack_sdk.signature import SignatureVerifier


class Signed:
    def __init__(self, signing_secret: str) -> None:
        self._verifier = SignatureVerifier(signing_secret)

    def is_slacks(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Signed with our secret within the last five minutes."""
        stamp = headers.get("X-Slack-Request-Timestamp", "")
        signature = headers.get("X-Slack-Signature", "")
        try:
            return self._verifier.is_valid(body, stamp, signature)
        except (ArithmeticError, TypeError, ValueError):  # what no clock shows, or beyond ASCII
            return False
