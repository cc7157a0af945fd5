"""Private words that were typed, deleted from the chat where a platform lets us: what is kept of
them is kept elsewhere."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.conversation.cards import Tell
from bot.conversation.talk import Conversation, Press
from bot.domain import diary
from bot.domain.members import Member
from bot.engine.desk import Desk
from bot.store import outbox
from bot.store.outbox import Parcel

PRIVATE = {"diary", "reflection"}
TYPED = "typed"
"""The fact in a conversation that has the messages."""
AT_MOST = timedelta(hours=48)
"""Bot API, deleteMessage: what is older can't be deleted."""


def noted(desk: Desk, talk: Conversation) -> Conversation:
    """The conversation with the message that was just written, if it may be deleted later."""
    if not desk.heard or talk.form not in PRIVATE:
        return talk
    return replace(talk, facts={**talk.facts, TYPED: [*talk.facts.get(TYPED, ()), desk.heard]})


def offer(
    desk: Desk, talk: Conversation | None
) -> tuple[Mapping[str, tuple[str, ...]], frozenset[str]]:
    """The button that deletes what was typed in it: its meaning, or that there is none. Nor is
    there one where somebody goes on elsewhere."""
    typed = talk.facts.get(TYPED) if talk else None
    if not typed or desk.here[1].platform not in desk.house.erasable:
        return {}, frozenset({"wipe"})
    return {"wipe": (f"{desk.now.isoformat()} {','.join(typed)}",)}, frozenset()


def wipe(desk: Desk, member: Member, press: Press) -> None:
    at, _, refs = press.value.partition(" ")
    late = desk.now - datetime.fromisoformat(at) > AT_MOST
    if late or member.address.platform not in desk.house.erasable:
        refused(desk, member)
    else:
        _delete(desk, member, refs)
        desk.tell([Tell(member.id, diary.WIPED)])


def _delete(desk: Desk, member: Member, refs: str) -> None:
    """What a member wrote, from their chat with us: ids, with commas between."""
    there = member.address.platform, member.address.account, member.address.chat
    parcel = Parcel(desk.next_key(), *there, "delete", outbox.FORGOTTEN, member.id, refs)
    desk.post(replace(parcel, subject=diary.whole(member.id)))


def refused(desk: Desk, member: Member) -> None:
    """The platform does not allow it: they learn how to do it themselves."""
    desk.tell([Tell(member.id, diary.NOT_WIPED)])
