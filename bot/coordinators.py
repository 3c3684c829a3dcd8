"""Coordinators: those named in the settings, and those who were invited by another or by who runs the bot."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.database import Database
from bot.store.people_tables import Coordinator


class Coordinators:
    """The people who coordinate.

    Args:
        database: where those invited are kept.
        named: the ids in the settings.
    """

    def __init__(self, database: Database, named: frozenset[int]) -> None:
        self._database = database
        self._named = named

    async def ids(self) -> frozenset[int]:
        """Everybody who coordinates."""
        async with self._database.session() as session:
            return await self.ids_in(session)

    async def ids_in(self, session: AsyncSession) -> frozenset[int]:
        """Everybody who coordinates, within a transaction."""
        return self._named | frozenset(await session.scalars(select(Coordinator.person_id)))

    def is_named(self, person_id: int) -> bool:
        """Whether a person coordinates whatever the records say: the settings name them."""
        return person_id in self._named

    async def has(self, person_id: int) -> bool:
        """Whether a person coordinates."""
        if person_id in self._named:
            return True
        async with self._database.session() as session:
            return await session.get(Coordinator, person_id) is not None
