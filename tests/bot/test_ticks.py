"""The ticking: what is due is done each minute of the clock, whatever fails and however the clock is turned."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from bot import app
from bot.clock import Clock
from handlers.services import Services

MINUTE = timedelta(minutes=1)


@contextmanager
def _ticking(clock: Clock) -> Iterator[None]:
    services = cast("Services", SimpleNamespace(clock=clock))
    task = asyncio.create_task(app._tick_on(services))
    try:
        yield
    finally:
        task.cancel()


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> list[datetime]:
    """The moments of the ticks."""
    moments: list[datetime] = []

    async def note(_: Services) -> None:
        moments.append(clock.now())

    monkeypatch.setattr(app, "tick", note)
    return moments


async def _until(holds: Callable[[], bool]) -> bool:
    for _ in range(20):
        await asyncio.sleep(0)
    return holds()


async def test_it_ticks_at_once_and_then_each_minute(clock: Clock, ticks: list[datetime]) -> None:
    with _ticking(clock):
        assert await _until(lambda: len(ticks) == 1)
        for number in (2, 3):
            clock.turn_by(MINUTE)
            assert await _until(lambda expected=number: len(ticks) == expected)  # type: ignore[misc]


async def test_a_clock_turned_far_ahead_is_one_tick(clock: Clock, ticks: list[datetime]) -> None:
    with _ticking(clock):
        await _until(lambda: bool(ticks))
        clock.turn_by(timedelta(days=40))
        assert await _until(lambda: len(ticks) == 2)


async def test_a_failing_tick_does_not_end_the_ticking(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[int] = []

    async def fail(_: Services) -> None:
        calls.append(1)
        raise RuntimeError("xyzzy")

    monkeypatch.setattr(app, "tick", fail)
    with _ticking(clock):
        await _until(lambda: bool(calls))
        clock.turn_by(MINUTE)
        assert await _until(lambda: len(calls) == 2)
    assert "xyzzy" in caplog.text


async def test_a_turn_of_the_clock_during_a_tick_is_not_missed(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[datetime] = []

    async def turn(_: Services) -> None:
        calls.append(clock.now())
        if len(calls) == 1:
            clock.turn_by(timedelta(days=40))  # what is due by now, this tick has not seen

    monkeypatch.setattr(app, "tick", turn)
    with _ticking(clock):
        assert await _until(lambda: len(calls) == 2)
