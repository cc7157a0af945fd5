"""Logs: one line per event, without tokens and without anybody's words.

Whatever is logged, here or in a library, goes through one formatter. Of an error it tells the
kind and the place, and not the message, since messages quote values; of a library's own sentence
the pattern, and not what was filled in.
"""

import logging
import os
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.errors import OperatorError

OURS = ("bot", "adapters", "scheduler")
"""Heard from INFO on. At INFO libraries write addresses with tokens, and whole messages."""
FIRST = ["time", "level", "event"]

log = structlog.get_logger()


def configure(secrets: Iterable[str], form: str = "json") -> None:
    """Sends everything logged, by us and by libraries, through one redacting formatter.

    ``form``: json, or lines for a person to read.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting(tuple(secrets), shared, form))
    for name in list(logging.root.manager.loggerDict):
        logging.getLogger(name).handlers.clear()
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.raiseExceptions = False  # a line that can't be written would be printed as it is
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    sys.excepthook = lambda _kind, error, _trace: uncaught(error)
    threading.excepthook = lambda caught: uncaught(caught.exc_value)


def uncaught(error: BaseException | None) -> None:
    """The last resort: Python itself would print the message, with the values in it."""
    log.critical("ended by a bug", exc_info=error)


def of_the_loop(_loop: object, context: dict[str, Any]) -> None:  # asyncio's own
    """Instead of asyncio's handler, whose sentence quotes the error."""
    log.error("task failed", exc_info=context.get("exception"))


class _Redacting(structlog.stdlib.ProcessorFormatter):
    """Takes tokens out of the finished line, wherever they came from."""

    def __init__(self, secrets: tuple[str, ...], shared: list[Processor], form: str) -> None:
        super().__init__(
            foreign_pre_chain=[_pattern, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _traced,
                _lines if form == "lines" else structlog.processors.JSONRenderer(sort_keys=True),
            ],
            use_get_message=False,
            pass_foreign_args=True,
        )
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "[secret]")
        return line


def _pattern(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A sentence without anything to fill in may have been put together with somebody's words."""
    record = event["_record"]
    if not event.pop("positional_args", None):
        event["event"] = "a library's message"
    return {**event, "logger": record.name, "place": f"{record.module}:{record.lineno}"}


def _traced(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    match event.pop("exc_info", None):
        case BaseException() as error:
            pass
        case (_, error, _):
            pass
        case asked:
            error = sys.exc_info()[1] if asked else None
    if error is not None:
        event["exception"] = "\n".join(trace(error))
    event.pop("stack_info", None)
    return event


_write = structlog.processors.LogfmtRenderer(key_order=FIRST)


def _lines(logger: WrappedLogger, method: str, event: EventDict) -> str:
    """Where an error happened stands below, indented, so that no line can be forged."""
    below = event.pop("exception", "")
    line = str(_write(logger, method, event)).replace("\r", "\\r")
    return "\n    ".join([line, *below.splitlines()])


def trace(error: BaseException) -> Iterator[str]:
    """What it was and where, the cause first, and what was noted of it."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from trace(before)
        yield "which led to"
    for frame in traceback.format_tb(error.__traceback__):
        yield from frame.rstrip().splitlines()
    words = _harmless(error)
    yield f"{type(error).__module__}.{type(error).__qualname__}{words and ': '}{words}"
    yield from getattr(error, "__notes__", [])
    for part in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from (f"  {line}" for line in trace(part))


def _harmless(error: BaseException) -> str:
    """Messages that can't hold anybody's words: ours, on the database's state, the system's."""
    match error:
        case OperatorError():
            return str(error)
        case OperationalError():
            return str(error.orig).partition("\n")[0]
        case OSError(errno=int(number)):
            return os.strerror(number)
        case _:
            return ""
