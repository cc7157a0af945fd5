"""Buttons of the diary."""

from bot.conversation.cards import Tell
from bot.conversation.talk import Press
from bot.domain import diary
from bot.domain.members import Member
from bot.engine import browsing, consenting, keeping, remembering, wiping
from bot.engine.acts.oneself import export
from bot.engine.acts.pressed import Act
from bot.engine.commanding import COMMANDS
from bot.engine.desk import Desk


def _allow_diary(desk: Desk, member: Member, press: Press) -> None:
    """Asked for where the diary was wanted, so it opens at once."""
    del press
    words = desk.worded(Tell(member.id, diary.NO_CONSENT), member).text
    consenting.record(desk, member, "diary", given=True, words=words)
    COMMANDS["diary"](desk, member, "")


def _diary_file(desk: Desk, member: Member, press: Press) -> None:
    """Without a diary there is nothing to bring; that is said instead."""
    if browsing.allowed(desk, member):
        words = desk.wording("diary_page", member).say("file")
        desk.post_file(member, words, "tandem-tagebuch.zip", diary.whole(member.id))
    else:
        browsing.on_list(desk, member, press)


ACTS: dict[str, Act] = {
    "diary_page.allow": _allow_diary,
    "diary_page.open": browsing.on_entry,
    "diary_page.newer": browsing.on_list,
    "diary_page.older": browsing.on_list,
    "diary_page.all": browsing.on_list,
    "diary_page.back": browsing.on_list,
    "diary_page.leave": browsing.on_entry,
    "diary_page.see": remembering.see,
    "diary_page.wipe": wiping.wipe,
    "diary_page.share": browsing.ask_to_share,
    "diary_page.really_share": browsing.share,
    "diary_page.unshare": browsing.take_back,
    "diary_page.remove": browsing.ask_to_remove,
    "diary_page.really_remove": browsing.remove,
    "diary_page.export": export,
    "diary_page.file": _diary_file,
    "diary_page.keep": lambda desk, member, _: keeping.extend(desk, member),
}
REPLACING = {
    "diary_page.export",
    "diary_page.open",
    "diary_page.newer",
    "diary_page.older",
    "diary_page.all",
    "diary_page.back",
    "diary_page.leave",
    "diary_page.see",
    "diary_page.wipe",
    "diary_page.share",
    "diary_page.really_share",
    "diary_page.unshare",
    "diary_page.remove",
    "diary_page.really_remove",
    "diary_page.file",
}
