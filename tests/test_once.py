"""The same thing again has no second effect: delivered again, shuffled, or pressed in a hurry."""

from pathlib import Path

from tests.house import living
from tests.slack_standin import SlackStandin
from tests.telegram_standin import TelegramStandin
from tests.ways import slack_of, telegram_of


async def test_an_event_of_slack_four_times_and_two_of_them_at_once(tmp_path: Path) -> None:
    async with SlackStandin() as slack, living(tmp_path, slack_of(slack)):
        ana = slack.person("Ana Huber", locale="de-DE", tz="Europe/Berlin")
        await slack.connected()
        ana.says("hallo")
        await ana.sees("Ich bin")
        for _ in range(2):
            slack.redeliver("last")
        await slack.settled()
        slack.redeliver("last")
        ana.presses("Los geht’s")
        await ana.sees("Einwilligung")
        await slack.settled()
        said = [m.text[:10] for m in ana.messages if m.author == slack.bot_user]
        assert said == ["Hallo! Ich", "Bevor es l"]
        assert slack.failures == []


async def test_updates_of_telegram_twice_and_in_another_order(tmp_path: Path) -> None:
    async with TelegramStandin() as telegram, living(tmp_path, telegram_of(telegram)):
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
        starts = [m.text.split()[0] for m in ana.messages]
        assert starts.count("Hallo!") == 1
        assert telegram.problems == []


async def test_a_button_ten_times_in_a_hurry_is_answered_and_counts_once(tmp_path: Path) -> None:
    async with TelegramStandin() as telegram, living(tmp_path, telegram_of(telegram)):
        ana = telegram.person("Ana", language="de")
        ana.says("/start")
        await ana.sees("Ich bin Tandem")
        ana.presses("Los geht’s")
        question = await ana.sees("Einwilligung")
        [[yes, *_], *_] = question.buttons
        for _ in range(10):
            ana.presses_data(yes.data or "", question)
        ana.says("weiter")
        await ana.sees("Was kannst du gut")
        assert telegram.problems == []
