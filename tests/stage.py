"""Performs a transcript: what people do is played, what the bot says is written down.

Every line runs in an engine of its own on a newly opened file: as far as the bot can
tell, the program was restarted between any two of them. So each transcript tests restarts.

    # a comment
    (ana is on telegram as @ana_h)      who takes part, and where; a language and zone may follow
    (ana has joined: Excel for Python)  asked all that a newcomer is asked; only the end is written
    ana > text                          what somebody types
    ana > [Button]                      what somebody presses, on the newest message that has it
    ana > {name: Ana | days: mon, tue}  a sheet filled in and sent off; {} of a page only to be read
    (rounds need 3 people, for 2 days at most), (rounds are on Wednesdays)   when people are matched
    (ana shares their number), (ana shares somebody else’s number)      by a platform's own button
    (ana adds the bot to group g1 by the link of ben)       the newest link that ben was given
    (group g1 becomes g2)               as a group does that grows
    (calendars are on the web)          the operator set a public address
    (no profiles can be linked)         somebody's settings forbid it
    (nobody learns whether the next introduction arrives), and it did not
    (ana, ben and cem are suggested to each other)
    (ana, ben and cem are a tandem)     introduced already
    (they go on to agree)               the newest tandem, after its first talk
    (they have agreed)                  on what is suggested; nothing of it is written
    (3 days pass)                       everything due on the way happens at its own moment
    (the bot is down for 72 hours)      nothing happens in time; what is due then, happens at once
    (no platform can be reached), (all platforms are back)  meanwhile nothing goes out
    (the workspace installs the bot), (the workspace takes the bot out)
    ana < text                          what the bot says; "< *" replaces the message pressed, and
                                        "< ~" comes without a sound
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.conversation.answers import Answer
from bot.conversation.places import city
from bot.domain.members import Address
from bot.domain.parcels import HIDDEN, Away, Gone, Patience, Receipt, Refused, Sent, Uncertain
from bot.domain.rounds import Calendar
from bot.domain.tandems import State
from bot.engine import agreeing
from bot.engine.desk import Desk
from bot.engine.engine import Engine
from bot.engine.events import (
    Commanded,
    Event,
    Founded,
    Left,
    Looked,
    Numbered,
    Pressed,
    Regrouped,
    Reply,
    Returned,
    Said,
    Sender,
    Submitted,
    Uninstalled,
    Unreadable,
    What,
)
from bot.engine.house import House
from bot.matching.rounds import run
from bot.store import pairs, workspaces
from bot.store.outbox import Parcel
from bot.store.tables import tandem
from bot.store.workspaces import Workspace
from scheduler.due import plan
from tests.founding import found
from tests.postgres import Place
from tests.suggesting import suggest

HOUSE = House(
    plan=plan,
    organizers=frozenset({("telegram", "olga")}),
    sheets=frozenset({"slack", "playground"}),
    erasable=frozenset({"telegram"}),
    homes=frozenset({"slack"}),
    slashes={"slack": "/tandem "},
    usernames={"telegram": "https://t.me/"},
    profiles=frozenset({"telegram"}),
    phones=frozenset({"telegram"}),
    groups=frozenset({"telegram"}),
)
PLATFORMS = ("telegram", "slack", "playground")
WORKSPACE = "T1"
MONDAY = datetime(2026, 11, 2, 8, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
LINE = re.compile(r"(?P<who>\w+) > (?P<said>.*)")
JOINS = re.compile(
    r"\((?P<who>\w+) is on (?P<platform>\w+)(?: as @(?P<username>\w+))?"
    r"(?:, speaks (?P<language>\w\w))?(?:, lives in (?P<zone>[\w/]+))?\)"
)
JOINED = re.compile(r"\((?P<who>\w+) has joined: (?P<offers>.+) for (?P<seeks>.+)\)")
NEWCOMER = {
    "de": (
        "/start",
        "[Los geht’s]",
        "[Ja, einverstanden]",
        "[Lerntagebuch]",
        "[Weiter]",
        "{offers}",
        "[Weiter]",
        "{seeks}",
        "[Weiter]",
        "Bis Ostern 3 neue Dinge ausprobieren und dranbleiben",
        "Mo Di",
        "abends",
        "[{city} stimmt]",
        "[Stimmt so]",
    ),
    "en": (
        "/start",
        "[Let’s go]",
        "[Yes, I agree]",
        "[Diary]",
        "[Continue]",
        "{offers}",
        "[Continue]",
        "{seeks}",
        "[Continue]",
        "Try 3 new things by Easter and stick to them",
        "Mon Tue",
        "evening",
        "[{city} is right]",
        "[All right]",
    ),
}
"""What somebody says who is asked all that a newcomer is asked."""
CODE = re.compile(r"\{code from (?P<who>\w+)\}")
SHOWN_CODE = re.compile(r"\b[A-HJ-NP-Z2-9]{10}\b")
FEED = re.compile(r"/calendar/[\w-]+[.]ics")
ROOM = re.compile(r"Tandem-[0-9a-f]{32}")
GATHERS = re.compile(r"\(rounds need (?P<least>\d+) people, for (?P<days>\d+) days at most\)")
TOGETHER = re.compile(r"\((?P<names>\w+(?:, \w+)* and \w+) are a tandem\)")
PASSES = re.compile(r"\((?P<number>\d+) (?P<unit>minute|hour|day)s? pass(?:es)?\)")
DOWN = re.compile(r"\(the bot is down for (?P<number>\d+) (?P<unit>minute|hour|day)s?\)")
TAG = re.compile(r"</?(?:b|i|code|a)\b[^>]*>")
WHATS: dict[str, What] = {
    "leaves": Left(),
    "returns": Returned(),
    "sends a voice message": Unreadable(),
    "opens the home page": Looked(),
    "shares their number": Numbered("+491701234567", own=True),
    "shares somebody else’s number": Numbered("+491707654321", own=False),
}
FOUNDS = re.compile(
    r"\((?P<who>\w+) adds the bot to group (?P<chat>\w+) by the link of (?P<whose>\w+)\)"
)
MOVES = re.compile(r"\(group (?P<chat>\w+) becomes (?P<into>\w+)\)")
SUGGESTED = re.compile(r"\((?P<names>\w+(?:, \w+)* and \w+) are suggested to each other\)")

FAULTS = AWAY, LOSES, NO_GROUPS, NO_PROFILES = (
    "(no platform can be reached)",
    "(nobody learns whether the next introduction arrives)",
    "(no groups can be opened)",
    "(no profiles can be linked)",
)


@dataclass
class Person:
    sender: Sender
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By label: handle and message of the newest button that reads so."""
    sheet: Reply | None = None
    code: str = ""
    """The newest code they were shown; another every time, so it is written as a row of dots."""
    token: str = ""
    """Of the newest link to open a group with; written as dots, too."""


class Stage:
    def __init__(self, where: Path | Place) -> None:
        """In a folder, on SQLite, or on whatever database there is."""
        there = Place(f"sqlite:///{where}/stage.db") if isinstance(where, Path) else where
        self.url = there.url
        self.store = there.open()
        self.now = MONDAY
        self.house = HOUSE
        self.matches = True
        """Whether a round that is due is made at once."""
        self.people: dict[str, Person] = {}
        self.inputs = 0
        self.faults: set[str] = set()
        """What goes wrong from now on, as it is written."""
        self.sent: list[Parcel] = []
        self.typed: list[str] = []
        """What was written in a chat; a message is known by its place here."""
        self.written: list[str] = []

    def perform(self, script: str) -> str:
        for line in _played(script.splitlines()):
            self.written.append(line)
            if line and line[0] != "#":
                self.written += self._play(line)
        return "".join(f"{line}\n" for line in self.written)

    def act(self, who: str, what: What, *, key: str = "") -> list[str]:
        """Something a person does, and what they and others hear of it."""
        self.inputs += 1
        person = self.people[who]
        platform, account = person.sender.address.platform, person.sender.address.account
        full = (platform, account, key or str(self.inputs))
        engine = self._engine()
        engine.receive([(full, {})], self.now)
        reply = engine.turn(full, Event(person.sender, what), self.now)
        if self.matches:
            make_rounds(engine, self.now)
        person.sheet = reply if reply.sheet else None
        shown = list(_draw_sheet(who, reply))
        return [*self.deliver(engine), *shown]

    def deliver(self, engine: Engine | None = None) -> list[str]:
        """Everything in the outbox goes out, as it would within a second."""
        written, engine = [], engine or self._engine()
        used = {person.sender.address.platform for person in self.people.values()}
        for platform in (one for one in PLATFORMS if one in used):
            while parcels := engine.claim(platform, self.now, 50):
                for parcel in parcels:
                    receipt = self._receipt(parcel)
                    arrives = not isinstance(receipt, Uncertain | Away)
                    drawn = list(self._draw(parcel)) if arrives else []
                    written.append((parcel.id, drawn))
                    engine.settle(parcel, receipt, self.now)
        return [line for _, lines in sorted(written) for line in lines]

    def join(
        self, who: str, platform: str, username: str = "", language: str = "de", zone: str = ""
    ) -> None:
        account = {"telegram": "bot", "slack": WORKSPACE, "playground": "local"}[platform]
        name = who.title()
        address = Address(platform, account, who, who)
        self.people[who] = Person(Sender(address, name, username, language, zone))

    def press(self, who: str, label: str) -> What:
        buttons = self.people[who].buttons
        assert label in buttons, f"{who} has no button [{label}], but {sorted(buttons)}"
        return Pressed(*buttons[label])

    def pass_time(self, span: timedelta) -> Iterator[str]:
        """Lets everything due happen at its own moment, and says when it did."""
        until = self.now + span
        engine = self._engine()
        while (moment := engine.next_moment(self.now)) and moment <= until:
            self.now = max(self.now, moment)
            engine.tick(self.now)
            make_rounds(engine, self.now)
            if said := self.deliver(engine):
                yield f"      -- {self.now.astimezone(BERLIN):%a %d %b %H:%M}"
                yield from said
        self.now = until

    def _engine(self) -> Engine:
        """As after a restart: nothing is left of the last one but the file.

        The compiled statements are kept; with them a transcript takes a fifth of the time.
        """
        self.store.dispose()
        return Engine(self.store, self.house)

    def _play(self, line: str) -> Iterator[str]:
        if joins := JOINS.fullmatch(line):
            given = {name: value for name, value in joins.groupdict().items() if value}
            self.join(**given)
        elif joined := JOINED.fullmatch(line):
            yield from self._newcomer(**joined.groupdict())
        elif passes := PASSES.fullmatch(line):
            yield from self.pass_time(timedelta(**{f"{passes['unit']}s": int(passes["number"])}))
        elif down := DOWN.fullmatch(line):
            self.now += timedelta(**{f"{down['unit']}s": int(down["number"])})
            yield from self.pass_time(timedelta())
            yield from self.deliver()  # also what was to be sent meanwhile
        elif gathers := GATHERS.fullmatch(line):
            least, days = int(gathers["least"]), int(gathers["days"])
            self.house = replace(HOUSE, calendar=Calendar(least, timedelta(days=days)))
        elif line == "(rounds are on Wednesdays)":
            self.house = replace(HOUSE, calendar=Calendar(weekday=2))
        elif line == "(calendars are on the web)":
            self.house = replace(self.house, feed="https://tandem.example.org/")
        elif line in FAULTS:
            self.faults.add(line)
        elif line == "(all platforms are back)":
            self.faults.remove(AWAY)
            self.now += timedelta(minutes=1)  # by then it was tried again
            yield from self.deliver()
        elif founds := FOUNDS.fullmatch(line):
            token = self.people[founds["whose"]].token
            yield from self.act(founds["who"], Founded(founds["chat"], token))
        elif moves := MOVES.fullmatch(line):
            yield from self.act(next(iter(self.people)), Regrouped(moves["chat"], moves["into"]))
        elif suggested := SUGGESTED.fullmatch(line):
            self._suggest(re.split(", | and ", suggested["names"]))
            yield from self.deliver()
        elif together := TOGETHER.fullmatch(line):
            names = re.split(", | and ", together["names"])
            found(self.store, [self.people[n].sender.address for n in names], self.now)
        elif line == "(the workspace installs the bot)":
            self._engine().transact(
                workspaces.add, Workspace(WORKSPACE, "UBOT", "xoxb-1"), self.now
            )
        elif line == "(the workspace takes the bot out)":
            yield from self._take_out()
        elif line == "(they go on to agree)":
            yield from self._agree()
        elif line == "(they have agreed)":
            self._have_agreed()
        elif line.startswith("("):
            who, _, does = line.strip("()").partition(" ")
            yield from self.act(who, WHATS[does])
        else:
            who, _, said = line.partition(" > ")
            yield from self.act(who, self._what(who, said))

    def _suggest(self, names: list[str]) -> None:
        users = [self.people[name].sender.address for name in names]
        suggest(self.store, self.house, users, self.now)

    def _take_out(self) -> list[str]:
        """As Slack tells it: of nobody in particular."""
        self.inputs += 1
        key = ("slack", WORKSPACE, f"out{self.inputs}")
        event = Event(Sender(Address("slack", WORKSPACE, "", "")), Uninstalled(self.now))
        engine = self._engine()
        engine.receive([(key, {})], self.now)
        engine.turn(key, event, self.now)
        return self.deliver()

    def _agree(self) -> list[str]:
        """As after a first talk that all would like to go on from."""
        self.inputs += 1
        with self.store.begin() as connection:
            newest = connection.execute(select(func.max(tandem.c.id))).scalar_one()
            known = replace(pairs.get_tandem(connection, newest), state=State.AGREEING)
            pairs.save_tandem(connection, known)
            agreeing.begin(Desk(connection, self.now, f"agree:{self.inputs}", self.house), known)
        return self.deliver()

    def _have_agreed(self) -> None:
        self.inputs += 1
        with self.store.begin() as connection:
            newest = connection.execute(select(func.max(tandem.c.id))).scalar_one()
            known = pairs.get_tandem(connection, newest)
            desk = Desk(connection, self.now, f"agreed:{self.inputs}", self.house)
            number = agreeing.with_suggestion(desk, known).versions[-1].number
            for member in known.members:
                agreeing.confirm(desk, known, desk.member(member), number, "…")
        self.deliver()

    def _newcomer(self, who: str, offers: str, seeks: str) -> list[str]:
        """The shortest way in. What follows from it is what comes last."""
        written: list[str] = []
        sender = self.people[who].sender
        there = city(sender.zone or HOUSE.zone, sender.language)
        for said in NEWCOMER[sender.language]:
            words = said.format(offers=offers, seeks=seeks, city=there)
            written = self.act(who, self._what(who, words))
        return written

    def _what(self, who: str, said: str) -> What:
        said = CODE.sub(lambda found: self.people[found["who"]].code, said)
        if said.startswith("["):
            return self.press(who, said.strip("[]"))
        if said.startswith("{"):
            sheet = self.people[who].sheet
            assert sheet is not None, f"{who} has no sheet open"
            return Submitted(sheet.handle, dict(_values(said.strip("{}"))))
        if said.startswith("/tandem ") and self.people[who].sender.address.platform == "slack":
            return Commanded(said.partition(" ")[2])
        self.typed.append(said)
        return Said(said, str(len(self.typed) - 1))

    def _receipt(self, parcel: Parcel) -> Receipt:
        if AWAY in self.faults:
            return Away("no connection")
        self.sent.append(parcel)
        if LOSES in self.faults and parcel.patience is Patience.ONCE:
            self.faults.remove(LOSES)
            return Uncertain()
        if parcel.method == "invite":
            return Sent()
        if parcel.method == "group" and NO_GROUPS in self.faults:
            return Refused("user_not_visible")
        urls = [button.get("url", "") for row in parcel.body.get("rows", ()) for button in row]
        if NO_PROFILES in self.faults and any(url.startswith("tg://") for url in urls):
            return Refused(HIDDEN)
        if parcel.body.get("text") is None and parcel.method != "home":
            return Gone("nothing to say")
        return Sent(parcel.ref or f"m{parcel.id}")

    def _draw(self, parcel: Parcel) -> Iterator[str]:
        if parcel.method in {"home", "invite"}:
            return
        if parcel.method == "delete":
            for ref in parcel.ref.split(","):
                yield f"{parcel.chat} < (deleted: {self.typed[int(ref)]})"
            return
        who = "group" if parcel.method == "group" else parcel.chat
        how = "* " if parcel.method == "edit" else "~ " if parcel.body.get("silent") else ""
        text = plain(parcel.body["text"])
        for code in SHOWN_CODE.findall(text):
            self.people[who].code = code
            text = text.replace(code, "." * len(code))
        text = ROOM.sub("Tandem-" + "." * 32, text)
        text = FEED.sub("/calendar/" + "." * 20, text)
        first, *rest = text.splitlines()
        yield f"{who} < {how}{first}"
        yield from (f"      {line}" if line else "" for line in rest)
        if parcel.method == "file":
            yield f"      ({parcel.body['name']})"
        ref = parcel.ref or f"m{parcel.id}"
        for row in parcel.body["rows"]:
            yield "      " + " ".join(map(_drawn, row))
            for button in row:
                if "handle" in button:
                    self.people[who].buttons[button["label"]] = (button["handle"], ref)
                elif button["url"].startswith("group:"):
                    self.people[who].token = button["url"].removeprefix("group:")
        if parcel.body.get("keyboard") is not None:
            labels = [f"[{label}]" for label in parcel.body["keyboard"]]
            yield f"      (keys: {' '.join(labels) or 'letters'})"


def _drawn(button: dict[str, str]) -> str:
    leads = button.get("url", "")
    where = f" <{'...' if leads.startswith('group:') else leads}>" if leads else ""
    return f"[{button['label']}{where}]"


def make_rounds(engine: Engine, now: datetime) -> None:
    """What the service does in a process of its own."""
    while begun := engine.begin_round(now):
        engine.close_round(begun, run(begun.request), now)


def _played(lines: list[str]) -> Iterator[str]:
    """What people do, with comments and the empty lines before either; not what is said."""
    empty = False
    for line in lines:
        if line and (line[0] in "#(" or LINE.match(line)):
            yield from [""] * empty
            yield line
        empty = not line


def plain(html: str) -> str:
    """The text as it is read, links with their address."""
    linked = re.sub(r'<a href="([^"]*)">(.*?)</a>', r"\2 <\1>", html)
    return unescape(TAG.sub("", linked))


def _values(written: str) -> Iterator[tuple[str, Answer]]:
    for pair in filter(None, written.split(" | ")):
        name, _, value = pair.partition(": ")
        several = name in {"languages", "days", "times", "extras", "rules"}
        yield name, [v.strip() for v in value.split(",")] if several else value


def _draw_sheet(who: str, reply: Reply) -> Iterator[str]:
    if reply.sheet is None:
        return
    yield f"{who} = {reply.sheet.title}"
    for entry in reply.sheet.entries:
        options = " ".join(f"({option.label})" for option in entry.options)
        yield f"      {entry.name}: {entry.label}{' ' if options else ''}{options}"
        yield from (f"        {line}" if line else "" for line in entry.hint.splitlines())
        if entry.name in reply.sheet.problems:
            yield f"      ! {reply.sheet.problems[entry.name]}"
