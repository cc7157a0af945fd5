"""Files of messages: made when they are downloaded, so that the playground keeps none either."""

import asyncio
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from adapters.playground.board import Board
from adapters.playground.incoming import ACCOUNT, MESSAGES, PLATFORM, Body
from bot.service import Service
from bot.store.outbox import Parcel


class Downloads:
    def __init__(self, service: Service, board: Board) -> None:
        self._service = service
        self._board = board

    async def get(self, request: Request) -> Response:
        """A message's file, as it is at this moment."""
        message = request.path_params["message"]
        known = message in MESSAGES
        found = await asyncio.to_thread(self._board.file, message) if known else None
        if found is None:
            raise HTTPException(404, "there is no such file")
        try:
            content = await self._service.file(_parcel(found))
        except LookupError as error:
            raise HTTPException(404, str(error)) from error
        saved = f"attachment; filename*=UTF-8''{quote(found['name'], safe='')}"
        headers = {"Content-Disposition": saved}
        return Response(content, headers=headers, media_type="application/octet-stream")


def _parcel(found: Body) -> Parcel:
    """The parcel as it was delivered, as far as making its file needs it."""
    return Parcel(
        key="",
        platform=PLATFORM,
        account=ACCOUNT,
        chat=found["person"],
        method="file",
        body={"text": found["text"], "rows": [], "name": found["name"]},
        member=found["member"],
        subject=found["subject"],
    )
