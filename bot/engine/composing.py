"""From a card to a message: its words, and its buttons with what each of them means."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.conversation.asking import in_rows
from bot.conversation.cards import Act, Action, Crisis, Leads, Opens, Says, Tell, Where
from bot.conversation.messages import Button, Link, Message
from bot.conversation.talk import Press, Verb
from bot.conversation.wording import Wording
from bot.domain.members import Member
from bot.engine.house import House
from bot.engine.issuing import CRISIS

DATED = frozenset({"slot", "anyway"})
"""Buttons for a moment each, which they read as."""


def wording(house: House, name: str, member: Member, language: str = "") -> Wording:
    """The words for a member, in their language or another."""
    slash = house.slashes.get(member.address.platform, "/")
    return Wording(name, language or member.language, house.texts, slash)


def message(house: House, told: Tell, member: Member) -> Message:
    """A tell in its member's language, times in its member's zone."""
    words = wording(house, told.card.file, member)
    known = {"zone": member.zone, "me": member.first_name, "lead": member.lead.value}
    about = {**known, **house.about, **told.about}
    if about.get("partner") == "":
        about["partner"] = words.label("former")
    found = [
        Button(words.label(told.card.label(action), **context), press)
        for action in told.card.actions
        for context, press in _presses(house, action, told, about, member)
    ]
    text = words.say(told.card.name, **about)
    letters = () if told.lettered else None
    return Message(text, tuple(in_rows(found)), told.replaces, letters)


def _presses(
    house: House, action: Action, told: Tell, about: dict[str, Any], member: Member
) -> Iterable[tuple[dict[str, Any], Press | Link]]:
    """Each button of an action, with what its label may speak of."""
    card, subject = told.card, told.subject
    if action.name in told.without:
        return
    match action:
        case Act(name):
            for value in told.choices.get(name, ("",)):
                at = {"at": datetime.fromisoformat(value)} if name in DATED else {}
                press = Press(Verb.ACT, f"{card.file}.{name}", "", value, subject)
                yield {**about, **at, "value": value}, press
        case Opens(name, form, where):
            if where is not Where.SHEET or member.address.platform in house.sheets:
                for value in told.choices.get(name, (subject,)):
                    opens = Press(Verb.OPEN, form, where.value, subject=value)
                    yield {**about, "value": value}, opens
        case Says(name, command):
            yield about, Press(Verb.COMMAND, command)
        case Leads(name):
            if url := about.get(f"{name}_url"):
                yield about, Link(str(url))
        case Crisis():
            yield about, CRISIS
