"""Forms in a turn: opened, shown, continued. What complete answers mean is in `answers`."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.conversation import sheets
from bot.conversation.answers import Answer, Problem, clean
from bot.conversation.asking import Asking
from bot.conversation.cards import Tell
from bot.conversation.fields import Field
from bot.conversation.fields.choices import Choices, Review
from bot.conversation.fields.texts import Text, Topics
from bot.conversation.forms import Page
from bot.conversation.messages import Message
from bot.conversation.talk import Conversation, Given, Move, Press, Step, Verb, take
from bot.conversation.typed import meant
from bot.conversation.voice import own_topics
from bot.domain import members
from bot.domain.availability import local
from bot.domain.members import Member
from bot.engine import wiping
from bot.engine.answers import finish, note
from bot.engine.desk import Desk
from bot.engine.events import NOTHING, Reply
from bot.engine.opening import missing, opened, planned_hint, resumed
from bot.engine.speaking import speakers, splitting, understood
from bot.flows import FORMS
from bot.store import buttons, people

A_WHILE = timedelta(hours=20)
"""After so long somebody may have forgotten what they were asked."""
NEARLY = {"past", "far", "too_few", "mismatch", "which"}
"""So much of an answer was understood that nothing else was meant."""
ANSWERING = {Verb.ANSWER, Verb.DONE, Verb.SKIP, Verb.KEEP}


def begin(desk: Desk, member: Member, form: str, subject: str, *, sheet: bool) -> Reply:
    """Opens a form, or goes on with it where it was left."""
    known = people.find(desk.connection, member.id, form, subject)
    found = known or opened(desk, member, form, subject)
    talk = resumed(desk, member, found, sheet=sheet) if found else None
    if talk is None:
        desk.tell([missing(desk, member, form)])
        return NOTHING
    return ask(desk, member, replace(talk, in_chat=not sheet))


def ask(desk: Desk, member: Member, talk: Conversation) -> Reply:
    """Keeps a conversation and shows what is to be answered next in it."""
    people.keep(desk.connection, member.id, talk, desk.now)
    asking = speakers(desk, member, talk)[0]
    if not talk.in_chat:
        return _sheet(desk, member, asking, {})
    desk.say(member, asking.question(), talk.subject)
    return NOTHING


def hear(desk: Desk, member: Member, talk: Conversation, text: str) -> None:
    """Typed text answers the question asked in the chat; one asked elsewhere is asked first."""
    talk = wiping.noted(desk, talk)
    asked = FORMS[talk.form].field(talk.answers, talk.facts)
    if not talk.in_chat or asked is None:
        ask(desk, member, replace(talk, in_chat=True))
        return
    if isinstance(asked, Text | Topics) and _was_asked_a_while_ago(desk, talk):
        _welcome_back(desk, member, talk, asked, text)
    else:
        _move(desk, member, talk, understood(desk, member, talk, asked, text))


def misses(desk: Desk, member: Member, talk: Conversation, text: str) -> bool:
    """Whether text is none of the answers on offer, so that it may be a wish of its own."""
    form = FORMS[talk.form]
    asked = form.field(talk.answers, talk.facts)
    if not talk.in_chat or asked is None or isinstance(asked, Text | Topics):
        return False
    step = take(form, talk, understood(desk, member, talk, asked, text))
    return any(problem.code not in NEARLY for problem in step.problems.values())


def _was_asked_a_while_ago(desk: Desk, talk: Conversation) -> bool:
    return talk.asked_at is not None and desk.now - talk.asked_at > A_WHILE


def _welcome_back(
    desk: Desk, member: Member, talk: Conversation, asked: Text | Topics, text: str
) -> None:
    """The question again, with what was typed to be kept or not: it may have been just a hello."""
    about = {"number": number(talk)}
    desk.tell([Tell(member.id, members.RESUME, about, without=frozenset({"resume"}))])
    if isinstance(asked, Topics):
        offered = [part for part in splitting(member.language)(text) if len(part) <= asked.limit]
        facts = {**talk.facts, own_topics(asked.name): offered[: asked.most]}
        ask(desk, member, replace(talk, facts=facts))
    else:
        drafts = {**talk.drafts, asked.name: clean(text)[: asked.limit]}
        ask(desk, member, replace(talk, drafts=drafts))


def press(desk: Desk, member: Member, pressed: Press) -> None:
    """A button of a form. Of a form no longer open it is stale."""
    talk = people.find(desk.connection, member.id, pressed.target, pressed.subject)
    if talk is None:
        desk.tell([Tell(member.id, members.STALE)])
        return
    _move(desk, member, replace(talk, in_chat=True), pressed)


def submit(desk: Desk, member: Member, press: Press, values: Mapping[str, Answer]) -> Reply:
    """A sheet was sent off: it is corrected, followed by the next page, or closed."""
    talk = people.find(desk.connection, member.id, press.target, press.subject)
    if talk is None:
        desk.tell([Tell(member.id, members.STALE)])
        return NOTHING
    form = FORMS[talk.form]
    page = form.page(talk.answers, talk.facts)
    if page is None or not _of(page, values):
        # A page that was answered meanwhile, elsewhere: nothing on it was asked here and now.
        return ask(desk, member, replace(talk, in_chat=False))
    step = take(form, talk, Given(_read_sheet(desk, member, talk, page, values)))
    if step.problems:
        return _sheet(desk, member, speakers(desk, member, talk)[0], step.problems)
    _taken(desk, member, talk, step.conversation)
    if form.field(step.conversation.answers, talk.facts) is None:
        _finish(desk, member, step.conversation)
        return NOTHING
    return ask(desk, member, step.conversation)


def _of(page: Page, values: Mapping[str, Answer]) -> bool:
    """Whether this is what was sent off. A page that is only to be read brings nothing along."""
    if not values:
        return all(isinstance(field, Review) for field in page.fields)
    return bool(values.keys() & {field.name for field in page.fields})


def give(desk: Desk, member: Member, talk: Conversation, values: Mapping[str, Answer]) -> None:
    """What came another way than by typing or pressing answers the question."""
    _move(desk, member, talk, Given(values))


def current(desk: Desk, member: Member) -> Conversation | None:
    """What a member is being asked: of several open forms, the one touched last."""
    return next(iter(people.open_conversations(desk.connection, member.id)), None)


def number(talk: Conversation) -> int:
    """Which question somebody was at, for the words that bring them back to it."""
    form = FORMS[talk.form]
    progress = form.progress(form.field(talk.answers, talk.facts), talk.answers)
    return progress[0] if progress else max(1, form.passed(talk.answers, talk.facts))


def _move(desk: Desk, member: Member, talk: Conversation, move: Move) -> None:
    form = FORMS[talk.form]
    step = take(form, talk, move)
    asking = speakers(desk, member, step.conversation)[0]
    if step.problems:
        people.keep(desk.connection, member.id, step.conversation, desk.now)
        desk.say(member, asking.question(step.problems), talk.subject)
        return
    _taken(desk, member, talk, step.conversation)
    if isinstance(move, Press) and move.verb in ANSWERING:
        _settle(desk, member, asking, form.find(move.name))
    if form.field(step.conversation.answers, talk.facts) is None:
        _finish(desk, member, step.conversation)
        return
    people.keep(desk.connection, member.id, step.conversation, desk.now)
    desk.say(member, _next(asking, step, move), talk.subject)


def _settle(desk: Desk, member: Member, asking: Asking, asked: Field | None) -> None:
    """The pressed question keeps its answer and loses its buttons."""
    if asked is not None and desk.pressed[1]:
        desk.say(member, asking.settled(asked), asking.conversation.subject)


def _next(asking: Asking, step: Step, move: Move) -> Message:
    """Going back and ticking change the message in place, an answer brings a new question."""
    question = asking.question()
    in_place = step.redraw or (isinstance(move, Press) and move.verb in {Verb.BACK, Verb.EDIT})
    return replace(question, replaces=in_place)


def _taken(desk: Desk, member: Member, before: Conversation, after: Conversation) -> None:
    """An answer counts at once, and who stops here is reminded of it once."""
    note(desk, member, before, after)
    planned_hint(desk, member, after)


def _finish(desk: Desk, member: Member, talk: Conversation) -> None:
    people.close(desk.connection, member.id, talk)
    finish(desk, member, talk)
    waiting = current(desk, member)
    if waiting is not None and waiting.in_chat and waiting.form != talk.form:
        ask(desk, desk.member(member.id), waiting)


def _sheet(desk: Desk, member: Member, asking: Asking, problems: Mapping[str, Problem]) -> Reply:
    shown = sheets.sheet(asking, problems)
    named = [(shown.title, shown.press)]
    [handle] = buttons.issue(desk.connection, member.id, named, desk.now)
    return Reply(shown, handle)


def _read_sheet(
    desk: Desk, member: Member, talk: Conversation, page: Page, values: Mapping[str, Answer]
) -> dict[str, Answer | Problem]:
    """The page's own fields only, typed moments read; a summary sent off is confirmed."""
    asked = {field.name: field for field in page.fields}
    asking = speakers(desk, member, talk)
    now = local(desk.now, str(talk.facts.get("zone", member.zone)))
    read: dict[str, Answer | Problem] = {}
    for name, question in asked.items():
        raw = "yes" if isinstance(question, Review) else values.get(name, "")
        typed_in = isinstance(raw, str) and raw and not isinstance(question, Choices)
        read[name] = meant(question, str(raw), asking, now) if typed_in else raw
        if isinstance(question, Topics):
            read[name] = list(splitting(member.language)(str(raw)))
    return read
