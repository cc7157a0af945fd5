"""Checks for the shape of JSON, to be put together like the tables of Slack's reference.

Findings are worded like Slack's own, with a JSON pointer to the place, so that what a test prints
can be looked up. Properties Slack doesn't know are findings too: the real server refuses them
("invalid additional property"), and so it does with ``null`` where a string belongs.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Json = dict[str, Any]
Check = Callable[[Any, str], Iterator[str]]


def finding(what: str, where: str) -> str:
    return f"{what} [json-pointer:{where}]"


def string(most: int, least: int = 1) -> Check:
    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield finding("must provide a string", where)
        elif len(value) > most:
            yield finding(f"must be less than {most + 1} characters", where)
        elif len(value) < least:
            yield finding(f"must be more than {least - 1} characters", where)

    return check


def choice(*allowed: str) -> Check:
    def check(value: Any, where: str) -> Iterator[str]:
        if value not in allowed:
            yield finding("must be a valid enum value", where)

    return check


def integer(least: int, most: int) -> Check:
    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield finding("must provide an integer", where)
        elif not least <= value <= most:
            yield finding(f"must be between {least} and {most}", where)

    return check


def matching(pattern: str, what: str) -> Check:
    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            yield finding(f"must be {what}", where)

    return check


def boolean(value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield finding("must provide a boolean", where)


def anything(_value: Any, _where: str) -> Iterator[str]:
    yield from ()


def array(item: Check, most: int, least: int = 1) -> Check:
    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield finding("must provide an array", where)
            return
        if len(value) > most:
            yield finding(f"no more than {most} items allowed", where)
        if len(value) < least:
            yield finding(f"no less than {least} items allowed", where)
        for number, part in enumerate(value):
            yield from item(part, f"{where}/{number}")

    return check


def thing(required: Mapping[str, Check], optional: Mapping[str, Check]) -> Check:
    known = {**required, **optional}

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield finding("must provide an object", where)
            return
        for name in required:
            if name not in value:
                yield finding(f"missing required field: {name}", where)
        for name, part in value.items():
            if name in known:
                yield from known[name](part, f"{where}/{name}")
            else:
                yield finding(f"invalid additional property: {name}", where)

    return check


def kinds(table: Mapping[str, Check]) -> Check:
    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield finding("must provide an object", where)
        elif "type" not in value:
            yield finding("missing required field: type", where)
        elif value["type"] not in table:
            yield finding(f"unsupported type: {value['type']}", f"{where}/type")
        else:
            yield from table[value["type"]](value, where)

    return check


def every(*checks: Check) -> Check:
    def check(value: Any, where: str) -> Iterator[str]:
        for one in checks:
            yield from one(value, where)

    return check
