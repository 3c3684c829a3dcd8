"""Questions: recording how each ended, rating, and passing on to a person."""

from collections.abc import Sequence
from typing import NamedTuple, cast

from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.store.database import Database, Transaction
from bot.store.tables import Outcome, Question, Rating, Settlement, Via

_RECORD = insert(cast("Table", Question.__table__)).returning(Question.id, sort_by_parameter_order=True)


class Asked(NamedTuple):
    """A question and how it ended."""

    person_id: int
    text: str | None
    via: Via
    outcome: Outcome
    topic: str | None
    agency: str | None
    score: float


class Questions:
    """The questions people asked."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def record(
        self, *, person_id: int, text: str | None, via: Via, outcome: Outcome, topic: str | None, agency: str | None,
        score: float,
    ) -> int:  # fmt: skip
        """Write down a question and how it ended; returns its number."""
        asked = Asked(person_id, text, via, outcome, topic, agency, score)
        async with self._database.session() as session:
            [number] = await self.record_in(session, [asked])
        return number

    async def record_in(self, session: Transaction, asked: Sequence[Asked]) -> list[int]:
        """Write down questions and how they ended, within a transaction; returns their numbers."""
        now = self._clock.now()
        return list(await session.scalars(_RECORD, [{"asked_at": now, **one._asdict()} for one in asked]))

    async def rate(self, question_id: int, person_id: int, rating: Rating) -> Question | None:
        """Note what the asker thought of the answer; None if it is not their question (any more)."""
        async with self._database.session() as session:
            return await _change(session, question_id, person_id, rating=rating)

    async def pass_on(self, question_id: int, person_id: int) -> Question | None:
        """Put a question before the coordinator, though it was settled before; doing it again changes nothing.

        Returns:
            None if it is not this person's question (any more).
        """
        moment = func.coalesce(Question.passed_on_at, self._clock.now())
        async with self._database.writing() as session:
            asked = await _change(session, question_id, person_id, passed_on_at=moment)
            if asked:
                earlier = Settlement.settled_at < asked.passed_on_at
                await session.execute(delete(Settlement).where(Settlement.question_id == question_id, earlier))
            return asked

    async def settle(self, question_id: int, person_id: int, topic: str) -> Question | None:
        """Note which of the offered topics the asker meant; None if it is not their question (any more)."""
        async with self._database.session() as session:
            return await _change(session, question_id, person_id, topic=topic)

    async def of(self, question_id: int, person_id: int) -> Question | None:
        """A person's question; None if it is not theirs (any more)."""
        async with self._database.session() as session:
            return await session.scalar(
                select(Question).where(Question.id == question_id, Question.person_id == person_id)
            )


async def _change(session: AsyncSession, question_id: int, person_id: int, **values: object) -> Question | None:
    changed = await session.scalars(
        update(Question)
        .where(Question.id == question_id, Question.person_id == person_id)
        .values(**values)
        .returning(Question)
    )
    return changed.one_or_none()
