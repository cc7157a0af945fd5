"""A day and a time as people type them, in both languages: understood, or asked back."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.answers import Problem
from bot.conversation.sentences.moments import moment

MONDAY = "2026-11-02T09:00"
EVENING = "2026-11-02T20:00"
THURSDAY = "2026-11-05T12:00"
YEARS_END = "2026-12-30T12:00"
BEFORE_SUMMER = "2027-03-26T12:00"
BEFORE_WINTER = "2026-10-23T12:00"

MEANT = [
    # plain
    ("de", MONDAY, "Do 19:30", "2026-11-05T19:30"),
    ("de", MONDAY, "do. 19.30", "2026-11-05T19:30"),
    ("de", MONDAY, "DO, 19:30 UHR", "2026-11-05T19:30"),
    ("de", MONDAY, "Donnerstag um halb acht abends", Problem("half")),
    ("de", MONDAY, "am Donnerstag um 19 Uhr", "2026-11-05T19:00"),
    ("de", MONDAY, "Donnerstags 19 Uhr", "2026-11-05T19:00"),
    ("de", MONDAY, "Donerstag 19 Uhr", "2026-11-05T19:00"),
    ("de", MONDAY, "19 Uhr am Mittwoch", "2026-11-04T19:00"),
    ("de", MONDAY, "Mi 19 Uhr 30", "2026-11-04T19:30"),
    ("de", MONDAY, "So 11 Uhr", "2026-11-08T11:00"),
    ("de", MONDAY, "so gegen 18 Uhr am Di", "2026-11-03T18:00"),
    ("de", MONDAY, "Sa 10h", "2026-11-07T10:00"),
    ("de", MONDAY, "Fr 18h30", "2026-11-06T18:30"),
    ("en", MONDAY, "thursday 7:30pm", "2026-11-05T19:30"),
    ("en", MONDAY, "Thu 7:30 p.m.", "2026-11-05T19:30"),
    ("en", MONDAY, "thu at 19:30", "2026-11-05T19:30"),
    ("en", MONDAY, "on Wednesday at noon", "2026-11-04T12:00"),
    ("en", MONDAY, "6pm on Friday", "2026-11-06T18:00"),
    ("en", MONDAY, "can we do Friday 6 pm?", "2026-11-06T18:00"),
    ("en", MONDAY, "How about Wed, 6pm", "2026-11-04T18:00"),
    ("de", MONDAY, "thursday 7:30pm", "2026-11-05T19:30"),
    ("en", MONDAY, "Donnerstag um 19 Uhr", "2026-11-05T19:00"),
    # dates
    ("de", MONDAY, "28.11. 18:00", "2026-11-28T18:00"),
    ("de", MONDAY, "28.11. 18.00", "2026-11-28T18:00"),
    ("de", MONDAY, "28.11 18:00 Uhr", "2026-11-28T18:00"),
    ("de", MONDAY, "28.11.26 um 18 Uhr", "2026-11-28T18:00"),
    ("de", MONDAY, "Sa, 28.11.2026, 18 Uhr", "2026-11-28T18:00"),
    ("de", MONDAY, "Di, 3.11., 18:00 Uhr", "2026-11-03T18:00"),
    ("de", MONDAY, "28. November 18 Uhr", "2026-11-28T18:00"),
    ("de", MONDAY, "am 12. um 18 Uhr", "2026-11-12T18:00"),
    ("de", MONDAY, "Mo 9.11. 18 Uhr", "2026-11-09T18:00"),
    ("en", MONDAY, "28 Nov 6pm", "2026-11-28T18:00"),
    ("en", MONDAY, "November 28th at 6pm", "2026-11-28T18:00"),
    ("en", MONDAY, "Tue 3 Nov, 18:00", "2026-11-03T18:00"),
    ("en", MONDAY, "2026-11-28 18:00", "2026-11-28T18:00"),
    ("en", MONDAY, "the 12th at 6pm", "2026-11-12T18:00"),
    # counted from today
    ("de", MONDAY, "morgen 18 Uhr", "2026-11-03T18:00"),
    ("de", MONDAY, "morgen Abend um 7", "2026-11-03T19:00"),
    ("de", MONDAY, "morgen früh um 9 Uhr", "2026-11-03T09:00"),
    ("de", MONDAY, "übermorgen um 18:30", "2026-11-04T18:30"),
    ("de", MONDAY, "heute Abend 19 Uhr", "2026-11-02T19:00"),
    ("de", MONDAY, "Donnerstagabend 7 Uhr", "2026-11-05T19:00"),
    ("de", MONDAY, "in zwei Wochen Di 18h", "2026-11-17T18:00"),
    ("de", MONDAY, "in 3 Tagen um 18 Uhr", "2026-11-05T18:00"),
    ("de", MONDAY, "nächste Woche Dienstag 18 Uhr", "2026-11-10T18:00"),
    ("de", MONDAY, "Di nächster Woche 18 Uhr", "2026-11-10T18:00"),
    ("de", MONDAY, "übernächste Woche Mittwoch 18 Uhr", "2026-11-18T18:00"),
    ("de", THURSDAY, "nächsten Dienstag um 18 Uhr", "2026-11-10T18:00"),
    ("de", MONDAY, "nächsten Montag um 18 Uhr", "2026-11-09T18:00"),
    ("de", MONDAY, "diesen Dienstag um 18 Uhr", "2026-11-03T18:00"),
    ("en", MONDAY, "tomorrow at 6pm", "2026-11-03T18:00"),
    ("en", MONDAY, "tomorrow evening at 7", "2026-11-03T19:00"),
    ("en", MONDAY, "tonight at 8", "2026-11-02T20:00"),
    ("en", MONDAY, "Tuesday next week 18:00", "2026-11-10T18:00"),
    ("en", MONDAY, "next week on Tue at 6pm", "2026-11-10T18:00"),
    ("en", THURSDAY, "next Tuesday 6pm", "2026-11-10T18:00"),
    ("en", MONDAY, "in two weeks at 6pm", "2026-11-16T18:00"),
    # today's weekday: today, as long as the time is to come
    ("de", MONDAY, "Montag 18 Uhr", "2026-11-02T18:00"),
    ("de", EVENING, "Montag 18 Uhr", "2026-11-09T18:00"),
    ("en", EVENING, "Mon 6pm", "2026-11-09T18:00"),
    # the year's end
    ("de", YEARS_END, "2.1. 18 Uhr", "2027-01-02T18:00"),
    ("de", YEARS_END, "Fr 18 Uhr", "2027-01-01T18:00"),
    ("en", YEARS_END, "tomorrow 6pm", "2026-12-31T18:00"),
    ("en", YEARS_END, "Jan 5th 6pm", "2027-01-05T18:00"),
    # the clock changes; which instant it is is said elsewhere
    ("de", BEFORE_SUMMER, "Sonntag 18 Uhr", "2027-03-28T18:00"),
    ("de", BEFORE_SUMMER, "28.3. 02:30", "2027-03-28T02:30"),
    ("en", BEFORE_WINTER, "in 2 days 02:30", "2026-10-25T02:30"),
    ("de", BEFORE_WINTER, "Mo 18 Uhr", "2026-10-26T18:00"),
    # asked back
    ("de", MONDAY, "nächsten Dienstag um 18 Uhr", Problem("which")),
    ("en", MONDAY, "next Thursday 6pm", Problem("which")),
    ("de", THURSDAY, "in zwei Wochen Di 18h", Problem("which")),
    ("de", MONDAY, "morgen Abend", Problem("no_time")),
    ("de", MONDAY, "Donnerstag", Problem("no_time")),
    ("en", MONDAY, "next week on Tuesday", Problem("no_time")),
    ("de", MONDAY, "19:30", Problem("no_day")),
    ("de", MONDAY, "nächste Woche 18 Uhr", Problem("no_day")),
    ("en", MONDAY, "at 6pm", Problem("no_day")),
    ("de", MONDAY, "Do um 7", Problem("half")),
    ("de", MONDAY, "Do 7 Uhr", Problem("half")),
    ("en", MONDAY, "thu 7:30", Problem("half")),
    ("de", MONDAY, "Do 07:30", "2026-11-05T07:30"),
    ("en", MONDAY, "thu 7:30am", "2026-11-05T07:30"),
    ("de", MONDAY, "Di oder Do 18 Uhr", Problem("several")),
    ("de", MONDAY, "Do 18 Uhr oder 19 Uhr", Problem("several")),
    ("de", MONDAY, "Di 28.11. 18 Uhr", Problem("mismatch")),
    ("en", MONDAY, "Tuesday 28 November 6pm", Problem("mismatch")),
    ("de", MONDAY, "Do ab 18 Uhr", Problem("no_time")),
    ("en", MONDAY, "Thursday after 6pm", Problem("no_time")),
    ("de", MONDAY, "Do 18:00 UTC", Problem("zone")),
    ("de", MONDAY, "Do 18 Uhr Londoner Zeit", Problem("zone")),
    ("en", MONDAY, "Thu 6pm London time", Problem("zone")),
    ("en", MONDAY, "Thu 6pm EST", Problem("zone")),
    ("de", MONDAY, "1.11. 18 Uhr", Problem("far")),
    ("en", MONDAY, "28 November 2027 6pm", Problem("far")),
    ("de", MONDAY, "Do 18-19 Uhr", Problem("unknown")),
    ("de", MONDAY, "Do 25:00", Problem("unknown")),
    ("de", MONDAY, "31.11. 18 Uhr", Problem("unknown")),
    ("de", MONDAY, "28.11.2025 18 Uhr", Problem("unknown")),
    ("de", MONDAY, "gestern 18 Uhr", Problem("past")),
    ("en", MONDAY, "yesterday at 6pm", Problem("past")),
    ("de", MONDAY, "Do 19", Problem("unknown")),
    ("de", MONDAY, "nicht am Donnerstag um 18 Uhr", Problem("unknown")),
    ("en", MONDAY, "I can't on Thursday at 6pm", Problem("unknown")),
    ("en", MONDAY, "11/12 6pm", Problem("unknown")),
    ("de", MONDAY, "keine Ahnung", Problem("unknown")),
    ("de", MONDAY, "", Problem("unknown")),
]


@pytest.mark.parametrize(("language", "now", "text", "meant"), MEANT)
def test_what_is_typed_is_understood_or_asked_back(
    language: str, now: str, text: str, meant: str | Problem
) -> None:
    found = moment(text, datetime.fromisoformat(now), language)
    if isinstance(meant, Problem):
        assert isinstance(found, Problem)
        assert found.code == meant.code
    else:
        assert found == datetime.fromisoformat(meant)


def test_what_is_asked_back_names_both_days() -> None:
    found = moment("nächsten Dienstag um 18 Uhr", datetime.fromisoformat(MONDAY), "de")
    assert isinstance(found, Problem)
    assert [f"{at:%d.%m.}" for at in found.at] == ["03.11.", "10.11."]


GERMAN = ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"]
ENGLISH = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
nows = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1))  # noqa: DTZ001 -- local by design


@given(nows, st.integers(0, 6), st.integers(8, 23), st.integers(0, 59))
def test_a_weekday_is_the_next_one_whose_time_is_to_come(
    now: datetime, weekday: int, hour: int, minute: int
) -> None:
    wall = f"{hour}:{minute:02}"
    for text, language in (
        (f"{GERMAN[weekday]} {wall}", "de"),
        (f"{ENGLISH[weekday]} {wall}", "en"),
    ):
        found = moment(text, now, language)
        assert isinstance(found, datetime)
        assert (found.weekday(), found.hour, found.minute) == (weekday, hour, minute)
        assert timedelta() < found - now <= timedelta(days=7)


@given(st.text(max_size=60), nows)
def test_any_text_is_a_moment_or_a_problem(text: str, now: datetime) -> None:
    found = moment(text, now, "de")
    assert isinstance(found, Problem) or found.tzinfo is None
