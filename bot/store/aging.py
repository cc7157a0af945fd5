"""Forgetting by age: what was kept for long enough goes, as the privacy notice says."""

from datetime import datetime, timedelta

from sqlalchemy import (
    Connection,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from bot.domain.dues import Nudge
from bot.domain.members import Standing
from bot.domain.reminders import WITHIN
from bot.domain.restraint import ASKING
from bot.domain.retention import Retention
from bot.domain.tandems import State as TandemState
from bot.store import agreements, forgetting, inquiries, milestones, pairs, rounds, shares, steps
from bot.store.tables import (
    consent,
    conversation,
    diary,
    due,
    inbox,
    member,
    outbox,
    proposal_member,
    report,
    tandem,
    tandem_member,
)

COUNTED = timedelta(days=WITHIN + 1)
"""For so long it must be known how many reminders somebody was sent."""


def tidy(connection: Connection, keep: Retention, now: datetime) -> None:
    _signups(connection, now - timedelta(days=keep.signup))
    _inputs(connection, now - timedelta(days=keep.inputs), now - timedelta(days=keep.messages))
    _messages(connection, now - timedelta(days=keep.messages), now - COUNTED)
    rounds.age(connection, now - timedelta(days=keep.messages))
    untold, told = now - timedelta(days=keep.messages), now - timedelta(days=keep.tandems)
    inquiries.age(connection, untold, told)
    _tandems(connection, now - timedelta(days=keep.tandems))
    before = now - timedelta(days=keep.reports)
    connection.execute(delete(report).where(report.c.at < before))
    _consents(connection, now - timedelta(days=keep.consents))
    _tombstones(connection)


def _signups(connection: Connection, before: datetime) -> None:
    """Whoever came to the door long ago, and has not come further since.

    Not who took part and stepped back: what they keep, they delete themselves.
    """
    since = or_(
        exists().where(conversation.c.member == member.c.id, conversation.c.at >= before),
        exists().where(consent.c.member == member.c.id, consent.c.at >= before),
    )
    kept = or_(*(exists().where(t.c.member == member.c.id) for t in (tandem_member, diary)))
    here = member.c.standing == Standing.NEW, member.c.joined_at < before
    rows = connection.execute(select(member.c.id).where(*here, ~since, ~kept))
    for number in rows.scalars().all():
        subjects = pairs.subjects_of(connection, number)
        forgetting.forget(connection, number, subjects)


def _inputs(connection: Connection, before: datetime, long_before: datetime) -> None:
    """The newest stays: it tells where the platform's queue was read up to."""
    old = inbox.c.received_at < before
    connection.execute(update(inbox).where(old).values(payload=None))
    gone = and_(inbox.c.received_at < long_before, inbox.c.done_at.is_not(None))
    newest = select(func.max(inbox.c.id)).scalar_subquery()
    connection.execute(delete(inbox).where(gone, inbox.c.id != newest))


def _messages(connection: Connection, before: datetime, counted: datetime) -> None:
    """Also what is said of somebody who is gone: nothing else is known of them.

    Where an entry of a diary is shown to somebody is known for as long as it is: from there it
    can be taken back.
    """
    open_still = outbox.c.state.in_(("due", "sending"))
    old = outbox.c.made_at < before, ~open_still
    shown = outbox.c.subject.in_(shares.subjects())
    connection.execute(delete(outbox).where(*old, ~shown))
    connection.execute(update(outbox).where(*old, shown).values(body=shares.STANDING))
    # What nobody answered is counted until they do.
    heard = exists().where(member.c.id == due.c.member, member.c.seen_at >= due.c.settled_at)
    counts = due.c.nudge.in_(ASKING | {Nudge.QUIETER})
    done = and_(due.c.state != "due", due.c.until < min(before, counted), or_(~counts, heard))
    # A hint is given once: that it was is known as long as the sign-up is open.
    connection.execute(delete(due).where(done, due.c.nudge != "resume"))


def _tandems(connection: Connection, before: datetime) -> None:
    """That they met, and when, stays with them; what was said, shown and agreed on goes."""
    ended = and_(tandem.c.state == TandemState.ENDED, tandem.c.ended_at < before)
    for number in connection.execute(select(tandem.c.id).where(ended)).scalars().all():
        pairs.make_nameless(connection, number)
        agreements.forget_tandem(connection, number)
        milestones.forget(connection, number)
        steps.forget_tandem(connection, number)


def _consents(connection: Connection, before: datetime) -> None:
    """The proof of somebody who is gone, counted from its last entry."""
    kept = select(consent.c.pseudonym).where(consent.c.member == 0)
    newest = kept.group_by(consent.c.pseudonym).having(func.max(consent.c.at) < before)
    connection.execute(
        delete(consent).where(consent.c.member == 0, consent.c.pseudonym.in_(newest))
    )


def _tombstones(connection: Connection) -> None:
    """The number of somebody who is gone, once nobody is left who knew them."""
    known = or_(
        exists().where(tandem_member.c.member == member.c.id),
        exists().where(proposal_member.c.member == member.c.id),
        exists().where(report.c.about == member.c.id),
    )
    gone = member.c.standing == Standing.GONE
    connection.execute(delete(member).where(gone, ~known))
