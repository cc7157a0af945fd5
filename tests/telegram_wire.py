"""What goes over the wire: parameters in, errors out, as Telegram's HTTP interface has them.

Every parameter is kept as a string, however it was sent (query, form, multipart or JSON), and
nested objects stay JSON text until they are asked for: the real server does the same, so a call
that works in one encoding works in all.
"""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web
from aiohttp.web_request import FileField

Json = dict[str, Any]

# Never read as JSON in the record of calls: a person may well be called "true" or "42".
_WORDS: Final = frozenset(
    {"action", "callback_query_id", "caption", "description", "language_code", "parse_mode"}
    | {"short_description", "text", "url"}
)


class ApiError(Exception):
    """A call the API refuses; ``parameters`` are its ResponseParameters."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters

    def response(self) -> web.Response:
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        wait = self.parameters.get("retry_after")
        headers = {"Retry-After": str(wait)} if wait else None
        return web.json_response(body, status=self.code, headers=headers)


def bad_request(why: str) -> ApiError:
    return ApiError(HTTPStatus.BAD_REQUEST, f"Bad Request: {why}")


def forbidden(why: str) -> ApiError:
    return ApiError(HTTPStatus.FORBIDDEN, f"Forbidden: {why}")


def too_many_requests(retry_after: int) -> ApiError:
    why = f"Too Many Requests: retry after {retry_after}"
    return ApiError(HTTPStatus.TOO_MANY_REQUESTS, why, retry_after=retry_after)


def utf16_length(text: str) -> int:
    """Telegram counts UTF-16 code units: an emoji is two (Bot API: MessageEntity)."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a multipart call."""

    name: str
    content: bytes
    mime: str


class Params:
    """The parameters of one call."""

    def __init__(self, values: dict[str, str], files: dict[str, Upload]) -> None:
        self._values = values
        self.files = files

    def names(self) -> set[str]:
        """Without the files only meant by another parameter (Bot API: Sending files)."""
        attached = {value.removeprefix("attach://") for value in self._values.values()}
        return {*self._values, *(self.files.keys() - attached)}

    def text(self, name: str) -> str:
        """The parameter as sent, or "" if it is missing: the real server sees no difference."""
        return self._values.get(name, "")

    def number(self, name: str, default: int = 0) -> int:
        """Stricter than the real server, which reads what is no number as 0."""
        value = self.text(name)
        try:
            return int(value) if value else default
        except ValueError:
            raise bad_request(f'parameter "{name}" must be an Integer') from None

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in {"true", "yes", "1"}

    def nested(self, name: str) -> Any:
        """A JSON-serialised parameter, or None if it is missing or empty."""
        value = self.text(name)
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def readable(self) -> Json:
        """For the record of calls: numbers, flags and nested objects as Python values."""
        readable: Json = {name: _readable(name, value) for name, value in self._values.items()}
        return readable | dict(self.files)


def _readable(name: str, value: str) -> Any:
    if name in _WORDS:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


async def read_params(request: web.Request) -> Params:
    """All four encodings the API takes (Bot API: Making requests)."""
    values, files = dict(request.query), dict[str, Upload]()
    if request.content_type == "application/json":
        values |= _from_json(await request.text())
    else:
        for name, value in (await request.post()).items():
            if isinstance(value, FileField):
                files[name] = _upload(value)
            else:
                values[name] = str(value)
    _check_unicode(values)
    return Params(values, files)


def _from_json(body: str) -> dict[str, str]:
    try:
        decoded = json.loads(body or "{}")
    except ValueError:
        decoded = None
    if not isinstance(decoded, dict):
        raise bad_request("can't parse request JSON object")
    present = {name: value for name, value in decoded.items() if value is not None}
    return {n: v if isinstance(v, str) else json.dumps(v) for n, v in present.items()}


def _upload(field: FileField) -> Upload:
    with field.file as file:
        return Upload(field.filename, file.read(), field.content_type)


def _check_unicode(values: dict[str, str]) -> None:
    try:
        "".join(values.values()).encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
