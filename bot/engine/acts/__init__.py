"""What the buttons of cards do: a function for each, by the noun the card is about."""

from bot.engine.acts import agreements, diary, oneself, sessions, tandems
from bot.engine.acts.pressed import Act

_NOUNS = (oneself, diary, tandems, sessions, agreements)

ACTS: dict[str, Act] = {name: act for noun in _NOUNS for name, act in noun.ACTS.items()}
REPLACING = frozenset[str]().union(*(noun.REPLACING for noun in _NOUNS))
"""After these the message reads differently, or what else it offers may be wanted still; all
others keep it with the answer, without buttons."""
