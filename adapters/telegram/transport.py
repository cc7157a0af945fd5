"""The Bot API over aiohttp.

The library's own transport costs several times the CPU per message, and does not tell a request
that was never sent from one whose answer got lost.
"""

import json
from typing import Any

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

READ_S = 20.0
CONNECT_S = 10.0
JSON = {"Content-Type": "application/json"}


class NotConnectedError(NetworkError):
    """There was no connection: certainly nothing was sent."""


class NoAnswerError(NetworkError):
    """The connection broke: what was sent may have been done."""


class Transport(BaseRequest):
    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return READ_S

    async def initialize(self) -> None:
        self._session = aiohttp.ClientSession()

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def do_request(  # noqa: PLR0913, PLR0917 -- the signature is the library's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,  # the library's own marker for "not given", or seconds
        write_timeout: Any = None,
        connect_timeout: Any = None,
        pool_timeout: Any = None,
    ) -> tuple[int, bytes]:
        del write_timeout, connect_timeout, pool_timeout  # aiohttp has one limit for all of it
        assert self._session is not None, "initialize() comes first"
        seconds = read_timeout if isinstance(read_timeout, int | float) else READ_S
        timeout = aiohttp.ClientTimeout(total=seconds + CONNECT_S, connect=CONNECT_S)
        body, headers = _body(request_data) if request_data else (None, None)
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=timeout
            ) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise NotConnectedError("no connection") from None
        except TimeoutError:
            raise TimedOut from None
        except aiohttp.ClientError as error:
            # Without its own words, which may hold the address and so the token.
            raise NoAnswerError(type(error).__name__) from None


def _body(data: RequestData) -> tuple[bytes | aiohttp.FormData, dict[str, str] | None]:
    """What a method is called with, and how that is written: as multipart, once a file is among it;
    else as JSON, which is made in half the time."""
    if not data.contains_files:
        return json.dumps(data.parameters).encode(), JSON
    form = aiohttp.FormData(data.json_parameters)
    for part, (name, content, kind) in data.multipart_data.items():
        form.add_field(part, content, filename=name, content_type=kind)
    return form, None
