"""What goes wrong between Slack and us: twice, late, lost, refused, unsigned, disconnected."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from structlog.testing import capture_logs

from adapters.slack.app import Slack, SlackError, greet
from bot.domain.parcels import (
    TAKEN_OUT,
    Away,
    Gone,
    Later,
    NotSent,
    Receipt,
    Refused,
    Sent,
    Uncertain,
)
from bot.engine.engine import Engine
from bot.engine.events import Event, Key, Reply
from bot.service import Service
from bot.store.inbox import Payload
from bot.store.outbox import Parcel
from tests.fresh import fresh
from tests.house import Fixed, living
from tests.slack_payloads import view_submission
from tests.slack_people import Person
from tests.slack_samples import submitted
from tests.slack_standin import SlackStandin
from tests.stage import HOUSE
from tests.ways import slack_of

BLANK = {"offers": " ", "seeks": "Singen", "goal": "Ein Ziel"}
MISSING = "Da kam nichts an. Ein paar Worte genügen."


def german(slack: SlackStandin, name: str = "Ana Huber") -> Person:
    return slack.person(name, locale="de-DE", tz="Europe/Berlin")


def bots(person: Person) -> list[str]:
    """How each message of the bot begins."""
    return [m.plain[:10] for m in person.messages if m.author != person.id]


def open_service(folder: Path) -> Service:
    return Service(Engine(fresh(folder / "own.db"), HOUSE), Fixed())


class Slow(Service):
    """Takes as long as the test wants to commit, and fails as often as it is told to."""

    def __init__(self, folder: Path) -> None:
        super().__init__(Engine(fresh(folder / "slow.db"), HOUSE), Fixed())
        self.asked, self.may = asyncio.Event(), asyncio.Event()
        self.failing = 0

    async def receive(self, inputs: list[tuple[Key, Payload]], *, by_hand: bool = False) -> int:
        self.asked.set()
        await self.may.wait()
        if self.failing:
            self.failing -= 1
            raise OSError("no space left on device")
        return await super().receive(inputs, by_hand=by_hand)


class Stuck(Service):
    """Commits, and then nothing ever happens."""

    def __init__(self, folder: Path) -> None:
        super().__init__(Engine(fresh(folder / "house.db"), HOUSE), Fixed())

    async def turn(self, key: Key, event: Event | None) -> Reply:
        await asyncio.Event().wait()
        return await super().turn(key, event)


class Late(Service):
    """Takes longer for a turn than a trigger lives."""

    def __init__(self, folder: Path, slack: SlackStandin) -> None:
        super().__init__(Engine(fresh(folder / "late.db"), HOUSE), Fixed())
        self.slack, self.late = slack, True

    async def turn(self, key: Key, event: Event | None) -> Reply:
        reply = await super().turn(key, event)
        if reply.sheet is not None and self.late:
            self.late = False
            self.slack.advance(3.5)
        return reply


@asynccontextmanager
async def taking_in(slack: SlackStandin, service: Service) -> AsyncIterator[Slack]:
    """The adapter on a service of the test's own; what is to be sent stays where it is."""
    adapter = slack_of(slack)(service)
    assert isinstance(adapter, Slack)
    async with adapter:
        running = asyncio.create_task(adapter.run())
        await slack.connected()
        try:
            yield adapter
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
    service.close()


async def waiting(service: Service) -> list[Parcel]:
    """What may be sent now, as soon as there is anything."""
    while not (parcels := await service.claim("slack", 50)):
        await service.something_to_send("slack")
    return parcels


async def goes_out(service: Service, adapter: Slack) -> list[Receipt]:
    """One round of sending, homes left out of what is told of it."""
    found = []
    for parcel in await waiting(service):
        receipt = await adapter.deliver(parcel)
        await service.settle(parcel, receipt)
        found += [receipt] if parcel.method != "home" else []
    return found


# Coming in


async def test_nothing_is_acknowledged_before_it_is_kept(tmp_path: Path) -> None:
    async with SlackStandin() as slack:
        service, ana = Slow(tmp_path), german(slack)
        async with taking_in(slack, service):
            ana.says("hallo")
            pressing = ana.commands("/tandem", "hilfe")
            await service.asked.wait()
            assert slack.acks == []
            service.may.set()
            assert await pressing.done
            await slack.settled()
            assert [ack.kind for ack in slack.acks].count("events_api") == 1
        assert slack.problems == []


async def test_what_could_not_be_kept_comes_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with SlackStandin() as slack:
        service, ana = Slow(tmp_path), german(slack)
        slack.patience, service.failing = 0.3, 1
        service.may.set()
        async with taking_in(slack, service):
            ana.says("hallo")
            await slack.settled()
            [ack] = slack.acks
            assert (ack.kind, slack.failures) == ("events_api", [])
            service.failing = 1
            assert not await ana.commands("/tandem", "hilfe").done
        assert slack.failures == ["Ana Huber: /tandem hilfe: no acknowledgement in time"]
    assert "input not taken" in capsys.readouterr().out


async def test_a_press_that_comes_twice_at_once_has_one_effect(tmp_path: Path) -> None:
    async with SlackStandin() as slack, living(tmp_path, slack_of(slack)):
        await slack.connected()
        ana = german(slack)
        ana.says("hallo")
        await ana.sees("Ich bin")
        pressing = ana.presses("Los geht’s")
        again = slack.socket.send(replace(pressing, done=asyncio.Future(), attempt=1))
        assert await pressing.done
        assert await again.done
        await ana.sees("Einwilligung")
        ana.presses("Ja, einverstanden")
        await ana.sees("Zwei Dinge sind freiwillig")
        assert bots(ana) == ["Hallo! Ich", "Bevor es l", "Zwei Dinge"]
        assert slack.problems == []


async def test_a_sheet_that_comes_twice_at_once_gets_one_answer(tmp_path: Path) -> None:
    """Whoever is second, the drain too, must not close what the first one's answer corrects."""
    service = open_service(tmp_path)
    async with SlackStandin() as slack, taking_in(slack, service) as adapter:
        ana = german(slack)
        ana.says("hallo")
        await goes_out(service, adapter)
        ana.presses("Als Formular", ana.messages[-1])
        await ana.sees_modal("Dein Profil")
        await ana.submits({"consent": "yes"})
        view = await ana.submits({"extras": []})
        assert view is not None
        ana.fills(BLANK)
        body = view_submission(slack, ana, view)
        requests = [AsyncBoltRequest(body=body, mode="socket_mode") for _ in range(3)]
        answers = [
            json.loads(r.body)
            for r in await asyncio.gather(*map(adapter.app.async_dispatch, requests))
        ]
        errors = {"response_action": "errors", "errors": {"offers": MISSING}}
        assert answers == [errors] * 3
        assert slack.problems == []


async def test_the_inbox_does_not_take_the_answer_away_from_who_waits_for_it(
    tmp_path: Path,
) -> None:
    """A sheet is in the inbox at once, while its sender is still being looked up."""
    async with SlackStandin() as slack:
        ana, service = german(slack), open_service(tmp_path)
        async with taking_in(slack, service) as adapter:
            ana.says("hallo")
            await goes_out(service, adapter)
            ana.presses("Als Formular", ana.messages[-1])
            await ana.sees_modal("Dein Profil")
            await ana.submits({"consent": "yes"})
            await ana.submits({"extras": []})
        async with taking_in(slack, open_service(tmp_path)):
            slack.fault("hold", "users.info")
            view = await ana.submits(BLANK)
            assert view is not None
            assert view.errors == {"offers": MISSING}
        assert slack.problems == []


@pytest.mark.file  # elsewhere another program may have it in hand for a while
async def test_a_crash_between_the_acknowledgement_and_the_effect_loses_nothing(
    tmp_path: Path,
) -> None:
    async with SlackStandin() as slack:
        ana, ben = german(slack), german(slack, "Ben Koch")
        async with taking_in(slack, Stuck(tmp_path)):
            ana.says("hallo")
            ben.commands("/tandem", "hilfe")
            await slack.until(lambda: slack.acks)
        ana.says("noch da?")
        async with living(tmp_path, slack_of(slack)):
            await slack.until(lambda: bots(ana)[1:] and bots(ben))
            assert (bots(ana), bots(ben)) == (["Hallo! Ich"] * 2, ["Hallo! Ich"])
        assert slack.problems == []


async def test_a_sheet_that_comes_too_late_can_be_opened_again(tmp_path: Path) -> None:
    async with SlackStandin() as slack:
        ana, service = german(slack), Late(tmp_path, slack)
        async with taking_in(slack, service) as adapter:
            ana.says("hallo")
            await slack.settled()
            await goes_out(service, adapter)
            assert await ana.presses("Als Formular", ana.messages[-1]).done
            await slack.until(lambda: slack.calls_of("views.open"))
            assert await ana.presses("Als Formular", ana.messages[-1]).done
            assert (await ana.sees_modal("Dein Profil")).labels
            errors = [(call.answer or {}).get("error") for call in slack.calls_of("views.open")]
            assert errors == ["expired_trigger_id", None]


async def test_a_name_that_slack_does_not_tell_holds_up_nothing(tmp_path: Path) -> None:
    async with SlackStandin() as slack, living(tmp_path, slack_of(slack)):
        await slack.connected()
        ana = slack.person("Ana Huber", locale="en-US")
        slack.fault("ratelimited", "users.info", retry_after=30)
        ana.says("hello")
        await ana.sees("Ich bin Tandem")
        assert slack.problems == []


# Going out


@asynccontextmanager
async def delivering(tmp_path: Path) -> AsyncIterator[tuple[SlackStandin, Slack]]:
    service = open_service(tmp_path)
    async with SlackStandin() as slack:
        slack.echoes = False
        adapter = slack_of(slack)(service)
        assert isinstance(adapter, Slack)
        async with adapter:
            yield slack, adapter
    service.close()


def parcel_for(person: Person, method: str = "send", ref: str = "", text: str = "Hallo") -> Parcel:
    body = {"text": text, "rows": [[{"label": "Ja", "handle": "h"}]]}
    return Parcel("k", "slack", person.slack.team, person.id, method, body, ref=ref, id=1)


async def test_sent_then_edited(tmp_path: Path) -> None:
    async with delivering(tmp_path) as (slack, adapter):
        ana = german(slack)
        sent = await adapter.deliver(parcel_for(ana))
        [first] = ana.messages
        assert sent == Sent(f"{first.channel}:{first.ts}")
        edit = parcel_for(ana, "edit", sent.ref, "Anders")
        assert await adapter.deliver(edit) == Sent()
        assert (first.plain, first.edits) == ("Anders\n[Ja]", ["Hallo\n[Ja]"])
        assert slack.problems == []


async def test_a_question_that_can_not_be_edited_is_asked_anew(tmp_path: Path) -> None:
    async with delivering(tmp_path) as (slack, adapter):
        ana = german(slack)
        assert isinstance(await adapter.deliver(parcel_for(ana)), Sent)
        ana.messages[0].ts = "gone"
        edit = parcel_for(ana, "edit", f"{ana.messages[0].channel}:17.5")
        anew = await adapter.deliver(edit)
        assert anew == Sent(f"{ana.messages[1].channel}:{ana.messages[1].ts}")
        answered = replace(edit, body={"text": "Deine Antwort: Ja", "rows": []})
        assert await adapter.deliver(answered) == Sent()
        assert len(ana.messages) == 2


@pytest.mark.parametrize(
    ("kind", "more", "receipt"),
    [
        ("ratelimited", {"retry_after": 7}, Later(timedelta(seconds=7), everywhere=True)),
        ("http_500", {}, Uncertain(trouble=True)),
        ("error", {"error": "fatal_error"}, Uncertain(trouble=True)),
        ("error", {"error": "token_revoked"}, Away(TAKEN_OUT)),
        ("error", {"error": "restricted_action"}, Refused("restricted_action")),
        ("error", {"error": "user_not_found"}, Gone("user_not_found")),
        ("drop_before", {}, Uncertain()),
        ("drop_after", {}, Uncertain()),
    ],
)
async def test_each_fault_has_its_receipt_and_one_call(
    tmp_path: Path, kind: str, more: dict[str, object], receipt: Receipt
) -> None:
    async with delivering(tmp_path) as (slack, adapter):
        ana = german(slack)
        slack.fault(kind, "chat.postMessage", **more)  # type: ignore[arg-type]  # a Kind
        assert await adapter.deliver(parcel_for(ana)) == receipt
        assert len(slack.calls_of("chat.postMessage")) == 1, "trying again is the outbox's"


async def test_without_a_connection_nothing_was_sent(tmp_path: Path) -> None:
    service = open_service(tmp_path)
    async with AsyncExitStack() as stack:
        async with SlackStandin() as slack:
            ana = german(slack)
            adapter = await stack.enter_async_context(slack_of(slack)(service))
        # The first call may find the connection of the start, and see it break only then.
        await adapter.deliver(parcel_for(ana))
        assert await adapter.deliver(parcel_for(ana)) == Away("no connection")
    service.close()


async def test_refused_blocks_are_sent_as_plain_text(tmp_path: Path) -> None:
    async with delivering(tmp_path) as (slack, adapter):
        ana = german(slack)
        long = "&lt;!channel&gt; " * 1500
        assert isinstance(await adapter.deliver(parcel_for(ana, text=long)), Sent)
        [message_seen] = ana.messages
        assert (message_seen.blocks, message_seen.active) == ([], [])
        assert message_seen.plain.split() == ["<!channel>"] * 1500
        assert slack.problems == ["chat.postMessage: msg_blocks_too_long"]


async def test_a_group_is_opened_once_and_failing_to_open_one_is_certain(tmp_path: Path) -> None:
    async with delivering(tmp_path) as (slack, adapter):
        ana, ben = german(slack), german(slack, "Ben Koch")
        body = {"users": [ana.id, ben.id], "text": "Hallo", "rows": []}
        group = replace(parcel_for(ana, "group"), chat="group:x", body=body)
        slack.fault("drop_after", "conversations.open")
        assert await adapter.deliver(group) == NotSent("group not opened")
        assert isinstance(await adapter.deliver(group), Sent)
        [channel] = ana.groups
        assert [m.plain for m in channel.messages] == ["Hallo"]
        ben.deactivates()
        carl = german(slack, "Carl")
        more = replace(group, body={**body, "users": [ana.id, ben.id, carl.id]})
        assert await adapter.deliver(more) == Refused("user_disabled")


async def test_a_pause_that_slack_asks_for_is_kept(tmp_path: Path) -> None:
    service = open_service(tmp_path)
    async with SlackStandin() as slack, taking_in(slack, service) as adapter:
        ana = german(slack)
        slack.fault("ratelimited", "chat.postMessage", retry_after=30)
        ana.says("hallo")
        assert await goes_out(service, adapter) == [Later(timedelta(seconds=30), everywhere=True)]
        await service.move_clock(timedelta(seconds=29))
        assert await service.claim("slack", 50) == []
        await service.move_clock(timedelta(seconds=2))
        slack.advance(31)
        await goes_out(service, adapter)
        assert bots(ana) == ["Hallo! Ich"]
        assert slack.problems == []


async def test_an_answer_that_got_lost_is_said_again(tmp_path: Path) -> None:
    service = open_service(tmp_path)
    async with SlackStandin() as slack, taking_in(slack, service) as adapter:
        ana = german(slack)
        slack.fault("drop_after", "chat.postMessage")
        ana.says("hallo")
        assert await goes_out(service, adapter) == [Uncertain()]
        await service.move_clock(timedelta(seconds=2))
        await goes_out(service, adapter)
        assert bots(ana) == ["Hallo! Ich", "Hallo! Ich"], "twice is better than never"
        assert slack.problems == []


async def test_somebody_deactivated_is_left_alone_until_they_return(tmp_path: Path) -> None:
    async with SlackStandin() as slack, living(tmp_path, slack_of(slack)) as service:
        await slack.connected()
        ana = german(slack)
        ana.says("hallo")
        await ana.sees("Ich bin")
        ana.presses("Los geht’s")
        await ana.sees("Einwilligung")
        await slack.settled()
        ana.deactivates()
        await slack.settled()
        posted = len(slack.calls_of("chat.postMessage"))
        await service.move_clock(timedelta(days=4))
        ana.reactivates()
        ana.says("bin wieder da")
        await slack.until(lambda: slack.calls_of("chat.postMessage")[posted:])
        refusals = [(call.answer or {}).get("error") for call in slack.calls]
        assert "user_disabled" not in refusals
        assert slack.problems == []


# The connection


@pytest.mark.parametrize("reason", ["refresh_requested", None], ids=["announced", "broken off"])
async def test_a_connection_that_ends_is_made_anew(tmp_path: Path, reason: str | None) -> None:
    async with SlackStandin() as slack, living(tmp_path, slack_of(slack, ping_s=0.05)):
        await slack.connected()
        ana = german(slack)
        slack.disconnect(reason, grace=0.1)
        ana.says("hallo")
        await ana.sees("Ich bin")
        assert slack.problems == []


async def test_an_address_that_can_not_be_used_any_more_is_replaced(tmp_path: Path) -> None:
    """The library by itself would try it for ever."""
    service = open_service(tmp_path)
    async with SlackStandin() as slack, slack_of(slack, ping_s=0.1)(service) as adapter:
        [call] = slack.calls_of("apps.connections.open")
        assert call.answer is not None
        async with aiohttp.ClientSession() as http, http.ws_connect(call.answer["url"]):
            pass
        await slack.until(lambda: not slack.socket.lines)
        running = asyncio.create_task(adapter.run())
        await slack.connected()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert set(slack.problems) == {"Socket Mode: a WebSocket URL was used twice"}
    service.close()


async def test_stopping_is_quick(tmp_path: Path) -> None:
    async with SlackStandin() as slack:
        async with living(tmp_path, slack_of(slack)):
            await slack.connected()
            started = time.monotonic()
        assert time.monotonic() - started < 1
        await slack.until(lambda: not slack.socket.lines)


# Tokens and signatures


async def test_refused_tokens_name_the_cure(tmp_path: Path) -> None:
    service = open_service(tmp_path)
    async with SlackStandin() as slack:
        assert await greet(slack.bot_token, slack.app_token, slack.url) == "@tandem in Stand-in"
        for tokens, setting in (
            (("xoxb-wrong", slack.app_token), "SLACK_BOT_TOKEN: Slack says invalid_auth"),
            ((slack.app_token, slack.app_token), "SLACK_BOT_TOKEN: Slack says not_allowed"),
            ((slack.bot_token, "xapp-wrong"), "SLACK_APP_TOKEN: Slack says invalid_auth"),
        ):
            with pytest.raises(SlackError, match=setting):
                await greet(*tokens, slack.url)
            bot, app = tokens
            with pytest.raises(SlackError, match=setting):
                async with Slack(service, bot_token=bot, app_token=app, api_url=slack.url):
                    pass
        slack.scopes -= {"im:history", "users:read"}
        with pytest.raises(SlackError, match="SLACK_BOT_TOKEN: it lacks im:history, users:read;"):
            await greet(slack.bot_token, slack.app_token, slack.url)
    with pytest.raises(SlackError, match="SLACK_API_URL: no answer"):
        await greet(slack.bot_token, slack.app_token, slack.url)
    service.close()


async def test_no_log_has_anybodys_words(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    malformed = submitted({"name": {"value": "Geheimnis"}})
    malformed["view"]["state"] = "Geheimnis"
    unknown = {"type": "shortcut", "callback_id": "x", "user": {"id": "U1"}, "x": "Geheimnis"}
    service = open_service(tmp_path)
    with capture_logs() as events:
        async with SlackStandin() as slack, taking_in(slack, service) as adapter:
            ana = german(slack)
            slack.fault("http_500", "users.info")
            ana.says("Geheimnis")
            assert await ana.commands("/tandem", "Geheimnis").done
            for body, status in ((malformed, 200), (unknown, 404)):
                request = AsyncBoltRequest(body=body, mode="socket_mode")
                assert (await adapter.app.async_dispatch(request)).status == status
            await slack.settled()
    assert "nothing known of a member" in {log["event"] for log in events}
    assert [r.name for r in caplog.records if r.name.startswith(("slack", "tandem"))] == []
    logged = f"{caplog.text}{events}"
    assert [
        word for word in ("Geheimnis", slack.bot_token, slack.app_token) if word in logged
    ] == []
