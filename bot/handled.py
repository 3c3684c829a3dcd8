"""Which updates have been handled: Telegram brings one again when it has heard nothing of it in time."""

from datetime import timedelta

from sqlalchemy import delete

from bot.clock import Clock
from bot.store.database import Database
from bot.store.upkeep_tables import HandledUpdate
from bot.store.upsert import insert_once

# Telegram keeps an update for a day.
_KEPT = timedelta(days=2)


class Handled:
    """Remembers updates by their numbers, on the machine's own time: it is Telegram's."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._clock = Clock()

    async def has(self, update_id: int) -> bool:
        """Whether an update has been handled."""
        async with self._database.session() as session:
            return await session.get(HandledUpdate, update_id) is not None

    async def note(self, update_id: int) -> None:
        """Note that an update has been handled."""
        async with self._database.session() as session:
            await insert_once(session, HandledUpdate, {"update_id": update_id}, at=self._clock.now())

    async def forget_old(self) -> None:
        """Forget what cannot come again."""
        async with self._database.session() as session:
            await session.execute(delete(HandledUpdate).where(HandledUpdate.at < self._clock.now() - _KEPT))
