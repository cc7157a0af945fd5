"""What an answer to a call of the Bot API means for a parcel, also where something in between
answers in Telegram's place."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import Bot
from telegram.error import TelegramError

from adapters.telegram.outgoing import to_receipt
from adapters.telegram.transport import Transport
from bot.domain.parcels import Away, Gone, Later, Receipt, Refused, Uncertain

PAGE = "<html><body>Bitte melden Sie sich an</body></html>"
TROUBLE = Uncertain(trouble=True)


@asynccontextmanager
async def answered(status: int, text: str) -> AsyncIterator[str]:
    """The address of something that gives everybody the same answer."""

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        if not status and request.transport is not None:
            request.transport.close()
        return web.Response(status=status or 200, text=text)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    server = TestServer(app)
    await server.start_server(access_log=None)
    yield str(server.make_url("/bot"))
    await server.close()


async def receipt(url: str) -> Receipt:
    transport = Transport()
    await transport.initialize()
    try:
        await Bot("1:x", base_url=url, request=transport).send_message(7, "Hallo")
    except TelegramError as error:
        return to_receipt(error)
    finally:
        await transport.shutdown()
    raise AssertionError("nothing went wrong")


def said(code: int, description: str, **parameters: int) -> str:
    more = f', "parameters": {{"retry_after": {parameters["retry_after"]}}}' if parameters else ""
    return f'{{"ok": false, "error_code": {code}, "description": "{description}"{more}}}'


@pytest.mark.parametrize(
    ("status", "text", "expected"),
    [
        (403, said(403, "Forbidden: bot was blocked by the user"), Gone),
        (401, said(401, "Unauthorized"), Away("InvalidToken")),
        (400, said(400, "Bad Request: message is too long"), Refused("Message is too long")),
        (429, said(429, "Too Many Requests", retry_after=3), Later(timedelta(seconds=3))),
        (500, said(500, "Internal Server Error"), TROUBLE),
        (502, PAGE, TROUBLE),
        (403, PAGE, TROUBLE),
        (404, PAGE, TROUBLE),
        (200, PAGE, TROUBLE),
        (0, "", Uncertain()),
    ],
    ids=str,
)
async def test_what_an_answer_means(
    status: int, text: str, expected: Receipt | type[Receipt]
) -> None:
    async with answered(status, text) as url:
        found = await receipt(url)
    assert isinstance(found, expected) if isinstance(expected, type) else found == expected


async def test_where_nobody_answers_no_parcel_is_to_blame() -> None:
    async with answered(200, "") as url:
        pass
    assert await receipt(url) == Away("NotConnectedError")
