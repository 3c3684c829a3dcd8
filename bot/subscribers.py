"""People who act for no agency and agreed to be sent notices."""

from sqlalchemy import CursorResult, delete

from bot.clock import Clock
from bot.store.database import Database
from bot.store.notice_tables import Subscriber
from bot.store.upsert import insert_once


class Subscribers:
    """Who wants news."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def has(self, person_id: int) -> bool:
        """Whether a person wants news."""
        async with self._database.session() as session:
            return await session.get(Subscriber, person_id) is not None

    async def add(self, person_id: int) -> bool:
        """A person wants news; False if they said so before."""
        async with self._database.session() as session:
            return await insert_once(session, Subscriber, {"person_id": person_id}, since=self._clock.now())

    async def remove(self, person_id: int) -> bool:
        """A person wants no news; False if they did not before."""
        async with self._database.session() as session:
            ended = await session.execute(delete(Subscriber).where(Subscriber.person_id == person_id))
            return isinstance(ended, CursorResult) and ended.rowcount == 1
