"""Askers: what the records know of somebody who asks, and how their question ended; one transaction for each.

Both are done with every question. So they go without mapped objects, their statements are made once, and one of them
asks for all that hangs on the person: each of these costs more than what the database does.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import BigInteger, and_, bindparam, select

from bot.conversations import Conversations, Subject
from bot.coordinators import Coordinators
from bot.deadlines import Deadlines
from bot.questions import Asked, Questions
from bot.store.database import Database
from bot.store.people_tables import Contact, Coordinator, Draft
from bot.store.tables import Conversation

_ASKER = select(
    bindparam("chat_id", type_=BigInteger).label("chat_id"), bindparam("person_id", type_=BigInteger).label("person_id")
).subquery()

# A row for each agency that somebody acts for, or one without.
_KNOWN = (
    select(
        Contact.agency, Coordinator.person_id.label("coordinator"), Draft.kind.label("draft"),
        Conversation.topic, Conversation.agency.label("about"), Conversation.at,
    )
    .select_from(_ASKER)
    .outerjoin(Contact, Contact.person_id == _ASKER.c.person_id)
    .outerjoin(Coordinator, Coordinator.person_id == _ASKER.c.person_id)
    .outerjoin(Draft, Draft.person_id == _ASKER.c.person_id)
    .outerjoin(
        Conversation,
        and_(Conversation.chat_id == _ASKER.c.chat_id, Conversation.person_id == _ASKER.c.person_id),
    )
    .order_by(Contact.linked_at, Contact.agency)
)  # fmt: skip


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

    async def known(self, chat_id: int, person_id: int) -> Known:
        """What an answer to somebody in a chat depends on."""
        async with self._database.connection() as connection:
            rows = (await connection.execute(_KNOWN, {"chat_id": chat_id, "person_id": person_id})).all()
            agencies = tuple(row.agency for row in rows if row.agency is not None)
            due = await self._deadlines.of_in(connection, agencies[0] if len(agencies) == 1 else None)
        person = rows[0]
        return Known(
            agencies=agencies,
            is_coordinator=self._coordinators.is_named(person_id) or person.coordinator is not None,
            due_before=due,
            subject=self._conversations.still(person.topic, person.about, person.at) if person.topic else None,
            is_drafting=person.draft is not None,
        )

    async def record(self, chat_id: int, asked: Asked, subject: Subject | None) -> int:
        """Write down a question and what the chat is about from now on; returns the question's number."""
        async with self._database.writing_connection() as connection:
            number = await self._questions.record_in(connection, asked)
            if subject:
                await self._conversations.remember_in(connection, chat_id, asked.person_id, subject)
        return number
