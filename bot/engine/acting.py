"""What the buttons of cards do: a function for each."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TypeAlias

from bot.conversation.cards import Card, Tell
from bot.conversation.talk import Press
from bot.conversation.wording import LANGUAGES
from bot.domain import (
    agreements,
    care,
    contacts,
    data,
    diary,
    members,
    milestones,
    pauses,
    proposals,
    sessions,
    tandems,
    wishes,
)
from bot.domain.availability import instant, local
from bot.domain.members import Member, Standing
from bot.domain.tandems import Tandem
from bot.engine import (
    agreeing,
    browsing,
    choosing,
    consenting,
    contacting,
    documents,
    erasing,
    feeding,
    grouping,
    guiding,
    happening,
    inquiring,
    introducing,
    journal,
    keeping,
    knowing,
    library,
    linking,
    meeting,
    pausing,
    places,
    questions,
    releasing,
    remembering,
    reminding,
    reporting,
    status,
    wiping,
)
from bot.engine.commanding import COMMANDS, tandem, welcome
from bot.engine.desk import Desk
from bot.engine.milestones import back, on_milestones, on_pressed
from bot.engine.series import meant
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


def _in_tandem(do: Callable[[Desk, Tandem, Member], None]) -> Act:
    def act(desk: Desk, member: Member, press: Press) -> None:
        do(desk, pairs.get_tandem(desk.connection, _number(press)), member)

    return act


def _share(kind: str) -> Act:
    return _in_tandem(
        lambda desk, tandem, member: happening.share(
            desk, tandem, member, contacting.given(member, kind)
        )
    )


def _change(desk: Desk, tandem: Tandem, member: Member) -> None:
    """Asks anew which contact the others may see, as long as anybody is there to see it."""
    if tandem.state in {tandems.State.CONTACTS, *tandems.MEETING}:
        desk.tell([contacting.choice(desk, tandem, member)])
    else:
        paused = tandem.state is tandems.State.PAUSED
        desk.tell([tandems.tell(tandem, member.id, tandems.PAUSED if paused else tandems.ALREADY)])


def _slot(desk: Desk, member: Member, press: Press) -> None:
    session = meant(desk, press.subject)
    if session is None:
        desk.tell([Tell(member.id, members.STALE)])
    else:
        happening.wish(desk, session, member, datetime.fromisoformat(press.value))


def _beside(desk: Desk, member: Member, press: Press) -> None:
    session = pairs.get_session(desk.connection, _number(press))
    tandem = pairs.get_tandem(desk.connection, session.tandem)
    happening.wish_beside(desk, tandem, member, datetime.fromisoformat(press.value))


def _anyway(desk: Desk, member: Member, press: Press) -> None:
    """A time that was left out of the series, by the instant that the button read as."""
    tandem = pairs.tandem_of(desk.connection, press.subject)
    session = pairs.open_session(desk.connection, tandem.id)
    if session is None:
        desk.tell([Tell(member.id, members.STALE)])
        return
    begins, zone = datetime.fromisoformat(press.value), session.zone
    found = (w for w in session.skipped if instant(w.date(), w.time(), zone) == begins)
    at = next(found, local(begins, zone))
    happening.on_session(desk, session, sessions.Restore(member.id, at))


def _on_session(
    event: Callable[[int, datetime | None], sessions.Event],
) -> Act:
    def act(desk: Desk, member: Member, press: Press) -> None:
        session = pairs.get_session(desk.connection, _number(press))
        at = datetime.fromisoformat(press.value) if press.value else None
        happening.on_session(desk, session, event(member.id, at))

    return act


def _milestones(desk: Desk, member: Member, press: Press) -> None:
    """Those of a tandem, from the card of its agreement."""
    on_milestones(desk, _number(press), milestones.Look(member.id))


def _milestone(desk: Desk, member: Member, press: Press) -> None:
    event = milestones.Open(member.id, int(press.value))
    on_milestones(desk, _number(press), event)


def _on_milestone(kind: type[milestones.OnOne]) -> Act:
    def act(desk: Desk, member: Member, press: Press) -> None:
        on_pressed(desk, member, press.subject, kind)

    return act


def _seek(desk: Desk, member: Member, _press: Press) -> None:
    if member.standing is Standing.RESTING and places.free(desk, member) > 0:
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


def _diary_file(desk: Desk, member: Member, press: Press) -> None:
    """Without a diary there is nothing to bring; that is said instead."""
    if browsing.allowed(desk, member):
        words = desk.wording("diary_page", member).say("file")
        desk.post_file(member, words, journal.NAME, diary.whole(member.id))
    else:
        browsing.on_list(desk, member, press)


def _calendar(desk: Desk, member: Member, press: Press) -> None:
    meeting.send_calendar(desk, member, pairs.get_session(desk.connection, _number(press)))


def _agreeing(act: Callable[[Desk, Tandem, Member, Press], None]) -> Act:
    """For a tandem in which something can be agreed on, by one of its members."""

    def on_open(desk: Desk, member: Member, press: Press) -> None:
        known = agreeing.open_tandem(desk, member, press.subject)
        if known is None:
            desk.tell([Tell(member.id, members.STALE)])
        else:
            act(desk, known, member, press)

    return on_open


def _take_mine(desk: Desk, member: Member, press: Press) -> None:
    agreeing.take_mine(desk, member, press.subject, press.value)


def _guide(phase: str) -> Act:
    """A phase of the guide through a session, in place."""

    def act(desk: Desk, member: Member, press: Press) -> None:
        guiding.look(desk, member, press.subject, phase)

    return act


def _turn(desk: Desk, member: Member, press: Press) -> None:
    guiding.turn(desk, member, press.subject, int(press.value))


def _methods(desk: Desk, member: Member, press: Press) -> None:
    library.overview(desk, member, press.subject)


def _method(desk: Desk, member: Member, press: Press) -> None:
    library.show(desk, member, press.subject, press.value)


def _document(kind: str) -> Act:
    def act(desk: Desk, known: Tandem, member: Member, _press: Press) -> None:
        documents.send(desk, known, member, kind)

    return _agreeing(act)


REPLACING = {
    "session.calendar",
    "reminders.lead",
    "reminders.hours",
    "reminders.sundays",
    "reminders.look",
    "session.agenda",
    "guide.arrive",
    "guide.main",
    "guide.turn",
    "guide.method",
    "guide.steps",
    "guide.done",
    "methods.open",
    "methods.begin",
    "methods.next",
    "methods.previous",
    "methods.whole",
    "methods.overview",
    "methods.guide",
    "agreeing.mine",
    "agreeing.whole",
    "agreeing.pdf",
    "agreeing.markdown",
    "agreeing.milestones",
    "agreeing.show",
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
    "data.feed",
    "diary_page.export",
    "diary_page.open",
    "diary_page.newer",
    "diary_page.older",
    "diary_page.all",
    "diary_page.back",
    "diary_page.leave",
    "diary_page.see",
    "diary_page.wipe",
    "session.wipe",
    "diary_page.share",
    "diary_page.really_share",
    "diary_page.unshare",
    "diary_page.remove",
    "diary_page.really_remove",
    "diary_page.file",
    "tandem.opener",
    "tandem.found",
    "tandem.change",
    "contacts.change",
    "contacts.found",
    "milestones.open",
    "milestones.tick",
    "milestones.untick",
    "milestones.remove",
    "milestones.back",
    "tandem.guide",
    "session.guide",
}
"""After these the message reads differently, or what else it offers may be wanted still; all
others keep it with the answer, without buttons."""


def _number(press: Press) -> int:
    """Of what a press is about. Behind it may stand whose question it was; of a contact that is its
    tandem: "contact:5:12" is about 5."""
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
    "diary_page.open": browsing.on_entry,
    "diary_page.newer": browsing.on_list,
    "diary_page.older": browsing.on_list,
    "diary_page.all": browsing.on_list,
    "diary_page.back": browsing.on_list,
    "diary_page.leave": browsing.on_entry,
    "diary_page.see": remembering.see,
    "diary_page.wipe": wiping.wipe,
    "session.wipe": wiping.wipe,
    "diary_page.share": browsing.ask_to_share,
    "diary_page.really_share": browsing.share,
    "diary_page.unshare": browsing.take_back,
    "diary_page.remove": browsing.ask_to_remove,
    "diary_page.really_remove": browsing.remove,
    "diary_page.export": _export,
    "diary_page.file": _diary_file,
    "diary_page.keep": lambda desk, member, _: keeping.extend(desk, member),
    "reminders.lead": reminding.lead,
    "reminders.hours": reminding.hours,
    "reminders.sundays": reminding.sundays,
    "reminders.look": reminding.look,
    "pause.days": lambda desk, member, p: pausing.in_days(desk, member, int(p.value)),
    "pause.begin": lambda desk, member, p: pausing.begin(desk, member, date.fromisoformat(p.value)),
    "pause.keep": _says(pauses.KEPT),
    "pause.end": lambda desk, member, _: pausing.end(desk, member),
    "data.export": _export,
    "data.feed": lambda desk, member, _: feeding.show(desk, member),
    "feed.make": lambda desk, member, _: feeding.make(desk, member),
    "feed.renew": lambda desk, member, _: feeding.make(desk, member),
    "feed.stop": lambda desk, member, _: feeding.stop(desk, member),
    "data.ask_to_erase": _says(data.CONFIRM),
    "data.erase": lambda desk, member, _: erasing.erase(desk, member),
    "data.keep": _says(data.KEPT),
    "account.here": lambda desk, member, _: linking.prefer_here(desk, member),
    "account.there": lambda desk, member, _: linking.keep_there(desk, member),
    "report_page.end": _case("end"),
    "report_page.resume": _case("resume"),
    "report_page.close": _case("close"),
    "wish.propose": _slot,
    "wish.instead": _slot,
    "wish.beside": _beside,
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
    "care.stay": releasing.stay,
    "care.change": releasing.change,
    "care.end": _on_tandem(tandems.Ask),
    "care.keep": _says(care.KEPT),
    "care.go_on": releasing.go_on,
    "care.alive": releasing.alive,
    "care.seek": _seek,
    # As they were called in messages that may still be around.
    "tandem.username": _share("username"),
    "tandem.profile": _share("profile"),
    "contacts.username": _share("username"),
    "contacts.profile": _share("profile"),
    "contacts.group": _share("group"),
    "contacts.change": _in_tandem(_change),
    "contacts.found": _in_tandem(grouping.found),
    "contacts.keep": _says(contacts.KEPT),
    "tandem.opener": _in_tandem(introducing.another_opener),
    "tandem.found": _in_tandem(grouping.found),
    "tandem.change": _in_tandem(_change),
    "tandem.slot": _slot,
    "tandem.later": _on_tandem(tandems.Later),
    "tandem.end": _on_tandem(tandems.End),
    "tandem.stay": _on_tandem(tandems.Stay),
    "tandem.seek": _seek,
    "tandem.choose": choosing.chosen,
    "milestones.open": _milestone,
    "milestones.tick": _on_milestone(milestones.Tick),
    "milestones.untick": _on_milestone(milestones.Untick),
    "milestones.remove": _on_milestone(milestones.Remove),
    "milestones.back": lambda desk, member, p: back(desk, member, p.subject),
    "agreeing.confirm": _agreeing(lambda d, t, m, p: agreeing.confirm(d, t, m, int(p.value))),
    "agreeing.whole": _agreeing(lambda d, t, m, _: agreeing.whole(d, t, m)),
    "agreeing.show": _agreeing(lambda d, t, m, _: agreeing.show(d, t, m)),
    "agreeing.mine": _take_mine,
    "agreeing.pdf": _document("pdf"),
    "agreeing.markdown": _document("md"),
    "agreeing.milestones": _milestones,
    "agreeing.suits": _says(agreements.SUITS),
    "session.agree": _on_session(sessions.Agree),
    "session.cancel": _on_session(sessions.Cancel),
    "session.calendar": _calendar,
    "session.anyway": _anyway,
    "agreeing.anyway": _anyway,
    "session.fits": _on_session(lambda by, _: sessions.Fits(by)),
    "session.agenda": lambda desk, member, p: guiding.begin(desk, member, p.subject),
    "guide.arrive": _guide("arrive"),
    "guide.main": _guide("main"),
    "guide.turn": _turn,
    "guide.method": _methods,
    "guide.steps": _guide("steps"),
    "guide.done": _guide("done"),
    "methods.open": _method,
    "methods.begin": _method,
    "methods.next": _method,
    "methods.previous": _method,
    "methods.whole": _method,
    "methods.overview": _methods,
    "methods.guide": _guide("main"),
}
