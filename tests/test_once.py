"""The same thing again has no second effect: delivered again, shuffled, or pressed in a hurry; on
each way in which a platform reaches the house, and on each database."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.store import buttons
from bot.store.tables import consent, inbox
from tests.postgres import Place
from tests.slack_deliveries import EVENTS, Delivery
from tests.slack_payloads import event_callback, message_event
from tests.slack_standin import SlackStandin
from tests.telegram_standin import TelegramStandin
from tests.test_slack_faults import bots, german
from tests.ways import SLACK, TELEGRAM, OnSlack, OnTelegram

on_telegram = pytest.mark.parametrize("way", TELEGRAM.values(), ids=TELEGRAM.keys())
on_slack = pytest.mark.parametrize("way", SLACK.values(), ids=SLACK.keys())
LATER = buttons.LIFE + timedelta(days=1)


def given(place: Place) -> int:
    """How many consents were given so far."""
    with place.open().begin() as connection:
        return connection.execute(select(func.count()).select_from(consent)).scalar_one()


def taken_in(place: Place) -> int:
    with place.open().begin() as connection:
        return connection.execute(select(func.count()).select_from(inbox)).scalar_one()


@on_telegram
async def test_updates_of_telegram_twice_and_in_another_order(
    place: Place, way: OnTelegram
) -> None:
    async with TelegramStandin() as telegram, way(place, telegram):
        ana = telegram.person("Ana", language="de")
        ana.says("/start")
        await ana.sees("Ich bin Tandem")
        first = telegram.redeliver()
        ana.presses("Los geht’s")
        await ana.sees("Einwilligung")
        second = telegram.redeliver()
        telegram.redeliver(first)
        ana.presses("Ja, einverstanden")
        await ana.sees("Zwei Dinge sind freiwillig")
        for update in (second, first, second):
            telegram.redeliver(update)
        ana.says("weiter")
        await ana.sees("Was kannst du gut")
        await telegram.until(lambda: not telegram.pending)
        said = [m.text.split()[0] for m in ana.messages if m.from_bot]
        assert said == ["Hallo!", "Bevor", "Zwei", "Frage"]
        assert (given(place), taken_in(place)) == (1, 4)
        assert telegram.problems == []


@on_slack
async def test_an_event_of_slack_four_times_two_of_them_at_once(place: Place, way: OnSlack) -> None:
    async with SlackStandin() as slack, way(place, slack):
        ana = german(slack)
        said = slack.add(slack.open([ana.id])[0], ana.id, "hallo", [])
        body = event_callback(slack, message_event(slack, said))
        for attempt in range(2):
            slack.socket.send(Delivery(EVENTS, body, "hallo", attempt=attempt))
        await ana.sees("Ich bin Tandem")
        for attempt in range(2, 4):
            await slack.socket.send(Delivery(EVENTS, body, "hallo", attempt=attempt)).done
        ana.presses("Los geht’s")
        await ana.sees("Einwilligung")
        await slack.settled()
        assert bots(ana) == ["Hallo! Ich", "Bevor es l"]
        assert taken_in(place) == 2
        assert (slack.problems, slack.failures) == ([], [])


@on_telegram
async def test_a_button_of_telegram_in_a_hurry_by_others_and_too_late(
    place: Place, way: OnTelegram
) -> None:
    async with TelegramStandin() as telegram, way(place, telegram) as service:
        ana, eve = telegram.person("Ana", language="de"), telegram.person("Eve", language="de")
        for person in (ana, eve):
            person.says("/start")
            await person.sees("Ich bin Tandem")
            person.presses("Los geht’s")
        question, hers = await ana.sees("Einwilligung"), await eve.sees("Einwilligung")
        [yes, too_late] = [one.buttons[0][0].data or "" for one in (question, hers)]

        eve.presses_data(yes, hers)
        await eve.sees("gilt nicht mehr")
        assert given(place) == 0

        for _ in range(10):
            ana.presses_data(yes, question)
        await ana.sees("Zwei Dinge sind freiwillig")
        await telegram.until(lambda: not telegram.pending and not telegram.unanswered)
        assert given(place) == 1

        await service.move_clock(LATER)
        eve.presses_data(too_late, hers)
        await eve.sees("gilt nicht mehr")
        assert given(place) == 1
        assert telegram.problems == []


@on_slack
async def test_a_button_of_slack_in_a_hurry_by_others_and_too_late(
    place: Place, way: OnSlack
) -> None:
    async with SlackStandin() as slack, way(place, slack) as service:
        ana, eve = german(slack), german(slack, "Eve Koch")
        for person in (ana, eve):
            person.says("hallo")
            await person.sees("Ich bin Tandem")
            person.presses("Los geht’s")
        question, hers = await ana.sees("Einwilligung"), await eve.sees("Einwilligung")
        [yes, too_late] = [one.buttons[0] for one in (question, hers)]

        assert await eve.presses_value(yes.action_id, yes.value or "", hers).done
        await eve.sees("gilt nicht mehr")
        assert given(place) == 0

        presses = [ana.presses_value(yes.action_id, yes.value or "", question) for _ in range(10)]
        assert all(await asyncio.gather(*(press.done for press in presses)))
        await ana.sees("Zwei Dinge sind freiwillig")
        await slack.settled()
        assert given(place) == 1

        await service.move_clock(LATER)
        assert await eve.presses_value(too_late.action_id, too_late.value or "", hers).done
        await eve.sees("gilt nicht mehr")
        assert given(place) == 1
        assert (slack.problems, slack.failures) == ([], [])
