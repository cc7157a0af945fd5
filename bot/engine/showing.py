"""What is made at the moment it is shown: a home page, and a file; neither is ever stored."""

from typing import Any

from bot.domain.members import Member, Standing
from bot.engine import documents, issuing, meeting, status
from bot.engine.desk import Desk
from bot.store.outbox import Parcel


def home(desk: Desk, number: int) -> list[dict[str, Any]]:
    """What a member's home page shows: bodies as in the outbox."""
    person = desk.reader(number)
    shown = [desk.worded(told, person) for told in status.home(desk, person)]
    bodies = [issuing.body(desk.connection, person, one, desk.now) for one in shown]
    return [*bodies, issuing.way_out(desk.connection, person, desk.now)]


def file(desk: Desk, parcel: Parcel) -> bytes:
    """What a parcel with a file is to bring: as things are at this moment."""
    member = desk.member(parcel.member)
    if member.standing is Standing.GONE:
        raise LookupError(f"nobody is left for the file {parcel.body['name']}")
    match parcel.subject.partition(":")[0]:
        case "session":
            return meeting.calendar(desk, member, parcel.subject)
        case "agreement":
            return documents.document(desk, member, parcel.subject, parcel.body["name"])
        case kind:
            return _copy(desk, member, kind)


def _copy(desk: Desk, member: Member, kind: str) -> bytes:
    from bot.engine import exporting  # noqa: PLC0415 -- many models to build, and few ask for a copy

    return exporting.diary(desk, member) if kind == "diary" else exporting.export(desk, member)
