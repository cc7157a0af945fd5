"""Days in plain sentences."""

from datetime import date, datetime

import pytest

from bot.conversation.dates import day

NOW = datetime(2026, 11, 2, 9)  # noqa: DTZ001 -- local by design; a Monday
TUESDAY, THURSDAY, FRIDAY = date(2026, 11, 3), date(2026, 11, 5), date(2026, 11, 6)
MONDAY, FORTNIGHT, JANUARY = date(2026, 11, 9), date(2026, 11, 16), date(2027, 1, 12)

DAYS = [
    ("de", "12. Januar", JANUARY),
    ("de", "12.1.", JANUARY),
    ("de", "12.01.2027", JANUARY),
    ("de", "12.1.27", JANUARY),
    ("de", "12/1", JANUARY),
    ("de", "2027-01-12", JANUARY),
    ("de", "am 12. Jänner", JANUARY),
    ("de", "bis Dienstag, den 12. Januar", JANUARY),
    ("de", "3. Maerz", date(2027, 3, 3)),
    ("de", "3. MÄRZ 2028", date(2028, 3, 3)),
    ("de", "3.12. um 18 Uhr", date(2026, 12, 3)),
    ("de", "29.2.", date(2028, 2, 29)),
    ("de", "bis zum 20.", date(2026, 11, 20)),
    ("de", "bis zum 1.", date(2026, 12, 1)),
    ("de", "1. November", date(2027, 11, 1)),
    ("de", "bis Montag", MONDAY),
    ("de", "am Di", TUESDAY),
    ("de", "Sonnabend", date(2026, 11, 7)),
    ("de", "nächsten Freitag", FRIDAY),
    ("de", "naechsten Freitag", FRIDAY),
    ("de", "übernächsten Freitag", date(2026, 11, 13)),
    ("de", "Donnerstagabend", THURSDAY),
    ("de", "Dienstag nächster Woche", date(2026, 11, 10)),
    ("de", "nächste Woche Dienstag", date(2026, 11, 10)),
    ("de", "nächste Woche", MONDAY),
    ("de", "von Dienstag auf Donnerstag", THURSDAY),
    ("de", "morgen", TUESDAY),
    ("de", "morgen früh", TUESDAY),
    ("de", "übermorgen", date(2026, 11, 4)),
    ("de", "in 2 Wochen", FORTNIGHT),
    ("de", "heute in 14 Tagen", FORTNIGHT),
    ("de", "2w", FORTNIGHT),
    ("de", "2 Wochen", FORTNIGHT),
    ("de", "drei Wochen", date(2026, 11, 23)),
    ("de", "14 Tage", FORTNIGHT),
    ("de", "einen Monat", date(2026, 12, 2)),
    ("de", "in vier Monaten", date(2027, 3, 2)),
    ("de", "Ende des Monats", date(2026, 11, 30)),
    ("de", "bis Monatsende", date(2026, 11, 30)),
    ("de", "Ende nächsten Monats", date(2026, 12, 31)),
    ("de", "Ende Januar", date(2027, 1, 31)),
    ("de", "Mitte Dezember", date(2026, 12, 15)),
    ("de", "bis Februar", date(2027, 2, 1)),
    ("de", "Ende der Woche", date(2026, 11, 8)),
    ("de", "bis zum Wochenende", date(2026, 11, 7)),
    ("de", "January 12", JANUARY),
    ("en", "January 12", JANUARY),
    ("en", "January 12th, 2027", JANUARY),
    ("en", "12 Jan", JANUARY),
    ("en", "the 12th of January", JANUARY),
    ("en", "12.1.", JANUARY),
    ("en", "13/1", date(2027, 1, 13)),
    ("en", "1/13/2027", date(2027, 1, 13)),
    ("en", "until the 20th", date(2026, 11, 20)),
    ("en", "May 3", date(2027, 5, 3)),
    ("en", "next Friday", FRIDAY),
    ("en", "Tuesday next week", date(2026, 11, 10)),
    ("en", "on Thu", THURSDAY),
    ("en", "tomorrow evening", TUESDAY),
    ("en", "the day after tomorrow", date(2026, 11, 4)),
    ("en", "three weeks", date(2026, 11, 23)),
    ("en", "for two weeks", FORTNIGHT),
    ("en", "two weeks from now", FORTNIGHT),
    ("en", "a fortnight", FORTNIGHT),
    ("en", "a month", date(2026, 12, 2)),
    ("en", "end of the month", date(2026, 11, 30)),
    ("en", "end of January", date(2027, 1, 31)),
    ("en", "übermorgen", date(2026, 11, 4)),
    ("de", "", None),
    ("de", "ok", None),
    ("de", "heute", None),
    ("de", "Zeitmanagement", None),
    ("de", "12.1.2020", None),
    ("de", "31.2.", None),
    ("de", "32.1.", None),
    ("de", "um 18.12 Uhr", None),
    ("de", "Guten Morgen", None),
    ("de", "ich kann montags nicht", None),
    ("de", "so gut es geht", None),
    ("de", "12", None),
    ("de", "0 Tage", None),
    ("en", "1/12", None),
    ("en", "I may do so", None),
    ("en", "we sat in the sun", None),
    ("en", "step by step", None),
]


@pytest.mark.parametrize(("language", "text", "expected"), DAYS)
def test_a_day_is_read_the_way_it_was_meant(
    language: str, text: str, expected: date | None
) -> None:
    assert day(text, NOW, language) == expected
