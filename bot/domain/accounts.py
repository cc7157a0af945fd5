"""Accounts: the same member on more than one platform."""

from bot.conversation.cards import Act, Card

LINKED = Card("account", "linked", (Act("here"), Act("there")))
HERE = Card("account", "here")
THERE = Card("account", "there")
UNKNOWN_CODE = Card("account", "unknown_code")
OTHER_PROFILE = Card("account", "other_profile")
OVERVIEW = Card("account", "overview", (Act("here"),))
BACK = Card("account", "back")
MOVED = Card("account", "moved")
REINSTALLED = Card("account", "reinstalled")

CARDS = (LINKED, HERE, THERE, UNKNOWN_CODE, OTHER_PROFILE, OVERVIEW, BACK, MOVED, REINSTALLED)
