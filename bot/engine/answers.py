"""What the answers of a form set in motion, once they are complete."""

import hashlib
from dataclasses import replace
from datetime import datetime

from bot.conversation.asking import Asking
from bot.conversation.cards import Tell
from bot.conversation.fields import Answer
from bot.conversation.talk import Conversation
from bot.domain import members, sessions
from bot.domain.members import Member, Profile, Standing
from bot.engine import happening
from bot.engine.desk import Desk
from bot.flows import FORMS
from bot.flows.onboarding import CONSENT
from bot.store import pairs, people

PRIVACY_VERSION = "1"
"""Rises with the meaning of the consent text, not with its spelling: that has a hash."""


def note(desk: Desk, member: Member, before: Conversation, after: Conversation) -> None:
    """Consent counts from the moment it is given or taken back, not from the end of the form."""
    was, given = before.answers.get(CONSENT.name), after.answers.get(CONSENT.name)
    if given is None or given == was or after.form != "onboarding":
        return
    wording = desk.wording("onboarding", member)
    text = Asking(FORMS["onboarding"], Conversation("onboarding"), wording).text(CONSENT)
    values: dict[str, object] = {
        "member": member.id,
        "purpose": "tandem",
        "version": PRIVACY_VERSION,
        "text_hash": hashlib.sha256(text.encode()).hexdigest(),
        "language": member.language,
        "channel": member.address.platform,
        "given": given == "yes",
        "at": desk.now,
    }
    people.add_consent(desk.connection, values)


def finish(desk: Desk, member: Member, talk: Conversation) -> None:
    result = FORMS[talk.form].result(talk.answers)
    match talk.form:
        case "onboarding":
            _onboarding(desk, member, result)
        case "contact":
            tandem = pairs.get_tandem(desk.connection, _number(talk))
            happening.share(desk, tandem, member, "other", str(result["contact"]))
        case "meeting":
            _wish(desk, member, talk, datetime.fromisoformat(str(result["when"])))
        case "place":
            session = pairs.get_session(desk.connection, _number(talk))
            happening.on_session(desk, session, sessions.Place(member.id, str(result["place"])))
        case "reflection":
            _reflection(desk, member, talk, result)
        case unknown:
            raise LookupError(f"no one waits for the answers of {unknown}")


def _onboarding(desk: Desk, member: Member, result: dict[str, Answer]) -> None:
    if result["consent"] == "no":
        happening.withdraw(desk, member)
        desk.tell([Tell(member.id, members.DECLINED)])
        return
    given = {n: tuple(v) if isinstance(v, list) else v for n, v in result.items()}
    fields = {name: given[name] for name in Profile.__dataclass_fields__}
    profile = Profile(**fields)  # type: ignore[arg-type]  # the form's fields are the profile's
    joined = desk.save(replace(member, profile=profile))
    desk.replan(f"member:{member.id}", joined, [joined])
    desk.tell([Tell(member.id, members.JOINED)])
    if joined.standing in {Standing.NEW, Standing.SEEKING}:
        happening.seek(desk, joined)


def _wish(desk: Desk, member: Member, talk: Conversation, at: datetime) -> None:
    """A time for the tandem's next session, whichever session or card the form came from."""
    kind, number = talk.subject.partition(":")[0], _number(talk)
    tandem = number if kind == "tandem" else pairs.get_session(desk.connection, number).tandem
    session = pairs.open_session(desk.connection, tandem)
    if session is None:
        desk.tell([Tell(member.id, members.STALE)])
    else:
        happening.wish(desk, session, member, at)


def _reflection(desk: Desk, member: Member, talk: Conversation, result: dict[str, Answer]) -> None:
    session = pairs.get_session(desk.connection, _number(talk))
    if member.id in session.reflected:
        desk.tell([Tell(member.id, members.STALE)])
        return
    useful = result.get("useful")
    values = {
        "session": session.id,
        "member": member.id,
        "held": result["held"] == "yes",
        "useful": int(str(useful)) if useful else None,
        "insight": result.get("insight", ""),
        "next_step": result.get("next_step", ""),
        "at": desk.now,
    }
    pairs.add_reflection(desk.connection, values)
    happening.on_session(desk, session, sessions.Reflected(member.id))
    coming = pairs.open_session(desk.connection, session.tandem)
    desk.tell([_thanks(session, coming, member, result)])


def _thanks(
    past: sessions.Session,
    coming: sessions.Session | None,
    member: Member,
    result: dict[str, Answer],
) -> Tell:
    about = {
        **past.about[member.id],
        "held": result["held"] == "yes",
        "next_step": result.get("next_step", ""),
        "next_at": coming.starts_at if coming else None,
    }
    subject = coming.subject if coming else past.subject
    return Tell(member.id, sessions.THANKS, about, subject)


def _number(talk: Conversation) -> int:
    return int(talk.subject.partition(":")[2])
