"""The form of an agreement: opened with what makes sense or what was written last, and caught up
with what others wrote in between."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.conversation.answers import Answer
from bot.conversation.talk import Conversation
from bot.domain.agreements import ASIDE, Agreement, Content, Version, merged, months_later
from bot.domain.availability import Week, common, instant, local, suggestions
from bot.domain.members import Member
from bot.domain.tandems import Tandem
from bot.engine.desk import Desk
from bot.flows.agreement import AGREEMENT, USUAL
from bot.store import appointments

ROOM = "https://meet.jit.si/Tandem-"
AFTER_WORK = "1 18:00"
"""Tuesday; where members have no time in common."""
SLOTS = 3
PAIR = 2
TERMS = ("3", "4", "5", "6")
"""Months."""
WEEKS_AHEAD = (4, 8, 12)
TIMES = frozenset({"rhythm", "when"})
OWN = frozenset({"goal", "begun", "check"})
"""Answers that are no lines of the agreement."""


def suggestion(desk: Desk, tandem: Tandem) -> Content:
    """What makes sense for these members, from what they told and where they met so far."""
    members = [desk.member(number) for number in tandem.members]
    lengths = [int(m.profile.length) for m in members if m.profile]
    session = appointments.open_session(desk.connection, tandem.id)
    place = session.place if session else ""
    known: dict[str, Answer] = {
        **USUAL,
        "rhythm": tandem.rhythm,
        "length": str(max(lengths, default=60)),
        "when": next(iter(_times(desk, members, tandem)), AFTER_WORK),
        "since": today(desk, tandem).isoformat(),
        "room": ROOM + secrets.token_hex(16),
    }
    return {**known, "medium": "own", "place": place} if place else known


def _times(desk: Desk, members: Sequence[Member], tandem: Tandem) -> list[str]:
    """Weekdays and times at which all have time: as they met, if that suits, then the best."""
    weeks: list[Week] = [(m.profile.days, m.profile.times, m.zone) for m in members if m.profile]
    if not weeks:
        return []
    best = [*suggestions(weeks, desk.now, 1), *suggestions(weeks, desk.now, SLOTS)]
    found = [local(at, tandem.zone) for at in best]
    found[:0] = _as_they_met(desk, weeks, tandem)
    return list(dict.fromkeys(f"{at.weekday()} {at:%H:%M}" for at in found))[:SLOTS]


def _as_they_met(desk: Desk, weeks: Sequence[Week], tandem: Tandem) -> list[datetime]:
    """Its wall time, as long as it lies in everybody's week: it may have been an exception."""
    met = appointments.last_met(desk.connection, tandem.id)
    if met is None or met.planned is None:
        return []
    again = met.planned + timedelta(weeks=1)
    begins = instant(again.date(), again.time(), tandem.zone)
    ends = begins + timedelta(minutes=met.minutes)
    return [met.planned] if (begins, ends) in common(weeks, begins, ends) else []


def today(desk: Desk, tandem: Tandem) -> date:
    return local(desk.now, tandem.zone).date()


def own_goal(agreement: Agreement, member: Member) -> str:
    """What somebody said last of what they want to achieve."""
    return agreement.goal(member.id) or (member.profile.goal if member.profile else "")


def opened(desk: Desk, tandem: Tandem, agreement: Agreement, member: Member) -> Conversation:
    """All questions answered as in the newest version, for a summary to be looked through."""
    newest = agreement.newest
    assert newest is not None, "there is a suggestion first"
    facts = {
        **facts_of(tandem, member, newest.content),
        "link": "",  # a button is for choosing it, the agreement tells it
        "room": newest.content["room"],
        "slots": _times(desk, [desk.member(m) for m in tandem.members], tandem),
        "base": str(newest.number),
        "changing": "yes" if agreement.in_force else "",
    }
    if agreement.in_force and agreement.in_force.until < today(desk, tandem):
        facts |= _term(today(desk, tandem).isoformat())
    answers = {**_answers(newest.content), "goal": own_goal(agreement, member)}
    begun = "yes" if agreement.in_force else "no"
    return Conversation("agreement", agreement.subject, {**answers, "begun": begun}, {}, facts)


def facts_of(tandem: Tandem, member: Member, content: Content) -> dict[str, Answer]:
    """What the words of the lines speak of."""
    return {
        **words_of(tandem, member),
        "zone": tandem.zone,
        "abroad": "yes" if member.zone != tandem.zone else "",
        "link": content.get("room", ""),
        **_term(str(content["since"])),
    }


def words_of(tandem: Tandem, member: Member) -> dict[str, Answer]:
    """Whom a question is about."""
    partner = str(tandem.about[member.id]["partner"])
    return {"partner": partner, "many": "yes" if tandem.many else ""}


def _term(since: str) -> dict[str, Answer]:
    first = date.fromisoformat(since)
    ends = [months_later(first, int(months)).isoformat() for months in TERMS]
    return {"since": since, "ends": ends}


def _answers(content: Content) -> dict[str, Answer]:
    """Lines that a page asks for; what was left empty is answered all the same."""
    lines = {name: answer for name, answer in content.items() if name not in ASIDE}
    return {"own_rules": "", "milestones": [], **lines}


def content_of(talk: Conversation) -> Content:
    """The lines somebody wrote, as far as they apply."""
    said = {**talk.drafts, **talk.answers}
    lines = AGREEMENT.result(said)
    kept = {name: answer for name, answer in lines.items() if name not in OWN}
    aside = {name: talk.facts[name] for name in sorted(ASIDE) if name in talk.facts}
    return {**kept, **aside}


def laid_out(talk: Conversation, *, sheet: bool) -> Conversation:
    """A chat begins with the summary; a sheet goes through all pages, filled in."""
    said = {**talk.drafts, **talk.answers}
    said.pop("check", None)
    if not sheet:
        return replace(talk, answers=said, drafts={})
    first = {name: answer for name, answer in said.items() if name == "begun"}
    rest = {name: answer for name, answer in said.items() if name != "begun"}
    return replace(talk, answers=first, drafts=rest)


def at_times(talk: Conversation) -> Conversation:
    """The questions how often and when they meet once more, what was answered beside them."""
    again = {name: answer for name, answer in talk.answers.items() if name in TIMES}
    rest = {n: answer for n, answer in talk.answers.items() if n not in TIMES and n != "check"}
    return replace(talk, answers=rest, drafts={**talk.drafts, **again}, in_chat=True)


def caught_up(
    talk: Conversation, fresh: Conversation, base: Version, newest: Version, kept: int
) -> Conversation:
    """What somebody wrote of an older version, brought together with the newest.

    ``kept`` is the number under which it is kept as it was, to take lines from.
    """
    mine = content_of(talk)
    both, conflicts = merged(base.content, newest.content, mine)
    said = {**talk.drafts, **talk.answers}
    answers = {**fresh.answers, **_answers(both), "goal": said.get("goal", "")}
    facts = {**fresh.facts, "mine": str(kept), "conflicts": list(conflicts)}
    facts |= _term(str(both["since"]))
    return replace(fresh, answers=answers, facts=facts, in_chat=False)


def with_mine(talk: Conversation, field: str, mine: Content) -> Conversation:
    """One line as its writer had it, after all."""
    left = [name for name in talk.facts["conflicts"] if name != field]
    answers = {name: answer for name, answer in talk.answers.items() if name != field}
    own: Mapping[str, Answer] = {field: mine[field]} if field in mine else {}
    return replace(talk, answers={**answers, **own}, facts={**talk.facts, "conflicts": left})


def days_ahead(now: datetime) -> list[str]:
    """Days to suggest for a milestone, counted from a local moment."""
    return [(now.date() + timedelta(weeks=weeks)).isoformat() for weeks in WEEKS_AHEAD]
