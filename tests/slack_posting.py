"""Slack over HTTP: everything is posted to the app's request URL, signed.

Source: docs.slack.dev/authentication/verifying-requests-from-slack and .../apis/events-api
(retries): an event that is not answered with 200 within three seconds comes up to three more times,
with the number and the reason in its headers; presses, sheets and commands come once.
"""

import asyncio
import hashlib
import hmac
import json
import time
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

import aiohttp

from tests.slack_deliveries import EVENTS, Ack, Delivery
from tests.slack_shapes import Json
from tests.slack_socket import RETRIES, SocketMode
from tests.slack_workspace import Workspace

PATH: Final = "/slack/events"


def signed(body: str, secret: str, stamp: str = "", kind: str = "application/json") -> Json:
    """The headers of a request with this body."""
    stamp = stamp or str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
    return {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest.hexdigest()}",
    }


async def up(url: str, secret: str) -> None:
    """Until it answers Slack's question for its address."""
    question = json.dumps({"type": "url_verification", "challenge": "abc"})
    status, text = 503, ""
    async with aiohttp.ClientSession() as client:
        while status == HTTPStatus.SERVICE_UNAVAILABLE:
            headers = signed(question, secret)
            async with client.post(f"{url}{PATH}", data=question, headers=headers) as answer:
                status, text = answer.status, await answer.text()
    assert (status, json.loads(text)) == (HTTPStatus.OK, {"challenge": "abc"})


def written(delivery: Delivery) -> tuple[str, str]:
    """The body and its type: events are JSON, the rest are forms."""
    if delivery.kind == EVENTS:
        return json.dumps(delivery.payload), "application/json"
    form = "application/x-www-form-urlencoded"
    if delivery.kind == "interactive":
        return urlencode({"payload": json.dumps(delivery.payload)}), form
    return urlencode({name: value or "" for name, value in delivery.payload.items()}), form


class Posting(SocketMode):
    """In the place of Socket Mode. ``urls`` are the replicas, asked in turn."""

    def __init__(self, slack: Workspace, secret: str, urls: list[str]) -> None:
        super().__init__(slack)
        self.secret = secret
        self.urls = urls
        self.again_s = 0.05
        self.answers: list[tuple[str, int]] = []
        """Of each post: where it went, and the status; 0 without an answer."""
        self._under_way: set[asyncio.Task[None]] = set()

    @property
    def busy(self) -> bool:
        return bool(self._under_way)

    def send(self, delivery: Delivery) -> Delivery:
        self.delivered.append(delivery)
        task = asyncio.create_task(self._bring(delivery))
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return delivery

    async def close(self) -> None:
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.slack.problem(f"the stand-in itself failed: {error!r}")
        self.slack.tell()

    async def _bring(self, delivery: Delivery) -> None:
        tries = RETRIES + 1 if delivery.kind == EVENTS else 1
        for attempt in range(delivery.attempt, tries):
            delivery.attempt = attempt
            if await self._posted(delivery):
                return
            await asyncio.sleep(self.again_s)
        self._fail(delivery, "no acknowledgement in time")

    async def _posted(self, delivery: Delivery) -> bool:
        url = self.urls[len(self.answers) % len(self.urls)]
        began = asyncio.get_running_loop().time()
        status, answer = await self.post(f"{url}{PATH}", delivery)
        self.answers.append((url, status))
        self.slack.tell()
        if status != HTTPStatus.OK:
            return False
        seconds = asyncio.get_running_loop().time() - began
        self.acks.append(Ack(delivery.event_id, delivery.kind, seconds, answer))
        if answer and not delivery.answerable:
            self.slack.problem(f"{delivery.about}: answered with a payload where none is taken")
        if not delivery.done.done():
            delivery.on_ack(answer)
            delivery.done.set_result(True)
        self.slack.tell()
        return True

    async def post(self, url: str, delivery: Delivery) -> tuple[int, Any]:
        """One try, with the status and what was answered."""
        body, kind = written(delivery)
        headers = signed(body, self.secret, kind=kind)
        if delivery.attempt:
            again = {"X-Slack-Retry-Num": str(delivery.attempt), "X-Slack-Retry-Reason": "timeout"}
            headers |= again
        timeout = aiohttp.ClientTimeout(total=self.patience)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as client,
                client.post(url, data=body, headers=headers) as answer,
            ):
                text = await answer.text()
                is_json = answer.content_type == "application/json"
                return answer.status, json.loads(text) if text and is_json else text
        except (aiohttp.ClientError, TimeoutError):
            return 0, None
