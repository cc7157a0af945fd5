"""Buttons of an agreement and its milestones."""

from collections.abc import Callable

from bot.conversation.cards import Tell
from bot.conversation.talk import Press
from bot.domain import agreements, members, milestones
from bot.domain.members import Member
from bot.domain.tandems import Tandem
from bot.engine import agreeing, documents
from bot.engine.acts.pressed import Act, number, says
from bot.engine.acts.sessions import anyway
from bot.engine.desk import Desk
from bot.engine.milestones import back, on_milestones, on_pressed


def _milestones(desk: Desk, member: Member, press: Press) -> None:
    """Those of a tandem, from the card of its agreement."""
    on_milestones(desk, number(press), milestones.Look(member.id))


def _milestone(desk: Desk, member: Member, press: Press) -> None:
    event = milestones.Open(member.id, int(press.value))
    on_milestones(desk, number(press), event)


def _on_milestone(kind: type[milestones.OnOne]) -> Act:
    def act(desk: Desk, member: Member, press: Press) -> None:
        on_pressed(desk, member, press.subject, kind)

    return act


def _agreeing(act: Callable[[Desk, Tandem, Member, Press], None]) -> Act:
    """For a tandem in which something can be agreed on, by one of its members."""

    def on_open(desk: Desk, member: Member, press: Press) -> None:
        known = agreeing.open_tandem(desk, member, press.subject)
        if known is None:
            desk.tell([Tell(member.id, members.STALE)])
        else:
            act(desk, known, member, press)

    return on_open


def _take_mine(desk: Desk, member: Member, press: Press) -> None:
    agreeing.take_mine(desk, member, press.subject, press.value)


def _document(kind: str) -> Act:
    def act(desk: Desk, known: Tandem, member: Member, _press: Press) -> None:
        documents.send(desk, known, member, kind)

    return _agreeing(act)


ACTS: dict[str, Act] = {
    "milestones.open": _milestone,
    "milestones.tick": _on_milestone(milestones.Tick),
    "milestones.untick": _on_milestone(milestones.Untick),
    "milestones.remove": _on_milestone(milestones.Remove),
    "milestones.back": lambda desk, member, p: back(desk, member, p.subject),
    "agreeing.confirm": _agreeing(lambda d, t, m, p: agreeing.confirm(d, t, m, int(p.value))),
    "agreeing.whole": _agreeing(lambda d, t, m, _: agreeing.whole(d, t, m)),
    "agreeing.show": _agreeing(lambda d, t, m, _: agreeing.show(d, t, m)),
    "agreeing.mine": _take_mine,
    "agreeing.pdf": _document("pdf"),
    "agreeing.markdown": _document("md"),
    "agreeing.milestones": _milestones,
    "agreeing.suits": says(agreements.SUITS),
    "agreeing.anyway": anyway,
}
REPLACING = {
    "agreeing.mine",
    "agreeing.whole",
    "agreeing.pdf",
    "agreeing.markdown",
    "agreeing.milestones",
    "agreeing.show",
    "milestones.open",
    "milestones.tick",
    "milestones.untick",
    "milestones.remove",
    "milestones.back",
}
