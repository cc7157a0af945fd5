"""Methods for a session, a card each in the templates."""

from bot.conversation.cards import Card

OVERVIEW = Card("methods", "overview")

CARDS = (OVERVIEW,)
