"""What an event means for an agreement, and what is told of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from bot.conversation.cards import Card, Tell
from bot.domain.agreements.agreement import BOT, Agreement, Version, Yes
from bot.domain.agreements.cards import (
    BEGIN,
    CHECK_IN,
    DRAFT,
    GOAL_CHANGED,
    HOLDS,
    NOBODY_WROTE,
    OUTDATED,
    PRESENT,
    REMINDED,
    STUCK,
    WAITING,
)
from bot.domain.agreements.events import (
    Ask,
    CheckIn,
    Confirm,
    Event,
    NobodyWrote,
    Remind,
    Suggest,
    Write,
)

Decision: TypeAlias = tuple[Agreement, list[Tell]]


def decide(agreement: Agreement, event: Event, now: datetime) -> Decision:
    """What an event means. Whatever is told is told of the agreement as it is after it."""
    newest = agreement.newest
    match event:
        case Suggest(content) if newest is None:
            return _with(agreement, Version(1, BOT, 0, content, now)), []
        case Write(by, _, content, goal) if newest and content == newest.content:
            return _confirm(agreement, newest, by, goal, now)
        case Write(by, base, content, goal) if newest and base == newest.number:
            yes = {by: Yes(now, goal)}
            written = _with(agreement, Version(_next(agreement), by, base, content, now, yes))
            return written, _sent(written, by)
        case Write(by, base, content) if newest:
            return _with(agreement, Version(_next(agreement), by, base, content, now)), []
        case Confirm(by, number, goal) if newest and number == newest.number:
            return _confirm(agreement, newest, by, goal, now)
        case Confirm(by) if newest:
            return agreement, [tell(agreement, by, OUTDATED), standing(agreement, by)]
        case NobodyWrote(to) if newest and newest.by == BOT and not newest.yes:
            return agreement, [tell(agreement, to, NOBODY_WROTE)]
        case Remind(to) if newest and to in agreement.missing and newest.is_meant:
            return agreement, [tell(agreement, to, REMINDED)]
        case Ask(to) if newest and agreement.in_force is None:
            return agreement, [tell(agreement, to, STUCK)]
        case CheckIn(to) if agreement.in_force:
            return agreement, [tell(agreement, to, CHECK_IN)]
        case Suggest() | Write() | Confirm() | NobodyWrote() | Remind() | Ask() | CheckIn():
            return agreement, []


def standing(agreement: Agreement, member: int) -> Tell:
    """The one card that says how far the newest version is, for one of the members."""
    if not agreement.missing:
        return tell(agreement, member, PRESENT)
    if agreement.newest and not agreement.newest.is_meant:
        return tell(agreement, member, BEGIN)
    return tell(agreement, member, DRAFT if member in agreement.missing else WAITING)


def _confirm(agreement: Agreement, version: Version, by: int, goal: str, now: datetime) -> Decision:
    """With the last yes it holds; somebody who had agreed already changes only their own goal."""
    said = version.yes.get(by)
    if said is not None and goal == said.goal:
        return agreement, [standing(agreement, by)]
    at = said.at if said else now
    after = _with(agreement, replace(version, yes={**version.yes, by: Yes(at, goal)}))
    if said is not None:
        return after, [tell(after, member, GOAL_CHANGED, {"who": by}) for member in after.members]
    if not after.missing:
        return after, [tell(after, member, HOLDS) for member in after.members]
    return after, _sent(after, by) if len(version.yes) == 0 else [tell(after, by, WAITING)]


def _sent(agreement: Agreement, by: int) -> list[Tell]:
    """A version somebody stands behind: the others are asked for their word."""
    others = [tell(agreement, member, DRAFT) for member in agreement.missing]
    return [tell(agreement, by, WAITING), *others]


def _with(agreement: Agreement, version: Version) -> Agreement:
    others = [v for v in agreement.versions if v.number != version.number]
    return replace(agreement, versions=tuple(sorted([*others, version], key=lambda v: v.number)))


def _next(agreement: Agreement) -> int:
    return agreement.versions[-1].number + 1


def tell(
    agreement: Agreement, member: int, card: Card, about: Mapping[str, object] | None = None
) -> Tell:
    known = agreement.about[member]
    return Tell(member, card, {**known, **(about or {})}, agreement.subject)
