"""The Socket Mode connection, and a new one whenever it is lost.

The library reconnects by itself, when Slack announces it and when pings go unanswered. What it
does not get over is an address that expired before it could connect: it tries that for ever.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NoReturn

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from adapters.slack.door import quiet

log = structlog.get_logger()

CLOSE_S = 0.3
"""How long Slack may take to say goodbye."""
MISSED = 3
"""Pings' intervals without a connection, after which the library is not waited for."""


async def stay_connected(  # noqa: PLR0913, PLR0917 -- what the library asks for, and three of ours
    app: AsyncApp,
    app_token: str,
    next_url: Callable[[], Awaitable[str]],
    finish: Callable[[], Awaitable[None]],
    ping_s: float,
    tell: Callable[[bool], None] = lambda _: None,
) -> NoReturn:
    """Hands what comes to ``app``, until cancelled; then what ``finish`` waits for is answered.

    ``tell`` hears whether there is a connection.
    """
    while True:
        logger = quiet("slack_sdk.socket_mode", logging.CRITICAL)
        handler = AsyncSocketModeHandler(app, app_token, logger, ping_interval=ping_s)
        try:
            handler.client.wss_uri = await next_url()
            async with asyncio.timeout(MISSED * ping_s):
                await handler.client.connect()  # type: ignore[no-untyped-call]  # the library's
            log.info("connected to Slack")
            tell(True)
            await _until_lost(handler.client, ping_s)
        except TimeoutError:
            pass
        finally:
            await finish()
            await _close(handler.client)
        tell(False)
        log.warning("the connection to Slack is lost")


async def _until_lost(client: SocketModeClient, ping_s: float) -> None:
    missed = 0
    while missed < MISSED:
        await asyncio.sleep(ping_s)
        missed = 0 if await client.is_connected() else missed + 1


async def _close(client: SocketModeClient) -> None:
    """The library's own waits for as long as a dead peer is silent, and for none of its tasks."""
    with suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_S):
            await client.close()  # type: ignore[no-untyped-call]  # the library's
    tasks = client.message_processor, client.current_session_monitor, client.message_receiver
    running = [task for task in tasks if task is not None]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    await client.aiohttp_client_session.close()
