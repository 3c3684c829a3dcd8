"""Phrasings that coordinators added to topics while the bot runs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update

from bot.clock import Clock
from bot.inbox import settle
from bot.store.database import Database
from bot.store.tables import Phrasing, Settled

_KEPT_HERE = Phrasing.in_pack_at.is_(None)


@dataclass(frozen=True, slots=True)
class Added:
    """A phrasing as it was added."""

    id: int
    topic: str
    text: str


class Phrasings:
    """The phrasings added so far."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def mark(self) -> tuple[int, int]:
        """Differs whenever `all` does: a phrasing never changes, and no number is given twice."""
        async with self._database.session() as session:
            count = await session.scalar(select(func.count()).where(_KEPT_HERE))
            last = await session.scalar(select(func.max(Phrasing.id)))
        return count or 0, last or 0

    async def all(self) -> list[Added]:
        """Every phrasing that is not known to be in the pack, oldest first."""
        return await self._find(_KEPT_HERE)

    async def unwritten(self) -> list[Added]:
        """Those that were not written into a pack's files yet, oldest first."""
        return await self._find(_KEPT_HERE, Phrasing.written_at.is_(None))

    async def written(self) -> list[Added]:
        """Those that were, and wait for the bot to start with that pack."""
        return await self._find(_KEPT_HERE, Phrasing.written_at.is_not(None))

    async def add(self, topic: str, text: str, person_id: int, questions: Sequence[int]) -> int | None:
        """Add a phrasing, and take the questions that it was learned from off the list.

        Args:
            topic: which it belongs to.
            text: as it was asked.
            person_id: the coordinator who adds it.
            questions: the one that stands for all of them first.

        Returns:
            Its number; None if somebody settled the first question meanwhile, and nothing was added.
        """
        now = self._clock.now()
        phrasing = Phrasing(topic=topic, text=text, added_at=now, added_by=person_id)
        async with self._database.writing() as session:
            session.add(phrasing)
            await session.flush()
            if await settle(session, questions, Settled.LEARNED, now, person_id, phrasing.id):
                return phrasing.id
            await session.rollback()
        return None

    async def withdraw(self, number: int) -> Added | None:
        """Take a phrasing out again; what it was learned from is back on the list.

        Returns:
            None if there is no such phrasing (any more), or if it is in the pack's files already.
        """
        async with self._database.writing() as session:
            gone = await session.scalar(
                delete(Phrasing).where(Phrasing.id == number, Phrasing.written_at.is_(None)).returning(Phrasing)
            )
        return Added(gone.id, gone.topic, gone.text) if gone else None

    async def note_written(self, numbers: Iterable[int]) -> None:
        """Note that these were written into a pack's files."""
        await self._note(numbers, written_at=self._clock.now())

    async def hand_over(self, numbers: Iterable[int]) -> None:
        """Leave these to the pack, which has them: taken out of its files, they shall not come back from here."""
        await self._note(numbers, in_pack_at=self._clock.now())

    async def _note(self, numbers: Iterable[int], **values: datetime) -> None:
        async with self._database.session() as session:
            await session.execute(update(Phrasing).where(Phrasing.id.in_(list(numbers))).values(**values))

    async def _find(self, *conditions: ColumnElement[bool]) -> list[Added]:
        async with self._database.session() as session:
            rows = await session.scalars(select(Phrasing).where(*conditions).order_by(Phrasing.id))
            return [Added(row.id, row.topic, row.text) for row in rows]
