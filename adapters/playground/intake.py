"""Taking in: what is done on the page is committed, then written on the screen, then had out.

Whoever acts gets the reply in the answer to their request; after a crash the inbox has it.
"""

import asyncio
from collections.abc import Callable

from adapters.playground.board import Board
from adapters.playground.incoming import Body, to_event
from bot.engine.events import Key, Reply
from bot.service import Service
from bot.store.inbox import Payload


class Intake:
    """``changed`` is called when there is something new to look at."""

    def __init__(self, service: Service, board: Board, changed: Callable[[], None]) -> None:
        self._service = service
        self._board = board
        self._changed = changed

    async def take(self, key: Key, body: Body) -> Reply:
        """Once this was called, the action has its effect, even if the program is killed."""
        await self._service.receive([(key, body)], by_hand=True)
        return await self._turn(key, body)

    async def handle(self, key: Key, payload: Payload) -> None:
        """What a crash left in the inbox; the page that asked is not waiting any more."""
        await self._turn(key, payload)

    async def _turn(self, key: Key, body: Body) -> Reply:
        person = await asyncio.to_thread(self._write_down, key, body)
        event = to_event(body, person) if person else None
        reply = await self._service.turn(key, event)
        self._changed()
        return reply

    def _write_down(self, key: Key, body: Body) -> Body | None:
        """Who did it; and what they did is on their own screen, once however often it comes."""
        person = self._board.person(str(body.get("person")))
        if person is None:
            return None
        origin, now = f"action:{key[2]}", self._service.clock.now()
        match body:
            case {"kind": "say", "text": str(text), "hidden": False}:
                self._board.show(person["id"], origin, "member", {"text": text}, now)
            case {"kind": "block", "blocked": bool(blocked)}:
                self._board.block(person["id"], blocked=blocked)
            case _:
                pass  # a press leaves no message on any platform, and a sheet is private
        return person
