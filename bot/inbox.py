"""The coordinator's list of questions that the bot missed, and taking them off it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.store.database import Database
from bot.store.tables import Outcome, Question, Rating, Settled, Settlement, Via
from bot.store.upsert import insert_once

# How many questions are looked at to find those that are alike; the rest comes up as these are settled.
MOST = 500


@dataclass(frozen=True, slots=True)
class Missed:
    """A question that the bot missed.

    Attributes:
        topic: what it was answered with, all the same.
        wrong: whether the asker said that the answer was not right.
    """

    id: int
    text: str
    asked_at: datetime
    person_id: int | None
    topic: str | None
    passed_on: bool
    wrong: bool


class Inbox:
    """What waits for the coordinator.

    A question was missed if it was passed on, if its answer was called wrong, or if it was typed and the bot does not
    know what it means. One that is recognised as not covered has a topic too, and is not missed unless passed on.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def open(self) -> list[Missed]:
        """What is not settled: passed on first, then what was called wrong, then the rest; each oldest first."""
        passed_on, wrong = Question.passed_on_at.is_not(None), Question.rating == Rating.WRONG
        unknown = (Question.via == Via.TEXT) & (Question.outcome != Outcome.ANSWER) & Question.topic.is_(None)
        settled = select(Settlement).where(Settlement.question_id == Question.id).exists()
        query = (
            select(Question)
            .where(or_(passed_on, wrong, unknown), Question.text.is_not(None), ~settled)
            .order_by(case((passed_on, 0), (wrong, 1), else_=2))
            .order_by(func.coalesce(Question.passed_on_at, Question.asked_at), Question.id)
            .limit(MOST)
        )
        async with self._database.session() as session:
            return [_missed(row) for row in await session.scalars(query)]

    async def dismiss(self, questions: Sequence[int], person_id: int) -> bool:
        """Take questions off the list, the one that stands for all of them first; False if it was off already."""
        async with self._database.writing() as session:
            return await settle(session, questions, Settled.DISMISSED, self._clock.now(), person_id)

    async def reopen(self, entry: int) -> bool:
        """Put back what was dismissed with this question; False if there was nothing."""
        query = delete(Settlement).where(Settlement.entry == entry, Settlement.how == Settled.DISMISSED)
        async with self._database.session() as session:
            return bool((await session.scalars(query.returning(Settlement.question_id))).all())


async def settle(
    session: AsyncSession, questions: Sequence[int], how: Settled, at: datetime, person_id: int,
    phrasing_id: int | None = None, answer: str | None = None,
) -> bool:  # fmt: skip
    """Take questions off the list, within a transaction.

    Returns:
        Whether the first of them was on it.
    """
    entry, *others = questions
    values = {
        "entry": entry, "how": how, "phrasing_id": phrasing_id, "answer": answer, "settled_at": at,
        "settled_by": person_id,
    }  # fmt: skip
    first = await insert_once(session, Settlement, {"question_id": entry}, **values)
    for question in others:
        await insert_once(session, Settlement, {"question_id": question}, **values)
    return first


def _missed(row: Question) -> Missed:
    return Missed(
        id=row.id,
        text=row.text or "",
        asked_at=row.asked_at,
        person_id=row.person_id,
        topic=row.topic,
        passed_on=row.passed_on_at is not None,
        wrong=row.rating == Rating.WRONG,
    )
