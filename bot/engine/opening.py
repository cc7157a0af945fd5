"""What a form has to know when it is opened: what is known already, and what it is about."""

from datetime import timedelta

from bot.conversation.answers import Answer
from bot.conversation.cards import Tell
from bot.conversation.fields.choices import OTHER
from bot.conversation.talk import Conversation
from bot.domain import diary, members
from bot.domain.availability import local
from bot.domain.members import Member, Profile, Standing
from bot.domain.tandems import State
from bot.engine import agreeing, browsing, drafting, guiding, milestones
from bot.engine.acquaintances import acquaintances
from bot.engine.desk import Desk
from bot.engine.inquiring import asking
from bot.engine.meeting import slots
from bot.flows.onboarding import defaults
from bot.store import appointments, dues, pairs, people

SOONEST = timedelta(hours=1)
"""No session is wished for that begins sooner."""


def opened(desk: Desk, member: Member, form: str, subject: str) -> Conversation | None:
    """A new conversation with what it has to know; None where its subject is over."""
    match form:
        case "onboarding":
            return _onboarding(desk, member)
        case "agreement" | "goal":
            return _agreement(desk, member, form, subject)
        case "milestone":
            return milestones.opened(desk, member, subject)
        case "step":
            return guiding.opened(desk, member, subject)
        case "strengths":
            return Conversation(form, subject)
        case "diary":
            return browsing.opened(desk, member, subject)
        case "diary_search":
            return Conversation(form, subject) if browsing.allowed(desk, member) else None
        case "report":
            known = _acquaintances(desk, member)
            nobody: dict[str, Answer] = {} if known["about"] else {"about": OTHER}
            return Conversation(form, subject, nobody, facts=known)
        case "question" | "reply" | "reason":
            asked = asking(desk, member, form, subject)
            return Conversation(form, subject, facts=asked) if asked is not None else None
        case _:
            facts = _facts(desk, member, form, subject)
            skipped = _skipped(desk, member) if form == "reflection" else {}
            return Conversation(form, subject, skipped, facts=facts) if facts else None


def missing(desk: Desk, member: Member, form: str) -> Tell:
    """Why a form can't be opened: without consent there is no diary; else its subject is over."""
    diaries = {"diary", "diary_search"}
    asked = form in diaries and not browsing.allowed(desk, member)
    return Tell(member.id, diary.NO_CONSENT if asked else members.STALE)


def resumed(desk: Desk, member: Member, talk: Conversation, *, sheet: bool) -> Conversation | None:
    """A conversation that is gone on with, as it stands by now; None where its subject is over."""
    if talk.form != "agreement":
        return talk
    tandem = agreeing.open_tandem(desk, member, talk.subject)
    if tandem is None:
        return None
    newest = agreeing.catch_up(desk, tandem, member, talk)
    return drafting.laid_out(newest, sheet=sheet)


def planned_hint(desk: Desk, member: Member, talk: Conversation) -> None:
    """Who stops in the middle of joining is reminded after a day, and only once ever."""
    if talk.form != "onboarding" or member.standing is not Standing.NEW:
        return
    subject, hint = f"member:{member.id}", desk.house.plan(member, [member], desk.now)
    if any(dues.postpone(desk.connection, planned) for planned in hint):
        return
    if not dues.happened(desk.connection, "resume", subject):
        desk.replan(subject, member, [member])


def _onboarding(desk: Desk, member: Member) -> Conversation:
    """A profile's answers, to be looked at again; for somebody new, what can be assumed."""
    answers = defaults(member.name, member.language)
    facts: dict[str, Answer] = {"zone": member.zone}
    if member.profile is not None:
        stored = {n: getattr(member.profile, n) for n in Profile.__dataclass_fields__}
        plain = {n: list(v) if isinstance(v, tuple) else v for n, v in stored.items()}
        given = people.consents(desk.connection, member.id)
        extras = [purpose for purpose in ("diary", "statistics") if given.get(purpose)]
        joined: dict[str, Answer] = {"consent": "yes", "extras": extras, "zone": member.zone}
        answers, facts = {**answers, **plain, **joined}, {**facts, "joined": "yes"}
    return Conversation("onboarding", "", answers, {}, facts)


def _agreement(desk: Desk, member: Member, form: str, subject: str) -> Conversation | None:
    tandem = agreeing.open_tandem(desk, member, subject)
    if tandem is None:
        return None
    known = agreeing.with_suggestion(desk, tandem)
    talk = drafting.opened(desk, tandem, known, member)
    if form == "agreement":
        return talk
    assert known.newest is not None, "there is a suggestion at least"
    facts = {**talk.facts, "number": str(known.newest.number)}
    return Conversation(form, subject, {}, {"own_goal": talk.answers["goal"]}, facts)


def _skipped(desk: Desk, member: Member) -> dict[str, Answer]:
    """Without consent to a diary nothing is asked for it."""
    return {} if people.consents(desk.connection, member.id).get("diary") else {"insight": ""}


def _acquaintances(desk: Desk, member: Member) -> dict[str, Answer]:
    known = acquaintances(desk, member)
    return {"about": [str(number) for number in known], "about_labels": list(known.values())}


def _facts(desk: Desk, member: Member, form: str, subject: str) -> dict[str, Answer] | None:
    kind, _, number = subject.partition(":")
    if kind == "session":
        session = appointments.get_session(desk.connection, int(number))
        if form == "reflection" and member.id in session.reflected:
            return None
        tandem = pairs.get_tandem(desk.connection, session.tandem)
    else:
        tandem = pairs.get_tandem(desk.connection, int(number))
    if member.id not in tandem.members or tandem.state in {State.ENDED, State.PAUSED}:
        return None
    pair = [desk.member(m) for m in tandem.members]
    coming = appointments.open_session(desk.connection, tandem.id)
    earliest = local(desk.now + SOONEST, member.zone).isoformat(timespec="minutes")
    return {
        "partner": str(tandem.about[member.id]["partner"]),
        "many": "yes" if tandem.many else "",
        "zone": member.zone,
        "earliest": earliest,
        "slots": slots(desk, pair, member.zone, coming) if form == "meeting" else [],
    }
