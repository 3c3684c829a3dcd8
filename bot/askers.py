"""Askers: what the records know of somebody who asks, and how their question ended.

Both are done with every question, and a trip to the database costs far more than what it does there. So those who ask
at the same time go together: all that hangs on them takes two statements, and nothing is made into mapped objects.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Label, Row, Select, bindparam, literal_column, null, select, union_all

from bot.conversations import Conversations, Subject, Told
from bot.coordinators import Coordinators
from bot.deadlines import Deadlines, Dues
from bot.questions import Asked, Questions
from bot.store.database import Database
from bot.store.people_tables import Contact, Coordinator, Draft
from bot.store.tables import Conversation
from bot.store.together import Together

_PEOPLE: BindParameter[list[int]] = bindparam("people", expanding=True)


def _rows(table: type[Contact | Coordinator | Conversation | Draft], *columns: Any) -> Select[Any]:
    kind: Label[str] = literal_column(f"'{table.__tablename__}'").label("kind")
    return select(kind, table.person_id, *columns).where(table.person_id.in_(_PEOPLE))


# What the first of them is made of decides what kind of columns there are.
_KNOWN = union_all(
    _rows(Conversation, Conversation.chat_id, Conversation.topic, Conversation.agency, Conversation.at),
    _rows(Contact, null(), null(), Contact.agency, Contact.linked_at),
    _rows(Coordinator, null(), null(), null(), null()),
    _rows(Draft, null(), null(), null(), null()),
)

# By kind and person; none where there is nothing.
_Records = defaultdict[tuple[str, int], list[Row[Any]]]


class _Asker(NamedTuple):
    """Somebody who asks, and where."""

    chat_id: int
    person_id: int


class _Ended(NamedTuple):
    """How a question ended in a chat, and what that is about from now on."""

    chat_id: int
    asked: Asked
    subject: Subject | None


@dataclass(frozen=True, slots=True)
class Known:
    """What the records know of somebody who asks.

    Attributes:
        agencies: that they act for.
        is_coordinator: whether they coordinate.
        due_before: the day before which the report of their only agency is due, or everybody's.
        subject: what they were just told here.
        is_drafting: whether they are in the middle of a dialogue.
    """

    agencies: tuple[str, ...]
    is_coordinator: bool
    due_before: date | None
    subject: Subject | None
    is_drafting: bool

    @property
    def agency(self) -> str | None:
        """The only agency they act for; who serves several has to say which one is meant."""
        return self.agencies[0] if len(self.agencies) == 1 else None

    def may_see(self, agency: str) -> bool:
        """Whether they may see what the records say of an agency."""
        return agency in self.agencies or self.is_coordinator


class Askers:
    """The people who ask."""

    def __init__(
        self, database: Database, coordinators: Coordinators, deadlines: Deadlines, conversations: Conversations,
        questions: Questions,
    ) -> None:  # fmt: skip
        self._database = database
        self._coordinators = coordinators
        self._deadlines = deadlines
        self._conversations = conversations
        self._questions = questions
        self._know = Together(self._know_all)
        self._record = Together(self._record_all)

    async def known(self, chat_id: int, person_id: int) -> Known:
        """What an answer to somebody in a chat depends on."""
        return await self._know(_Asker(chat_id, person_id))

    async def record(self, chat_id: int, asked: Asked, subject: Subject | None) -> int:
        """Write down a question and what the chat is about from now on; returns the question's number."""
        return await self._record(_Ended(chat_id, asked, subject))

    async def _know_all(self, askers: Sequence[_Asker]) -> list[Known]:
        people = {asker.person_id for asker in askers}
        records: _Records = defaultdict(list)
        async with self._database.connection() as connection:
            for row in await connection.execute(_KNOWN, {"people": list(people)}):
                records[row.kind, row.person_id].append(row)
            theirs = {row.agency for person in people for row in records[Contact.__tablename__, person]}
            dues = await self._deadlines.some_in(connection, theirs)
        return [self._known_of(asker, records, dues) for asker in askers]

    def _known_of(self, asker: _Asker, records: _Records, dues: Dues) -> Known:
        chat_id, person = asker
        acting = sorted(records[Contact.__tablename__, person], key=lambda row: (row.at, row.agency))
        agencies = tuple(row.agency for row in acting)
        told = next((row for row in records[Conversation.__tablename__, person] if row.chat_id == chat_id), None)
        return Known(
            agencies=agencies,
            is_coordinator=self._coordinators.is_named(person) or bool(records[Coordinator.__tablename__, person]),
            due_before=dues.of(agencies[0] if len(agencies) == 1 else None),
            subject=self._conversations.still(told.topic, told.agency, told.at) if told else None,
            is_drafting=bool(records[Draft.__tablename__, person]),
        )

    async def _record_all(self, ended: Sequence[_Ended]) -> list[int]:
        async with self._database.writing_connection() as connection:
            numbers = await self._questions.record_in(connection, [one.asked for one in ended])
            told = [Told(one.chat_id, one.asked.person_id, one.subject) for one in ended if one.subject]
            await self._conversations.remember_in(connection, told)
        return numbers
