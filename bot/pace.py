"""So many a second, evenly spread."""

import time
from collections.abc import Callable

# What a busy machine was late is made up for: at most so many seconds of it, by gaps that are this much shorter.
# Sending what is late all at once would break the limit that the rate is there to keep.
_CATCH_UP = 0.5
_SHORTER = 0.95


class Pace:
    """Hands out the moments at which something may be sent.

    It runs on the machine's own time, not on the bot's clock: it is the network that is protected.

    Args:
        rate: a second.
        now: seconds of a clock that never goes back.
    """

    def __init__(self, rate: float, now: Callable[[], float] = time.monotonic) -> None:
        self._gap = 1 / rate
        self._now = now
        # The next moment by the rate alone, the last one handed out, and the end of a halt.
        self._planned = self._halted_until = now()
        self._last = self._planned - self._gap
        self._rests = True

    @property
    def wait(self) -> float:
        """Seconds until the next moment."""
        return max(0.0, self._next - self._now())

    @property
    def is_halted(self) -> bool:
        """Whether nothing may be sent for now."""
        return self._now() < self._halted_until

    def due(self, within: float) -> int:
        """About how many moments there are in the next seconds."""
        now = self._now()
        self._planned = max(self._planned, now if self._rests else now - _CATCH_UP)
        self._rests = False
        left = now + within - self._next
        gap = self._gap if self._planned >= now else _SHORTER * self._gap
        return int(left / gap) + 1 if left >= 0 else 0

    def take(self) -> float:
        """Use up the next moment; seconds until it comes."""
        now = self._now()
        self._last = max(self._next, now)
        self._planned += self._gap
        return self._last - now

    def rest(self) -> None:
        """There is nothing to send: the time that passes now is not made up for."""
        self._rests = True

    def halt(self, seconds: float) -> None:
        """Send nothing for so long; that is not made up for either."""
        self._halted_until = max(self._halted_until, self._now() + seconds)
        self._planned = max(self._planned, self._halted_until)

    @property
    def _next(self) -> float:
        return max(self._planned, self._last + _SHORTER * self._gap, self._halted_until)
