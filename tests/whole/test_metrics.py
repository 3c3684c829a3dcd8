"""/metrics and the log: what happened is counted, and stands in one line each, without names and texts."""

import io
import logging
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import logs
from bot.sandbox.faults import Fault
from tests.whole.machine import QUESTION, TOKEN, Machine, free_port, machine, tea_room, telegram


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the bot writes to its log, set up as `isobot run` does it."""
    written, root = io.StringIO(), logging.getLogger()
    monkeypatch.setattr(sys, "stderr", written)
    before = {name: logging.getLogger(name).level for name in ("", "httpx", "httpcore", "telegram", "alembic")}
    pytests, root.handlers = root.handlers, []
    logs.configure(secrets=[TOKEN])
    yield written
    logging.captureWarnings(capture=False)
    root.handlers = pytests
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def lines(log: io.StringIO, event: str) -> list[str]:
    return [line for line in log.getvalue().splitlines() if f"event={event} " in line]


async def ask(machine: Machine) -> None:
    """Questions of every outcome, one in inline mode, and one whose answer gets through at the second try."""
    await machine.an.asks(QUESTION)
    await machine.an.asks("uống trà chỗ nào")
    await machine.an.asks("thời tiết hôm nay ở Đồng Xoài")
    await machine.an.asks("thời tiết")
    await machine.town.post(f"people/{machine.an.id}/inline", query="trà")
    machine.world.faults.append(Fault("error", method="sendMessage", status=502))
    await machine.an.asks(QUESTION)


async def test_what_happened_is_counted_and_logged(tmp_path: Path, log: io.StringIO) -> None:
    began = time.time()
    async with (
        telegram() as (url, world),
        machine(url, world, tmp_path, tea_room(tmp_path), port=free_port(), by_webhook=False) as started,
    ):
        await ask(started)
        pack = started.town.demo.application.bot_data.pack
        measures = await started.measures()

    assert measures["isobot_pack_info", "pack", pack.version] == 1
    assert measures["isobot_questions_total", "answer", "text"] == 3
    assert measures["isobot_questions_total", "decline", "text"] == 1
    assert measures["isobot_questions_total", "choose", "text"] == 1
    assert measures["isobot_answer_seconds_count",] == 5
    assert 0 < measures["isobot_answer_seconds_sum",] < time.time() - began
    assert measures["isobot_update_seconds_count", "message"] == 5
    assert measures["isobot_update_seconds_count", "inline_query"] == 1
    assert began <= measures["isobot_last_update_timestamp_seconds",] <= time.time()
    assert measures["isobot_send_errors_total", "server", "sendMessage"] == 1
    assert measures["isobot_ledger_messages", "reply", "failed"] == 0
    assert measures["isobot_ledger_ended_total", "bulk", "sent"] == 0
    assert measures["isobot_reminders_due",] == 0
    assert measures["isobot_reminders", "missed"] == 0
    assert {part: value for (name, part), value in pairs(measures) if name == "isobot_healthy"} == {
        "updates": 1, "handling": 1, "ledger": 1,
    }  # fmt: skip

    assert all(line.startswith("time=") for line in log.getvalue().splitlines())
    assert len(lines(log, '"update handled"')) == 6
    [first, *_] = lines(log, "question")
    assert "level=info room=handlers.ask" in first
    assert first.endswith("id=1 outcome=answer topic=tea via=text")
    assert not any(word in log.getvalue() for word in (TOKEN, "trà", "thời tiết", "Chào", "An "))


def pairs(measures: dict[tuple[str, ...], float]) -> Iterator[tuple[tuple[str, str], float]]:
    """Those with one label."""
    for key, value in measures.items():
        if len(key) == 2:
            yield (key[0], key[1]), value
