"""Taking in: what Slack sends is committed, then acknowledged; what needs an answer gets it along.

A sheet that was sent off is answered in the acknowledgement itself, within three seconds.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from adapters.slack.calling import called
from adapters.slack.emergency import Emergency
from adapters.slack.incoming import Body, lean, to_event, to_key, user_of
from adapters.slack.modals import to_response, to_view
from adapters.slack.outgoing import FAILURES, code
from adapters.slack.people import People
from adapters.slack.tokens import Tokens
from bot.conversation.messages import Sheet
from bot.engine.events import Event, Key, Reply, Uninstalled
from bot.service import Service
from bot.store.inbox import Payload

log = structlog.get_logger()

GRACE_S = 0.5
"""How long stopping waits for answers under way."""


class Intake:
    """`hear` is Bolt's listener for everything there is; an account is a workspace."""

    def __init__(self, service: Service, tokens: Tokens) -> None:
        self._service = service
        self._tokens = tokens
        self._emergency = Emergency(tokens)
        self._people = People(tokens)
        self._turns: dict[Key, asyncio.Task[Reply]] = {}
        self._busy: set[asyncio.Task[None]] = set()

    async def hear(
        self, body: Body, ack: AsyncAck, context: AsyncBoltContext
    ) -> BoltResponse | None:
        """What can't be kept is not acknowledged: Slack sends it again, or says that it failed."""
        known = context.authorize_result
        account = known.team_id if known else None
        if account is None:
            log.warning("the bot is not installed there", workspace=context.team_id)
            return await ack()
        try:
            with self._working():
                await self._take(account, body, ack)
        except Exception as error:  # the edge of an input; Bolt would log it with its words
            log.exception("input not taken", why=type(error).__name__)
            return BoltResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
        return None

    async def handle(self, key: Key, payload: Payload) -> None:
        """From the inbox, in order: events, and what a crash left without its effect."""
        await self._turn(key, payload)
        match to_event(payload, key[1]):
            case Event(what=Uninstalled()):
                self._tokens.forget(key[1])
            case _:
                pass

    async def finish(self) -> None:
        """Lets acknowledgements under way get out."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=GRACE_S)

    async def close(self) -> None:
        await self._emergency.close()
        for task in self._busy:
            task.cancel()
        await asyncio.gather(*self._busy, return_exceptions=True)

    async def _take(self, account: str, body: Body, ack: AsyncAck) -> None:
        """Events have their effect later, in their order: they are in the inbox, see `handle`."""
        key, event = to_key(body, account), to_event(body, account)
        if event is None:
            await ack()  # of no use to anybody, so it is not kept either
        elif page := self._service.crisis(event):
            await self._emergency.answer(event.sender.address, page)
            await ack()
        elif "event" in body:
            await self._service.receive([(key, lean(body))])
            await ack()
        else:
            await self._answer(account, body, ack, await self._reply(key, body))

    async def _answer(self, account: str, body: Body, ack: AsyncAck, reply: Reply) -> None:
        if body.get("type") == "view_submission":
            await ack(**to_response(reply, body["view"]))
            return
        await ack()
        if reply.sheet is not None:
            trigger = body["trigger_id"]
            opened = self._open(account, trigger, reply.sheet, reply.handle)
            opening = asyncio.create_task(opened)
            self._busy.add(opening)
            opening.add_done_callback(self._busy.discard)

    async def _open(self, account: str, trigger: str, sheet: Sheet, handle: str) -> None:
        """If it comes too late, nothing is lost: the button is still there to be pressed."""
        try:
            view = to_view(sheet, handle)
            await called(
                self._tokens,
                account,
                lambda client: client.views_open(trigger_id=trigger, view=view),
            )
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
        await self._service.receive([(key, lean(body))], by_hand=True)
        return await self._turn(key, body)

    async def _turn(self, key: Key, body: Body) -> Reply:
        account = key[1]
        person = await self._people.find(account, user_of(body))
        return await self._service.turn(key, to_event(body, account, person))

    @contextmanager
    def _working(self) -> Iterator[None]:
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        try:
            yield
        finally:
            self._busy.discard(task)
