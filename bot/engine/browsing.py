"""The diary in a turn: its pages, a search in them, a single entry, and what changes one."""

from collections.abc import Mapping
from dataclasses import replace

from bot.conversation.answers import Answer, clean
from bot.conversation.cards import Tell
from bot.conversation.talk import Conversation, Press
from bot.domain import diary
from bot.domain.diary import Entry, Spot
from bot.domain.members import Member
from bot.domain.searching import excerpt, matches
from bot.domain.tandems import State
from bot.engine import sharing, wiping
from bot.engine.desk import Desk
from bot.flows.diary import LONGEST_WORD
from bot.store import diaries, messages, pairs, people, shares

ON_A_PAGE = 5
SHOWN = 200
"""Characters of an entry in a list."""
ON_A_BUTTON = 32


def allowed(desk: Desk, member: Member) -> bool:
    """Whether they want a diary to be kept."""
    return people.consents(desk.connection, member.id).get("diary", False)


def show(desk: Desk, member: Member, spot: Spot, *, replaces: bool = False, note: str = "") -> None:
    """A page of the list, or of what was found. ``note``: what has just happened, by name."""
    if not allowed(desk, member):
        desk.tell([Tell(member.id, diary.NO_CONSENT, replaces=replaces)])
        return
    entries = diaries.entries(desk.connection, member.id)
    found = [entry for entry in entries if matches(entry.text, spot.query)]
    if found:
        told = _page(member, spot, found)
    else:
        card = diary.NOT_FOUND if entries else diary.EMPTY
        told = Tell(member.id, card, {"query": spot.query}, choices={"all": (str(Spot()),)})
    about = {**told.about, "note": note}
    desk.tell([replace(told, about=about, subject=diary.whole(member.id), replaces=replaces)])


def search(desk: Desk, member: Member, query: str) -> None:
    show(desk, member, Spot(query=" ".join(clean(query).split())[:LONGEST_WORD]))


def entry(  # noqa: PLR0913 -- what is shown, and what of the turn before
    desk: Desk,
    member: Member,
    spot: Spot,
    *,
    replaces: bool = True,
    note: str = "",
    typed: Conversation | None = None,
) -> None:
    """A single entry, whole; where it is gone, the list. ``typed``: what it was just written in."""
    found = _find(desk, member, spot)
    if found is None:
        show(desk, member, spot, replaces=replaces, note="gone")
        return
    shown, (wipes, no_wipe) = sharing.choices(desk, member, found, spot), wiping.offer(desk, typed)
    about = {**words(desk, member, found), **shown.about, "note": note}
    steps = {name: (str(spot),) for name in ("remove", "back")}
    values = {**steps, **shown.values, **wipes}
    told = Tell(member.id, diary.ENTRY, about, found.subject, values, shown.without | no_wipe)
    desk.tell([replace(told, replaces=replaces)])


def on_list(desk: Desk, member: Member, press: Press) -> None:
    """To another page, to what was searched for, or back from an entry, in place."""
    show(desk, member, Spot.read(press.value), replaces=True)


def on_entry(desk: Desk, member: Member, press: Press) -> None:
    """An entry is opened, or left as it is, in place."""
    entry(desk, member, Spot.read(press.value))


def ask_to_share(desk: Desk, member: Member, press: Press) -> None:
    """Shows what the others of a tandem would read; nothing is shared yet."""
    spot = Spot.read(press.value)
    found = _find(desk, member, spot)
    asked = sharing.preview(desk, member, found, spot) if found else None
    if asked is None:
        entry(desk, member, spot, note=_not_shared(desk, member, spot))
    else:
        desk.tell([asked])


def share(desk: Desk, member: Member, press: Press) -> None:
    """Pressed twice, it is shared, as it was shown; if it reads differently by now, it is asked
    again."""
    mark, _, value = press.value.partition(" ")
    spot = Spot.read(value)
    found = _find(desk, member, spot)
    if found is not None and mark != sharing.mark(found.text):
        ask_to_share(desk, member, replace(press, value=value))
    elif found is not None and sharing.enough(desk, member, spot.tandem):
        entry(desk, member, spot, note="enough")
    else:
        done = found is not None and sharing.share(desk, member, found, spot.tandem)
        entry(desk, member, spot, note="shared" if done else _not_shared(desk, member, spot))


def _not_shared(desk: Desk, member: Member, spot: Spot) -> str:
    """Nothing to note where it is shared already: the entry says so."""
    shown = shares.of_entry(desk.connection, member.id, spot.key)
    return "" if any(one.tandem == spot.tandem for one in shown) else "not_shared"


def take_back(desk: Desk, member: Member, press: Press) -> None:
    spot = Spot.read(press.value)
    shown = shares.of_entry(desk.connection, member.id, spot.key)
    mine = [one for one in shown if one.tandem == spot.tandem]
    sharing.take_back(desk, mine)
    rests = mine and pairs.get_tandem(desk.connection, spot.tandem).state is State.PAUSED
    done = "taken_back_later" if rests else "taken_back"
    entry(desk, member, spot, note=done if mine else "")


def ask_to_remove(desk: Desk, member: Member, press: Press) -> None:
    spot = Spot.read(press.value)
    found = _find(desk, member, spot)
    if found is None:
        show(desk, member, spot, replaces=True, note="gone")
        return
    choices = {action.name: (str(spot),) for action in diary.REMOVING.actions}
    shown = sharing.choices(desk, member, found, spot)
    about = {**words(desk, member, found), **shown.about}
    desk.tell([Tell(member.id, diary.REMOVING, about, found.subject, choices, replaces=True)])


def remove(desk: Desk, member: Member, press: Press) -> None:
    """Asked twice, it is gone for good; a change of it that was begun is put aside with it."""
    spot = Spot.read(press.value)
    found = _find(desk, member, spot)
    if found is not None:
        about = found.subject, diary.whole(member.id)
        messages.forget_words(desk.connection, member.id, about)
        sharing.take_back(desk, shares.of_entry(desk.connection, member.id, found.key))
        diaries.remove(desk.connection, member.id, found.key)
        people.close(desk.connection, member.id, Conversation("diary", found.subject))
    show(desk, member, spot, replaces=True, note="removed" if found else "gone")


def opened(desk: Desk, member: Member, subject: str) -> Conversation | None:
    """The form for a new entry, or for an entry as it reads; None where there is none."""
    if not allowed(desk, member):
        return None
    kind, _, key = subject.partition(":")
    if kind != "entry":
        return Conversation("diary", subject)
    found = diaries.find(desk.connection, member.id, key)
    if found is None:
        return None
    whole = "yes" if found.shown == found.text else ""
    facts: dict[str, Answer] = {"editing": "yes", "whole": whole}
    return Conversation("diary", subject, {}, {"entry": found.text}, facts)


def finish(desk: Desk, member: Member, talk: Conversation, text: str) -> None:
    """What was written is kept; if the entry went meanwhile, as a new one."""
    kind, _, key = talk.subject.partition(":")
    found = diaries.find(desk.connection, member.id, key) if kind == "entry" else None
    if found is None:
        diaries.write(desk.connection, member.id, text, desk.now)
        values, without = wiping.offer(desk, talk)
        desk.tell([Tell(member.id, diary.KEPT, {}, talk.subject, values, without)])
    else:
        diaries.rewrite(desk.connection, member.id, key, text)
        if text != found.text:
            shares.outdate(desk.connection, member.id, key)
        entry(desk, member, Spot(key), replaces=False, note="changed", typed=talk)


def words(desk: Desk, member: Member, found: Entry) -> Mapping[str, object]:
    """What is said of an entry."""
    return {
        "at": found.at,
        "text": found.shown,
        "session": found.session,
        "next_step": found.next_step,
        "with_": partner(desk, member, found.tandem),
    }


def partner(desk: Desk, member: Member, tandem: int) -> str:
    """Whom they are in a tandem with, by name; "" where that is not known any more."""
    known = {t.id: t for t in pairs.tandems_of(desk.connection, member.id)}
    return str(known[tandem].about[member.id].get("partner", "")) if tandem in known else ""


def _find(desk: Desk, member: Member, spot: Spot) -> Entry | None:
    found = diaries.find(desk.connection, member.id, spot.key)
    return found if allowed(desk, member) else None


def _page(member: Member, spot: Spot, found: list[Entry]) -> Tell:
    """The page somebody wanted, or the last one there is."""
    last = (len(found) - 1) // ON_A_PAGE
    here = replace(spot, key="", page=max(0, min(spot.page, last)))
    listed = found[here.page * ON_A_PAGE :][:ON_A_PAGE]
    shown = {str(replace(here, key=e.key)): line(e, spot.query, ON_A_BUTTON) for e in listed}
    turned = {"newer": here.page - 1, "older": here.page + 1}
    pages = {n: str(replace(here, page=p)) for n, p in turned.items() if 0 <= p <= last}
    start = (str(Spot()),)
    choices = {
        "open": tuple(shown),
        "all": start,
        "file": start,
        **{n: (v,) for n, v in pages.items()},
    }
    without = {"newer", "older"} - pages.keys() | ({"search", "file"} if here.query else {"all"})
    about = {
        "entries": [line(entry, spot.query, SHOWN) for entry in listed],
        "shown": shown,
        "query": here.query,
        "number": here.page + 1,
        "of": last + 1,
    }
    return Tell(member.id, diary.ENTRIES, about, "", choices, frozenset(without))


def line(found: Entry, query: str, width: int) -> tuple[object, str]:
    """When an entry was written, and so much of it."""
    return found.at, excerpt(found.text, query, width)
