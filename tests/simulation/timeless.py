"""Time that passes only while everybody waits: an event loop that jumps to the next moment instead of sleeping.

So half an hour of reminders and retries takes milliseconds, and the same seed always leads to the same story.
"""

import asyncio
import selectors
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.clock import LOCAL, Clock

_EPOCH = datetime(2021, 11, 1, tzinfo=UTC)


class _Nobody(selectors.DefaultSelector):
    """A selector that nothing ever comes in by; whoever would wait for it finds that the time has passed."""

    passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everybody waits for somebody else")
        self.passed += max(0.0, timeout)
        return []


class TimelessLoop(asyncio.SelectorEventLoop):
    """A loop without threads, sockets and real time."""

    def __init__(self) -> None:
        self._nobody = _Nobody()
        super().__init__(self._nobody)

    def time(self) -> float:
        return self._nobody.passed

    def run_in_executor(self, _: Any, func: Callable[..., Any], *args: Any) -> "asyncio.Future[Any]":  # type: ignore[override]
        """What would go into a thread is done at once."""
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - it belongs to whoever waits for it
            future.set_exception(error)
        return future


class LoopClock(Clock):
    """The bot's clock, going as the loop's time goes."""

    def __init__(self, loop: TimelessLoop, start: datetime) -> None:
        self._loop = loop
        super().__init__(start)

    def now(self) -> datetime:
        return datetime.fromtimestamp(_EPOCH.timestamp() + self._loop.time(), UTC) + self._ahead

    def turn_to(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=LOCAL)
        self._ahead += moment - self.now()
        turned, self._turned = self._turned, asyncio.Event()
        turned.set()
