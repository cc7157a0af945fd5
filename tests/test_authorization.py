"""Who may do what: nothing about somebody is read or changed by others, whatever they press.

Acts, forms, commands and handles are taken from the code and from a house full of people, so that
what is new is tried here too. A press may be crafted, as if a handle for it existed: knowing what
something is called must not be enough.
"""

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count, cycle, product
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, select, update
from sqlmodel import SQLModel

from bot.conversation.talk import Press, Verb
from bot.conversation.wording import Wording
from bot.domain.diary import Spot
from bot.domain.members import Address
from bot.engine.acts import ACTS
from bot.engine.choosing import DOING
from bot.engine.engine import Engine
from bot.engine.events import NOTHING, Event, Pressed, Reply, Sender, Submitted, What
from bot.engine.sharing import mark
from bot.flows import FORMS
from bot.store import buttons, tables
from tests.fresh import fresh
from tests.stage import HOUSE, Stage
from tests.test_export import copied as copied_files

pytestmark = [pytest.mark.file, pytest.mark.whole]

CANARIES = {
    "name": "Annegret",
    "other": "Berthold",
    "offers": "Bienenzucht",
    "seeks": "Klöppeln",
    "goal": "Bis Ostern 3 Völker überwintern und dranbleiben",
    "expectations": "Pünktlichkeit und Honigbrot",
    "contact": "annegret@example.org",
    "diary": "Geheimnis im Stock",
    "insight": "Ruhe bewahren",
    "next_step": "Rahmen bauen",
    "place": "Imkerhütte am See",
    "step": "Die Waben schleudern",
    "milestone": "Erster eigener Schwarm",
    "question": "Magst du Akazienwaben?",
    "report": "Der Schlüssel zum Lager liegt offen herum",
    "asker": "Friederike",
    "asked": "Wolfgang",
}
"""What nobody may read whom it was not written for."""

ENTRY = "Do, 5.11. Geheimnis im Stock"
SCRIPT = f"""(olga is on telegram as @olga)
(mara is on slack)
(nils is on slack)
(otto is on telegram)
(annegret is on telegram as @annegret_h)
(berthold is on telegram as @bert)
(friederike is on telegram)
(wolfgang is on telegram)
(eva is on telegram)
(zoe is on telegram)

olga > /start
(mara has joined: Excel for Python)
(nils has joined: Python for Excel)
(mara and nils are a tandem)
(they have agreed)
(annegret has joined: {CANARIES["offers"]} for {CANARIES["seeks"]})
annegret > /profil
annegret > [✎ Mein Ziel]
annegret > {CANARIES["goal"]}
annegret > [✎ Erwartungen]
annegret > {CANARIES["expectations"]}
annegret > [Fertig]
(berthold has joined: Klöppelspitzen for Bienenkunde)
annegret > [Kennenlernen]
berthold > [Kennenlernen]
annegret > [E-Mail-Adresse]
annegret > {CANARIES["contact"]}
berthold > [@bert zeigen]
annegret > [Di, 3.11., 18:00 Uhr]
berthold > [Passt]
(2 days pass)
annegret > [Weitermachen]
berthold > [Weitermachen]
(they have agreed)
annegret > /termin
annegret > Mi 4.11. um 17 Uhr
annegret > [Stattdessen]
berthold > [Passt]
annegret > [Link oder Ort]
annegret > {CANARIES["place"]}
annegret > /meilensteine
annegret > [Meilenstein hinzufügen]
annegret > {CANARIES["milestone"]}
annegret > [Überspringen]
annegret > /tandem
annegret > [Durchs Treffen führen]
annegret > [Weiter: Hauptthema]
annegret > [Mein Thema]
annegret > [Weiter: nächste Schritte]
annegret > [Meinen Schritt festhalten]
annegret > {CANARIES["step"]}
(1 day passes)
annegret > [Kurz zurückblicken]
annegret > [Ja]
annegret > [4]
annegret > {CANARIES["insight"]}
annegret > {CANARIES["next_step"]}
annegret > /tagebuch
annegret > [Eintrag schreiben]
annegret > {CANARIES["diary"]}
annegret > /tagebuch
annegret > [{ENTRY}]
annegret > [Mit Berthold teilen]
annegret > [Ja, teilen]
(friederike has joined: Backen for Nähen)
(wolfgang has joined: Nähen for Backen)
friederike > [Etwas fragen]
friederike > {CANARIES["question"]}
friederike > [Senden]
(otto has joined: Holz for Metall)
eva > /start
eva > /melden
eva > {CANARIES["report"]}
zoe > /start
"""

FOREIGN = (
    *("tandem:2", "agreement:2", "contact:2:4", "session:4", "session:5", "milestone:2.1"),
    *("proposal:3", "proposal:3:6", "share:1", "diary:4", "case:1", "report:4", "member:4"),
    *("silence:2", "group:2"),
)
"""What things of others are called: of each kind that a press is about."""
NOBODYS = ("tandem:99", "session:99", "proposal:99", "milestone:2.9", "case:9", "x:1", "x", ":")
LOOKED_UP = ("", "entry:e1", "choose:end:", "choose:move:2026-11-10T18:00")
"""Of these kinds only one's own are ever looked for."""
OF_A_PAIR = (
    *("goal", "expectations", "contact", "diary", "place", "step", "milestone", "offers"),
    *("name", "other", "seeks"),
)
"""What only the two read, the entry after it was shared."""
WHOLE = Spot("e1", tandem=2)
VALUES = ("", "2", "2026-11-10T18:00", str(WHOLE), f"12345678 {WHOLE}")
VERBS = (Verb.ANSWER, Verb.TOGGLE, Verb.DONE, Verb.SKIP, Verb.BACK, Verb.KEEP, Verb.EDIT)
ANSWERS = {"inbox", "outbox", "button"}
"""Tables that every answer leaves something in."""
WIPES = {"diary_page.wipe", "diary_page.see"}
"""Of these the value is no place in a diary."""
END = Press(Verb.ACT, "tandem.end", subject="tandem:2")
ERASE = Press(Verb.ACT, "data.erase")
LATER = timedelta(days=61)
STALE = f"to 2: {Wording('member', 'de').say('stale')}"


class Played:
    """A house in the middle of things, where anybody may press anything."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.folder, self.now = folder, stage.now
        self.people = {who: person.sender for who, person in stage.people.items()}
        self.store = fresh(folder / "stage.db")
        self.engine = Engine(self.store, HOUSE)
        self.store.dispose()  # what is connected anew waits for no disk: nothing is cut off here
        event.listen(self.store, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = OFF"))
        with self.store.begin() as connection:
            self.numbers = self.numbered(connection)
        self._inputs = count(1)

    def does(self, who: str, *whats: What) -> list[Reply]:
        address = self.people[who].address
        keys = [(address.platform, address.account, f"try {next(self._inputs)}") for _ in whats]
        self.engine.receive([(key, {}) for key in keys], self.now)
        turns = zip(keys, whats, strict=True)
        return [self.engine.turn(k, Event(self.people[who], what), self.now) for k, what in turns]

    def crafted(self, who: str, presses: Iterable[Press]) -> list[str]:
        """Handles as if they had been given to somebody."""
        with self.store.begin() as connection:
            return buttons.issue(
                connection, self.numbers[who], [("x", press) for press in presses], self.now
            )

    def handles(self, *whose: str) -> list[str]:
        numbers = [self.numbers[who] for who in whose]
        with self.store.begin() as connection:
            theirs = select(tables.button).where(tables.button.c.member.in_(numbers))
            rows = connection.execute(theirs.order_by(tables.button.c.token)).all()
            return [buttons.handle_at(at, row.token) for row in rows for at in row.presses]

    def said(self) -> dict[int, str]:
        """All that was put into the outbox, by its number, with whom it is for."""
        with self.store.begin() as connection:
            spoken = select(tables.outbox).where(tables.outbox.c.method != "home")
            rows = connection.execute(spoken).all()
        return {row.id: f"to {row.member}: {row.body and row.body.get('text')}" for row in rows}

    def case(self) -> str:
        with self.store.begin() as connection:
            return str(connection.execute(select(tables.report.c.state)).scalar_one())

    def failures(self) -> list[str]:
        with self.store.begin() as connection:
            wrong = select(tables.inbox.c.error).where(tables.inbox.c.attempts > 0)
            return [str(error) for error in connection.execute(wrong).scalars()]

    def numbered(self, connection: Connection) -> dict[str, int]:
        """Everybody's number by now: who comes back after all was erased has a new one."""
        known = select(tables.account.c.user, tables.account.c.member)
        return {row.user: row.member for row in connection.execute(known)}

    def rows_apart_from(self, *who: str) -> set[str]:
        """Every row of every table, opened, but for those of somebody, and what answers leave."""
        with self.store.begin() as connection:
            now = self.numbered(connection)
            theirs = {numbers.get(one) for numbers in (self.numbers, now) for one in who} - {None}
            return {
                f"{table.name} {row}"
                for table in SQLModel.metadata.sorted_tables
                if table.name not in ANSWERS
                for row in connection.execute(select(table)).mappings()
                if row.get("id" if table.name == "member" else "member") not in theirs
            }


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Stage, Path]:
    """The script, once for all tests here."""
    folder = tmp_path_factory.mktemp("world")
    stage = Stage(folder)
    stage.perform(SCRIPT)
    stage.store.dispose()
    return stage, folder


@pytest.fixture(scope="module")
def unchanged(
    world: tuple[Stage, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Played]:
    """A copy for all tests after which it is as it was."""
    yield from copied(world, tmp_path_factory.mktemp("unchanged"))


@pytest.fixture
def house(world: tuple[Stage, Path], tmp_path: Path) -> Iterator[Played]:
    """A copy of one's own."""
    yield from copied(world, tmp_path)


def copied(world: tuple[Stage, Path], folder: Path) -> Iterator[Played]:
    stage, whole = world
    shutil.copytree(whole, folder, dirs_exist_ok=True)
    played = Played(stage, folder)
    yield played
    played.store.dispose()


def told_canaries(said: Iterable[str]) -> set[str]:
    return {name for name, words in CANARIES.items() if any(words in text for text in said)}


def crafted(press: Press, *, whole: bool) -> list[Press]:
    """About each thing of others, with some value it might take from a button, or with any."""
    named = FOREIGN + NOBODYS if whole else FOREIGN
    one_each = zip((*FOREIGN, NOBODYS[-1]), cycle(VALUES), strict=False)
    pairs = product(named, VALUES) if whole else one_each
    return [replace(press, value=value, subject=subject) for subject, value in pairs]


def tried(house: Played, who: str, presses: Iterable[Press]) -> list[str]:
    """What is answered to crafted presses, after which nothing of anybody has changed."""
    before, said = house.rows_apart_from(who), house.said()
    replies = house.does(who, *(Pressed(handle, "") for handle in house.crafted(who, presses)))
    answers = [text for number, text in house.said().items() if number not in said]
    answers += [f"to {house.numbers[who]}: {reply.sheet}" for reply in replies if reply.sheet]
    assert house.rows_apart_from(who) == before
    assert [text for text in answers if not text.startswith(f"to {house.numbers[who]}: ")] == []
    assert told_canaries(answers) == set()
    return answers


def test_the_house_is_full(world: tuple[Stage, Path], house: Played) -> None:
    """Without this nothing here would prove anything."""
    stage, _ = world
    assert told_canaries(stage.written) == set(CANARIES)
    with house.store.begin() as connection:
        rows = connection.execute(select(tables.button)).all()
        assert connection.execute(select(tables.share.c.id)).scalars().all() == [1]
    subjects = {subject for row in rows for *_, subject in row.presses.values()}
    kinds = {subject.partition(":")[0] for subject in subjects}
    assert kinds <= {subject.partition(":")[0] for subject in FOREIGN + LOOKED_UP}


def test_what_is_private_is_in_nobodys_messages_and_nobodys_copy(
    world: tuple[Stage, Path], house: Played
) -> None:
    """An insight and a next step are for oneself, a report for who organizes, all else for whom
    it was meant."""
    stage, _ = world
    readers = {name: set[str]() for name in CANARIES}
    by_number = {number: who for who, number in house.numbers.items()}
    said = [(by_number[p.member], str(p.body)) for p in stage.sent if p.member]
    said += [(who, str(copied_files(stage, who))) for who in house.numbers]
    for who, words in said:
        for name in told_canaries([words]):
            readers[name].add(who)
    pair = {"annegret", "berthold"}
    assert readers["insight"] == readers["next_step"] == {"annegret"}
    assert readers["report"] == {"eva", "olga"}
    assert readers["question"] == readers["asker"] == {"friederike", "wolfgang"}
    assert all(readers[name] <= pair for name in OF_A_PAIR)
    assert all("annegret" in readers[name] for name in OF_A_PAIR)


@pytest.fixture(scope="module")
def whole(request: pytest.FixtureRequest) -> bool:
    """Whether every thing is tried with every value."""
    return bool(request.config.getoption("--long"))


@pytest.mark.parametrize("target", sorted(ACTS))
def test_an_act_about_what_is_others_is_answered_as_if_it_were_gone(
    unchanged: Played, target: str, whole: bool
) -> None:
    found = crafted(Press(Verb.ACT, target), whole=whole)
    assert set(tried(unchanged, "mara", found)) == {STALE}
    assert unchanged.failures() == []


@pytest.mark.parametrize("form", sorted(FORMS))
def test_a_form_about_what_is_others_is_answered_as_if_it_were_gone(
    unchanged: Played, form: str, whole: bool
) -> None:
    names = [field.name for page in FORMS[form].pages for field in page.fields]
    moves = crafted(Press(Verb.OPEN, form), whole=whole)
    for verb, name in zip(VERBS, cycle(names), strict=False):
        moves += crafted(Press(verb, form, name), whole=whole)[:: 1 if whole else len(VERBS)]
    assert set(tried(unchanged, "mara", moves)) == {STALE}
    sheets = unchanged.crafted("mara", crafted(Press(Verb.SUBMIT, form), whole=whole))
    before, said = unchanged.rows_apart_from("mara"), unchanged.said()
    filled = (Submitted(handle, dict.fromkeys(names, "yes")) for handle in sheets)
    assert set(unchanged.does("mara", *filled)) == {NOTHING}
    new = {text for number, text in unchanged.said().items() if number not in said}
    assert new == {STALE}
    assert unchanged.rows_apart_from("mara") == before
    assert unchanged.failures() == []


def test_a_diary_shows_and_changes_nothing_of_anothers(unchanged: Played) -> None:
    """What is looked up by whose it is: somebody else's entry, and another's tandem."""
    spots = (WHOLE, Spot("s4", tandem=2), Spot("s4", tandem=2, query="Geheimnis"))
    leafing = [name for name in ACTS if name.startswith("diary_page.") and name not in WIPES]
    found = [
        Press(Verb.ACT, name, "", f"{before}{spot}", subject)
        for name, subject, spot in product(leafing, LOOKED_UP[:2], spots)
        for before in ([f"{mark(CANARIES['diary'])} "] if name.endswith("really_share") else [""])
    ]
    assert tried(unchanged, "otto", found)
    assert unchanged.failures() == []


def test_a_tandem_of_others_can_not_be_chosen(unchanged: Played) -> None:
    choices = [Press(Verb.ACT, "tandem.choose", "", "2", f"choose:{name}:") for name in DOING]
    assert tried(unchanged, "mara", choices) == []
    assert unchanged.failures() == []


@pytest.mark.parametrize("who", ["mara", "zoe", "quinn"])
def test_a_button_does_nothing_for_anybody_but_whose_it_is(house: Played, who: str) -> None:
    """Not for a member of another tandem, nor for somebody new, nor for a stranger."""
    house.people["quinn"] = Sender(Address("telegram", "bot", "q", "q"), "Quinn", language="de")
    theirs = house.handles(*(other for other in house.numbers if other not in {who, "nils"}))
    before, said = house.rows_apart_from(who), house.said()
    pressed = house.does(who, *(Pressed(handle, "") for handle in theirs))
    sent = house.does(who, *(Submitted(handle, {"text": "x"}) for handle in theirs))
    assert all(reply == NOTHING for reply in pressed + sent)
    new = [text for number, text in house.said().items() if number not in said]
    assert len(theirs) > 100
    assert told_canaries(new) == set()
    if who != "quinn":
        assert house.rows_apart_from(who) == before
        assert {text.partition(": ")[2] for text in new} == {STALE.partition(": ")[2]}
    assert house.failures() == []


def test_no_button_does_anything_after_its_time(house: Played) -> None:
    house.now += LATER
    before, said = house.rows_apart_from(*house.numbers), house.said()
    for who in house.numbers:
        house.does(who, *(Pressed(handle, "") for handle in house.handles(who)))
    new = [text for number, text in house.said().items() if number not in said]
    assert house.rows_apart_from(*house.numbers) == before
    assert {text.partition(": ")[2] for text in new} == {STALE.partition(": ")[2]}


@pytest.mark.parametrize("way", [END, ERASE], ids=["ended", "erased"])
def test_who_left_has_no_effect_on_the_others_any_more(house: Played, way: Press) -> None:
    """What is ended stays so, whichever of their old buttons somebody presses."""
    old, [leaves] = house.handles("annegret"), house.crafted("annegret", [way])
    house.does("annegret", Pressed(leaves, ""))
    before, said = house.rows_apart_from("annegret"), house.said()
    house.does("annegret", *(Pressed(handle, "") for handle in old))
    new = [text for number, text in house.said().items() if number not in said]
    assert len(new) >= len(old)
    assert [text for text in new if text.startswith("to 5: ")] == []
    changed = house.rows_apart_from("annegret") ^ before
    # What a round was computed from is forgotten whole, if one of them takes no part any more.
    assert [row for row in changed if not row.startswith("round ")] == []
    assert house.failures() == []


BUTTONS = [
    ("wolfgang", Press(Verb.ACT, "proposal.accept", subject="proposal:3")),
    ("wolfgang", Press(Verb.ACT, "proposal.decline", subject="proposal:3")),
    ("annegret", Press(Verb.ACT, "session.cancel", "", "2026-11-17T18:00", "session:5")),
    ("annegret", Press(Verb.ACT, "wish.beside", "", "2026-11-11T10:00", "session:5")),
    ("berthold", Press(Verb.ACT, "milestones.tick", subject="milestone:2.1")),
    ("berthold", Press(Verb.ACT, "tandem.slot", "", "2026-11-11T18:00", "tandem:2")),
    ("annegret", Press(Verb.ACT, "tandem.end", subject="tandem:2")),
    ("annegret", Press(Verb.ACT, "pause.begin", "", "2026-11-19")),
    ("olga", Press(Verb.ACT, "report_page.close", subject="case:1")),
]


@pytest.mark.parametrize(("who", "press"), BUTTONS, ids=[f"{b.target}" for _, b in BUTTONS])
def test_a_button_pressed_ten_times_has_the_effect_of_one(
    house: Played, who: str, press: Press
) -> None:
    """And none for somebody else, nor after its time."""
    [handle] = house.crafted(who, [press])
    ten = [Pressed(handle, "")] * 10
    untouched = house.rows_apart_from()
    house.does("nils", *ten)
    house.now += LATER
    house.does(who, *ten)
    house.now -= LATER
    assert changed(untouched, house) == set()
    house.does(who, ten[0])
    once, said = house.rows_apart_from(), house.said()
    house.does(who, *ten[1:])
    assert changed(untouched, house)
    assert house.rows_apart_from() == once
    mine = f"to {house.numbers[who]}: "
    new = [text for number, text in house.said().items() if number not in said]
    assert [text for text in new if not text.startswith(mine)] == []
    assert len(new) >= len(ten) - 1


def changed(before: set[str], house: Played) -> set[str]:
    """Rows that are another by now, apart from when somebody was last heard of."""
    seen = re.compile(r"'seen_at': [^)]*\)")
    now = {seen.sub("", row) for row in house.rows_apart_from()}
    return now ^ {seen.sub("", row) for row in before}


def test_only_who_organizes_and_is_not_concerned_settles_a_case(house: Played) -> None:
    """Nobody decides about what they told, or what is told of them."""
    close = Press(Verb.ACT, "report_page.close", subject="case:1")
    for who in ("eva", "mara"):
        [handle] = house.crafted(who, [close])
        house.does(who, Pressed(handle, ""))
    with house.store.begin() as connection:
        connection.execute(update(tables.report).values(about=house.numbers["olga"]))
    [handle] = house.crafted("olga", [close])
    house.does("olga", Pressed(handle, ""))
    assert house.case() == "open"
    with house.store.begin() as connection:
        connection.execute(update(tables.report).values(about=0))
    house.does("olga", Pressed(handle, ""))
    assert house.case() == "closed"


def test_an_old_no_to_taking_part_is_taken_at_its_word(tmp_path: Path) -> None:
    """A button that is still there after joining, pressed while the profile is being changed."""
    stage = Stage(tmp_path)
    stage.perform("(ana is on telegram)\n(ana has joined: Holz for Metall)\nana > /profil")
    said = stage.act("ana", stage.press("ana", "Nein, danke"))
    assert any("speichere kein Profil" in line for line in said)
    with stage.store.begin() as connection:
        assert connection.execute(select(tables.member.c.standing)).scalar_one() == "new"
    stage.store.dispose()
