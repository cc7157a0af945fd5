"""The official client and Bolt against the stand-in, for tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from tests.slack_shapes import Json
from tests.slack_standin import SlackStandin


async def refusal(call: Any) -> Json:
    """The answer of a call that must be refused."""
    with pytest.raises(SlackApiError) as caught:
        await call
    assert isinstance(caught.value.response.data, dict)
    return dict(caught.value.response.data)


async def error(call: Any) -> str:
    return str((await refusal(call))["error"])


@asynccontextmanager
async def running(slack: SlackStandin, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    """An app of Bolt, connected in Socket Mode; it pings often, to notice lost connections."""
    handler = AsyncSocketModeHandler(app, slack.app_token, ping_interval=0.2)
    await handler.client.connect()  # type: ignore[no-untyped-call]  # the library's
    await slack.connected()
    yield handler
    await handler.client.close()  # type: ignore[no-untyped-call]  # the library's
