"""Telegram's limits on sending: so many a second, so many to one chat."""

import math
import time
from collections import deque
from collections.abc import Callable


class _Window:
    """At most `limit` within any stretch of `seconds`."""

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds
        self._taken: deque[float] = deque()

    def wait(self, now: float) -> float:
        """How long until there is room; 0 when there is."""
        while self._taken and self._taken[0] <= now - self._seconds:
            self._taken.popleft()
        return self._taken[0] + self._seconds - now if len(self._taken) >= self._limit else 0.0

    def take(self, now: float) -> None:
        """Use up a place."""
        self._taken.append(now)


class FloodControl:
    """The published limits, kept to the letter; Telegram itself is at times more lenient, never stricter.

    It runs on the machine's own time, not the sandbox's clock: it is the network that is protected.
    """

    def __init__(
        self,
        per_second: int = 30,
        per_chat_per_second: int = 1,
        group_per_minute: int = 20,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._now = now
        self._per_chat_per_second = per_chat_per_second
        self._group_per_minute = group_per_minute
        self._overall = _Window(per_second, 1.0)
        self._chats: dict[int, _Window] = {}

    def admit(self, chat_id: int) -> int:
        """Let a message into a chat, or say after how many seconds to come back. 0: it is in."""
        now = self._now()
        windows = (self._overall, self._of_chat(chat_id))
        wait = max(window.wait(now) for window in windows)
        if wait > 0:
            return max(1, math.ceil(wait))
        for window in windows:
            window.take(now)
        return 0

    def _of_chat(self, chat_id: int) -> _Window:
        window = self._chats.get(chat_id)
        if window is None:
            is_group = chat_id < 0
            window = _Window(self._group_per_minute, 60.0) if is_group else _Window(self._per_chat_per_second, 1.0)
            self._chats[chat_id] = window
        return window
