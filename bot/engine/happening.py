"""What an event sets in motion: the decision of a proposal, a tandem or a session is stored
with everything that follows from it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.conversation.cards import Tell
from bot.domain import members, proposals, sessions, tandems
from bot.domain.availability import instant, local
from bot.domain.diary import Keeping
from bot.domain.members import Member, Standing
from bot.domain.parcels import Patience
from bot.domain.proposals import Proposal
from bot.domain.sessions import Session
from bot.domain.tandems import Contact, Retract, Share, Tandem
from bot.engine import milestones, rounds, sharing
from bot.engine.contacting import choice, put_aside, refused, shared
from bot.engine.desk import Desk
from bot.engine.introducing import introduce, share_a_workspace
from bot.engine.meeting import spoken
from bot.engine.series import follower
from bot.store import pairs, people, shares

BY_MEMBERS = sessions.Wish | sessions.Agree | sessions.Place | sessions.Cancel | sessions.Fits


def seek(desk: Desk, member: Member) -> None:
    """Starts or goes on looking for somebody, in the next round. If that is later, they learn when;
    if it is now, it speaks for itself."""
    since = member.since or desk.now
    waiting = desk.save(replace(member, standing=Standing.SEEKING, since=since))
    if waiting.paused_until is not None:
        return
    desk.replan(f"member:{waiting.id}", waiting, [waiting])
    at = rounds.want(desk, waiting)
    if at > desk.now:
        card = members.NEXT_ROUND if desk.house.calendar.fixed else members.GATHERING
        desk.tell([Tell(waiting.id, card, {"next_look": at})])


def rest(desk: Desk, member: Member) -> None:
    """Stops looking until they ask for it again."""
    resting = desk.save(replace(member, standing=Standing.RESTING, since=None))
    rounds.no_longer(desk, member)
    desk.replan(f"member:{member.id}", resting, [resting])
    desk.tell([Tell(member.id, members.RESTING)])


def withdraw(desk: Desk, member: Member) -> None:
    """Consent is gone: so is the profile, and whatever it was used for comes to an end."""
    tandem = pairs.running_tandem(desk.connection, member.id)
    if tandem is not None:
        on_tandem(desk, tandem, tandems.End(member.id))
    step_back(desk, member)


def step_back(desk: Desk, member: Member) -> None:
    """The profile goes, and an open proposal with it, in words that read like any release."""
    proposal = pairs.open_proposal(desk.connection, member.id)
    known = replace(desk.member(member.id), profile=None, since=None, paused_until=None)
    nobody = desk.save(replace(known, standing=Standing.NEW))
    people.close_all(desk.connection, member.id)
    rounds.forget(desk, member)
    desk.forget_plans(f"member:{nobody.id}")
    if proposal is not None:
        on_proposal(desk, proposal, proposals.Withdraw(member.id))


def on_proposal(desk: Desk, proposal: Proposal, event: proposals.Event) -> None:
    after, tells = proposals.decide(proposal, event)
    pairs.save_proposal(desk.connection, after)
    desk.tell(tells)
    if after == proposal:
        return
    pair = [desk.member(number) for number in after.members]
    desk.replan(after.subject, after, pair)
    if after.state is proposals.State.ACCEPTED:
        _begin(desk, after, pair)
    for member in pair if proposals.released(after) else ():
        if member.standing is Standing.PROPOSED:
            seek(desk, desk.member(member.id))


def _begin(desk: Desk, proposal: Proposal, pair: Sequence[Member]) -> None:
    """Both said yes. In one workspace they are introduced at once, else contacts are chosen."""
    rhythms = {member.profile.rhythm for member in pair if member.profile}
    slower = next(r for r in reversed(sessions.RHYTHMS) if r in rhythms)
    new = Tandem(0, proposal.members, slower, pair[0].zone, desk.now, proposal.about)
    tandem = pairs.add_tandem(desk.connection, new)
    for member in pair:
        desk.save(replace(member, standing=Standing.PAIRED, since=None))
    if share_a_workspace(desk, pair):
        for member in pair:
            contact = Contact(member.address.platform, member.address.user)
            tandem, _ = tandems.decide(tandem, Share(member.id, contact))
        introduce(desk, tandem, pair)
    else:
        desk.tell([choice(desk, tandem, member) for member in pair])


def on_tandem(desk: Desk, tandem: Tandem, event: tandems.Event) -> None:
    after, tells = tandems.decide(tandem, event)
    if after.state is tandems.State.ENDED and tandem.state is not tandems.State.ENDED:
        after = replace(after, ended_at=desk.now)
    pairs.save_tandem(desk.connection, after)
    desk.tell(tells, Patience.ONCE if after.state is tandems.State.ENDED else None)
    pair = [desk.member(number) for number in after.members]
    if (tandem.state, after.state) == (tandems.State.CONTACTS, tandems.State.ACTIVE):
        introduce(desk, after, pair)
    elif after.state is tandems.State.ENDED and after != tandem:
        _end(desk, after, pair)
    elif after.state is tandems.State.PAUSED and after != tandem:
        session = pairs.open_session(desk.connection, tandem.id)
        if session is not None:
            on_session(desk, session, sessions.Stop())


def share(desk: Desk, tandem: Tandem, member: Member, contact: Contact) -> None:
    """Notes which contact the others may see; with the last one all are introduced."""
    put_aside(desk, tandem, member)
    on_tandem(desk, tandem, Share(member.id, contact))
    shared(desk, tandem, pairs.get_tandem(desk.connection, tandem.id), member)


def hidden(desk: Desk, number: int, owner: int) -> None:
    """The platform does not show somebody's profile: they are asked for something else, once."""
    tandem = pairs.get_tandem(desk.connection, number)
    contact = tandem.contacts.get(owner)
    if contact is not None and contact.kind == "profile":
        on_tandem(desk, tandem, Retract(owner))
        refused(desk, pairs.get_tandem(desk.connection, number), desk.member(owner))


def wish(desk: Desk, session: Session, member: Member, at: datetime) -> None:
    """A member would like to meet at a time, local where they are; they are asked no more."""
    there = local(instant(at.date(), at.time(), member.zone), session.zone)
    for talk in people.open_conversations(desk.connection, member.id):
        if talk.form == "meeting" and _tandem_of(desk, talk.subject) == session.tandem:
            people.close(desk.connection, member.id, talk)
    on_session(desk, session, sessions.Wish(member.id, there))


def _tandem_of(desk: Desk, subject: str) -> int:
    kind, _, number = subject.partition(":")
    known = int(number)
    return known if kind == "tandem" else pairs.get_session(desk.connection, known).tandem


def _end(desk: Desk, tandem: Tandem, pair: Sequence[Member]) -> None:
    coming = pairs.open_session(desk.connection, tandem.id)
    if coming:
        off = replace(sessions.at_another_time(coming, None), state=sessions.State.OFF)
        pairs.save_session(desk.connection, off)
        desk.replan(off.subject, off, pair)
    desk.replan(tandem.subject, tandem, pair)
    sharing.take_back(desk, shares.of_tandem(desk.connection, tandem.id))
    for member in pair:
        keep_diary(desk, member)
        if member.standing is Standing.PAIRED:
            desk.save(replace(member, standing=Standing.RESTING))


def acquaintances(desk: Desk, member: Member) -> dict[int, str]:
    """Whom a member got to know by name: from tandems, and from an open proposal."""
    proposal = pairs.open_proposal(desk.connection, member.id)
    known: list[Proposal | Tandem] = [*pairs.tandems_of(desk.connection, member.id)]
    known += [proposal] if proposal else []
    return {
        other: str(thing.about[member.id]["partner"])
        for thing in known
        for other in thing.members
        if other != member.id and thing.about.get(member.id, {}).get("partner")
    }


def keep_diary(desk: Desk, member: Member) -> None:
    """From the end of a tandem on a diary is kept for a while; its owner is told before it goes."""
    until = desk.now + timedelta(days=desk.house.retention.diary)
    keeping = Keeping(member.id, until)
    desk.replan(keeping.subject, keeping, [member])


def on_session(desk: Desk, session: Session, event: sessions.Event) -> None:
    tandem = pairs.get_tandem(desk.connection, session.tandem)
    if tandem.state is tandems.State.PAUSED and isinstance(event, BY_MEMBERS):
        desk.tell([tandems.tell(tandem, event.by, tandems.PAUSED)])
        return
    after, tells = sessions.decide(session, event, desk.now)
    if isinstance(event, sessions.Remind) and not event.soon:
        tells = _with_milestones(desk, session, tandem, tells)
    pairs.save_session(desk.connection, after)
    desk.tell(spoken(desk, after, tells))
    pair = [desk.member(number) for number in after.members]
    if after != session:
        desk.replan(after.subject, after, pair)
    if (session.state, after.state) == (sessions.State.OPEN, sessions.State.PAST):
        _follow(desk, after, pair)


def reckon_anew(desk: Desk, session: Session) -> None:
    """The wall time stays; its instant, and with it every reminder, is derived again."""
    pairs.save_session(desk.connection, session)
    members = [desk.member(number) for number in session.members]
    desk.replan(session.subject, session, members)


def _with_milestones(desk: Desk, session: Session, tandem: Tandem, tells: list[Tell]) -> list[Tell]:
    """The day before, also what is to be reached until the session after."""
    if session.planned is None:
        return tells
    after = session.planned.date() + sessions.RHYTHMS[tandem.rhythm]
    today = local(desk.now, session.zone).date()
    found = milestones.coming(desk, tandem.id, today, after)
    return [replace(told, about={**told.about, "steps": found}) for told in tells]


def _follow(desk: Desk, past: Session, pair: Sequence[Member]) -> None:
    """The series goes on as agreed; how the last one was, each is asked in their own time."""
    tandem = pairs.get_tandem(desk.connection, past.tandem)
    coming = pairs.add_session(desk.connection, follower(desk, tandem, past))
    desk.replan(coming.subject, coming, pair)


def ask_to_reflect(desk: Desk, number: int, member: int) -> None:
    """How a session was, for whoever has not said it yet; not where a tandem rests or is over."""
    past = pairs.get_session(desk.connection, number)
    tandem = pairs.get_tandem(desk.connection, past.tandem)
    if tandem.state in tandems.MEETING and member not in past.reflected:
        coming = pairs.open_session(desk.connection, past.tandem)
        desk.tell(spoken(desk, past, [sessions.reflect(past, coming, member)]))
