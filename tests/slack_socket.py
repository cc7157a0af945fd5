"""Socket Mode: envelopes over a WebSocket, acknowledged within three seconds or sent again.

Source: docs.slack.dev/apis/events-api/using-socket-mode and .../apis/events-api (retries). Events
are delivered at least once: up to three more times, with the same event_id. Interactions and
commands are delivered once: the person sees that it failed. Real retries come at once, after one
and after five minutes; here each follows when the app's ``patience`` is over.
"""

import asyncio
import json
import uuid
from collections import deque
from http import HTTPStatus
from typing import Final

from aiohttp import WSMsgType, web

from tests.slack_deliveries import EVENTS, Ack, Delivery, InFlight, Line
from tests.slack_payloads import event_callback
from tests.slack_shapes import Json
from tests.slack_workspace import Workspace

RETRIES: Final = 3
# The scope without which Slack does not send these events.
_EVENT_SCOPES: Final = {"im": "im:history", "mpim": "mpim:history", "user_change": "users:read"}


class SocketMode:
    """Deliveries to the app. ``patience`` is how long an acknowledgement may take."""

    def __init__(self, slack: Workspace) -> None:
        self.slack = slack
        self.patience = 3.0
        self.heartbeat = 10.0
        self.acks: list[Ack] = []
        self.lines: list[Line] = []
        self.delivered: list[Delivery] = []
        self._tickets: set[str] = set()
        self._waiting: deque[Delivery] = deque()
        self._sent: dict[str, InFlight] = {}

    @property
    def busy(self) -> bool:
        """Whether something waits for the app, or for its acknowledgement."""
        return bool(self._waiting) or any(sent.timer for sent in self._sent.values())

    # Deliveries

    def event(self, event: Json) -> Delivery | None:
        """Sends an event if the app's scopes let it have it; without a connection, it waits."""
        source: str = event.get("channel_type") or event["type"]
        needed = _EVENT_SCOPES.get(source)
        if needed and needed not in self.slack.scopes:
            return None
        payload = event_callback(self.slack, event)
        return self.send(Delivery(EVENTS, payload, f"event {event['type']}"))

    def send(self, delivery: Delivery) -> Delivery:
        line = self._line(delivery.kind)
        if line:
            self._send_over(line, delivery)
        elif delivery.kind == EVENTS:
            self._waiting.append(delivery)
        else:
            self._fail(delivery, "the app has no connection")
        return delivery

    def again(self, event_id: str) -> Delivery:
        """A second delivery of an event that was acknowledged: Slack may do that any time.

        The "last" one is the last that is not about the bot's own messages.
        """
        for delivery in reversed(self.delivered):
            wanted = delivery.event_id == event_id or (event_id == "last" and not delivery.is_own)
            if delivery.kind == EVENTS and delivery.acknowledged and wanted:
                copy = Delivery(EVENTS, delivery.payload, delivery.about, attempt=1)
                return self.send(copy)
        raise AssertionError(f"no event {event_id!r} was acknowledged")

    def _line(self, kind: str) -> Line | None:
        open_ones = [line for line in self.lines if not line.retiring]
        if open_ones:
            return open_ones[len(self.delivered) % len(open_ones)]
        return self.lines[-1] if self.lines and kind != EVENTS else None

    def _send_over(self, line: Line, delivery: Delivery) -> None:
        envelope: Json = {
            "envelope_id": str(uuid.uuid4()),
            "payload": delivery.payload,
            "type": delivery.kind,
            "accepts_response_payload": delivery.answerable,
        }
        if delivery.kind == EVENTS:
            envelope["retry_attempt"] = delivery.attempt
            envelope["retry_reason"] = "timeout" if delivery.attempt else ""
        loop = asyncio.get_running_loop()
        sent = InFlight(delivery, line, loop.time())
        sent.timer = loop.call_later(self.patience, self._late, sent, "no acknowledgement in time")
        self._sent[envelope["envelope_id"]] = sent
        self.delivered.append(delivery)
        line.queue.put_nowait(envelope)
        self.slack.tell()

    def _late(self, sent: InFlight, why: str) -> None:
        if sent.timer is None:
            return
        sent.timer.cancel()
        sent.timer = None
        if sent.delivery.kind != EVENTS or sent.delivery.attempt >= RETRIES:
            self._fail(sent.delivery, why)
        else:
            sent.delivery.attempt += 1
            self.send(sent.delivery)

    def _fail(self, delivery: Delivery, why: str) -> None:
        self.slack.failures.append(f"{delivery.about}: {why}")
        if delivery.owner:
            delivery.owner.failures.append(f"{delivery.about}: {why}")
        delivery.done.set_result(False)
        self.slack.tell()

    # Acknowledgements

    def _hear(self, text: str) -> None:
        message = json.loads(text)
        sent = self._sent.get(message.get("envelope_id", ""))
        if sent is None:
            self.slack.problem(f"acknowledged an envelope that was never sent: {text[:200]}")
            return
        payload, delivery = message.get("payload"), sent.delivery
        seconds = asyncio.get_running_loop().time() - sent.at
        self.acks.append(Ack(message["envelope_id"], delivery.kind, seconds, payload))
        if payload and not delivery.answerable:
            self.slack.problem(f"{delivery.about}: answered with a payload where none is taken")
        if sent.timer and not delivery.done.done():
            sent.timer.cancel()
            sent.timer = None
            delivery.on_ack(payload)
            delivery.done.set_result(True)
        self.slack.tell()

    # Connections

    def open_url(self) -> str:
        """A WebSocket URL that can be used once."""
        ticket = str(uuid.uuid4())
        self._tickets.add(ticket)
        origin = self.slack.origin.replace("http://", "ws://")
        return f"{origin}/link/?ticket={ticket}&app_id={self.slack.app_id}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            self.slack.problem("Socket Mode: a WebSocket URL was used twice")
            return web.Response(status=HTTPStatus.FORBIDDEN)
        socket = web.WebSocketResponse(heartbeat=self.heartbeat, timeout=0.1)
        await socket.prepare(request)
        self._tickets.discard(ticket)
        line = Line(socket, request)
        writer = asyncio.create_task(line.write())
        self._opened(line)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._hear(message.data)
        finally:
            writer.cancel()
            self._lost(line)
        return socket

    def _opened(self, line: Line) -> None:
        self.lines.append(line)
        line.queue.put_nowait(
            {
                "type": "hello",
                "num_connections": len(self.lines),
                "debug_info": {"host": "standin", "approximate_connection_time": 18060},
                "connection_info": {"app_id": self.slack.app_id},
            }
        )
        waiting, self._waiting = self._waiting, deque()
        for delivery in waiting:
            self.send(delivery)
        self.slack.tell()

    def _lost(self, line: Line) -> None:
        """What was not acknowledged over this connection goes out again, or has failed."""
        self.lines.remove(line)
        for sent in [sent for sent in self._sent.values() if sent.line is line]:
            self._late(sent, "the connection was lost")
        self.slack.tell()

    def disconnect(self, reason: str | None = "refresh_requested", grace: float = 1.0) -> None:
        """Announces the end of all connections and ends them after ``grace`` seconds.

        Without a reason they break at once, as networks do.
        """
        loop = asyncio.get_running_loop()
        for line in list(self.lines):
            if reason is None:
                line.drop()
                continue
            line.retiring = True
            line.queue.put_nowait(
                {"type": "disconnect", "reason": reason, "debug_info": {"host": "standin"}}
            )
            loop.call_later(grace, line.drop)

    async def close(self) -> None:
        """Ends everything at once; nothing is sent again."""
        for sent in self._sent.values():
            if sent.timer:
                sent.timer.cancel()
                sent.timer = None
        lines = list(self.lines)
        await asyncio.gather(*(line.socket.close() for line in lines), return_exceptions=True)
        for line in lines:
            line.drop()
