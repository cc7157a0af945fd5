"""Who somebody is: asked for once, since what they send carries only their id."""

import asyncio
from typing import Any

import structlog

from adapters.slack.calling import called
from adapters.slack.incoming import NOBODY, Person
from adapters.slack.outgoing import FAILURES, code
from adapters.slack.tokens import Tokens

log = structlog.get_logger()

KNOWN = 10_000
WAIT_S = 1.5
"""An answer to a press or a sheet has three seconds in all."""


class People:
    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._known: dict[tuple[str, str], Person] = {}

    async def find(self, team: str, user: str) -> Person:
        """`NOBODY` if Slack doesn't tell: everything goes on, and it is asked again next time."""
        if (team, user) not in self._known:
            found = await self._ask(team, user) if user else None
            if found is None:
                return NOBODY
            if len(self._known) >= KNOWN:
                self._known.clear()
            self._known[team, user] = found
        return self._known[team, user]

    async def _ask(self, team: str, user: str) -> Person | None:
        try:
            async with asyncio.timeout(WAIT_S):
                answer = await called(
                    self._tokens,
                    team,
                    lambda client: client.users_info(user=user, include_locale=True),
                )
        except FAILURES as error:
            log.warning("nothing known of a member", why=code(error) or type(error).__name__)
            return None
        return to_person(answer["user"])


def to_person(user: dict[str, Any]) -> Person:  # Slack's JSON
    """docs.slack.dev/reference/objects/user-object; ``first_name`` is not always there."""
    profile = user.get("profile", {})
    names = profile.get("first_name"), profile.get("display_name"), user.get("real_name")
    return Person(
        name=next((name for name in names if name), ""),
        language=(user.get("locale") or "").partition("-")[0],
        zone=user.get("tz") or "",
        is_bot=bool(user.get("is_bot")),
    )
