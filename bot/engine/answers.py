"""What the answers of a form set in motion, once they are complete."""

from dataclasses import replace
from datetime import datetime

from bot.conversation.answers import Answer, Answers
from bot.conversation.asking import Asking
from bot.conversation.cards import Tell
from bot.conversation.fields import Field
from bot.conversation.fields.texts import LONGEST_TOPIC
from bot.conversation.talk import Conversation
from bot.conversation.voice import own_topics
from bot.conversation.wording import Words
from bot.domain import care, contacts, members, sessions, wishes
from bot.domain.availability import instant, local
from bot.domain.members import Member, Profile, Standing
from bot.domain.tandems import Contact
from bot.engine import (
    agreeing,
    browsing,
    caring,
    consenting,
    contacting,
    convening,
    grouping,
    guiding,
    inquiring,
    milestones,
    partnering,
    places,
    reminding,
    reporting,
    seeking,
    wiping,
    withdrawing,
)
from bot.engine.desk import Desk
from bot.engine.meeting import spoken
from bot.engine.opening import opened
from bot.engine.series import goes_on, meant
from bot.flows import FORMS
from bot.flows.onboarding import CONSENT, EXTRAS
from bot.matching import topics
from bot.store import appointments, diaries, pairs, people

NOT_HELD = {"no", "moved"}
SUGGESTED = 8
"""Topics made of somebody's own words, at most."""


def note(desk: Desk, member: Member, before: Conversation, after: Conversation) -> None:
    """What counts from the moment it is answered, not from the end of the form."""
    if after.form != "onboarding":
        return
    answers = after.answers
    if CONSENT.name in answers and answers[CONSENT.name] != before.answers.get(CONSENT.name):
        given = answers[CONSENT.name] == "yes"
        consenting.record(desk, member, "tandem", given=given, words=_asked(desk, member, CONSENT))
    if EXTRAS.name in answers and answers[EXTRAS.name] != before.answers.get(EXTRAS.name):
        for purpose in EXTRAS.among:
            given, words = purpose in answers[EXTRAS.name], _asked(desk, member, EXTRAS)
            consenting.record(desk, member, purpose, given=given, words=words)
    agreed = answers.get(CONSENT.name) == "yes"
    if member.profile and agreed and FORMS[after.form].complete(answers, after.facts):
        _save_profile(desk, member, answers)


def _asked(desk: Desk, member: Member, field: Field) -> Words:
    wording = desk.wording("onboarding", member)
    return Asking(FORMS["onboarding"], Conversation("onboarding"), wording).text(field)


def _save_profile(desk: Desk, member: Member, answers: Answers) -> Member:
    """A changed line holds from now on, also for those who know somebody already."""
    result = FORMS["onboarding"].result(answers)
    given = {n: tuple(v) if isinstance(v, list) else v for n, v in result.items()}
    fields = {name: given[name] for name in Profile.__dataclass_fields__ if name in given}
    profile = Profile(**fields)  # type: ignore[arg-type]  # the form's fields are the profile's
    zone = str(result["zone"])
    if (member.profile, member.zone) == (profile, zone):
        return member
    known = desk.save(replace(member, profile=profile, zone=zone))
    if (known.first_name, known.initial) != (member.first_name, member.initial):
        places.rename(desk, known)
    if known.zone != member.zone:
        reminding.live_by(desk, known)
    return known


def finish(desk: Desk, member: Member, talk: Conversation) -> None:
    result = FORMS[talk.form].result(talk.answers)
    match talk.form:
        case "onboarding":
            _onboarding(desk, member, talk)
        case "strengths":
            _strengths(desk, member, talk)
        case "diary":
            browsing.finish(desk, member, talk, str(result["entry"]))
        case "diary_search":
            browsing.search(desk, member, str(result["word"]))
        case "report":
            reporting.report(desk, member, int(str(result["about"])), str(result["text"]))
        case "contact" | "email" | "link":
            kind = "other" if talk.form == "contact" else talk.form
            _share(desk, member, talk, Contact(kind, str(result[talk.form])))
        case "phone":
            _phone(desk, member, talk, str(result["phone"]))
        case "invite":
            tandem = pairs.get_tandem(desk.connection, _number(talk))
            grouping.invite(desk, tandem, member, str(result["invite"]))
        case "meeting":
            _wish(desk, member, talk, datetime.fromisoformat(str(result["when"])))
        case "place":
            session = appointments.get_session(desk.connection, _number(talk))
            convening.on_session(desk, session, sessions.Place(member.id, str(result["place"])))
        case "agreement":
            agreeing.submit(desk, member, talk)
        case "goal":
            agreeing.say_goal(desk, member, talk)
        case "milestone":
            milestones.finish(desk, member, talk.subject, result)
        case "question":
            inquiring.ask(desk, member, _number(talk), result)
        case "reply":
            inquiring.reply(desk, member, talk.subject, result)
        case "reason":
            inquiring.explain(desk, member, _number(talk), str(result["reason"]))
        case "step":
            guiding.note(desk, member, talk.subject, str(result["step"]))
        case "reflection":
            _reflection(desk, member, talk, result)
        case unknown:
            raise LookupError(f"no one waits for the answers of {unknown}")


def _onboarding(desk: Desk, member: Member, talk: Conversation) -> None:
    if talk.answers["consent"] == "no":
        withdrawing.withdraw(desk, member)
        desk.tell([Tell(member.id, members.DECLINED)])
        return
    # What helps with a question is over with it, or it would be asked on for nothing.
    people.close(desk.connection, member.id, Conversation("strengths", talk.subject))
    joined = _save_profile(desk, member, talk.answers)
    if member.profile is not None:
        desk.tell([Tell(member.id, members.SAVED)])
    else:
        desk.replan(f"member:{member.id}", joined, [joined])
        desk.tell([Tell(member.id, members.JOINED)])
    if joined.standing in {Standing.NEW, Standing.SEEKING}:
        seeking.seek(desk, joined)


def _strengths(desk: Desk, member: Member, talk: Conversation) -> None:
    """Their own words become suggestions for the question they were not sure about."""
    waiting = people.find(desk.connection, member.id, "onboarding", "")
    if waiting is None:
        desk.tell([Tell(member.id, members.STALE)])
        return
    said = [str(answer) for answer in talk.answers.values() if answer]
    own = [topic for answer in said for topic in _topics(answer, member.language)]
    facts = {**waiting.facts, own_topics("offers"): list(dict.fromkeys(own))[:SUGGESTED]}
    people.keep(desk.connection, member.id, replace(waiting, facts=facts), desk.now)


def _share(desk: Desk, member: Member, talk: Conversation, contact: Contact) -> None:
    tandem = pairs.get_tandem(desk.connection, _number(talk))
    partnering.share(desk, tandem, member, contact)


def _phone(desk: Desk, member: Member, talk: Conversation, number: str) -> None:
    """The letters come back first; whoever would rather not chooses something else."""
    card = contacts.TAKEN if number else contacts.SKIPPED
    desk.tell([Tell(member.id, card, {"number": number}, lettered=True)])
    if number:
        _share(desk, member, talk, Contact("phone", number))
    else:
        tandem = pairs.get_tandem(desk.connection, _number(talk))
        desk.tell([contacting.choice(desk, tandem, member)])


def _topics(answer: str, language: str) -> list[str]:
    """Topics named in an answer; else the answer itself, as far as it is short enough."""
    named = topics.extract(answer, language)
    return named or [part for part in topics.split(answer) if len(part) <= LONGEST_TOPIC]


def _wish(desk: Desk, member: Member, talk: Conversation, at: datetime) -> None:
    """A time for the session that the form came from, or for the next one. Asked for by itself,
    it may be meant as one more."""
    session = meant(desk, talk.subject)
    if session is None:
        desk.tell([Tell(member.id, members.STALE)])
    elif talk.subject.startswith("tandem:") and _may_be_one_more(desk, session, member, at):
        desk.tell(spoken(desk, session, [wishes.beside(session, member.id, at)]))
    else:
        convening.wish(desk, session, member, at)


def _may_be_one_more(desk: Desk, session: sessions.Session, member: Member, at: datetime) -> bool:
    tandem = pairs.get_tandem(desk.connection, session.tandem)
    there = local(instant(at.date(), at.time(), member.zone), session.zone)
    return goes_on(desk, tandem) and session.planned not in {None, there}


def _reflection(desk: Desk, member: Member, talk: Conversation, result: dict[str, Answer]) -> None:
    session = appointments.get_session(desk.connection, _number(talk))
    if member.id in session.reflected:
        desk.tell([Tell(member.id, members.STALE)])
        return
    tandem = pairs.get_tandem(desk.connection, session.tandem)
    before = caring.record(desk, tandem)
    diaries.add_reflection(desk.connection, _kept(desk, member, session, result))
    convening.on_session(desk, session, sessions.Reflected(member.id))
    coming = appointments.open_session(desk.connection, session.tandem)
    if not caring.talk(desk, tandem, before):
        desk.tell(spoken(desk, session, [_thanks(desk, member, talk, coming, result)]))
    if coming is not None and result["held"] == "moved":
        _another_time(desk, member, coming)


def _thanks(
    desk: Desk,
    member: Member,
    talk: Conversation,
    coming: sessions.Session | None,
    result: dict[str, Answer],
) -> Tell:
    session = appointments.get_session(desk.connection, _number(talk))
    about = {
        **session.about[member.id],
        **_said(result),
        "next_at": coming.starts_at if coming else None,
    }
    subject = coming.subject if coming else session.subject
    if coming is not None and result["held"] == "no":
        return Tell(member.id, care.MISSED, about, subject)
    values, without = wiping.offer(desk, talk)
    return Tell(member.id, sessions.THANKS, about, subject, values, without)


def _kept(
    desk: Desk, member: Member, session: sessions.Session, result: dict[str, Answer]
) -> dict[str, object]:
    """A reflection as it is stored: an insight only for who wants a diary at this moment."""
    useful = result.get("useful")
    return {
        "session": session.id,
        "member": member.id,
        "held": result["held"] not in NOT_HELD,
        "moved": result["held"] == "moved",
        "useful": int(str(useful)) if useful else None,
        "insight": result.get("insight", "") if browsing.allowed(desk, member) else "",
        "next_step": result.get("next_step", ""),
        "at": desk.now,
    }


def _said(result: dict[str, Answer]) -> dict[str, object]:
    return {
        "held": result["held"] not in NOT_HELD,
        "moved": result["held"] == "moved",
        "said": any(result.get(name) for name in ("useful", "insight", "next_step")),
        "next_step": result.get("next_step", ""),
    }


def _another_time(desk: Desk, member: Member, coming: sessions.Session) -> None:
    """It was moved: when to? What somebody suggested already only wants a word."""
    if coming.wish and member.id not in coming.agreed:
        desk.tell(spoken(desk, coming, [sessions.overview(coming, member.id)]))
        return
    known = people.find(desk.connection, member.id, "meeting", coming.subject)
    talk = known or opened(desk, member, "meeting", coming.subject)
    if talk is not None:
        people.keep(desk.connection, member.id, replace(talk, in_chat=True), desk.now)


def _number(talk: Conversation) -> int:
    return int(talk.subject.split(":")[1])
