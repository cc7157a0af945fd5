"""What somebody did, and who in the house it is for. Whoever it was gets an answer."""

from dataclasses import replace
from datetime import timedelta

from bot.conversation import crisis
from bot.conversation.cards import Tell
from bot.conversation.commands import argument, command
from bot.conversation.sentences.intents import Intent, understand
from bot.conversation.talk import Press, Verb
from bot.conversation.wording import LANGUAGES
from bot.domain import contacts, members, tandems
from bot.domain.availability import local
from bot.domain.members import Address, Member, Standing
from bot.engine import grouping, installing, leaving, linking, questions
from bot.engine.acts import ACTS, REPLACING
from bot.engine.belonging import theirs
from bot.engine.commanding import COMMANDS, crisis_page, welcome
from bot.engine.desk import Desk
from bot.engine.events import (
    NOTHING,
    Closed,
    Commanded,
    Event,
    Founded,
    Left,
    Looked,
    Migrated,
    Numbered,
    Pressed,
    Regrouped,
    Reply,
    Said,
    Sender,
    Submitted,
    Uninstalled,
    Unreadable,
    What,
)
from bot.engine.wishing import wish
from bot.store import accounts, buttons, people

LATELY = timedelta(hours=1)
"""When somebody was last heard of is noted no more exactly."""
ALWAYS = frozenset({"tandem.seek", "tandem.calendar", "care.seek"})
"""What can be done about a group that one has left."""
OTHERS = "somebody else’s"
"""What no phone number can be."""


def hear(desk: Desk, event: Event) -> Reply:
    """Answers an event; somebody unknown becomes a member that is told where they are."""
    member = people.by_address(desk.connection, event.sender.address)
    match event.what:
        case Left():
            return _lost(desk, member, event.sender.address)
        case Uninstalled(at):
            installing.uninstalled(desk, event.sender.address, at)
            return NOTHING
        case Founded() | Closed() | Regrouped():
            grouping.hear(desk, member, event.sender, event.what)
            return NOTHING
        case Migrated(chat):
            accounts.moved(desk.connection, event.sender.address, chat)
            return NOTHING
        case _ if member is not None:
            return _answer(desk, _seen(desk, member, event.sender), event)
        case Looked():
            _arrive(desk, event.sender)
            return NOTHING
        case _:
            newcomer = _arrive(desk, event.sender)
            known = _brings_a_code(event.what)
            return _answer(desk, newcomer, event) if known else welcome(desk, newcomer)


def _brings_a_code(what: What) -> bool:
    """Whether somebody new here is known elsewhere: no stranger to be told what this is."""
    match what:
        case Said(text):
            return command(text) == "link" and bool(argument(text))
        case Commanded(word):
            return command(f"/{word}") == "link" and bool(argument(word))
        case _:
            return False


def _lost(desk: Desk, member: Member | None, address: Address) -> Reply:
    """Notes that somebody is not reached there any more."""
    if member is not None:
        linking.lost(desk, member, address)
    return NOTHING


def _answer(desk: Desk, member: Member, event: Event) -> Reply:
    match event.what:
        case Said(text, ref):
            desk.heard = ref if member.address.platform in desk.house.erasable else ""
            return _said(desk, member, text)
        case Commanded(word):
            desk.sheets = member.address.platform in desk.house.sheets
            return _commanded(desk, member, word or "tandem")
        case Pressed(handle) if crisis.asked(handle):
            return crisis_page(desk, member)
        case Pressed(handle, ref):
            desk.pressed = (member.id, ref)
            desk.sheets = member.address.platform in desk.house.sheets
            meaning = buttons.meaning(desk.connection, handle, member.id, desk.now)
            return _pressed(desk, member, *meaning) if meaning else _stale(desk, member)
        case Submitted(handle, values):
            meaning = buttons.meaning(desk.connection, handle, member.id, desk.now)
            if meaning is None or meaning[1].verb is not Verb.SUBMIT:
                return _stale(desk, member)
            if not theirs(desk, member, meaning[1].subject):
                return _stale(desk, member)
            return questions.submit(desk, member, meaning[1], values)
        case Numbered(number, own):
            _numbered(desk, member, number, own=own)
            return NOTHING
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
    desk.here = number, sender.address
    desk.touched.add(number)
    return desk.member(number)


def _seen(desk: Desk, member: Member, sender: Sender) -> Member:
    """A platform's newest word on names and chats; whoever writes can be reached."""
    desk.here = member.id, sender.address
    lately = member.seen_at is not None and desk.now - member.seen_at < LATELY
    renamed = bool(sender.name) and sender.name != member.name
    told = sender.address, sender.username, True
    # Mostly they write from where messages go to, and that account is known already.
    if lately and not renamed and (member.address, member.username, member.reachable) == told:
        return member
    before = accounts.seen(desk.connection, sender.address, sender.username)
    if lately and not renamed and before == told:
        return replace(member, address=sender.address)
    if not lately:
        people.seen(desk.connection, member.id, desk.now)
    if renamed:
        desk.save(replace(member, name=sender.name))
    if not before[2]:
        linking.back(desk, member, sender.address)
    return desk.member(member.id)


def _numbered(desk: Desk, member: Member, number: str, *, own: bool) -> None:
    """Somebody else's number is no answer, and one nobody asked for is not kept."""
    known = people.open_conversations(desk.connection, member.id)
    talk = next((talk for talk in known if talk.form == "phone"), None)
    if talk is None:
        desk.tell([Tell(member.id, contacts.UNASKED, lettered=True)])
    else:
        questions.give(desk, member, talk, {"phone": number if own else OTHERS})


def _stale(desk: Desk, member: Member) -> Reply:
    desk.tell([Tell(member.id, members.STALE)])
    return NOTHING


def _commanded(desk: Desk, member: Member, text: str) -> Reply:
    """A command by its name, with what stands behind it; else the wish a sentence tells."""
    bare = text.lstrip("/")
    if named := command(f"/{bare}"):
        return COMMANDS[named](desk, member, argument(text))
    intent = _wish(desk, member, bare)
    return wish(desk, member, intent) if intent else COMMANDS["help"](desk, member, "")


def _said(desk: Desk, member: Member, text: str) -> Reply:
    """Commands first; then the question that is open; then wishes; else it is not understood."""
    talk = questions.current(desk, member)
    if text.startswith("/"):
        return _commanded(desk, member, text)
    if talk is None or not talk.in_chat or questions.misses(desk, member, talk, text):
        if named := command(text):
            return COMMANDS[named](desk, member, argument(text))
        if intent := _wish(desk, member, text):
            return wish(desk, member, intent)
    if talk is not None:
        questions.hear(desk, member, talk, text)
    elif member.standing is Standing.NEW:
        return welcome(desk, member)
    else:
        desk.tell([Tell(member.id, members.UNKNOWN)])
    return NOTHING


def _wish(desk: Desk, member: Member, text: str) -> Intent | None:
    return understand(text, local(desk.now, member.zone), member.language)


def _pressed(desk: Desk, member: Member, label: str, press: Press) -> Reply:
    if not theirs(desk, member, press.subject):
        return _stale(desk, member)
    if press.target not in ALWAYS and leaving.over(desk, member, press.subject):
        desk.tell([Tell(member.id, tandems.ALREADY)])
        return NOTHING
    match press.verb:
        case Verb.COMMAND:
            return COMMANDS[press.target](desk, member, "")
        case Verb.OPEN:
            sheet = desk.sheets and press.name != "chat"
            return questions.begin(desk, member, press.target, press.subject, sheet=sheet)
        case Verb.ACT:
            if press.target not in REPLACING:
                desk.settle(member, label, press.subject)
            ACTS[press.target](desk, member, press)
        case Verb.SUBMIT:
            return _stale(desk, member)
        case _:
            questions.press(desk, member, press)
    return NOTHING
