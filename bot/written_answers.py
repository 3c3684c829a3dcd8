"""Answers that a coordinator writes to questions which the bot had missed, and how far they came."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from bot.audit import Actor, Audit
from bot.clock import Clock
from bot.drafts import use_up
from bot.inbox import settle
from bot.outbox import Letter, Outbox
from bot.store.database import Database
from bot.store.ledger_tables import Act, Delivery, Outgoing
from bot.store.tables import Question, Settled, Settlement

# The kind of draft that an answer is written in.
KIND = "reply"


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was given, and how far it has come.

    Attributes:
        question: the one that stands for all it answers; empty once it is forgotten.
        answer: what was written.
        deliveries: how sending it to each of those who asked ended.
        forgotten: how many of the questions do not tell any more who asked.
    """

    question: str
    answer: str
    deliveries: Counter[Delivery]
    forgotten: int


class WrittenAnswers:
    """The answers that people wrote."""

    def __init__(self, database: Database, clock: Clock, outbox: Outbox, audit: Audit) -> None:
        self._database = database
        self._clock = clock
        self._outbox = outbox
        self._audit = audit

    async def give(self, actor: Actor, questions: Sequence[int], answer: str, words: Callable[[str], Letter]) -> bool:
        """Send an answer to everybody who asked, each once, and take the questions off the list.

        Args:
            actor: the coordinator who wrote it; their draft ends with it.
            questions: what it answers, the one that stands for all of them first.
            answer: as written.
            words: what somebody who asked in these words is told.

        Returns:
            False if another tap has sent it, or somebody has settled the first question meanwhile.
        """
        if actor.id is None:
            return False
        entry, now = questions[0], self._clock.now()
        settled = select(Settlement).where(Settlement.question_id == Question.id).exists()
        open_ones = select(Question).where(Question.id.in_(questions), ~settled).order_by(Question.id)
        async with self._database.writing() as session:
            if not await use_up(session, actor.id, KIND):
                return False
            asked = {one.id: one for one in await session.scalars(open_ones)}
            if entry not in asked:
                return False
            others = asked.keys() - {entry}
            await settle(session, [entry, *others], Settled.ANSWERED, now, actor.id, answer=answer)
            first = {one.person_id: one for one in reversed(asked.values()) if one.person_id is not None}
            for person_id, one in first.items():
                self._outbox.put(session, person_id, words(one.text or ""), subject=_subject(entry))
            self._audit.note(session, Act.ANSWERED, actor, question=entry, questions=len(asked), people=len(first))
        return True

    async def given(self, entry: int) -> Given | None:
        """The answer that was given to an entry of the list; None if none was."""
        of_entry = (Settlement.entry == entry) & (Settlement.how == Settled.ANSWERED)
        nobody = Question.person_id.is_(None)
        async with self._database.session() as session:
            settlement = await session.get(Settlement, entry)
            question = await session.get(Question, entry)
            if settlement is None or question is None or settlement.answer is None:
                return None
            # One that was passed on again and answered anew has messages from before, too.
            sent = await session.execute(
                select(Outgoing.state, func.count().label("people"))
                .where(Outgoing.subject == _subject(entry), Outgoing.created_at >= settlement.settled_at)
                .group_by(Outgoing.state)
            )
            forgotten = await session.scalar(
                select(func.count()).select_from(Settlement).join(Question).where(of_entry, nobody)
            )
            deliveries = Counter({row.state: row.people for row in sent})
            return Given(question.text or "", settlement.answer, deliveries, forgotten or 0)


def _subject(entry: int) -> str:
    """What these messages are about, in the ledger."""
    return f"answer:{entry}"
