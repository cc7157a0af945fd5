"""The bot was taken out of a workspace."""

from datetime import datetime

from bot.domain.members import Address
from bot.engine import linking
from bot.engine.desk import Desk
from bot.store import accounts, workspaces


def uninstalled(desk: Desk, there: Address, at: datetime) -> None:
    """Its tokens go at once. Nobody is reached there any more, until the bot is back and they
    write again. Told twice, or after it was installed anew, it has no effect."""
    if not workspaces.remove(desk.connection, there.account, at):
        return
    for number, address in accounts.known_in(desk.connection, there.platform, there.account):
        linking.lost(desk, desk.member(number), address)
