"""A file of people: read whole or not at all, with everything that is wrong told; and written."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.fields.times import zones
from bot.errors import OperatorError
from bot.matching.command import Order, Progress, carry_out, sheet
from bot.matching.people import Hours, Left, Match, Outcome, Person, Reason, Request
from bot.matching.reading import Sheet, UnreadableError, read
from bot.matching.writing import as_csv, as_json, save

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
ANA = {
    "id": 1,
    "name": "Ana",
    "offers": ["Spanisch"],
    "seeks": ["Excel"],
    "goals": ["Sicherer auftreten, auch vor vielen"],
    "interests": ["Wandern"],
    "languages": ["de", "en"],
    "timezone": "Europe/Vienna",
    "availability": [{"weekday": "tue", "from": "17:00", "to": "20:00"}],
    "rhythm": "weekly",
    "format": "video",
    "city": "Wien",
    "minutes": 90,
    "capacity": 2,
    "group": "pair",
    "waiting_since": "2026-01-05",
}
AS_READ = Person(
    id="1",
    name="Ana",
    offers=("Spanisch",),
    seeks=("Excel",),
    goals=("Sicherer auftreten, auch vor vielen",),
    interests=("Wandern",),
    languages=("de", "en"),
    zone="Europe/Vienna",
    hours=(Hours(1, time(17), time(20)),),
    rhythm="weekly",
    format="video",
    city="Wien",
    minutes=90,
    capacity=2,
    group="pair",
    waiting_since=datetime(2026, 1, 5, tzinfo=UTC),
)


def problems(name: str, content: str | bytes) -> list[str]:
    """Without the name of the file."""
    raw = content if isinstance(content, bytes) else content.encode()
    with pytest.raises(UnreadableError) as told:
        read(name, raw, NOW)
    assert all(problem.startswith(f"{name}:") for problem in told.value.problems)
    return [problem.removeprefix(f"{name}:") for problem in told.value.problems]


def people(name: str, content: str) -> tuple[Person, ...]:
    return read(name, content.encode(), NOW).request.people


def members(*found: Mapping[str, object], **rest: object) -> str:
    return json.dumps({"members": found, **rest}, ensure_ascii=False, indent=1)


def member(**fields: object) -> list[str]:
    """What is told of one member, one line a field."""
    return problems("people.json", members({"id": 1, **fields}))


def rows(*lines: str) -> str:
    return "\r\n".join(lines)


def test_everything_json_says_is_read() -> None:
    text = members(ANA, {"id": "b"}, now="2026-11-02T13:00+01:00", exclude=[[1, "b"]], seed=7)
    found = read("people.json", text.encode(), datetime.now(UTC))
    apart = frozenset({frozenset({"1", "b"})})
    assert found.request == Request(NOW, (AS_READ, Person("b")), apart, frozenset(), 7)
    assert (found.id("1"), found.id("b")) == (1, "b")


def test_everything_a_spreadsheet_says_is_read() -> None:
    text = rows(
        "\ufeffID; Name ;Bietet;SUCHT;Ziele;Interessen;Sprachen;Zeitzone;Zeiten;Rhythmus;Format;"
        "Stadt;Minuten;Plätze;Gruppe;Wartet seit;nicht_mit;kennt;;",
        '1;Ana;Spanisch;Excel;"Sicherer auftreten, auch vor vielen";Wandern;Deutsch, EN;'
        "Europe/Vienna;Di 17-20;wöchentlich;online;Wien;90;2;Paar;05.01.2026;007;;;",
        ";;;;;;;;;;;;;;;;;;;",
        "007;;;;;;;;;;;;;;;;;1;;",
        "",
    )
    found = read("people.csv", text.encode(), NOW)
    apart = frozenset({frozenset({"1", "007"})})
    assert found.request == Request(NOW, (AS_READ, Person("007")), apart, apart)
    assert (found.id("007"), found.separator) == ("007", ";")


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("said", ["", "sep={}"])
def test_a_separator_is_found(separator: str, end: str, said: str) -> None:
    lines = [["id", "offers", "city"], ["1", '"a;b|c, d"', "Köln"], ["", "", ""]]
    text = end.join(separator.join(line) for line in lines)
    text = f"{said.format(separator)}{end}{text}" if said else text
    assert people("people.csv", text) == (Person("1", offers=("a", "b", "c, d"), city="Köln"),)


@pytest.mark.parametrize(
    ("cell", "texts"),
    [
        ("a; b", ("a", "b")),
        ("a | b,c", ("a", "b,c")),
        ("a, b", ("a", "b")),
        ("a\nb", ("a", "b")),
        ("Feedback, auch schwieriges;", ("Feedback, auch schwieriges",)),
        (" ; ", ()),
    ],
)
def test_a_cell_is_split_by_one_rule(cell: str, texts: tuple[str, ...]) -> None:
    for separator in ";,":
        text = f'id{separator}offers{separator}\n1{separator}"{cell}"{separator}'
        assert people("people.csv", text) == (Person("1", offers=texts),)


@pytest.mark.parametrize(
    ("cell", "hours"),
    [
        ("tue 17:00-20:00; thu 18-21", [(1, 17, 20), (3, 18, 21)]),
        ("Dienstag 17.00 bis 20 Uhr | Do. 18–24:00", [(1, 17, 20), (3, 18, 0)]),
        ("Sa 22:00-02:00", [(5, 22, 0), (6, 0, 2)]),
        ("Sonntag 10-0", [(6, 10, 0)]),
        ("So 23-1", [(6, 23, 0), (0, 0, 1)]),
        ("Mi 0-24", [(2, 0, 0)]),
        ("Fr-So 9:00:00-10:00:00", [(4, 9, 10), (5, 9, 10), (6, 9, 10)]),
    ],
)
def test_times_are_read_as_people_write_them(cell: str, hours: list[tuple[int, int, int]]) -> None:
    found = people("people.csv", f'id,zeiten\n1,"{cell}"')[0].hours
    assert found == tuple(Hours(day, time(start), time(end)) for day, start, end in hours)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"timezone": "Berlin"}, 'timezone "Berlin": use an IANA name such as Europe/Berlin'),
        ({"timezone": "Wien"}, 'timezone "Wien": use an IANA name such as Europe/Vienna'),
        ({"ofers": []}, '"ofers": nothing is called that; did you mean offers?'),
        ({"offers": "Excel"}, 'offers "Excel": use a list of texts, such as ["Excel", "Spanish"]'),
        ({"name": 5}, "name 5: use text"),
        ({"rhythm": "daily"}, 'rhythm "daily": use weekly, biweekly or any'),
        ({"format": True}, "format true: use video, in_person or any"),
        ({"group": "trio"}, 'group "trio": use pair, group or any'),
        ({"minutes": 10}, "minutes 10: use a whole number from 15 to 240"),
        ({"minutes": "60"}, 'minutes "60": use a whole number from 15 to 240'),
        ({"minutes": True}, "minutes true: use a whole number from 15 to 240"),
        ({"capacity": 4}, "capacity 4: use a whole number from 1 to 3"),
        ({"waiting_since": "31.02.2026"}, 'waiting_since "31.02.2026": use a date such as'),
        ({"waiting_since": "0001-01-01T00:00+14:00"}, "waiting_since "),
        ({"availability": "tue"}, 'availability "tue": use a list of times, such as [{"weekday"'),
        ({"id": 1.5}, "id 1.5: use text or a whole number"),
        ({"id": " "}, 'id is missing: give everybody one, such as 17 or "ana"'),
    ],
)
def test_a_wrong_value_is_told_with_what_would_be_right(
    fields: dict[str, object], told: str
) -> None:
    [problem] = member(**fields)
    line = 3 if "is missing" in told else 4 if "id" in fields else 5
    assert problem.startswith(f"{line}: {told}")


@pytest.mark.parametrize(
    ("weekday", "start", "end", "told"),
    [
        ("x", "17:00", "20:00", 'weekday "x": use mon, tue, wed, thu, fri, sat or sun'),
        ("tue", "24:00", "20:00", 'from "24:00": use a time such as 17:00'),
        ("tue", "17:00", "25:00", 'to "25:00": use a time such as 20:00, or 24:00'),
        ("tue", "17:00", "17:60", 'to "17:60": use a time such as 20:00, or 24:00'),
        ("tue", "19:00", "17:00", 'to "17:00": use a time after 19:00'),
        ("tue", "17:00", "17:00", 'to "17:00": use a time after 17:00'),
        ("tue", "00:00", "00:00", 'to "00:00": use a time after 00:00'),
    ],
)
def test_a_wrong_time_is_told_on_its_line(weekday: str, start: str, end: str, told: str) -> None:
    entry = {"weekday": weekday, "from": start, "to": end}
    found = member(availability=[entry])
    lines = {"weekday": 7, "from": 8, "to": 9}
    assert [
        problem
        for problem in found
        if problem.startswith(f"{lines[told.split(maxsplit=1)[0]]}: {told}")
    ]


def test_an_entry_of_times_has_exactly_its_fields() -> None:
    assert member(availability=[{"weekday": "tue", "form": "17:00", "to": 20}, 5]) == [
        '6: from is missing: use {"weekday": "tue", "from": "17:00", "to": "20:00"}',
        '8: "form": nothing is called that; did you mean from?',
        '9: to 20: use text, as in {"weekday": "tue", "from": "17:00", "to": "20:00"}',
        '11: availability 5: use {"weekday": "tue", "from": "17:00", "to": "20:00"}',
    ]


def test_every_problem_is_told_at_once_in_the_order_of_the_file() -> None:
    text = (
        '{"members": [\n{"id": 1, "timezone": "Berlin"},\n{"id": "1"},\n{"name": "x"},\n7],\n'
        '"exclude": [[9, 8],\n[1],\n[1, 1]],\n"met": 5,\n"now": "soon",\n"sead": 1}'
    )
    assert problems("people.json", text) == [
        '2: timezone "Berlin": use an IANA name such as Europe/Berlin',
        '3: id "1": already on line 2; give everybody an id of their own',
        '4: id is missing: give everybody one, such as 17 or "ana"',
        '5: member 7: use an object such as {"id": "ana"}',
        '6: exclude "8": nobody has this id',
        '6: exclude "9": nobody has this id',
        "7: exclude [1]: use the ids of two people",
        "8: exclude [1, 1]: use the ids of two people",
        "9: met 5: use a list",
        '10: now "soon": use a date such as 2026-01-31, or 2026-01-31T18:00Z',
        '11: "sead": nothing is called that; did you mean seed?',
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"members": [\n{"id": 1},\n{"id" 2}]}', "3: no JSON from column 7 on: "),
        ('{"members": [\n{"id": 1},\n]}', "3: no JSON from column 1 on: "),
        ('{"members": [\n{"id": 1}]', "2: no JSON from column 11 on: "),
        ('{"members":\n[]} x', "2: no JSON from column 5 on: Expecting the end"),
        ('[\n{"id": 1}]', '1: no JSON from column 1 on: Expecting an object such as {"members"'),
        ('{"members":\n[], x: 1}', "2: no JSON from column 5 on: Expecting a name in double"),
        ('{"now":\n"2026-11-02"}', "1: members is missing"),
        ('{"members": [],\n"members": []}', '2: "members" is there twice: keep one of them'),
        ('{"members": [{\n"id": 1,\n"id": 2}]}', '3: "id" is there twice: keep one of them'),
        ('{"members": [{\n"id": "\\ud83d"}]}', '1: "\\ud83d" is half of a character'),
        ('{"members":\n' + "[" * 100_000, "2: no JSON from column 2 on: Nested too deeply"),
        ('{"members": [\n{"id": ' + "1" * 5_000 + "}]}", "2: no JSON from column 1 on: A number"),
        ('{"members": [\n{"id": "\x1b[31m"}]}', "2: no JSON from column 9 on: Invalid control"),
        ("", "1: empty"),
        (" \n", "1: empty"),
    ],
)
def test_what_is_no_json_is_told_with_line_and_column(text: str, told: str) -> None:
    assert problems("people.json", text)[-1].startswith(told)


def test_what_was_wrong_before_json_breaks_off_is_told_as_well() -> None:
    found = problems("people.json", '{"members": [\n{"id": 1, "minutes": 5},\n{"id": 2,}]}')
    assert [problem[:10] for problem in found] == ["2: minutes", "3: no JSON"]


def test_a_file_of_one_line_tells_columns() -> None:
    found = problems("people.json", '{"members": [{"id": 1}, {"id": 1, "minutes": 5}]}\n')
    assert found == [
        "1:46: minutes 5: use a whole number from 15 to 240",
        "1:32: id 1: already on line 1:21; give everybody an id of their own",
    ]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["id;ofers", "1;x"], '1: column "ofers": nothing is called that; did you mean offers?'),
        (["id;offers;bietet"], '1: column "bietet": there is one for offers already'),
        (["name;offers", "Ana;x"], "1: column id is missing: give everybody an id"),
        (["id;name", "1;Ana;x"], '2: "x": in no column; put text with ";" into quotes'),
        (["id;;name", "1;x;"], '2: "x": in no column; put text with ";" into quotes'),
        (["id;name", ";Ana"], '2: id is missing: give everybody one, such as 17 or "ana"'),
        (["id", "1", "", '"', "1"], "4: a quotation mark opens here that is closed nowhere"),
        (["id;name", '1;"a"b'], "2: a cell goes on behind its quotation mark"),
        (["id;name", '1;"a', 'b"', "1;x"], '4: id "1": already on line 2'),
        (["id;plätze", "1;0"], "2: capacity 0: use a whole number from 1 to 3"),
        (["id;minuten", "1;60 min"], '2: minutes "60 min": use a whole number from 15 to 240'),
        (["id;zeiten", "1;Di 25-26"], '2: availability "Di 25-26": use a time such as'),
        (["id;zeiten", "1;Di"], '2: availability "Di": use a weekday and times, such as tue 17'),
        (["id;sprachen", "1;Klingonish"], '2: languages "Klingonish": use codes of languages'),
        (["id;exclude", "1;2"], '2: exclude "2": nobody has this id'),
        (["id;met", "1;1"], '2: met ["1", "1"]: use the ids of two people'),
    ],
)
def test_a_wrong_cell_is_told_on_its_line(lines: list[str], told: str) -> None:
    assert problems("people.csv", rows(*lines))[0].startswith(told)


@pytest.mark.parametrize("name", ["people.csv", "people.json"])
def test_what_is_not_utf8_is_told_with_the_cure(name: str) -> None:
    [problem] = problems(name, "id;name\n1;Özgür".encode("cp1252"))
    assert problem.startswith("2: not UTF-8: save it as ")
    assert problems(name, "id;name".encode("utf-16"))[0].startswith("1: not UTF-8")


def test_nothing_wrong_is_told_in_signs_a_terminal_acts_on() -> None:
    [problem] = problems("people.csv", "id;stadt;zeitzone\n1;x;\x1b[31m\u202e")
    assert problem.isprintable()


def test_a_head_alone_is_a_file_without_people() -> None:
    assert people("people.csv", "id;name\n") == people("people.json", '{"members": []}') == ()


@pytest.mark.parametrize(("name", "text"), [("-", ' \n{"members": [{"id": 1}]}'), ("-", "id\n1")])
def test_without_a_name_the_content_tells_what_it_is(name: str, text: str) -> None:
    assert people(name, text) == (Person("1"),)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=6,
)
NEARLY = st.fixed_dictionaries(
    {}, optional={name: ANYTHING | st.just(good) for name, good in ANA.items()} | {"x": ANYTHING}
)
FILES = st.fixed_dictionaries(
    {"members": st.lists(NEARLY | ANYTHING, max_size=4) | ANYTHING},
    optional=dict.fromkeys(("now", "exclude", "met", "seed", "y"), ANYTHING),
)
CELLS = st.sampled_from([*ANA, "id", "zeiten", "Di 17-20", "1", '"', "=1", ""]) | st.text(
    max_size=5
)


def reads_or_tells(name: str, content: bytes) -> None:
    try:
        found = read(name, content, NOW)
    except UnreadableError as error:
        told = error.problems
    else:
        assert len({person.id for person in found.request.people}) == len(found.request.people)
        assert as_csv(found, outcome(found))
        assert as_json(found, outcome(found))
        return
    assert told
    assert all(problem.startswith(f"{name}:") and problem.isprintable() for problem in told)


def outcome(found: Sheet) -> Outcome:
    """Neighbours in the file are put together, everybody else waits; a round finds better."""
    ids = [person.id for person in found.request.people]
    couples = [tuple(ids[n : n + 2]) for n in range(0, len(ids) - 1, 2)]
    why = (Reason("time", {"minutes": 120}),)
    matches = tuple(Match(two, 0.51239, {"time": 0.5}, 120, {}, why) for two in couples)
    left = tuple(Left(one, "time", "evening", 12) for one in ids[len(couples) * 2 :])
    return Outcome(matches, left, {"people": len(ids)})


@given(content=st.binary(), name=st.sampled_from(["a.json", "a.csv", "-"]))
def test_whatever_bytes_come_in_are_read_or_told_of(content: bytes, name: str) -> None:
    reads_or_tells(name, content)


@given(file=FILES | ANYTHING, indent=st.none() | st.integers(0, 2), ascii_only=st.booleans())
def test_whatever_json_comes_in_is_read_or_told_of(
    file: object, indent: int | None, *, ascii_only: bool
) -> None:
    text = json.dumps(file, indent=indent, ensure_ascii=ascii_only)
    reads_or_tells("a.json", text.encode("utf-8", "replace"))


@given(lines=st.lists(st.lists(CELLS, max_size=5), max_size=4), separator=st.sampled_from(";,\t"))
def test_whatever_cells_come_in_are_read_or_told_of(lines: list[list[str]], separator: str) -> None:
    text = "\n".join(separator.join(line) for line in lines)
    reads_or_tells("a.csv", text.encode("utf-8", "replace"))


def test_half_a_character_is_half_a_character_wherever_it_is() -> None:
    reads_or_tells("a.json", b'{"members": [{"id": 1, "\\uDC00": {}}], "exclude": [["\\ud800"]]}')
    emoji = '{"members": [{"id": 1, "name": "\\ud83d\\ude00"}]}'
    assert people("a.json", emoji) == (Person("1", name="😀"),)


VISIBLE = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1)
TOPICS = st.lists(VISIBLE.filter(lambda text: not set(text) & set(";|,")), max_size=3).map(tuple)
SPANS = st.builds(
    Hours,
    st.integers(0, 6),
    st.builds(time, st.integers(0, 11), st.integers(0, 59)),
    st.builds(time, st.integers(12, 23), st.integers(0, 59)) | st.just(time()),
).filter(lambda span: span.start != span.end)
PEOPLE = st.lists(
    st.builds(
        Person,
        id=VISIBLE,
        name=VISIBLE | st.just(""),
        offers=TOPICS,
        seeks=TOPICS,
        goals=TOPICS,
        interests=TOPICS,
        languages=st.lists(st.sampled_from(["de", "en", "tr"]), unique=True).map(tuple),
        zone=st.sampled_from(sorted(zones())),
        hours=st.lists(SPANS, max_size=3).map(tuple),
        rhythm=st.sampled_from(["weekly", "biweekly", "any"]),
        format=st.sampled_from(["video", "in_person", "any"]),
        city=VISIBLE | st.just(""),
        minutes=st.integers(15, 240),
        capacity=st.integers(1, 3),
        group=st.sampled_from(["pair", "group", "any"]),
        waiting_since=st.none()
        | st.dates(NOW.date() - timedelta(999)).map(
            lambda day: datetime.combine(day, time(), UTC) if day.year < 2200 else NOW
        ),
    ),
    unique_by=lambda person: person.id,
)


def fields(person: Person) -> dict[str, object]:
    """Somebody as a file has them."""
    since = person.waiting_since
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return {
        **{name: getattr(person, name) for name in ANA if hasattr(person, name)},
        "timezone": person.zone,
        "availability": [
            {
                "weekday": days[span.weekday],
                "from": f"{span.start:%H:%M}",
                "to": f"{span.end:%H:%M}",
            }
            for span in person.hours
        ],
        "waiting_since": since.isoformat() if since else None,
    }


def cell(value: object) -> str:
    match value:
        case None:
            return ""
        case list() | tuple():
            return ";".join(cell(entry) for entry in value)
        case {"weekday": day, "from": start, "to": end}:
            return f"{day} {start}-{end}"
        case _:
            return str(value)


@given(found=PEOPLE)
def test_people_written_to_json_are_the_same_people(found: list[Person]) -> None:
    text = json.dumps({"members": [fields(person) for person in found]})
    assert people("people.json", text) == tuple(found)


@given(found=PEOPLE, separator=st.sampled_from(";,\t"))
def test_people_written_to_a_spreadsheet_are_the_same_people(
    found: list[Person], separator: str
) -> None:
    out = StringIO(newline="")
    writer = csv.DictWriter(out, list(ANA), delimiter=separator)
    writer.writeheader()
    for person in found:
        writer.writerow({name: cell(value) for name, value in fields(person).items()})
    assert people("people.csv", out.getvalue()) == tuple(found)


def parsed(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def three(**fields: object) -> Sheet:
    text = members({"id": 1, "name": "Ana", **fields}, {"id": "b", "name": "Ben"}, {"id": 3})
    return read("people.json", text.encode(), NOW)


def test_results_as_json_have_the_ids_that_came_in() -> None:
    found = three()
    written = json.loads(as_json(found, outcome(found)))
    [tandem], [waits] = written["tandems"], written["waiting"]
    assert tandem["members"] == [1, "b"]
    assert (tandem["score"], tandem["parts"], tandem["minutes"]) == (0.5124, {"time": 0.5}, 120)
    assert tandem["reasons"]["de"][1] == "Beide haben pro Woche etwa 2 Stunden gemeinsam Zeit."
    assert (waits["id"], waits["near"]) == (3, 12)
    assert waits["reason"]["en"].endswith("With one more evening, 12 people would suit you.")
    assert written["stats"] == {"people": 3}


def test_results_as_csv_have_a_row_for_each() -> None:
    found = three()
    tandem, waits = parsed(as_csv(found, outcome(found)))
    assert [
        tandem[name] for name in ("status", "tandem", "member1", "name1", "member2", "name2")
    ] == [
        "tandem",
        "1",
        "1",
        "Ana",
        "b",
        "Ben",
    ]
    assert (tandem["score"], tandem["minutes"], tandem["name4"]) == ("51%", "120", "")
    assert (waits["status"], waits["member1"], waits["tandem"]) == ("waiting", "3", "")
    assert waits["reason_de"].startswith("Gerade hat niemand zur selben Zeit Zeit wie du.")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_no_cell_is_a_formula(sign: str) -> None:
    found = three(name=f'{sign}HYPERLINK("http://x";"y")')
    content = as_csv(found, outcome(found))
    assert parsed(content)[0]["name1"] == f'\'{sign}HYPERLINK("http://x";"y")'
    cells = [cell for row in parsed(content) for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_results_have_the_separator_of_the_file() -> None:
    for separator in ";,\t":
        found = read("people.csv", f"id{separator}name\n1{separator}Ana".encode(), NOW)
        assert as_csv(found, outcome(found)).startswith(
            b"\xef\xbb\xbf" + f"status{separator}".encode()
        )


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_text("before")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OperatorError, match="folder: can't be written: "):
        save(tmp_path / "folder", b"x")
    save(path, b"after")
    assert path.read_bytes() == b"after"
    assert sorted(found.name for found in tmp_path.iterdir()) == ["folder", "out.json"]
    (tmp_path / "link").symlink_to(path)
    save(tmp_path / "link", b"through the link")
    assert path.read_bytes() == b"through the link"
    assert (tmp_path / "link").is_symlink()


def rounds(request: Request, progress: Progress | None) -> Outcome:
    assert progress is None, "nobody sits in front of a test"
    return outcome(Sheet(request))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.json"
    path.write_text(members({"id": 1, "name": "Ana"}, {"id": 2, "name": "Ben"}, {"id": 3}))
    return path


def run(order: Order) -> None:
    carry_out(order, sheet(order), rounds)


def test_a_file_is_matched_to_where_it_is_wanted(
    file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run(Order(file))
    assert json.loads(capfd.readouterr().out)["tandems"][0]["members"] == [1, 2]
    run(Order(file, form="csv"))
    assert capfd.readouterr().out.startswith("\ufeffstatus;tandem;member1")
    for name, first in (("out.json", b'{"tandems"'), ("out.csv", b"\xef\xbb\xbfstatus")):
        run(Order(file, file.with_name(name)))
        assert file.with_name(name).read_bytes().startswith(first)
    run(Order(file, file.with_name("out.csv"), form="json"))
    assert file.with_name("out.csv").read_bytes().startswith(b'{"tandems"')
    assert capfd.readouterr().out == ""


def test_one_person_is_told_of_in_words(file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run(Order(file, explain="2"))
    assert capfd.readouterr().out.startswith("Ben ist im Tandem mit Ana.\n")
    run(Order(file, file.with_name("out.json"), explain="3", language="en"))
    assert capfd.readouterr().out.startswith("3 is in no tandem yet.\nFor 3 that means: “Nobody")
    assert file.with_name("out.json").exists()


def test_an_order_that_can_t_be_carried_out_is_refused_before_any_work(file: Path) -> None:
    same = file.parent / "." / file.name
    (file.parent / "link").symlink_to(file)
    for order, told in (
        (Order(file, explain="9"), "--explain 9: nobody in "),
        (Order(file, same), "--output .*: is the file of the people"),
        (Order(file, file.parent / "link"), "--output .*: is the file of the people"),
        (Order(file, file.parent / "no" / "x"), "--output .*: make its folder first"),
        (Order(file.parent / "none.csv"), "none.csv: can't be read: No such file"),
        (Order(file.parent), ": can't be read: Is a directory"),
    ):
        with pytest.raises(OperatorError, match=told):
            sheet(order)


def tandem(*words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 -- the program itself
        [sys.executable, "-m", "bot", *words],
        input=given,
        capture_output=True,
        check=False,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
    )


def test_a_bad_file_ends_the_program_with_a_line_a_problem(file: Path) -> None:
    before = "id;timezone;capacity\n1;Berlin;9\n"
    path, out = file.with_name("people.csv"), file.with_name("out.json")
    path.write_text(before)
    found = tandem("match", str(path), "--output", str(out))
    assert (found.returncode, found.stdout) == (2, b"")
    assert found.stderr.decode() == (
        f'{path}:2: timezone "Berlin": use an IANA name such as Europe/Berlin\n'
        f"{path}:2: capacity 9: use a whole number from 1 to 3\n"
    )
    assert (out.exists(), path.read_text()) == (False, before)


def test_a_file_can_come_from_standard_input() -> None:
    found = tandem("match", "-", given=b'{"members": [{"id": 1, "minutes": 5}]}')
    assert (found.returncode, found.stdout) == (2, b"")
    assert found.stderr == b"-:1:35: minutes 5: use a whole number from 15 to 240\n"


def test_only_a_round_loads_what_it_calculates_with() -> None:
    code = "import sys, bot.__main__, bot.matching.command; print(*sys.modules)"
    found = subprocess.run(  # noqa: S603 -- as above
        [sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, text=True
    )
    assert not {"numpy", "scipy"} & set(found.stdout.split())


def test_the_description_of_the_file_is_true() -> None:
    text = (ROOT / "docs" / "matching.md").read_text("utf-8")
    blocks = text.split("```")[1::2]
    given = {
        kind: block.removeprefix(kind)
        for block in blocks
        for kind in ("json", "csv")
        if block.startswith(kind + "\n")
    }
    from_json = people("people.json", given["json"])
    assert from_json == people("people.csv", given["csv"])
    assert len(from_json) == 2
