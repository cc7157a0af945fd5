"""What follows from how a send went: for the message, for its reader, and for their tandem."""

import structlog

from bot.conversation.cards import Tell
from bot.domain import members
from bot.domain.parcels import HIDDEN, Fate, Gone, Moved, Patience, Receipt, Sent, State
from bot.engine import grouping, introducing, partnering, wiping
from bot.engine.desk import CALL, LAST_WORDS, Desk
from bot.store import accounts, outbox, pairs, sending
from bot.store.outbox import Parcel

log = structlog.get_logger()

CALLED = {State.UNCERTAIN: "parcel", State.FAILED: "refused"}
"""As what organizers are called where somebody was to hear something, and may not have."""
LOST = {State.FAILED, State.UNCERTAIN, State.DROPPED}


def settle(desk: Desk, parcel: Parcel, receipt: Receipt) -> None:
    fate = sending.settle(desk.connection, parcel, receipt, desk.now)
    if fate is None:
        return
    if isinstance(receipt, Moved):
        outbox.move(desk.connection, parcel, receipt.chat)
    if isinstance(receipt, Gone) and parcel.member:
        accounts.lost(desk.connection, parcel.member, parcel.platform, parcel.account)
    over = fate.state is not State.DUE
    if over and parcel.subject == LAST_WORDS:
        outbox.forget(desk.connection, parcel.id)
    if over and parcel.method == "invite":
        outbox.forget(desk.connection, parcel.id)
        link = receipt.ref if isinstance(receipt, Sent) else ""
        grouping.invited(desk, int(parcel.subject.partition(":")[2]), link)
    elif fate.state in LOST:
        log.warning("not delivered", parcel=parcel.id, state=fate.state, why=fate.reason)
        _not_delivered(desk, parcel, fate)


def _not_delivered(desk: Desk, parcel: Parcel, fate: Fate) -> None:
    kind, _, number = parcel.subject.partition(":")
    if parcel.method == "group":
        tandem = pairs.get_tandem(desk.connection, int(number))
        everyone = [desk.member(member) for member in tandem.members]
        desk.tell(introducing.no_group(desk, tandem, everyone))
        desk.call_organizers("group", tandem.id)
    elif parcel.method == "delete":
        wiping.refused(desk, desk.member(parcel.member))
    elif kind == "contact" and fate.reason == HIDDEN:
        partnering.hidden(desk, *map(int, number.split(":")))
    elif fate.state in CALLED and parcel.subject != CALL and parcel.method in outbox.HEARD:
        desk.call_organizers(CALLED[fate.state], parcel.id)
        if parcel.member and parcel.patience is Patience.ONCE:
            # It is not sent again, so that it can't come twice; nor is it missed in silence.
            desk.tell([Tell(parcel.member, members.PERHAPS_LOST)], Patience.NUDGE)
