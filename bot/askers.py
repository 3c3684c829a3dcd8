"""Askers: what the records know of somebody who asks, and how their question ended; one transaction for each.

Both are done with every question. So they go without mapped objects, and their statements are made once: each of these
costs more than what the database does.
"""

from dataclasses import dataclass
from datetime import date

from bot.contacts import Contacts
from bot.conversations import Conversations, Subject
from bot.deadlines import Deadlines
from bot.drafts import Drafts
from bot.questions import Asked, Questions
from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Known:
    """What the records know of somebody who asks.

    Attributes:
        agency: that they act for; None for nobody's contact, and for who serves several and has to say which one.
        due_before: the day before which the agency's report is due, or everybody's.
        subject: what they were just told here.
        is_drafting: whether they are in the middle of a dialogue.
    """

    agency: str | None
    due_before: date | None
    subject: Subject | None
    is_drafting: bool


class Askers:
    """The people who ask."""

    def __init__(
        self, database: Database, contacts: Contacts, deadlines: Deadlines, conversations: Conversations,
        drafts: Drafts, questions: Questions,
    ) -> None:  # fmt: skip
        self._database = database
        self._contacts = contacts
        self._deadlines = deadlines
        self._conversations = conversations
        self._drafts = drafts
        self._questions = questions

    async def known(self, chat_id: int, person_id: int) -> Known:
        """What an answer to somebody in a chat depends on."""
        async with self._database.connection() as connection:
            agencies = await self._contacts.agencies_of_in(connection, person_id)
            agency = agencies[0] if len(agencies) == 1 else None
            return Known(
                agency=agency,
                due_before=await self._deadlines.of_in(connection, agency),
                subject=await self._conversations.subject_in(connection, chat_id, person_id),
                is_drafting=await self._drafts.any_in(connection, person_id),
            )

    async def record(self, chat_id: int, asked: Asked, subject: Subject | None) -> int:
        """Write down a question and what the chat is about from now on; returns the question's number."""
        async with self._database.writing_connection() as connection:
            number = await self._questions.record_in(connection, asked)
            if subject:
                await self._conversations.remember_in(connection, chat_id, asked.person_id, subject)
        return number
