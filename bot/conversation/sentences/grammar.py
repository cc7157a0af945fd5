"""Sentences against the lines in `phrases`: both are words with one blank behind each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import count
from textwrap import dedent

from bot.conversation.sentences import daywords
from bot.conversation.sentences.clocks import with_times
from bot.conversation.sentences.dates import with_days
from bot.conversation.sentences.marks import Kind
from bot.conversation.sentences.phrases import BOOKS, Book, Wish
from bot.conversation.sentences.spelling import corrected, plain, spelt


@dataclass(frozen=True, slots=True)
class Heard:
    """A wish, with the marks of the day and the time it is about."""

    wish: Wish
    day: str | None
    time: str | None


def _words(lists: Iterator[str]) -> str:
    return "|".join(word for words in lists for word in words.split())


LENGTH, DAY, PERIOD, TIME = (kind.pattern for kind in Kind)
MARK = re.compile(f"{LENGTH}|{DAY}|{PERIOD}|{TIME}")
UNTIL = _words(book.until for book in BOOKS)
SLOTS = {
    "day": f"(?P<day>{DAY}) ",
    "when": f"(?P<day>{DAY}|{PERIOD}) ",
    "other": f"(?:{DAY}|{PERIOD}) (?:{TIME} )?",
    "length": f"(?P<day>{LENGTH}) ",
    "until": f"(?:(?:{UNTIL}) (?P<day>{DAY}|{PERIOD}) |(?P<day>{LENGTH}) |{PERIOD} )",
    "time": f"(?P<time>{TIME}) ",
    "moment": f"(?:(?P<day>{DAY}) (?P<time>{TIME}) |(?P<time>{TIME}) (?P<day>{DAY}) )",
    "to": f"(?:(?P<time>{TIME}) )?(?:(?P<day>{DAY}) |{PERIOD} )(?:(?P<time>{TIME}) )?",
}
SOME = r"(?:(?!nicht |nie |kein|not |never |no |dont )\S+ ){0,4}"
SIGNS = {"[": "(?:", "]": ")?", "(": "(?:", ")": ")", "|": "|", "...": SOME}
PIECE = re.compile(r"\.\.\.|\{\w+\}|[\[\]()|]|[^\s\[\]()|{}]+")


def _sentences(book: Book, wish: Wish) -> Iterator[str]:
    """The lines of a wish, with their continuations and parts."""
    for line in re.split(r"\n(?! )", dedent(book.sentences[wish]).strip()):
        yield re.sub(r"<(\w+)>", lambda part: f"({book.parts[part[1]]})", line)


def _compiled(sentence: str) -> re.Pattern[str]:
    pattern = "".join(_piece(piece) for piece in PIECE.findall(sentence))
    numbers = count()
    return re.compile(re.sub(r"(?<=\(\?P<)\w+", lambda name: f"{name[0]}{next(numbers)}", pattern))


def _piece(piece: str) -> str:
    if piece in SIGNS:
        return SIGNS[piece]
    if piece.startswith("{"):
        return SLOTS[piece.strip("{}")]
    return spelt(re.sub(r"\*$", r"\\w*", piece)) + " "


@cache
def _grammar() -> dict[Wish, list[re.Pattern[str]]]:
    """Compiled for the first sentence that somebody says; the start does not wait for it."""
    return {
        wish: [_compiled(line) for book in BOOKS for line in _sentences(book, wish)]
        for wish in Wish
    }


KNOWN = daywords.words() | {
    word
    for book in BOOKS
    for text in (book.fillers, *book.parts.values(), *book.sentences.values())
    for word in re.findall(r"(?<![\w<{])\w{5,}(?![\w>}*])", text)
}
PLEASE = re.compile(rf"\b(?:{_words(book.please for book in BOOKS)})\b")
FILLERS = re.compile(rf"\b(?:{_words(book.fillers for book in BOOKS)})\b")
LEADS = re.compile(
    spelt(rf"(?:\b(?:{_words(book.leads for book in BOOKS)})\s+)+(?={MARK.pattern})")
)
REASON = re.compile(rf"\b(?:{_words(book.reasons for book in BOOKS)})\b.*")
SENTENCE = re.compile(r"[.!?;\n]")
CLAUSE = re.compile(r"[,:()–—-]|\b(?:und|and|aber|but)\b")


def heard(text: str, today: date, language: str) -> Heard | None:
    """The first wish that one of the sentences, or clauses, of a text says."""
    said = list(_said(text, today, language))
    for wish, patterns in _grammar().items():
        for words in said:
            for pattern in patterns:
                if found := pattern.fullmatch(words):
                    return Heard(wish, _value(found, "day"), _value(found, "time"))
    return None


def _value(found: re.Match[str], name: str) -> str | None:
    values = (value for key, value in found.groupdict().items() if key.startswith(name))
    return next(filter(None, values), None)


def _said(text: str, today: date, language: str) -> Iterator[str]:
    """Whole sentences, and those of their clauses that speak of a time.

    Other clauses may be said of anything: "I want to stop, as always, on time".
    """
    for line in text.splitlines():
        marked = with_days(with_times(corrected(plain(line), KNOWN)), today, language)
        for sentence in SENTENCE.split(LEADS.sub("", marked)):
            yield from _worded(REASON.sub("", sentence))
            for clause in CLAUSE.split(sentence):
                if MARK.search(clause):
                    yield from _worded(clause)


def _worded(sentence: str) -> Iterator[str]:
    kept = FILLERS.sub("", sentence)
    for text in dict.fromkeys((kept, PLEASE.sub("", kept))):
        if words := re.findall(rf"\w+|{MARK.pattern}", text):
            yield " ".join(words) + " "
