"""What is understood in plain sentences: one module a language, one line a sentence.

A sentence is understood if a line says all of it; nothing is searched for inside what somebody
writes. The notation:

==============  ======================================================================
``(a|b c)``     one of them; in ``[ ]`` it may be left out
``word*``       a word with any ending
``...``         up to four words, none of which says no
``<want>``      the part of that name, from ``PARTS``
``{day}``       a day; ``{when}`` may be a week or month as well, ``{other}`` too, but it
                is only mentioned
``{length}``    "two weeks"; ``{until}`` is one too, or "until Monday", or "next week"
``{time}``      a time of day; ``{moment}`` is a day with a time, ``{to}`` may have one
==============  ======================================================================

A line that is indented further goes on with the one before. Left out of a sentence before it is
compared: ``FILLERS`` anywhere, ``LEADS`` in front of a day, and what follows one of ``REASONS``.
Umlauts are understood in each spelling, and a slip inside a longer word is mended; neither
capitals nor apostrophes count, so "can't" is ``cant``.
"""

from bot.conversation.sentences.phrases.book import Book, Wish
from bot.conversation.sentences.phrases.de import GERMAN
from bot.conversation.sentences.phrases.en import ENGLISH

__all__ = ["BOOKS", "Book", "Wish"]

BOOKS = (GERMAN, ENGLISH)
