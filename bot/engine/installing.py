"""The bot was taken out of a workspace, and is back, or not.

For a while everything waits for it. Then whoever is known nowhere else is deleted, as if they had
asked for it: nobody is left who could.
"""

from datetime import datetime, timedelta

from bot.conversation.cards import Tell
from bot.domain import accounts as cards
from bot.domain import consents
from bot.domain.dues import Due, Nudge
from bot.domain.members import Address, Member, Standing
from bot.domain.parcels import Patience
from bot.engine import erasing, linking
from bot.engine.desk import Desk
from bot.store import accounts, dues, forgetting, workspaces

NUDGES = frozenset({Nudge.UNINSTALLED, Nudge.REINSTALLED})
"""These happen at any hour and in any pause; what is said of them waits like all else."""


def uninstalled(desk: Desk, there: Address, at: datetime) -> None:
    """Its tokens go at once, and nobody is reached there. Told twice, or after it was installed
    anew, it has no effect."""
    if not workspaces.remove(desk.connection, there.account, at):
        return
    known = accounts.known_in(desk.connection, there.platform, there.account)
    for number, address in known:
        linking.lost(desk, desk.member(number), address)
    over = desk.now + timedelta(days=desk.house.retention.workspace)
    subject = workspaces.subject(there.account)
    planned = (Due(Nudge.UNINSTALLED, subject, over, over + workspaces.LATEST, n) for n, _ in known)
    dues.plan(desk.connection, subject, planned)


def missed(desk: Desk) -> None:
    """Who took the bot out while it was down told nobody: a platform says it only for a while."""
    for there, at in workspaces.refusing(desk.connection, desk.now):
        uninstalled(desk, there, at)


def elapse(desk: Desk, due: Due) -> str:
    member, account = desk.member(due.member), workspaces.account_of(due.subject)
    theirs = [one for one, _ in accounts.all_of(desk.connection, member.id)]
    here = next((one for one in theirs if one.account == account), None)
    if here is None:
        return "known elsewhere"
    if due.nudge is Nudge.REINSTALLED:
        return _back(desk, member, here)
    if workspaces.find(desk.connection, account):
        return "installed again"
    if len(theirs) > 1:
        forgetting.forget_account(desk.connection, member.id, here)
    else:
        notice = {"keep": desk.house.retention}
        erasing.erase(desk, member, Tell(member.id, consents.NOTICE, notice))
    return ""


def _back(desk: Desk, member: Member, here: Address) -> str:
    """Whoever takes part learns of it. Who only looked in is not written to."""
    if member.standing is Standing.NEW:
        return "at the door"
    accounts.found(desk.connection, member.id, here)
    if accounts.preferred(desk.connection, member.id) == here:
        desk.tell([Tell(member.id, cards.REINSTALLED)], Patience.NUDGE)
    return ""
