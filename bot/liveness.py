"""Whether the bot does what it is there for: updates flow, they are handled, and the ledger moves.

It runs on the machine's own time, not on the bot's clock, which can be turned.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot import logs
from bot.delivery import Deliverer
from bot.order import ChatOrder
from bot.updates import Part, Updates
from bot.vitals import Vitals

log = logs.of(__name__)

# Seconds without progress after which a part counts as stuck. Handling takes a minute at worst, when Telegram is slow
# and a phrasing is tried; the ledger waits half a minute at most between two tries.
_HANDLING_PATIENCE = 120
_LEDGER_PATIENCE = 120

# Seconds that the database has for one small question.
_DATABASE_PATIENCE = 5


@dataclass(frozen=True, slots=True)
class Health:
    """How the bot is, part by part."""

    parts: dict[str, Part]

    @property
    def ok(self) -> bool:
        """Whether every part goes on."""
        return all(part.ok for part in self.parts.values())

    def as_json(self) -> dict[str, Any]:
        """What /healthz says."""
        parts = {name: {**asdict(part), "age": round(part.age, 1)} for name, part in self.parts.items()}
        return {"ok": self.ok, **parts}


class Liveness:
    """Looks at the parts.

    Args:
        updates: how they come.
        order: handles them.
        deliverer: sends what is in the ledger.
        vitals: asks the database.
        now: seconds of a clock that never goes back.
    """

    def __init__(
        self, updates: Updates, order: ChatOrder, deliverer: Deliverer, vitals: Vitals,
        now: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._updates = updates
        self._order = order
        self._deliverer = deliverer
        self._vitals = vitals
        self._now = now
        self._seen: tuple[int | None, int] = (None, 0)
        self._moved_at = now()
        self._unwell: dict[str, str | None] = {}

    async def look(self) -> Health:
        """How the bot is now; a change is written to the log."""
        updates, ledger = await self._updates.flow(), await self._ledger()
        health = Health({"updates": updates, "handling": self._handling(), "ledger": ledger})
        unwell = {name: part.why for name, part in health.parts.items() if not part.ok}
        for name in unwell.keys() - self._unwell.keys():
            log.warning("unhealthy", part=name, why=unwell[name], age=round(health.parts[name].age))
        for name in self._unwell.keys() - unwell.keys():
            log.info("healthy again", part=name)
        self._unwell = unwell
        return health

    async def watch(self, feed: Callable[[], None], period: float) -> None:
        """Look every so many seconds until cancelled, and feed the watchdog while all is well."""
        while True:
            try:
                if (await self.look()).ok:
                    feed()
            except Exception:
                log.exception("the look at the bot's health failed, trying again")
            await asyncio.sleep(period)

    def _handling(self) -> Part:
        return _part(self._order.idle_for, _HANDLING_PATIENCE)

    async def _ledger(self) -> Part:
        """It moves if nothing waits, if something else is the oldest now, or if a message came to an end."""
        try:
            async with asyncio.timeout(_DATABASE_PATIENCE):
                oldest = await self._vitals.oldest_waiting()
        except (TimeoutError, OSError, SQLAlchemyError):
            return Part(ok=False, age=self._now() - self._moved_at, why="database")
        seen = (oldest, self._deliverer.ended)
        if oldest is None or seen != self._seen:
            self._seen, self._moved_at = seen, self._now()
        return _part(self._now() - self._moved_at, _LEDGER_PATIENCE)


def _part(age: float, patience: float) -> Part:
    return Part(ok=True, age=age) if age <= patience else Part(ok=False, age=age, why="stuck")
