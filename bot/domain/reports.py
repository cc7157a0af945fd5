"""A report: what a member tells the organizers in private. It judges nobody; people do."""

from enum import StrEnum

from bot.conversation.cards import Act, Card

NOTED = Card("report_page", "noted")
TOLD = Card("report_page", "told", (Act("end"), Act("resume"), Act("close")))
ENDED = Card("report_page", "ended")
RESUMED = Card("report_page", "resumed")
CLOSED = Card("report_page", "closed")
DONE = Card("report_page", "done")

CARDS = (NOTED, TOLD, ENDED, RESUMED, CLOSED, DONE)


class State(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
