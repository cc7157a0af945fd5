"""Logs: a line of JSON per event, without tokens and without anybody's words."""

import logging
import sys
from collections.abc import Iterable

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

QUIET = (
    "aiohttp",
    "alembic",
    "apscheduler",
    "httpcore",
    "httpx",
    "slack_bolt",
    "slack_sdk",
    "uvicorn",
)
"""At INFO some of these write addresses with tokens, or whole messages."""


def configure(secrets: Iterable[str]) -> None:
    """Sends everything logged, by us and by libraries, through one redacting formatter."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting(tuple(secrets), shared))
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class _Redacting(structlog.stdlib.ProcessorFormatter):
    """Takes tokens out of the finished line, wherever they came from: also of a traceback."""

    def __init__(self, secrets: tuple[str, ...], shared: list[Processor]) -> None:
        super().__init__(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _without_values,
                structlog.processors.JSONRenderer(sort_keys=True),
            ],
        )
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "[secret]")
        return line


def _without_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A database error quotes the values of the failed statement: somebody's words."""
    trace = event.get("exception")
    if isinstance(trace, str):
        kept = [line for line in trace.splitlines() if not line.startswith("[parameters:")]
        event["exception"] = "\n".join(kept)
    return event
