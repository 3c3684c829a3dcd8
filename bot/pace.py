"""So many a second, evenly spread."""

import math
import time
from collections.abc import Callable

# What a busy machine was late may be made up for, at most so many seconds of it.
_CATCH_UP = 0.1


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
        self._next = self._now()
        self._halted_until = self._next
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
        """How many moments there are in the next seconds, those missed included."""
        now = self._now()
        earliest = now if self._rests else now - _CATCH_UP
        self._rests = False
        self._next = max(self._next, earliest)
        return max(0, math.floor((now + within - self._next) / self._gap) + 1)

    def take(self) -> float:
        """Use up the next moment; seconds until it comes."""
        wait = self.wait
        self._next += self._gap
        return wait

    def rest(self) -> None:
        """There is nothing to send: the time that passes now is not made up for."""
        self._rests = True

    def halt(self, seconds: float) -> None:
        """Send nothing for so long."""
        self._halted_until = max(self._halted_until, self._now() + seconds)
        self._next = max(self._next, self._halted_until)
