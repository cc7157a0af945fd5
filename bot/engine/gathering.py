"""Gathering somebody's own data, and of others only what the member was shown of them.

Left out on purpose: what others said of the member in private, whom they must not meet, and
whether somebody said yes to them. `tests/test_export.py` knows where each table goes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import Connection

from bot.conversation.fields import OTHER, Answer, Picked
from bot.conversation.talk import Conversation
from bot.conversation.voice import suggested
from bot.conversation.wording import markup, plain
from bot.domain import agreements as agreed
from bot.domain import proposals, reports, sessions, silence, tandems
from bot.domain.dues import Nudge
from bot.domain.hours import Lead
from bot.domain.members import Member, Standing
from bot.engine.desk import Desk
from bot.engine.exported import VERSION, Export
from bot.engine.exported.agreements import Agreement, Goal, Milestone
from bot.engine.exported.diary import DiaryEntry, Reflection, SharedEntry
from bot.engine.exported.forms import OpenQuestion, Profile
from bot.engine.exported.messages import Message, Planned, Report
from bot.engine.exported.oneself import Account, Consent, Master
from bot.engine.exported.proposals import Outcome, Proposal, Shown
from bot.engine.exported.sessions import Session, Step
from bot.engine.exported.tandems import Contact, Shared, Tandem, Wait
from bot.engine.happening import acquaintances
from bot.flows import FORMS
from bot.store import (
    agreements,
    cares,
    copies,
    diaries,
    inquiries,
    milestones,
    pairs,
    people,
    shares,
    steps,
    suggestions,
    talks,
)

TOPICS_SHOWN = 8
"""So many of each list of topics a proposal shows at most."""
ELSE = "other"
"""What somebody picked who picked nobody."""
OUTCOMES = {
    proposals.State.OPEN: Outcome.OPEN,
    proposals.State.ACCEPTED: Outcome.ACCEPTED,
    proposals.State.DECLINED: Outcome.OVER,
    proposals.State.EXPIRED: Outcome.OVER,
}


def gather(desk: Desk, member: Member) -> Export:
    connection = desk.connection
    known = pairs.tandems_of(connection, member.id)[::-1]
    return Export(
        version=VERSION,
        made_at=desk.now,
        member=_master(connection, member),
        accounts=list(_accounts(connection, member)),
        profile=Profile.model_validate(asdict(member.profile)) if member.profile else None,
        consents=list(_consents(connection, member)),
        open_questions=[_question(t) for t in people.open_conversations(connection, member.id)],
        proposals=list(_proposals(connection, member)),
        tandems=[_tandem(connection, member, n, pair) for n, pair in enumerate(known, 1)],
        reflections=list(_reflections(connection, member, known)),
        diary=[DiaryEntry(at=r.at, text=r.text) for r in copies.entries(connection, member.id)],
        shares=list(_shares(connection, member, known)),
        messages=list(_messages(connection, member, known)),
        reports=list(_reports(desk, member)),
        planned=list(_planned(connection, member)),
    )


def _master(connection: Connection, member: Member) -> Master:
    row = copies.master(connection, member.id)
    return Master(
        name=row.name,
        language=row.language,
        zone=row.zone,
        joined_at=row.joined_at,
        standing=Standing(row.standing),
        seeking_since=row.since,
        paused_until=row.paused_until,
        seen_at=row.seen_at,
        lead=Lead(row.lead),
        quiet_hours=row.quiet_hours,
        quiet_sundays=row.quiet_sundays,
    )


def _accounts(connection: Connection, member: Member) -> Iterator[Account]:
    preferred = copies.master(connection, member.id).account
    for row in copies.accounts(connection, member.id):
        yield Account(
            platform=row.platform,
            workspace=row.account,
            user_id=row.user,
            chat_id=row.chat,
            username=row.username,
            reachable=row.reachable,
            preferred=row.id == preferred,
        )


def _consents(connection: Connection, member: Member) -> Iterator[Consent]:
    for row in copies.consents(connection, member.id):
        yield Consent(
            purpose=row.purpose,
            given=row.given,
            at=row.at,
            version=row.version,
            text_hash=row.text_hash,
            language=row.language,
            channel=row.channel,
        )


def _question(talk: Conversation) -> OpenQuestion:
    said = {**talk.drafts, **talk.answers}
    return OpenQuestion(
        form=talk.form,
        answers={name: _answer(talk, name, answer) for name, answer in said.items()},
        suggestions=suggested(talk.facts),
        asked_at=talk.asked_at,
    )


def _answer(talk: Conversation, name: str, answer: Answer) -> Answer:
    """As it was given; whom somebody picked by name, not by the number the bot has for them."""
    asked = FORMS[talk.form].find(name)
    if not isinstance(asked, Picked) or answer not in asked.options(talk.facts):
        return answer
    return ELSE if answer == OTHER else asked.label(str(answer), talk.facts)


def _proposals(connection: Connection, member: Member) -> Iterator[Proposal]:
    for number in copies.proposals(connection, member.id):
        proposal = suggestions.get_proposal(connection, number)
        told = inquiries.get_reason(connection, number, member.id)
        yield Proposal(
            made_at=proposal.made_at,
            open_until=proposal.expires_at,
            state=OUTCOMES[proposal.state],
            accepted=member.id in proposal.accepted,
            question=proposal.asked.get(member.id),
            reason=(told.code or None) if told else None,
            wishes=list(told.topics) if told else [],
            shown=_shown(proposal.about.get(member.id, {})),
        )


def _shown(about: Mapping[str, object]) -> Shown | None:
    if not about.get("partner"):
        return None
    told = {name: about[name] for name in Shown.model_fields if name in about}
    unsaid: dict[str, list[str]] = {"shared": [], "languages": []}
    shown = Shown.model_validate({**unsaid, **told, "name": about["partner"]})
    topics = {"offers": shown.offers[:TOPICS_SHOWN], "seeks": shown.seeks[:TOPICS_SHOWN]}
    return shown.model_copy(update=topics)


def _tandem(connection: Connection, member: Member, number: int, tandem: tandems.Tandem) -> Tandem:
    partner = str(tandem.about.get(member.id, {}).get("partner", ""))
    return Tandem(
        number=number,
        state=tandem.state,
        made_at=tandem.made_at,
        ended_at=tandem.ended_at,
        rhythm=tandem.rhythm,
        zone=tandem.zone,
        partner=partner or None,
        my_contact=_contact(tandem.contacts.get(member.id)),
        partner_contact=_contact(next(iter(_theirs(tandem, member).values()), None)),
        contacts=[_shared(connection, m, c) for m, c in _theirs(tandem, member).items()],
        word=talks.words(connection, tandem.id).get(member.id),
        fell_out=cares.lapses(connection, tandem.id),
        waits=_wait(cares.waits(connection, tandem.id).get(member.id)),
        sessions=list(_sessions(connection, member, tandem)),
        agreements=list(_agreements(connection, member, tandem)),
        milestones=list(_milestones(connection, member, tandem)),
    )


def _names(connection: Connection, tandem: tandems.Tandem) -> dict[int, str]:
    """Also of those who were members before."""
    numbers = (*tandem.members, *tandem.left)
    return {number: people.by_id(connection, number).first_name for number in numbers}


def _theirs(tandem: tandems.Tandem, member: Member) -> dict[int, tandems.Contact]:
    """What the others show, from the introduction on and until anybody wants no more.

    What was taken back from a chat after a report must not be had again as a file.
    """
    shown = tandem.state in tandems.MEETING
    others = [m for m in tandem.others(member.id) if shown and m in tandem.contacts]
    return {other: tandem.contacts[other] for other in others}


def _shared(connection: Connection, other: int, contact: tandems.Contact) -> Shared:
    name = people.by_id(connection, other).first_name
    return Shared(kind=contact.kind, value=contact.value, name=name)


def _contact(contact: tandems.Contact | None) -> Contact | None:
    return Contact(kind=contact.kind, value=contact.value) if contact else None


def _wait(wait: silence.Wait | None) -> Wait | None:
    return Wait(step=wait.step, at=wait.at) if wait else None


def _sessions(connection: Connection, member: Member, tandem: tandems.Tandem) -> Iterator[Session]:
    names = _names(connection, tandem)
    until = tandem.left.get(member.id)
    for row in copies.sessions(connection, tandem.id):
        if until is not None and (row.starts_at is None or row.starts_at >= until):
            continue
        yield Session(
            number=row.number,
            state=sessions.State(row.state),
            local_time=row.planned,
            zone=row.zone,
            minutes=row.minutes,
            starts_at=row.starts_at,
            place=row.place,
            suggested_time=row.wish,
            suggested_by_me=bool(row.wish) and row.wished_by == member.id,
            topic_of=names.get(row.turn),
            steps=[
                Step(name=names[step.member], by_me=step.member == member.id, text=step.text)
                for step in steps.of(connection, row.id)
            ],
        )


def shown_versions(known: agreed.Agreement, member: Member) -> list[agreed.Version]:
    """Those that were sent to them; of what was written beside, only their own."""
    return [v for v in known.versions if v in known.chain or v.by == member.id]


def _agreements(
    connection: Connection, member: Member, tandem: tandems.Tandem
) -> Iterator[Agreement]:
    known = agreements.get(connection, tandem)
    names = _names(connection, tandem)
    until = tandem.left.get(member.id)
    for version in shown_versions(known, member):
        if until is not None and version.at >= until:
            continue
        mine = version.yes.get(member.id)
        others = [(number, yes.goal) for number, yes in version.yes.items() if number != member.id]
        yield Agreement(
            number=version.number,
            at=version.at,
            by_me=version.by == member.id,
            suggested=version.by == agreed.BOT,
            in_force=version == known.in_force,
            agreed_by_me=mine is not None,
            lines=dict(version.content),
            my_goal=mine.goal if mine else "",
            goals=[Goal(name=names[n] or None, goal=goal) for n, goal in others if goal],
        )


def _milestones(
    connection: Connection, member: Member, tandem: tandems.Tandem
) -> Iterator[Milestone]:
    known = milestones.get(connection, tandem.id)
    for step in filter(lambda step: step.title, known.every):
        yield Milestone(
            number=step.number,
            title=step.title,
            due=step.due,
            reached_at=step.done_at,
            by_me=step.by == member.id,
        )


def _reflections(
    connection: Connection, member: Member, known: Sequence[tandems.Tandem]
) -> Iterator[Reflection]:
    numbers = {tandem.id: number for number, tandem in enumerate(known, 1)}
    for row in copies.reflections(connection, member.id):
        yield Reflection(
            at=row.at,
            tandem=numbers.get(row.tandem),
            session=row.number,
            held=row.held,
            moved=row.moved,
            useful=row.useful,
            insight=row.insight,
            next_step=row.next_step,
        )


def _shares(
    connection: Connection, member: Member, known: Sequence[tandems.Tandem]
) -> Iterator[SharedEntry]:
    numbers = {tandem.id: number for number, tandem in enumerate(known, 1)}
    words = {entry.key: entry.text for entry in diaries.entries(connection, member.id)}
    for one in shares.of(connection, member.id):
        yield SharedEntry(
            at=one.at,
            tandem=numbers.get(one.tandem),
            text=words.get(one.entry, ""),
            outdated=one.outdated,
        )


def _messages(
    connection: Connection, member: Member, known: Sequence[tandems.Tandem]
) -> Iterator[Message]:
    for row in copies.messages(connection, member.id, [tandem.subject for tandem in known]):
        if text := row.body.get("text"):
            yield Message(at=row.sent_at, text=plain(markup(text)))


def _reports(desk: Desk, member: Member) -> Iterator[Report]:
    names = acquaintances(desk, member)
    for row in copies.reports(desk.connection, member.id):
        yield Report(
            number=row.id,
            at=row.at,
            about=names.get(row.about),
            text=row.text,
            state=reports.State(row.state),
        )


def _planned(connection: Connection, member: Member) -> Iterator[Planned]:
    subjects = pairs.subjects_of(connection, member.id)
    for row in copies.planned(connection, member.id, subjects):
        yield Planned(kind=Nudge(row.nudge), at=row.at)
