"""What is written to the log: one line an event, ids instead of names and texts, never the token.

A line is `key=value` throughout (logfmt), so that people read it and programs take it apart.
"""

import json
import logging
import traceback
from collections.abc import Iterable, MutableMapping
from datetime import UTC, datetime
from typing import Any

# What logging itself understands; everything else that is said of an event belongs to the event.
_OWN = frozenset({"exc_info", "stack_info", "stacklevel", "extra"})


class EventLog(logging.LoggerAdapter[logging.Logger]):
    """A logger that takes what there is to say of an event by name: `log.info("message ended", id=3, state="sent")`."""

    def process(self, msg: object, kwargs: MutableMapping[str, Any]) -> tuple[object, MutableMapping[str, Any]]:
        """Put the event's own words aside for the line."""
        said = {name: kwargs.pop(name) for name in list(kwargs) if name not in _OWN}
        return msg, {**kwargs, "extra": {"said": said}}


class LogLine(logging.Formatter):
    """One line for each event, whatever is in it.

    Args:
        secrets: what must not be read in the log, wherever it comes from.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        said: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "room": record.name,
            "event": record.getMessage(),
            **getattr(record, "said", {}),
        }
        if record.exc_info and record.exc_info[1]:
            said["trace"] = "".join(traceback.format_exception(record.exc_info[1])).rstrip()
        line = " ".join(f"{name}={_value(value)}" for name, value in said.items() if value is not None)
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return line


def of(name: str) -> EventLog:
    """The log of a module."""
    return EventLog(logging.getLogger(name))


def configure(level: int = logging.INFO, secrets: Iterable[str] = ()) -> None:
    """Log to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(LogLine(secrets))
    logging.basicConfig(level=level, handlers=[handler])
    logging.captureWarnings(capture=True)
    # These write whole addresses, and the token is part of Telegram's; the last one writes what is stored of people.
    for name in ("httpx", "httpcore", "aiohttp", "aiosqlite"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("telegram", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _value(value: object) -> str:
    """A value as one word, or in quotes with nothing in it that ends a line."""
    text = str(value)
    if text.isprintable() and text and not any(sign in text for sign in ' "=\\'):
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())
