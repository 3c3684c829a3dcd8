"""Contacts: who acts for which agency."""

from sqlalchemy import select

from bot.clock import Clock
from bot.store.database import Database
from bot.store.tables import Contact
from bot.store.upsert import insert_once


class Contacts:
    """The people who act for agencies."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def agencies_of(self, person_id: int) -> list[str]:
        """The agencies a person acts for, the longest linked first."""
        async with self._database.session() as session:
            found = await session.scalars(
                select(Contact.agency).where(Contact.person_id == person_id).order_by(Contact.linked_at, Contact.agency)
            )
            return list(found)

    async def link(self, person_id: int, agency: str) -> None:
        """Let a person act for an agency; doing it again changes nothing."""
        key = {"person_id": person_id, "agency": agency}
        async with self._database.session() as session:
            await insert_once(session, Contact, key, linked_at=self._clock.now())
