"""What an app sends to the Web API, and how the Web API refuses it."""

import json
from collections.abc import Iterable
from typing import Any

from aiohttp import web

from tests.slack_shapes import Json, finding


class SlackError(Exception):
    """A refusal of the Web API: ``error`` and what else the answer holds."""

    def __init__(self, error: str, messages: Iterable[str] = (), **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more
        if listed := list(messages):
            self.more["errors"] = listed
            self.more["response_metadata"] = {"messages": [f"[ERROR] {one}" for one in listed]}

    @property
    def answer(self) -> Json:
        return {"ok": False, "error": self.error, **self.more}


class Given:
    """The arguments of a call, however they were sent: in the URL, as a form or as JSON."""

    def __init__(self, values: Json) -> None:
        self.values = values

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(self, name: str) -> str:
        """The argument, or nothing."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def need(self, *names: str) -> None:
        """Refuses the call when one of these is missing."""
        missing = [name for name in names if not self.text(name)]
        if missing:
            found = [finding(f"missing required field: {name}", f"/{name}") for name in missing]
            raise SlackError("invalid_arguments", found)

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("1", "true")

    def parsed(self, name: str, error: str) -> Any:
        """JSON, which forms hold as text; ``error`` when it can't be read."""
        value = self.values[name]
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            raise SlackError(error) from None


async def given_in(request: web.Request) -> Given:
    """Reads what the official client sends; JSON that can't be read is ``invalid_json``."""
    values: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            values |= await request.json()
        except json.JSONDecodeError:
            raise SlackError("invalid_json") from None
    elif request.content_type.startswith(("application/x-www-form-urlencoded", "multipart/")):
        values |= {name: str(value) for name, value in (await request.post()).items()}
    return Given(values)
