"""What somebody wished for in a sentence, asked back before anything changes."""

from datetime import datetime

from bot.conversation.cards import Act, Card, Opens, Tell
from bot.domain.sessions import MOVE, Session

CANNOT = Card("wish", "cannot", (MOVE, Act("cancel"), Act("keep")))
PROPOSE = Card("wish", "propose", (Act("propose"), Opens("other", "meeting"), Act("keep")))
BESIDE = Card("wish", "beside", (Act("instead"), Act("beside"), Act("keep")))
EXTRA = Card("wish", "extra", (Act("beside"), Act("keep")))
LANGUAGE = Card("wish", "language", (Act("switch"), Act("keep")))
KEPT = Card("wish", "kept")

CARDS = (CANNOT, PROPOSE, BESIDE, EXTRA, LANGUAGE, KEPT)


def cannot(session: Session, member: int) -> Tell:
    assert session.planned is not None
    about = {**session.about[member], "at": session.starts_at}
    at = session.planned.isoformat(timespec="minutes")
    return Tell(member, CANNOT, about, session.subject, {"cancel": (at,)})


def propose(session: Session, member: int, at: datetime) -> Tell:
    """``at`` is local where the member is."""
    about = {**session.about[member], "wish": at}
    value = at.isoformat(timespec="minutes")
    return Tell(member, PROPOSE, about, session.subject, {"propose": (value,)})


def beside(session: Session, member: int, at: datetime) -> Tell:
    """``at`` is local where the member is: instead of the next session, or one more?"""
    about = {**session.about[member], "at": session.starts_at, "wish": at}
    value = (at.isoformat(timespec="minutes"),)
    choices = {"instead": value, "beside": value}
    return Tell(member, BESIDE, about, session.subject, choices)


def one_more(session: Session, member: int, at: datetime) -> Tell:
    """The same where one more was asked for."""
    about = {**session.about[member], "at": session.starts_at, "wish": at}
    value = (at.isoformat(timespec="minutes"),)
    return Tell(member, EXTRA, about, session.subject, {"beside": value})


def language(member: int, code: str) -> Tell:
    return Tell(member, LANGUAGE, {"code": code}, choices={"switch": (code,)})
