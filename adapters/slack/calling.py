"""A call in a workspace: with its token, or the one it was given meanwhile."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.outgoing import MENDED, code
from adapters.slack.tokens import Tokens

R = TypeVar("R")


async def called(tokens: Tokens, team: str, call: Callable[[AsyncWebClient], Awaitable[R]]) -> R:
    """What is refused for its token was not done. Another one may have been installed by then,
    maybe by another replica: with that it is done at once.

    Raises what a call raises, see `FAILURES` in `adapters.slack.outgoing`.
    """
    client = await tokens.client(team)
    try:
        return await call(client)
    except SlackApiError as error:
        if code(error) not in MENDED:
            raise
        tokens.forget(team)
        newest = await tokens.client(team)
        if newest.token == client.token:
            raise
    return await call(newest)
