"""Forms in a turn: opened, shown, continued. What complete answers mean is in `answers`."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.conversation.asking import Asking
from bot.conversation.cards import Tell
from bot.conversation.fields import Answer, Choices, Field, Problem, Review
from bot.conversation.messages import Message
from bot.conversation.talk import Conversation, Given, Move, Press, Step, Verb, take
from bot.conversation.typed import meant, typed
from bot.conversation.wording import LANGUAGES
from bot.domain import members
from bot.domain.members import Member, Profile
from bot.engine.answers import finish, note
from bot.engine.desk import Desk
from bot.engine.events import NOTHING, Reply
from bot.engine.happening import local, slots
from bot.flows import FORMS
from bot.store import buttons, pairs, people

SOONEST = timedelta(hours=1)
"""No session is wished for that begins sooner."""
ANSWERING = {Verb.ANSWER, Verb.DONE, Verb.SKIP, Verb.KEEP}


def begin(desk: Desk, member: Member, form: str, subject: str, *, sheet: bool) -> Reply:
    """Opens a form, or goes on with it where it was left."""
    talk = find(desk, member, form, subject) or _opened(desk, member, form, subject)
    if talk is None:
        desk.tell([Tell(member.id, members.STALE)])
        return NOTHING
    return ask(desk, member, replace(talk, in_chat=not sheet))


def ask(desk: Desk, member: Member, talk: Conversation) -> Reply:
    """Keeps a conversation and shows what is to be answered next in it."""
    people.keep(desk.connection, member.id, talk)
    asking = _speakers(desk, member, talk)[0]
    if not talk.in_chat:
        return _sheet(desk, member, asking, {})
    desk.say(member, asking.question())
    return NOTHING


def hear(desk: Desk, member: Member, talk: Conversation, text: str) -> None:
    """Typed text answers the question asked in the chat; one asked elsewhere is asked first."""
    speakers = _speakers(desk, member, talk)
    asked = FORMS[talk.form].field(talk.answers, talk.facts)
    if not talk.in_chat or asked is None:
        ask(desk, member, replace(talk, in_chat=True))
        return
    zone = str(talk.facts.get("zone", member.zone))
    _move(desk, member, talk, typed(asked, text, speakers, local(desk.now, zone)))


def press(desk: Desk, member: Member, pressed: Press) -> None:
    """A button of a form. Of a form no longer open it is stale."""
    talk = find(desk, member, pressed.target, pressed.subject)
    if talk is None:
        desk.tell([Tell(member.id, members.STALE)])
        return
    _move(desk, member, replace(talk, in_chat=True), pressed)


def submit(desk: Desk, member: Member, press: Press, values: Mapping[str, Answer]) -> Reply:
    """A sheet was sent off: it is corrected, followed by the next page, or closed."""
    talk = find(desk, member, press.target, press.subject)
    if talk is None:
        desk.tell([Tell(member.id, members.STALE)])
        return NOTHING
    form = FORMS[talk.form]
    step = take(form, talk, Given(_read_sheet(desk, member, talk, values)))
    if step.problems:
        return _sheet(desk, member, _speakers(desk, member, talk)[0], step.problems)
    note(desk, member, talk, step.conversation)
    if form.field(step.conversation.answers, talk.facts) is None:
        _finish(desk, member, step.conversation)
        return NOTHING
    return ask(desk, member, step.conversation)


def find(desk: Desk, member: Member, form: str, subject: str) -> Conversation | None:
    """An open conversation of a member, by its form and what it is about."""
    talks = people.open_conversations(desk.connection, member.id)
    return next((t for t in talks if (t.form, t.subject) == (form, subject)), None)


def current(desk: Desk, member: Member) -> Conversation | None:
    """What a member is being asked: of several open forms, the one touched last."""
    return next(iter(people.open_conversations(desk.connection, member.id)), None)


def number(talk: Conversation) -> int:
    """Which question somebody was at, for the words that bring them back to it."""
    progress = FORMS[talk.form].progress(talk.answers, talk.facts)
    return progress[0] if progress else 1


def _move(desk: Desk, member: Member, talk: Conversation, move: Move) -> None:
    form = FORMS[talk.form]
    step = take(form, talk, move)
    asking = _speakers(desk, member, step.conversation)[0]
    if step.problems:
        people.keep(desk.connection, member.id, talk)
        desk.say(member, asking.question(step.problems))
        return
    note(desk, member, talk, step.conversation)
    if isinstance(move, Press) and move.verb in ANSWERING:
        _settle(desk, member, asking, form.find(move.name))
    if form.field(step.conversation.answers, talk.facts) is None:
        _finish(desk, member, step.conversation)
        return
    people.keep(desk.connection, member.id, step.conversation)
    desk.say(member, _next(asking, step, move))


def _settle(desk: Desk, member: Member, asking: Asking, asked: Field | None) -> None:
    """The pressed question keeps its answer and loses its buttons."""
    if asked is not None and desk.pressed[1]:
        desk.say(member, asking.settled(asked))


def _next(asking: Asking, step: Step, move: Move) -> Message:
    """Going back and ticking change the message in place, an answer brings a new question."""
    question = asking.question()
    in_place = step.redraw or (isinstance(move, Press) and move.verb in {Verb.BACK, Verb.EDIT})
    return replace(question, replaces=in_place)


def _finish(desk: Desk, member: Member, talk: Conversation) -> None:
    people.close(desk.connection, member.id, talk)
    finish(desk, member, talk)
    waiting = current(desk, member)
    if waiting is not None and waiting.in_chat and waiting.form != talk.form:
        ask(desk, desk.member(member.id), waiting)


def _speakers(desk: Desk, member: Member, talk: Conversation) -> list[Asking]:
    """The same question in every language, the member's own first."""
    form = FORMS[talk.form]
    ranked = sorted(LANGUAGES, key=lambda language: language != member.language)
    return [Asking(form, talk, desk.wording(form.name, member, language)) for language in ranked]


def _sheet(desk: Desk, member: Member, asking: Asking, problems: Mapping[str, Problem]) -> Reply:
    sheet = asking.sheet(problems)
    named = [(sheet.title, sheet.press)]
    [handle] = buttons.issue(desk.connection, member.id, named, desk.now)
    return Reply(sheet, handle)


def _read_sheet(
    desk: Desk, member: Member, talk: Conversation, values: Mapping[str, Answer]
) -> dict[str, Answer]:
    """The page's own fields only, typed moments read; a summary sent off is confirmed."""
    page = FORMS[talk.form].page(talk.answers, talk.facts)
    asked = {f.name: f for f in page.fields} if page else {}
    speakers = _speakers(desk, member, talk)
    now = local(desk.now, str(talk.facts.get("zone", member.zone)))
    read: dict[str, Answer] = {}
    for name, question in asked.items():
        raw = "yes" if isinstance(question, Review) else values.get(name, "")
        typed_in = isinstance(raw, str) and raw and not isinstance(question, Choices)
        read[name] = meant(question, str(raw), speakers, now) if typed_in else raw
    return read


def _opened(desk: Desk, member: Member, form: str, subject: str) -> Conversation | None:
    """A new conversation with what it has to know; None where its subject is over."""
    if form == "onboarding":
        answers, drafts = _known(member)
        desk.replan(f"member:{member.id}", member, [member])
        return Conversation(form, subject, answers, drafts, {"zone": member.zone})
    facts = _facts(desk, member, form, subject)
    return Conversation(form, subject, facts=facts) if facts else None


def _known(member: Member) -> tuple[dict[str, Answer], dict[str, Answer]]:
    """A profile's answers, to be looked at again; for somebody new, a first suggestion."""
    if member.profile is None:
        return {}, {"languages": [member.language]}
    fields = Profile.__dataclass_fields__
    stored = {name: getattr(member.profile, name) for name in fields}
    plain = {name: list(v) if isinstance(v, tuple) else v for name, v in stored.items()}
    return {"consent": "yes", **plain}, {}


def _facts(desk: Desk, member: Member, form: str, subject: str) -> dict[str, Answer] | None:
    kind, _, number = subject.partition(":")
    if kind == "session":
        session = pairs.get_session(desk.connection, int(number))
        if form == "reflection" and member.id in session.reflected:
            return None
        tandem = pairs.get_tandem(desk.connection, session.tandem)
    else:
        tandem = pairs.get_tandem(desk.connection, int(number))
    if member.id not in tandem.members or tandem.state == "ended":
        return None
    pair = [desk.member(m) for m in tandem.members]
    earliest = local(desk.now + SOONEST, member.zone).isoformat(timespec="minutes")
    return {
        "partner": str(tandem.about[member.id]["partner"]),
        "zone": member.zone,
        "earliest": earliest,
        "slots": slots(desk, pair, member.zone) if form == "meeting" else [],
    }
