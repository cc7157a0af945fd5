"""Consents: to taking part, to a diary, to anonymous statistics. Each stands for itself."""

from collections.abc import Mapping

from bot.conversation.cards import Act, Card, Opens, Tell, Where

PURPOSES = ("tandem", "diary", "statistics")

OVERVIEW = Card(
    "consent",
    "overview",
    (
        Act("allow_diary"),
        Act("refuse_diary"),
        Act("allow_statistics"),
        Act("refuse_statistics"),
        Act("withdraw"),
    ),
)
NOTICE = Card("consent", "notice")
WITHDRAWN = Card("consent", "withdrawn", (Opens("begin", "onboarding", Where.CHAT),))

CARDS = (OVERVIEW, NOTICE, WITHDRAWN)


def overview(member: int, given: Mapping[str, bool], *, replaces: bool = False) -> Tell:
    """Only who agreed to take part has anything to withdraw or to add."""
    offered = {"withdraw"} if given.get("tandem") else set()
    for purpose in ("diary", "statistics") if offered else ():
        offered.add(f"refuse_{purpose}" if given.get(purpose) else f"allow_{purpose}")
    without = frozenset(action.name for action in OVERVIEW.actions if action.name not in offered)
    about = {purpose: given.get(purpose, False) for purpose in PURPOSES}
    return Tell(member, OVERVIEW, about, without=without, replaces=replaces)
