"""What the buttons of cards do: a function for each."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TypeAlias

from bot.conversation.cards import Card, Tell
from bot.conversation.talk import Press
from bot.conversation.wording import LANGUAGES
from bot.domain import data, diary, members, pauses, proposals, sessions, tandems, wishes
from bot.domain.members import Member, Standing
from bot.engine import (
    consenting,
    erasing,
    happening,
    inquiring,
    keeping,
    knowing,
    linking,
    pausing,
    questions,
    reporting,
    status,
)
from bot.engine.commanding import COMMANDS, tandem, welcome
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
    else:
        desk.tell(status.tells(desk, changed))


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
        inquiring.remember(desk, proposal, event(member.id))
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
    kind, number = press.subject.partition(":")[0], _number(press)
    known = number if kind == "tandem" else pairs.get_session(desk.connection, number).tandem
    session = pairs.open_session(desk.connection, known)
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
        tandem(desk, member, "")


def _rest(desk: Desk, member: Member, _press: Press) -> None:
    if member.standing is Standing.SEEKING:
        happening.rest(desk, member)
    else:
        tandem(desk, member, "")


def _consent(purpose: str, *, given: bool) -> Act:
    def act(desk: Desk, member: Member, _press: Press) -> None:
        consenting.change(desk, member, purpose, given=given)

    return act


def _allow_diary(desk: Desk, member: Member, press: Press) -> None:
    """Asked for where the diary was wanted, so it opens at once."""
    del press
    words = desk.worded(Tell(member.id, diary.NO_CONSENT), member).text
    consenting.record(desk, member, "diary", given=True, words=words)
    COMMANDS["diary"](desk, member, "")


def _case(outcome: str) -> Act:
    def act(desk: Desk, member: Member, press: Press) -> None:
        reporting.settle(desk, member, _number(press), outcome)

    return act


def _says(card: Card) -> Act:
    def act(desk: Desk, member: Member, _press: Press) -> None:
        desk.tell([Tell(member.id, card)])

    return act


def _export(desk: Desk, member: Member, _press: Press) -> None:
    words = desk.wording("data", member).say("file")
    desk.post_file(member, words, "tandem-daten.zip")


REPLACING = {
    "member.language",
    "member.german",
    "member.english",
    "wish.switch",
    "consent.allow_diary",
    "consent.refuse_diary",
    "consent.allow_statistics",
    "consent.refuse_statistics",
    "consent.withdraw",
    "data.export",
    "diary_page.export",
    "tandem.guide",
    "session.guide",
}
"""After these the message reads differently, or what else it offers may be wanted still; all
others keep it with the answer, without buttons."""


def _number(press: Press) -> int:
    """Of what a button is about; behind it may stand whose question it was."""
    return int(press.subject.split(":")[1])


ACTS: dict[str, Act] = {
    "member.language": _other_language,
    "member.german": lambda desk, member, _: _language(desk, member, "de"),
    "member.english": lambda desk, member, _: _language(desk, member, "en"),
    "member.resume": _resume,
    "member.seek": _seek,
    "member.rest": _rest,
    "consent.allow_diary": _consent("diary", given=True),
    "consent.refuse_diary": _consent("diary", given=False),
    "consent.allow_statistics": _consent("statistics", given=True),
    "consent.refuse_statistics": _consent("statistics", given=False),
    "consent.withdraw": lambda desk, member, _: consenting.withdraw(desk, member),
    "diary_page.allow": _allow_diary,
    "diary_page.export": _export,
    "diary_page.keep": lambda desk, member, _: keeping.extend(desk, member),
    "pause.days": lambda desk, member, p: pausing.in_days(desk, member, int(p.value)),
    "pause.begin": lambda desk, member, p: pausing.begin(desk, member, date.fromisoformat(p.value)),
    "pause.keep": _says(pauses.KEPT),
    "pause.end": lambda desk, member, _: pausing.end(desk, member),
    "data.export": _export,
    "data.ask_to_erase": _says(data.CONFIRM),
    "data.erase": lambda desk, member, _: erasing.erase(desk, member),
    "data.keep": _says(data.KEPT),
    "account.here": lambda desk, member, _: linking.prefer_here(desk, member),
    "account.there": lambda desk, member, _: linking.keep_there(desk, member),
    "report_page.end": _case("end"),
    "report_page.resume": _case("resume"),
    "report_page.close": _case("close"),
    "wish.propose": _slot,
    "wish.cancel": _on_session(sessions.Cancel),
    "wish.keep": _says(wishes.KEPT),
    "wish.switch": lambda desk, member, p: _language(desk, member, p.value),
    "proposal.accept": _proposal(proposals.Accept),
    "proposal.decline": _proposal(proposals.Decline),
    "tandem.guide": knowing.guide,
    "session.guide": knowing.guide,
    "knowing.slot": _slot,
    "knowing.met": knowing.met,
    "knowing.keep": knowing.keep,
    "knowing.go_on": knowing.say,
    "knowing.unsure": knowing.say,
    "knowing.rather_not": knowing.say,
    "knowing.not_yet": knowing.say,
    "knowing.seek": _seek,
    "knowing.rest": _rest,
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
