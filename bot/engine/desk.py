"""The desk: what one turn works on. Everything said in a turn passes through here into the
outbox, in the transaction of the state it speaks of."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from bot.conversation.cards import Tell
from bot.conversation.messages import Message
from bot.conversation.wording import Wording, Words, markup
from bot.domain import members
from bot.domain.hours import afterwards, quiet, up, waking
from bot.domain.members import NOWHERE, Address, Member, Standing
from bot.domain.parcels import Patience
from bot.engine import composing, issuing
from bot.engine.house import House, Thing
from bot.store import accounts, appointments, dues, messages, outbox, people
from bot.store.outbox import Parcel

LAST_WORDS = "last words"
"""Said to somebody whose data are gone: once it is said, not even their address is kept."""
TAKEN_BACK = "taken back"
"""About nothing any more, so that it is not taken back itself."""
CALL = "call"
"""To whoever organizes: that it did not reach them is no reason to call them again."""


@dataclass(slots=True)
class Desk:
    connection: Connection
    now: datetime
    key: str
    """Unique to the turn: what it says is in the outbox once, however often it is tried."""
    house: House
    here: tuple[int, Address] = (0, NOWHERE)
    """Who is speaking in this turn, and from which of their accounts: they are answered there."""
    pressed: tuple[int, str] = (0, "")
    """Who pressed a button in this turn, and the message it was on."""
    heard: str = ""
    """The message that was written in this turn, as far as we may delete it."""
    sheets: bool = False
    """Whether what was done can be answered with a sheet."""
    just_met: bool = False
    """Whether it is soon after a session that somebody is asked about it."""
    expires_at: datetime | None = None
    patience: Patience = Patience.REPLY
    said: int = 0
    erased: bool = False
    """Whether somebody's data went in this turn, and must not be left in the log of the file."""
    touched: set[int] = field(default_factory=set)

    def member(self, number: int) -> Member:
        member, (speaker, here) = people.by_id(self.connection, number), self.here
        return replace(member, address=here) if number == speaker else member

    def reader(self, number: int) -> Member:
        """Whose home page is drawn: nobody's once they are no member any more."""
        member = self.member(number) if number else None
        if member is not None and member.standing is not Standing.GONE:
            return member
        return Member(0, NOWHERE, self.house.language, self.house.zone, standing=Standing.GONE)

    def wording(self, name: str, member: Member, language: str = "") -> Wording:
        return composing.wording(self.house, name, member, language)

    def worded(self, told: Tell, member: Member) -> Message:
        return composing.message(self.house, told, member)

    def tell(self, tells: Iterable[Tell], patience: Patience | None = None) -> None:
        for told in tells:
            member = self.member(told.member)
            self.say(member, self.worded(told, member), told.subject, patience)

    def say(
        self, member: Member, message: Message, subject: str = "", patience: Patience | None = None
    ) -> None:
        """Puts a message for a member into the outbox; one that replaces goes as an edit."""
        who, ref = self.pressed
        edits = message.replaces and who == member.id and ref
        self._post_to(
            member,
            Parcel(
                key=self.next_key(),
                platform=member.address.platform,
                account=member.address.account,
                chat=member.address.chat,
                member=member.id,
                method="edit" if edits else "send",
                ref=ref if edits else "",
                body=issuing.body(self.connection, member, message, self.now),
                patience=patience or self.patience,
                subject=subject,
                expires_at=self.expires_at,
            ),
        )

    def settle(self, member: Member, answer: str, subject: str) -> None:
        """The message that was pressed keeps its words, says the answer, loses its buttons."""
        _, ref = self.pressed
        said = messages.said(self.connection, member.address, ref) if ref else None
        if said is not None:
            wording = self.wording("member", member)
            text = wording.say("answered", question=markup(said), answer=answer)
            self.say(member, Message(text, replaces=True), subject)

    def post_file(self, member: Member, words: Words, name: str, subject: str = "") -> None:
        """A file for a member, with words to it: its bytes are made when it is sent."""
        address = member.address
        self._post_to(
            member,
            Parcel(
                key=self.next_key(),
                platform=address.platform,
                account=address.account,
                chat=address.chat,
                member=member.id,
                method="file",
                body={"text": str(words), "rows": [], "name": name},
                patience=self.patience,
                subject=subject,
                expires_at=self.expires_at,
            ),
        )

    def save(self, member: Member) -> Member:
        people.save(self.connection, member)
        self.touched.add(member.id)
        return member

    def organizers(self) -> list[int]:
        """The members whom the operator named, as far as they have written to the bot."""
        named = sorted(self.house.organizers)
        return [n for who in named for n in people.by_user(self.connection, *who)]

    def call_organizers(self, what: str, number: int) -> None:
        """Somebody has to look at it; what it was about stays private."""
        about = {"what": what, "number": number}
        calls = [Tell(member, members.ATTENTION, about, CALL) for member in self.organizers()]
        self.tell(calls)

    def unsay(self, subjects: Iterable[str], apart_from: set[int]) -> None:
        """What others were told about something is taken back, as far as platforms allow it."""
        for parcel in messages.withdraw(self.connection, subjects, apart_from):
            words = self.wording("data", self.member(parcel.member)).say("withdrawn")
            body = {"text": str(words), "rows": []}
            taken = replace(parcel, key=self.next_key(), method="edit", body=body, id=0)
            self.post(replace(taken, subject=TAKEN_BACK))

    def forget_plans(self, subject: str) -> None:
        dues.plan(self.connection, subject, ())

    def replan(self, subject: str, thing: Thing, members: Iterable[Member]) -> None:
        dues.plan(self.connection, subject, self.house.plan(thing, members, self.now))

    @property
    def newest(self) -> str:
        """By which the outbox knows what was said last in this turn."""
        return f"{self.key}:{self.said}"

    def refresh_homes(self) -> None:
        """Home pages show the newest state; one that is waiting to be drawn is enough."""
        for number in sorted(self.touched):
            for address, reachable in accounts.all_of(self.connection, number):
                if reachable and address.platform in self.house.homes:
                    self._refresh(number, address)

    def _refresh(self, number: int, address: Address) -> None:
        there = address.platform, address.account, f"home:{address.user}"
        if not outbox.home_is_due(self.connection, there):
            self.post(Parcel(self.next_key(), *there, "home", {}, number))

    def moment(self, member: Member) -> datetime:
        """When a member may be told what they did not ask for: now, or once they are up."""
        awake = afterwards if self.just_met else waking
        return awake(self.now, member.zone, member.quiet)

    def post(self, parcel: Parcel) -> None:
        """Whoever did something waits for an answer; nobody else does."""
        outbox.post(self.connection, replace(parcel, unasked=self._unasked(parcel)), self.now)

    def _unasked(self, parcel: Parcel) -> bool:
        speaker, _ = self.here
        return not speaker or parcel.member not in {0, speaker}

    def _post_to(self, reader: Member, parcel: Parcel) -> None:
        """Nobody is woken: what time says waits for its reader's morning, and what somebody else
        did goes out at once, without a sound."""
        self.touched.add(reader.id)
        speaker, _ = self.here
        asked = reader.id == speaker or up(reader.seen_at, self.now)
        if parcel.method not in outbox.HEARD or asked:
            self.post(parcel)
        elif not speaker:
            self.post(replace(parcel, not_before=self.moment(reader)))
        else:
            softly = {"silent": True} if self._at_rest(reader) else {}
            self.post(replace(parcel, body={**parcel.body, **softly}))

    def _at_rest(self, member: Member) -> bool:
        """In their quiet hours, and with no session on its way."""
        at_rest = quiet(self.now, member.zone, member.quiet)
        return at_rest and not appointments.has_near(self.connection, member.id, self.now)

    def next_key(self) -> str:
        self.said += 1
        return self.newest
