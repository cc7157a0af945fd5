"""Buttons about oneself: language, consents, reminders, pauses, data, accounts, reports."""

from dataclasses import replace
from datetime import date

from bot.conversation.cards import Tell
from bot.conversation.talk import Press
from bot.conversation.wording import LANGUAGES
from bot.domain import data, members, pauses
from bot.domain.members import Member, Standing
from bot.engine import (
    consenting,
    erasing,
    feeding,
    linking,
    pausing,
    places,
    questions,
    reminding,
    reporting,
    restraining,
    seeking,
    status,
)
from bot.engine.acts.pressed import Act, number, says
from bot.engine.commanding import tandem, welcome
from bot.engine.desk import Desk


def set_language(desk: Desk, member: Member, language: str) -> None:
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


def seek(desk: Desk, member: Member, _press: Press) -> None:
    if member.standing is Standing.RESTING and places.free(desk, member) > 0:
        seeking.seek(desk, member)
        if member.paused_until is not None:
            # It begins after that, so nothing else answers them.
            desk.tell([status.paused(member)])
    else:
        tandem(desk, member, "")


def rest(desk: Desk, member: Member, _press: Press) -> None:
    if member.standing is Standing.SEEKING:
        seeking.rest(desk, member)
    else:
        tandem(desk, member, "")


def _consent(purpose: str, *, given: bool) -> Act:
    def act(desk: Desk, member: Member, _press: Press) -> None:
        consenting.change(desk, member, purpose, given=given)

    return act


def _case(outcome: str) -> Act:
    def act(desk: Desk, member: Member, press: Press) -> None:
        reporting.settle(desk, member, number(press), outcome)

    return act


def export(desk: Desk, member: Member, _press: Press) -> None:
    words = desk.wording("data", member).say("file")
    desk.post_file(member, words, "tandem-daten.zip")


ACTS: dict[str, Act] = {
    "member.language": _other_language,
    "member.german": lambda desk, member, _: set_language(desk, member, "de"),
    "member.english": lambda desk, member, _: set_language(desk, member, "en"),
    "member.resume": _resume,
    "member.seek": seek,
    "member.rest": rest,
    "consent.allow_diary": _consent("diary", given=True),
    "consent.refuse_diary": _consent("diary", given=False),
    "consent.allow_statistics": _consent("statistics", given=True),
    "consent.refuse_statistics": _consent("statistics", given=False),
    "consent.withdraw": lambda desk, member, _: consenting.withdraw(desk, member),
    "reminders.lead": reminding.lead,
    "reminders.hours": reminding.hours,
    "reminders.sundays": reminding.sundays,
    "reminders.look": reminding.look,
    "restraint.again": restraining.again,
    "pause.days": lambda desk, member, p: pausing.in_days(desk, member, int(p.value)),
    "pause.begin": lambda desk, member, p: pausing.begin(desk, member, date.fromisoformat(p.value)),
    "pause.keep": says(pauses.KEPT),
    "pause.end": lambda desk, member, _: pausing.end(desk, member),
    "data.export": export,
    "data.feed": lambda desk, member, _: feeding.show(desk, member),
    "feed.make": lambda desk, member, _: feeding.make(desk, member),
    "feed.renew": lambda desk, member, _: feeding.make(desk, member),
    "feed.stop": lambda desk, member, _: feeding.stop(desk, member),
    "data.ask_to_erase": says(data.CONFIRM),
    "data.erase": lambda desk, member, _: erasing.erase(desk, member),
    "data.keep": says(data.KEPT),
    "account.here": lambda desk, member, _: linking.prefer_here(desk, member),
    "account.there": lambda desk, member, _: linking.keep_there(desk, member),
    "report_page.end": _case("end"),
    "report_page.resume": _case("resume"),
    "report_page.close": _case("close"),
}
REPLACING = {
    "reminders.lead",
    "reminders.hours",
    "reminders.sundays",
    "reminders.look",
    "member.language",
    "member.german",
    "member.english",
    "consent.allow_diary",
    "consent.refuse_diary",
    "consent.allow_statistics",
    "consent.refuse_statistics",
    "consent.withdraw",
    "data.export",
    "data.feed",
}
