"""What somebody did, and who in the house it is for. Whoever it was gets an answer."""

from dataclasses import replace

from bot.conversation import crisis
from bot.conversation.cards import Tell
from bot.conversation.commands import command
from bot.conversation.talk import Press, Verb
from bot.conversation.wording import LANGUAGES
from bot.domain import members
from bot.domain.members import Member, Standing
from bot.engine import questions
from bot.engine.acting import ACTS, REPLACING
from bot.engine.commanding import COMMANDS, crisis_page, welcome
from bot.engine.desk import Desk
from bot.engine.events import (
    NOTHING,
    Commanded,
    Event,
    Left,
    Looked,
    Migrated,
    Pressed,
    Reply,
    Said,
    Sender,
    Submitted,
    Unreadable,
)
from bot.store import buttons, people


def hear(desk: Desk, event: Event) -> Reply:
    """Answers an event; somebody unknown becomes a member that is told where they are."""
    member = people.by_address(desk.connection, event.sender.address)
    match event.what:
        case Left():
            return _moved_out(desk, member, reachable=False)
        case Migrated(chat):
            return _moved_out(desk, member, chat=chat)
        case _ if member is not None:
            return _answer(desk, _seen(desk, member, event.sender), event)
        case Looked():
            _arrive(desk, event.sender)
            return NOTHING
        case _:
            return welcome(desk, _arrive(desk, event.sender))


def _moved_out(
    desk: Desk, member: Member | None, *, chat: str = "", reachable: bool = True
) -> Reply:
    """Notes where somebody is now reached, or that they are not."""
    if member is not None:
        address = replace(member.address, chat=chat or member.address.chat)
        desk.save(replace(member, address=address, reachable=reachable))
    return NOTHING


def _answer(desk: Desk, member: Member, event: Event) -> Reply:
    match event.what:
        case Said(text):
            return _said(desk, member, text)
        case Commanded(word):
            return COMMANDS[command(word or "tandem") or "help"](desk, member)
        case Pressed(handle) if crisis.asked(handle):
            return crisis_page(desk, member)
        case Pressed(handle, ref):
            desk.pressed = (member.id, ref)
            meaning = buttons.meaning(desk.connection, handle, member.id, desk.now)
            return _pressed(desk, member, *meaning) if meaning else _stale(desk, member)
        case Submitted(handle, values):
            meaning = buttons.meaning(desk.connection, handle, member.id, desk.now)
            if meaning is None or meaning[1].verb is not Verb.SUBMIT:
                return _stale(desk, member)
            return questions.submit(desk, member, meaning[1], values)
        case Unreadable():
            desk.tell([Tell(member.id, members.UNREADABLE)])
            return NOTHING
        case _:
            desk.touched.add(member.id)
            return NOTHING


def _arrive(desk: Desk, sender: Sender) -> Member:
    language = sender.language if sender.language in LANGUAGES else desk.house.language
    new = Member(
        id=0,
        address=sender.address,
        language=language,
        zone=sender.zone or desk.house.zone,
        name=sender.name,
        username=sender.username,
    )
    number = people.add(desk.connection, new, desk.now)
    desk.touched.add(number)
    return desk.member(number)


def _seen(desk: Desk, member: Member, sender: Sender) -> Member:
    """A platform's newest word on names and chats; whoever writes can be reached."""
    newest = replace(
        member,
        address=sender.address,
        name=sender.name or member.name,
        username=sender.username,
        reachable=True,
    )
    return desk.save(newest) if newest != member else member


def _stale(desk: Desk, member: Member) -> Reply:
    desk.tell([Tell(member.id, members.STALE)])
    return NOTHING


def _said(desk: Desk, member: Member, text: str) -> Reply:
    """Commands first; else text answers the question that is open; else it is not understood."""
    talk = questions.current(desk, member)
    plain_word_is_an_answer = talk is not None and talk.in_chat and not text.startswith("/")
    if text.startswith("/") or not plain_word_is_an_answer:
        named = command(text)
        if named or text.startswith("/"):
            return COMMANDS[named or "help"](desk, member)
    if talk is not None:
        questions.hear(desk, member, talk, text)
    elif member.standing is Standing.NEW:
        return welcome(desk, member)
    else:
        desk.tell([Tell(member.id, members.UNKNOWN)])
    return NOTHING


def _pressed(desk: Desk, member: Member, label: str, press: Press) -> Reply:
    match press.verb:
        case Verb.COMMAND:
            return COMMANDS[press.target](desk, member)
        case Verb.OPEN:
            has_sheets = member.address.platform in desk.house.sheets
            sheet = has_sheets and press.name != "chat"
            return questions.begin(desk, member, press.target, press.subject, sheet=sheet)
        case Verb.ACT:
            if press.target not in REPLACING:
                desk.settle(member, label)
            ACTS[press.target](desk, member, press)
        case Verb.SUBMIT:
            return _stale(desk, member)
        case _:
            questions.press(desk, member, press)
    return NOTHING
