"""Taking in: what Slack sends is committed, then acknowledged; what needs an answer gets it along.

A sheet that was sent off is answered in the acknowledgement itself, within three seconds.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.emergency import Emergency
from adapters.slack.incoming import Body, to_event, to_key, user_of
from adapters.slack.modals import to_response, to_view
from adapters.slack.outgoing import FAILURES, code
from adapters.slack.people import People
from bot.conversation.messages import Sheet
from bot.engine.events import Key, Reply
from bot.service import Service
from bot.store.queues import Payload

log = structlog.get_logger()

GRACE_S = 0.5
"""How long stopping waits for answers under way."""


class Intake:
    """``account`` is the workspace. `hear` is Bolt's listener for everything there is."""

    def __init__(self, service: Service, client: AsyncWebClient, account: str) -> None:
        self._service = service
        self._client = client
        self._account = account
        self._emergency = Emergency(client)
        self._people = People(client)
        self._turns: dict[Key, asyncio.Task[Reply]] = {}
        self._busy: set[asyncio.Task[None]] = set()

    async def hear(self, body: Body, ack: AsyncAck) -> BoltResponse | None:
        """What can't be kept is not acknowledged: Slack sends it again, or says that it failed."""
        try:
            with self._working():
                await self._take(body, ack)
        except Exception as error:  # the edge of an input; Bolt would log it with its words
            log.exception("input not taken", why=type(error).__name__)
            return BoltResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
        return None

    async def handle(self, key: Key, payload: Payload) -> None:
        """From the inbox, in order: events, and what a crash left without its effect."""
        await self._turn(key, payload)

    async def finish(self) -> None:
        """Lets acknowledgements under way get out."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=GRACE_S)

    async def close(self) -> None:
        await self._emergency.close()
        for task in self._busy:
            task.cancel()
        await asyncio.gather(*self._busy, return_exceptions=True)

    async def _take(self, body: Body, ack: AsyncAck) -> None:
        """Events have their effect later, in their order: they are in the inbox, see `handle`."""
        key, event = to_key(body, self._account), to_event(body, self._account)
        if event is None:
            await ack()  # of no use to anybody, so it is not kept either
        elif page := self._service.crisis(event):
            await self._emergency.answer(event.sender.address.user, page)
            await ack()
        elif "event" in body:
            await self._service.receive([(key, body)])
            await ack()
        else:
            await self._answer(body, ack, await self._reply(key, body))

    async def _answer(self, body: Body, ack: AsyncAck, reply: Reply) -> None:
        if body.get("type") == "view_submission":
            await ack(**to_response(reply, body["view"]))
            return
        await ack()
        if reply.sheet is not None:
            opening = asyncio.create_task(self._open(body["trigger_id"], reply.sheet, reply.handle))
            self._busy.add(opening)
            opening.add_done_callback(self._busy.discard)

    async def _open(self, trigger: str, sheet: Sheet, handle: str) -> None:
        """If it comes too late, nothing is lost: the button is still there to be pressed."""
        try:
            await self._client.views_open(trigger_id=trigger, view=to_view(sheet, handle))
        except FAILURES as error:
            log.warning("sheet not opened", why=code(error) or type(error).__name__)

    async def _reply(self, key: Key, body: Body) -> Reply:
        """Committed, then turned, once: a second delivery gets the same answer."""
        turn = self._turns.get(key)
        if turn is None:
            turn = self._turns[key] = asyncio.create_task(self._received(key, body))
            turn.add_done_callback(lambda _: self._turns.pop(key))
        return await turn

    async def _received(self, key: Key, body: Body) -> Reply:
        await self._service.receive([(key, body)], by_hand=True)
        return await self._turn(key, body)

    async def _turn(self, key: Key, body: Body) -> Reply:
        person = await self._people.find(user_of(body))
        return await self._service.turn(key, to_event(body, self._account, person))

    @contextmanager
    def _working(self) -> Iterator[None]:
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        try:
            yield
        finally:
            self._busy.discard(task)
