"""When nothing is heard of somebody: they are reminded and asked, and the others set free. And what
members answer when they are asked how to go on."""

from collections.abc import Sequence
from dataclasses import replace

from bot.conversation.cards import Tell
from bot.conversation.talk import Press
from bot.domain import agreements, care, members, silence, tandems
from bot.domain.members import Member, Standing
from bot.domain.parcels import Patience
from bot.domain.silence import Alive, Elapse, GoOn
from bot.domain.tandems import State, Tandem
from bot.engine import caring, drafting, partnering, questions, rounds, seeking
from bot.engine.desk import Desk
from bot.engine.opening import opened, resumed
from bot.store import pairs, people


def elapse(desk: Desk, tandem: Tandem, member: int) -> None:
    """It is time to look again whether anything was heard of somebody who is waited for."""
    caring.watch(desk, tandem)
    if tandem.state in caring.WATCHED:
        _happens(desk, tandem, Elapse(member))


def go_on(desk: Desk, member: Member, press: Press) -> None:
    _by_member(desk, member, press, GoOn(member.id))


def alive(desk: Desk, member: Member, press: Press) -> None:
    """One of the others knows more than the bot does."""
    _by_member(desk, member, press, Alive(member.id))


def stay(desk: Desk, member: Member, press: Press) -> None:
    """After the talk about rhythm and time everything is to stay as it is."""
    tandem = pairs.get_tandem(desk.connection, _number(press))
    over = _over(tandem, member)
    desk.tell([over or Tell(member.id, care.STAYED, tandem.about[member.id], tandem.subject)])


def change(desk: Desk, member: Member, press: Press) -> None:
    """Straight to the rhythm and the time of what they agreed on."""
    tandem = pairs.get_tandem(desk.connection, _number(press))
    subject = f"agreement:{tandem.id}"
    known = people.find(desk.connection, member.id, agreements.FORM, subject)
    found = known or opened(desk, member, agreements.FORM, subject)
    talk = resumed(desk, member, found, sheet=False) if found else None
    if talk is None:
        desk.tell([_over(tandem, member) or Tell(member.id, members.STALE)])
    else:
        questions.ask(desk, member, drafting.at_times(talk))


def standing(desk: Desk, tandem: Tandem, member: Member) -> list[Tell]:
    """Whether they would like to go on, as long as that is waited for."""
    if tandem.state not in caring.WATCHED:
        return []
    known = caring.silent(desk, tandem)
    return [silence.question(known, member.id)] if member.id in known.asked else []


def _by_member(desk: Desk, member: Member, press: Press, event: silence.Event) -> None:
    """Whatever somebody presses is answered, also when it is over."""
    tandem = pairs.get_tandem(desk.connection, _number(press))
    over = _over(tandem, member)
    if over is not None:
        desk.tell([over])
    else:
        _happens(desk, tandem, event)


def _over(tandem: Tandem, member: Member) -> Tell | None:
    if tandem.state in caring.WATCHED:
        return None
    rests = tandem.state is State.PAUSED
    return tandems.tell(tandem, member.id, tandems.PAUSED if rests else tandems.ALREADY)


def _happens(desk: Desk, tandem: Tandem, event: silence.Event) -> None:
    before = caring.silent(desk, tandem)
    after, told = silence.decide(before, event, desk.now)
    if after.over:
        _release(desk, tandem, before.asked, told)
        return
    caring.keep(desk, tandem, after)
    desk.tell(told)


def _release(desk: Desk, tandem: Tandem, asked: frozenset[int], told: Sequence[Tell]) -> None:
    """The tandem ends in these words alone; whoever was not heard of rests. Of a group two go on
    if they have been heard of."""
    if tandem.goes_on and len(tandem.members) - len(asked) >= tandems.PAIR:
        for number in sorted(asked):
            known = pairs.get_tandem(desk.connection, tandem.id)
            partnering.leave(desk, known, number, silence.LET_GO)
        _rest(desk, asked)
        return
    partnering.on_tandem(desk, tandem, tandems.LetGo())
    _rest(desk, asked)
    desk.tell([seeking.with_search(desk, tell) for tell in told], Patience.ONCE)


def _rest(desk: Desk, asked: frozenset[int]) -> None:
    for number in sorted(asked):
        member = desk.member(number)
        if member.standing is Standing.SEEKING:
            desk.save(replace(member, standing=Standing.RESTING, since=None))
            rounds.no_longer(desk, member)
            desk.forget_plans(f"member:{number}")


def _number(press: Press) -> int:
    return int(press.subject.partition(":")[2])
