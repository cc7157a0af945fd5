"""A tandem somebody was or is in, with all that belongs to it."""

from typing import Annotated

from pydantic import AwareDatetime, Field
from sqlalchemy import Connection

from bot.domain import silence, tandems
from bot.domain.members import Member
from bot.engine.exported.agreements import Agreement, Milestone, agreements_of, milestones_of
from bot.engine.exported.parts import Part, one_of
from bot.engine.exported.sessions import Session, sessions_of
from bot.store import cares, people, talks


class Contact(Part):
    """A way to reach somebody."""

    kind: str = Field(
        description="username, profile or slack (an id there), email, link, phone, other, "
        "or group: only in the group they have together"
    )
    value: str = Field(description="The contact itself")


class Shared(Contact):
    """A way to reach one of the others in a tandem."""

    name: str = Field(description="First name of whom it leads to")


class Wait(Part):
    """Something in a tandem that waits for the member's word."""

    step: Annotated[silence.Step, one_of(silence.Step)] = Field(
        description="open; reminded; asked: whether they go on; left: the others are in touch"
    )
    at: AwareDatetime = Field(description="Since when")


class Tandem(Part):
    """A partnership."""

    number: int = Field(description="Counts the member's tandems, the first is 1")
    state: Annotated[tandems.State, one_of(tandems.State)] = Field(
        description="contacts: contacts are being chosen; acquainting: until all have said whether "
        "they go on; agreeing: writing the agreement; active; paused: stopped; ended"
    )
    made_at: AwareDatetime = Field(description="When it came about")
    ended_at: AwareDatetime | None = Field(description="When it ended")
    rhythm: str = Field(description="weekly or biweekly")
    zone: str = Field(description="The zone its sessions are planned in")
    partner: str | None = Field(description="First name; null for somebody whose data are deleted")
    my_contact: Contact | None = Field(description="What the member lets the partner see")
    partner_contact: Contact | None = Field(
        description="What the partner lets the member see, as long as the tandem is active; "
        "of several the first one"
    )
    contacts: list[Shared] = Field(
        description="What each of the others lets the member see, as long as it is active"
    )
    word: str | None = Field(
        description="How the member would like to go on after a talk: go_on, unsure, not_yet; "
        "null once all have said it"
    )
    fell_out: list[AwareDatetime] = Field(
        description="When sessions should have begun that were called off later than agreed, as "
        "long as it lasts; by whom is not kept"
    )
    waits: Wait | None = Field(
        description="What waits for the member's word, and how far they were asked for it"
    )
    sessions: list[Session] = Field(description="Its sessions, the first one first")
    agreements: list[Agreement] = Field(
        description="Versions of its agreement, without what others wrote and took back"
    )
    milestones: list[Milestone] = Field(description="Its milestones, in the order they were added")


def tandem_of(
    connection: Connection, member: Member, number: int, tandem: tandems.Tandem
) -> Tandem:
    partner = str(tandem.about.get(member.id, {}).get("partner", ""))
    names = _names(connection, tandem)
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
        contacts=[_shared(names[m], c) for m, c in _theirs(tandem, member).items()],
        word=talks.words(connection, tandem.id).get(member.id),
        fell_out=cares.lapses(connection, tandem.id),
        waits=_wait(cares.waits(connection, tandem.id).get(member.id)),
        sessions=list(sessions_of(connection, member, tandem, names)),
        agreements=list(agreements_of(connection, member, tandem, names)),
        milestones=list(milestones_of(connection, member, tandem)),
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


def _shared(name: str, contact: tandems.Contact) -> Shared:
    return Shared(kind=contact.kind, value=contact.value, name=name)


def _contact(contact: tandems.Contact | None) -> Contact | None:
    return Contact(kind=contact.kind, value=contact.value) if contact else None


def _wait(wait: silence.Wait | None) -> Wait | None:
    return Wait(step=wait.step, at=wait.at) if wait else None
