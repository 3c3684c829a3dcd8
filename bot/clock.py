"""The only door to time: what moment it is, and waiting for a later one.

Time is kept in UTC and shown in Asia/Ho_Chi_Minh. A clock can be set to start at another moment (demos, tests) and be
turned forward; whoever waits on it then wakes at once if its moment has come.
"""

import asyncio
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock:
    """A clock that runs at the speed of the machine's own, from a moment of one's choosing.

    Args:
        start: the moment it shows now; without a time zone it is local time (Asia/Ho_Chi_Minh). None: the real time.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._ahead = timedelta(0)
        self._turned = asyncio.Event()
        if start is not None:
            self.turn_to(start)

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC) + self._ahead

    def today(self) -> date:
        """The present day in Asia/Ho_Chi_Minh."""
        return self.now().astimezone(LOCAL).date()

    def turn_to(self, moment: datetime) -> None:
        """Set the clock to `moment` (local time if it has no time zone); it runs on from there."""
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=LOCAL)
        self._ahead = moment - datetime.now(UTC)
        turned, self._turned = self._turned, asyncio.Event()
        turned.set()

    def turn_by(self, step: timedelta) -> None:
        """Turn the clock forward (or back) by `step`."""
        self.turn_to(self.now() + step)

    async def sleep_until(self, moment: datetime) -> None:
        """Wait until the clock shows `moment`, waking early when it is turned past it."""
        while (left := (moment - self.now()).total_seconds()) > 0:
            turned = self._turned
            try:
                await asyncio.wait_for(turned.wait(), timeout=left)
            except TimeoutError:
                return
