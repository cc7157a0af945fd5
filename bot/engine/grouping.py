"""A group that one of a tandem opens for all of them: the link, the bot's arrival, the way in.

In the group the bot introduces them once and is silent from then on.
"""

from dataclasses import replace

from bot.conversation.cards import Tell
from bot.conversation.wording import LANGUAGES
from bot.domain import groups as cards
from bot.domain import tandems
from bot.domain.groups import Group
from bot.domain.members import Member
from bot.domain.parcels import Patience
from bot.domain.tandems import Tandem
from bot.engine.contacting import founded_by_members
from bot.engine.desk import Desk
from bot.engine.events import Closed, Founded, Regrouped, Sender
from bot.engine.introducing import group_text
from bot.store import groups, pairs
from bot.store.outbox import Parcel

Happened = Founded | Closed | Regrouped


def found(desk: Desk, tandem: Tandem, member: Member) -> None:
    """Somebody opens the group: they get the link for it, unless another has it already."""
    members = [desk.member(number) for number in tandem.members]
    if tandem.state not in tandems.MEETING or not founded_by_members(desk, members):
        desk.tell([tandems.tell(tandem, member.id, tandems.ALREADY)])
        return
    known = groups.of(desk.connection, tandem.id)
    if known is not None and known.chat:
        _tell_there(desk, tandem, member, known)
    elif known is not None and known.founder != member.id and known.expires_at > desk.now:
        who = desk.member(known.founder).first_name
        about = {**tandem.about[member.id], "who": who, "until": known.expires_at}
        desk.tell([Tell(member.id, cards.TAKEN, about, tandem.subject)])
    else:
        token = groups.issue(desk.connection, tandem.id, member.id, desk.now)
        about = {**tandem.about[member.id], "found_url": f"group:{token}", "days": cards.LIFE.days}
        desk.tell([Tell(member.id, cards.LINK, about, tandem.group_subject)])


def _tell_there(desk: Desk, tandem: Tandem, member: Member, known: Group) -> None:
    mine = known.founder == member.id
    about = {**tandem.about[member.id], "mine": mine, "who": desk.member(known.founder).first_name}
    without = frozenset() if mine else frozenset({"invite"})
    desk.tell([Tell(member.id, cards.THERE, about, tandem.subject, without=without)])


def hear(desk: Desk, member: Member | None, sender: Sender, what: Happened) -> None:
    """What happens in a group. Whoever is no member stays none by it."""
    there = sender.address.platform, sender.address.account, what.chat
    match what:
        case Closed():
            groups.closed(desk.connection, there)
        case Regrouped(_, into):
            groups.moved(desk.connection, there, into)
        case Founded(_, token):
            known = groups.by_token(desk.connection, token, desk.now)
            if known is not None and member is not None and known.founder == member.id:
                _opened(desk, known, there)
            else:
                _refuse(desk, there, member, sender)


def _opened(desk: Desk, known: Group, there: tuple[str, str, str]) -> None:
    tandem = pairs.get_tandem(desk.connection, known.tandem)
    if tandem.state not in tandems.MEETING:
        desk.tell([tandems.tell(tandem, known.founder, tandems.ALREADY)])
        return
    groups.opened(desk.connection, tandem.id, there)
    desk.unsay([tandem.group_subject], apart_from=set())
    members = [desk.member(number) for number in tandem.members]
    _say(desk, there, group_text(desk, tandem, members), tandem.subject)
    # The platform is asked for a way in, and may not tell it.
    desk.post(Parcel(desk.next_key(), *there, "invite", subject=tandem.subject))


def invited(desk: Desk, number: int, link: str) -> None:
    """The platform told the way in, or did not: then whoever opened the group is asked for it."""
    tandem, known = pairs.get_tandem(desk.connection, number), groups.of(desk.connection, number)
    if known is None or tandem.state not in tandems.MEETING:
        return
    about = {**tandem.about[known.founder], "known": bool(link)}
    without = frozenset({"invite"}) if link else frozenset()
    card = cards.FOUNDED
    desk.tell([Tell(known.founder, card, about, tandem.subject, without=without)])
    if link:
        _pass_on(desk, tandem, desk.member(known.founder), link)


def _refuse(desk: Desk, there: tuple[str, str, str], member: Member | None, sender: Sender) -> None:
    """A stranger's link, an old or a used one: the same kind words, in the group itself."""
    spoken = sender.language if sender.language in LANGUAGES else desk.house.language
    nobody = Member(0, sender.address, spoken, desk.house.zone)
    wording = desk.wording(cards.REFUSED.file, member or replace(nobody, language=spoken))
    _say(desk, there, str(wording.say(cards.REFUSED.name)))


def _say(desk: Desk, there: tuple[str, str, str], text: str, subject: str = "") -> None:
    """In a group that its members opened: platform, account, chat."""
    body = {"text": text, "rows": []}
    parcel = Parcel(desk.next_key(), *there, "send", body, patience=Patience.ONCE)
    desk.post(replace(parcel, subject=subject))


def invite(desk: Desk, tandem: Tandem, founder: Member, link: str) -> None:
    """The way into the group goes to each of the others, in their own chats."""
    known = groups.of(desk.connection, tandem.id)
    if tandem.state not in tandems.MEETING or known is None or known.founder != founder.id:
        desk.tell([tandems.tell(tandem, founder.id, tandems.ALREADY)])
        return
    _pass_on(desk, tandem, founder, link)
    desk.tell([Tell(founder.id, cards.SENT, tandem.about[founder.id], tandem.subject)])


def _pass_on(desk: Desk, tandem: Tandem, founder: Member, link: str) -> None:
    about = {"who": founder.first_name, "link": link}
    desk.tell([Tell(m, cards.JOIN, about, tandem.subject) for m in tandem.others(founder.id)])
