"""Slack over HTTP: only what Slack signed is taken, once, by any of several replicas."""

import asyncio
import io
import json
import logging
import sqlite3
import time
from pathlib import Path

import pytest
from aiohttp import ClientSession
from structlog.testing import capture_logs

from adapters.slack.app import Slack
from tests.house import replica
from tests.postgres import Place, Server
from tests.slack_deliveries import EVENTS, Delivery
from tests.slack_payloads import event_callback, message_event
from tests.slack_posting import PATH, Posting, signed, up
from tests.slack_samples import message
from tests.slack_standin import SlackStandin
from tests.test_slack_app import fills
from tests.test_slack_faults import bots, german
from tests.ways import SECRET, behind, posted_to

pytestmark = pytest.mark.whole


async def test_two_replicas_answer_chats_sheets_and_commands(shared: Place) -> None:
    async with SlackStandin() as slack, behind(shared, slack, 2) as urls:
        ana, ben = german(slack), german(slack, "Ben Koch")
        ana.says("hallo")
        await ana.sees("Ich bin Tandem")
        await fills(ben, "Singen", "Kochen")
        assert await ana.commands("/tandem", "hilfe").done
        await ana.sees("/tandem datenschutz")
        posting = slack.socket
        assert isinstance(posting, Posting)
        assert {where for where, _ in posting.answers} == set(urls)
        assert {status for _, status in posting.answers} == {200}
        assert (slack.problems, slack.failures) == ([], [])
        assert slack.calls_of("apps.connections.open") == []


async def test_one_event_four_times_two_of_them_at_once_has_one_effect(shared: Place) -> None:
    async with SlackStandin() as slack, behind(shared, slack, 2) as urls:
        ana, posting = german(slack), slack.socket
        assert isinstance(posting, Posting)
        said = slack.add(slack.open([ana.id])[0], ana.id, "hallo", [])
        body = event_callback(slack, message_event(slack, said))
        copies = [Delivery(EVENTS, body, "again", attempt=number) for number in range(4)]
        both = [posting.post(f"{url}{PATH}", copies[n]) for n, url in enumerate(urls)]
        assert [status for status, _ in await asyncio.gather(*both)] == [200, 200]
        await ana.sees("Ich bin Tandem")
        for copy in copies[2:]:
            assert (await posting.post(f"{urls[0]}{PATH}", copy))[0] == 200
        ana.presses("Los geht’s")
        await ana.sees("Einwilligung")
        assert bots(ana) == ["Hallo! Ich", "Bevor es l"]
        assert slack.problems == []


async def test_what_one_replica_has_in_hand_the_other_does_not_answer_to_nobody(
    postgres: Server,
) -> None:
    """Slack does not tell who somebody is, for longer than the other looks for what is left."""
    with postgres.place() as place:
        async with SlackStandin() as slack, behind(place, slack, 1) as urls:
            ana, posting = german(slack), slack.socket
            assert isinstance(posting, Posting)
            ana.opens_home()
            await ana.sees("Ich bin Tandem")
            async with replica(place, posted_to(slack)) as (_, other):
                await up(other, SECRET)
                urls.append(other)  # only now: so it can't have asked who she is
                held = slack.fault("hold", "users.info", times=99)
                begun = len(posting.answers)
                ana.presses("Als Formular", in_home=True)
                await ana.sees_modal("Dein Profil")
                for values in ({"consent": "yes"}, {"extras": ["diary"]}):
                    assert await ana.submits(values) is not None
                assert {where for where, _ in posting.answers[begun:]} == set(urls)
                assert held.hit.is_set()
                assert (slack.problems, slack.failures) == ([], [])
                await slack.settled()  # nothing comes to a server that closes


@pytest.mark.file
async def test_what_the_database_can_not_keep_is_not_acknowledged_and_comes_again(
    tmp_path: Path,
) -> None:
    async with SlackStandin() as slack, behind(tmp_path, slack, 1):
        ana, posting = german(slack), slack.socket
        assert isinstance(posting, Posting)
        posting.patience = 0.3
        locking = sqlite3.connect(tmp_path / "house.db", isolation_level=None)
        locking.execute("BEGIN IMMEDIATE")
        ana.says("hallo")
        await slack.until(lambda: len(posting.answers) > 1)
        assert {status for _, status in posting.answers} <= {0, 503}
        assert posting.acks == []
        posting.patience = 10
        locking.execute("ROLLBACK")
        locking.close()
        await ana.sees("Ich bin Tandem")
        await slack.settled()
        assert bots(ana) == ["Hallo! Ich"]
        assert (slack.problems, slack.failures) == ([], [])


async def test_only_what_slack_signed_is_taken(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    body, now = json.dumps(message("Geheimnis")), str(int(time.time()))
    right = signed(body, SECRET, now)
    async with SlackStandin() as slack, behind(tmp_path, slack, 1) as [url]:

        async def status(headers: dict[str, str], content: str = body) -> int:
            sent = io.BytesIO(content.encode())
            async with (
                ClientSession() as client,
                client.post(f"{url}{PATH}", data=sent, headers=headers) as answer,
            ):
                return answer.status

        with capture_logs() as logged:
            for wrong in (
                {},
                {**right, "X-Slack-Signature": "v0=00"},
                {**right, "X-Slack-Signature": "v0=é"},
                {**right, "X-Slack-Request-Timestamp": "soon"},
                {**right, "X-Slack-Request-Timestamp": str(int(now) + 1)},
                signed(body, SECRET, "soon"),
                signed(body, SECRET, "9" * 400),
                signed(body, SECRET, str(int(time.time()) - 301)),
                # A minute above, since time goes on until the request is there.
                signed(body, SECRET, str(int(time.time()) + 360)),
                signed(body, SECRET[::-1], now),
                signed(body, slack.bot_token, now),
            ):
                assert await status(wrong) == 401, wrong
            assert await status(right, body.replace("Geheimnis", "Geheimnix")) == 401
            assert await status({}, "ssl_check=1&token=x") == 401
            for broken in ("", "[]", "Geheimnis", "[" * 100_000, '"Geheimnis"'):
                assert await status(signed(broken, SECRET), broken) in {400, 404}, broken[:20]
            assert await status(right, "x" * (2 << 20)) == 413
            assert slack.calls_of("users.info") == []
            assert await status(right) == 200
            assert await status(right) == 200, "again: no second effect, see above"
            await slack.until(lambda: slack.calls_of("users.info"))
        assert "Geheimnis" not in f"{logged}{caplog.text}"


async def test_the_page_of_professional_contacts_comes_without_the_database(
    tmp_path: Path,
) -> None:
    async with SlackStandin() as slack, behind(tmp_path, slack, 1):
        ana = german(slack)
        locking = sqlite3.connect(tmp_path / "house.db", isolation_level=None)
        locking.execute("BEGIN IMMEDIATE")
        assert await ana.commands("/tandem", "notfall").done
        await ana.sees("112")
        locking.execute("ROLLBACK")
        locking.close()
        assert (slack.problems, slack.failures) == ([], [])


async def test_without_a_socket_there_is_an_address_and_the_other_way_round(
    tmp_path: Path,
) -> None:
    async with SlackStandin() as slack, replica(tmp_path) as (service, _):
        posted = posted_to(slack)(service)
        connected = Slack(service, bot_token=slack.bot_token, app_token=slack.app_token)
        assert isinstance(posted, Slack)
        assert [route.path for route in posted.routes()] == [PATH]
        assert connected.routes() == []
