"""Each way in which a platform reaches the house: it is asked for what is new, or brings it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

from adapters.slack.app import Slack
from adapters.telegram.app import Telegram
from bot.service import Service
from tests.house import Build, living, replica
from tests.postgres import Place
from tests.slack_posting import Posting, up
from tests.slack_standin import SlackStandin
from tests.telegram_standin import TelegramStandin

PUBLIC: Final = "https://tandem.example.org"
SECRET: Final = "0123456789abcdef" * 2


def telegram_of(standin: TelegramStandin, public_url: str = "") -> Build:
    def build(service: Service) -> Telegram:
        return Telegram(service, standin.token, standin.url, public_url=public_url)

    return build


def hooked(standin: TelegramStandin) -> Build:
    return telegram_of(standin, PUBLIC)


def slack_of(standin: SlackStandin, ping_s: float = 5.0) -> Build:
    def build(service: Service) -> Slack:
        slack = Slack(
            service,
            bot_token=standin.bot_token,
            app_token=standin.app_token,
            api_url=standin.url,
        )
        slack.ping_s = ping_s
        return slack

    return build


def posted_to(standin: SlackStandin) -> Build:
    def build(service: Service) -> Slack:
        return Slack(
            service, bot_token=standin.bot_token, signing_secret=SECRET, api_url=standin.url
        )

    return build


@asynccontextmanager
async def replicas(
    where: Path | Place, standin: TelegramStandin, count: int
) -> AsyncIterator[list[str]]:
    """So many behind the public address, each asked in turn."""
    standin.hook.upstreams[PUBLIC] = urls = []
    async with AsyncExitStack() as stack:
        for _ in range(count):
            _, url = await stack.enter_async_context(replica(where, hooked(standin)))
            urls.append(url)
        yield urls


@asynccontextmanager
async def behind(where: Path | Place, slack: SlackStandin, count: int) -> AsyncIterator[list[str]]:
    """So many replicas that Slack posts to in turn, as soon as all are up."""
    urls: list[str] = []
    slack.socket = Posting(slack, SECRET, urls)
    async with AsyncExitStack() as stack:
        for _ in range(count):
            _, url = await stack.enter_async_context(replica(where, posted_to(slack)))
            urls.append(url)
        for url in urls:
            await up(url, SECRET)
        stack.push_async_callback(slack.socket.close)  # nothing comes to a server that closes
        yield urls


@asynccontextmanager
async def _polled(where: Path | Place, standin: TelegramStandin) -> AsyncIterator[Service]:
    async with living(where, telegram_of(standin)) as service:
        yield service


@asynccontextmanager
async def _brought(where: Path | Place, standin: TelegramStandin) -> AsyncIterator[Service]:
    standin.hook.upstreams[PUBLIC] = urls = []
    async with replica(where, hooked(standin)) as (service, url):
        urls.append(url)
        yield service


@asynccontextmanager
async def _socket(where: Path | Place, slack: SlackStandin) -> AsyncIterator[Service]:
    async with living(where, slack_of(slack)) as service:
        await slack.connected()
        yield service


@asynccontextmanager
async def _posted(where: Path | Place, slack: SlackStandin) -> AsyncIterator[Service]:
    urls: list[str] = []
    slack.socket = Posting(slack, SECRET, urls)
    async with replica(where, posted_to(slack)) as (service, url):
        urls.append(url)
        await up(url, SECRET)
        yield service
        await slack.settled()  # nothing comes to a server that closes


OnTelegram = Callable[[Place, TelegramStandin], AbstractAsyncContextManager[Service]]
OnSlack = Callable[[Place, SlackStandin], AbstractAsyncContextManager[Service]]
TELEGRAM: Final[dict[str, OnTelegram]] = {"polling": _polled, "webhook": _brought}
SLACK: Final[dict[str, OnSlack]] = {"socket mode": _socket, "http": _posted}
