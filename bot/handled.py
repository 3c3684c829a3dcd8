"""Which updates have been handled: Telegram brings one again when it has heard nothing of it in time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.exc import DBAPIError

from bot.clock import Clock
from bot.store.database import Database
from bot.store.upkeep_tables import HandledUpdate
from bot.store.upsert import insert_once

# Telegram keeps an update for a day.
_KEPT = timedelta(days=2)


class PutOffError(Exception):
    """An update has not been handled, and is to come again."""


class Handled:
    """Remembers updates by their numbers, on the machine's own time: it is Telegram's."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._clock = Clock()
        self._under_way: dict[int, bool] = {}

    @asynccontextmanager
    async def once(self, update_id: int) -> AsyncIterator[bool]:
        """Handle an update that Telegram has brought, if it is new: that is what is yielded.

        Raises:
            PutOffError: `puts_off` was told that it could not be handled.
        """
        async with self._database.session() as session:
            if await session.get(HandledUpdate, update_id):
                yield False
                return
        self._under_way[update_id] = False
        try:
            yield True
            if self._under_way[update_id]:
                raise PutOffError
        finally:
            del self._under_way[update_id]
        async with self._database.session() as session:
            await insert_once(session, HandledUpdate, {"update_id": update_id}, at=self._clock.now())

    def puts_off(self, update_id: int, error: Exception | None) -> bool:
        """Whether a failure is none to tell of: the database was gone, and Telegram brings the update again."""
        was_cut_off = isinstance(error, DBAPIError) and error.connection_invalidated
        if not was_cut_off or update_id not in self._under_way:
            return False
        self._under_way[update_id] = True
        return True

    async def forget_old(self) -> None:
        """Forget what cannot come again."""
        async with self._database.session() as session:
            await session.execute(delete(HandledUpdate).where(HandledUpdate.at < self._clock.now() - _KEPT))
