"""What somebody has a part in. The rule of the place: what a button is about is theirs, or they
are answered as if it were gone; a handle of their own alone is not enough."""

import re

from bot.domain.members import Member
from bot.engine.desk import Desk
from bot.store import parts

NUMBERED = re.compile(r"(?P<kind>\w+):(?P<number>[0-9]{1,18})(?:[.:][0-9]+)?")
"""As in "session:12", "milestone:5.3", "contact:5:12"."""
LOOKED_UP = {"entry", "choose"}
"""Of these only one's own are ever looked for."""


def theirs(desk: Desk, member: Member, subject: str) -> bool:
    """Whether somebody has a part in what a press is about. What nobody knows is nobody's."""
    if not subject or subject.partition(":")[0] in LOOKED_UP:
        return True
    found = NUMBERED.fullmatch(subject)
    return found is not None and _has_part(desk, member, found["kind"], int(found["number"]))


def _has_part(desk: Desk, member: Member, kind: str, number: int) -> bool:
    match kind:
        case "tandem" | "agreement" | "contact" | "milestone":
            return parts.in_tandem(desk.connection, number, member.id)
        case "session":
            return parts.in_session(desk.connection, number, member.id)
        case "proposal":
            return parts.in_proposal(desk.connection, number, member.id)
        case "diary" | "report" | "member":
            return number == member.id
        case "case":
            concerned = parts.is_concerned(desk.connection, number, member.id)
            return member.id in desk.organizers() and not concerned
        case _:
            return False
