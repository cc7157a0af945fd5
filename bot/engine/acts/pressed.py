"""What a press means, whatever it is about."""

from collections.abc import Callable
from typing import TypeAlias

from bot.conversation.cards import Card, Tell
from bot.conversation.talk import Press
from bot.domain.members import Member
from bot.engine.desk import Desk

Act: TypeAlias = Callable[[Desk, Member, Press], None]


def number(press: Press) -> int:
    """Of what a press is about. Behind it may stand whose question it was; of a contact that is its
    tandem: "contact:5:12" is about 5."""
    return int(press.subject.split(":")[1])


def says(card: Card) -> Act:
    def act(desk: Desk, member: Member, _press: Press) -> None:
        desk.tell([Tell(member.id, card)])

    return act
