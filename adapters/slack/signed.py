"""Whether a request over HTTP is Slack's.

In place of Bolt's own check, which logs the body of a refused request, and answers a malformed
one with 500. Socket Mode needs none: the connection itself is authenticated.
"""

import secrets
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

RANDOM = 32
"""Bytes of a secret nobody knows, if none was set: then nothing over HTTP is accepted."""


class Signed(AsyncMiddleware):
    def __init__(self, signing_secret: str) -> None:
        self._verifier = SignatureVerifier(signing_secret or secrets.token_urlsafe(RANDOM))

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 -- Bolt's name
    ) -> BoltResponse:
        del resp
        if req.mode == "socket_mode" or self._is_slacks(req):
            return await next()
        return BoltResponse(status=HTTPStatus.UNAUTHORIZED, body="")

    def _is_slacks(self, request: AsyncBoltRequest) -> bool:
        [stamp, *_] = request.headers.get("x-slack-request-timestamp", [""])
        [signature, *_] = request.headers.get("x-slack-signature", [""])
        try:
            return self._verifier.is_valid(request.raw_body, stamp, signature)
        except (TypeError, ValueError):  # a stamp that is no number, a signature beyond ASCII
            return False
