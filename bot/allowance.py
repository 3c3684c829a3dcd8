"""How much one person may ask of the bot: so much at once, and after that so much a second."""

import time
from collections.abc import Callable, Hashable
from enum import Enum, auto

# Somebody in a hurry taps three times a second, or forwards a stack of files; that lasts for some seconds, not longer.
AT_ONCE = 30
A_SECOND = 1.0


class Ruling(Enum):
    """What becomes of a wish."""

    GRANTED = auto()
    REFUSED_FIRST = auto()  # the first of a flood that is refused: its sender is to be told
    REFUSED = auto()


class Allowance:
    """Keeps one person's flood from the others.

    It runs on the machine's own time, not on the bot's clock: it is the machine that is protected. Nothing is kept of
    those who have their whole allowance again, so that memory holds the senders of the last half minute.

    Args:
        now: seconds of a clock that never goes back.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._gap = 1 / A_SECOND
        self._most_ahead = (AT_ONCE - 1) * self._gap
        self._now = now
        # When each has their whole allowance again, and whether they were told; who was granted last stands last.
        self._used: dict[Hashable, tuple[float, bool]] = {}

    def take(self, whose: Hashable) -> Ruling:
        """Use up a little of somebody's allowance."""
        now = self._now()
        self._forget_restored(now)
        restored, told = self._used.get(whose, (now, False))
        if restored - now > self._most_ahead:
            self._used[whose] = (restored, True)
            return Ruling.REFUSED if told else Ruling.REFUSED_FIRST
        self._used.pop(whose, None)
        self._used[whose] = (max(restored, now) + self._gap, told)
        return Ruling.GRANTED

    def _forget_restored(self, now: float) -> None:
        while self._used:
            first = next(iter(self._used))
            if self._used[first][0] > now:
                return
            del self._used[first]
