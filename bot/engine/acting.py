"""What the buttons of cards do: a function for each."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from bot.conversation.cards import Tell
from bot.conversation.talk import Press
from bot.conversation.wording import LANGUAGES
from bot.domain import members, proposals, sessions, tandems
from bot.domain.members import Member, Standing
from bot.engine import happening, questions
from bot.engine.commanding import tandem, welcome
from bot.engine.desk import Desk
from bot.store import pairs

Act: TypeAlias = Callable[[Desk, Member, Press], None]


def _language(desk: Desk, member: Member, language: str) -> None:
    """From here on everything is in the other language, an open question too."""
    changed = desk.save(replace(member, language=language))
    talk = questions.current(desk, member)
    desk.tell([Tell(member.id, members.LANGUAGE_SET, replaces=True)])
    if talk is not None and talk.in_chat:
        questions.ask(desk, changed, talk)
    elif member.standing is Standing.NEW:
        welcome(desk, changed)


def _other_language(desk: Desk, member: Member, _press: Press) -> None:
    """On the very first message the words themselves change."""
    other = next(language for language in LANGUAGES if language != member.language)
    desk.save(replace(member, language=other))
    desk.tell([Tell(member.id, members.WELCOME, replaces=True)])


def _resume(desk: Desk, member: Member, _press: Press) -> None:
    talk = questions.current(desk, member)
    if talk is None:
        desk.tell([Tell(member.id, members.STALE)])
    else:
        questions.ask(desk, member, replace(talk, in_chat=True))


def _proposal(event: Callable[[int], proposals.Event]) -> Act:
    def act(desk: Desk, member: Member, press: Press) -> None:
        proposal = pairs.get_proposal(desk.connection, _number(press))
        happening.on_proposal(desk, proposal, event(member.id))

    return act


def _on_tandem(event: Callable[[int], tandems.Event]) -> Act:
    def act(desk: Desk, member: Member, press: Press) -> None:
        pair = pairs.get_tandem(desk.connection, _number(press))
        happening.on_tandem(desk, pair, event(member.id))

    return act


def _share(kind: str) -> Act:
    def act(desk: Desk, member: Member, press: Press) -> None:
        pair = pairs.get_tandem(desk.connection, _number(press))
        happening.share(desk, pair, member, kind)

    return act


def _slot(desk: Desk, member: Member, press: Press) -> None:
    session = pairs.open_session(desk.connection, _number(press))
    if session is None:
        desk.tell([Tell(member.id, members.STALE)])
    else:
        happening.wish(desk, session, member, datetime.fromisoformat(press.value))


def _on_session(
    event: Callable[[int, datetime | None], sessions.Event],
) -> Act:
    def act(desk: Desk, member: Member, press: Press) -> None:
        session = pairs.get_session(desk.connection, _number(press))
        at = datetime.fromisoformat(press.value) if press.value else None
        happening.on_session(desk, session, event(member.id, at))

    return act


def _seek(desk: Desk, member: Member, _press: Press) -> None:
    if member.standing is Standing.RESTING:
        happening.seek(desk, member)
    else:
        tandem(desk, member)


def _rest(desk: Desk, member: Member, _press: Press) -> None:
    if member.standing is Standing.SEEKING:
        happening.rest(desk, member)
    else:
        tandem(desk, member)


REPLACING = {"member.language", "member.german", "member.english"}
"""After these the message itself reads differently; all others keep it with the answer."""


def _number(press: Press) -> int:
    return int(press.subject.partition(":")[2])


ACTS: dict[str, Act] = {
    "member.language": _other_language,
    "member.german": lambda desk, member, _: _language(desk, member, "de"),
    "member.english": lambda desk, member, _: _language(desk, member, "en"),
    "member.resume": _resume,
    "member.seek": _seek,
    "member.rest": _rest,
    "proposal.accept": _proposal(proposals.Accept),
    "proposal.decline": _proposal(proposals.Decline),
    "tandem.username": _share("username"),
    "tandem.profile": _share("profile"),
    "tandem.slot": _slot,
    "tandem.later": _on_tandem(tandems.Later),
    "tandem.end": _on_tandem(tandems.End),
    "tandem.stay": _on_tandem(tandems.Stay),
    "tandem.seek": _seek,
    "session.agree": _on_session(sessions.Agree),
    "session.cancel": _on_session(sessions.Cancel),
    "session.fits": _on_session(lambda by, _: sessions.Fits(by)),
}
