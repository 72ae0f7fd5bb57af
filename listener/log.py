"""Logging: one line per event on stderr, key=value, without secrets."""

import logging
import sys
from collections.abc import Collection, MutableMapping
from typing import Any

import structlog


def set_up(secrets: Collection[str] = (), *, level: int = logging.INFO) -> None:
    """Send events of this level and above to stderr; values of ``secrets`` are replaced wherever they stand."""

    def redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {
            key: without(secrets, value) if isinstance(value, str) else value for key, value in event.items()
        }

    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False),
            structlog.processors.format_exc_info,
            redact,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def one_line(text: str) -> str:
    """A text from outside that neither a terminal would obey nor the database refuse."""
    return "".join(one if one.isprintable() else "\ufffd" for one in " ".join(text.split()))


def without(secrets: Collection[str], text: str) -> str:
    """The text with every secret blacked out."""
    for secret in secrets:
        text = text.replace(secret, "***")
    return text
