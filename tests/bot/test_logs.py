"""The log: one line an event whatever is in it, values that can be taken apart again, and no secrets."""

import json
import logging
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import logs

TOKEN = "123456:AAH-do-not-tell-anybody"
FIELD = re.compile(r'([a-z_]+)=("(?:[^"\\]|\\.)*"|[^ "=\\]+)(?: |$)')


def line(
    event: object, *args: object, level: int = logging.INFO, error: Exception | None = None, **said: object
) -> str:
    """The line that an event comes out as."""
    caught = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("bot.test", level, __file__, 1, event, args, caught)
    record.said = said
    return logs.LogLine([TOKEN, ""]).format(record)


def fields(text: str) -> dict[str, str]:
    """A line taken apart; every bit of it has to be a field."""
    assert "".join(match.group() for match in FIELD.finditer(text)) == text
    found = FIELD.findall(text)
    return {name: json.loads(value) if value.startswith('"') else value for name, value in found}


def test_an_event_says_when_how_grave_where_and_what() -> None:
    said = fields(line("message ended", level=logging.WARNING, id=7, state="uncertain", reason=None))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", said.pop("time"))
    assert said == {
        "level": "warning", "room": "bot.test", "event": "message ended", "id": "7", "state": "uncertain",
    }  # fmt: skip


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.text(), st.text())
def test_whatever_is_said_is_one_line_and_comes_out_again(event: str, value: str) -> None:
    written = line("%s", event, value=value)
    assert len(written.splitlines()) == 1
    said = fields(written)
    assert (said["event"], said["value"]) == (event, value)


def test_a_traceback_is_one_line() -> None:
    written = line("tick failed", error=raised("hai\ndòng"))
    assert len(written.splitlines()) == 1
    trace = fields(written)["trace"]
    assert trace.startswith("Traceback (most recent call last):\n")
    assert trace.endswith("ValueError: hai\ndòng")


def test_a_secret_is_nowhere_in_a_line() -> None:
    error = raised(f"https://example.org/bot{TOKEN}/getMe")
    written = line("bad %s", TOKEN, error=error, url=f"/bot{TOKEN}/sendMessage")
    assert TOKEN not in written
    assert written.count("***") >= 3


def test_what_there_is_to_say_is_named_beside_the_event(caplog: pytest.LogCaptureFixture) -> None:
    log = logs.of("bot.test")
    log.warning("message ended", id=7)
    log.error("tick failed", count=2, exc_info=raised("hỏng"))
    first, second = map(logs.LogLine().format, caplog.records)
    assert first.endswith('level=warning room=bot.test event="message ended" id=7')
    assert 'event="tick failed" count=2 trace="Traceback' in second


def raised(text: str) -> ValueError:
    """An error that has been raised somewhere."""
    with pytest.raises(ValueError, match=re.escape(text)) as caught:
        int_of(text)
    return caught.value


def int_of(text: str) -> int:
    raise ValueError(text)
