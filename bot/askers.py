"""Askers: what the records know of somebody who asks, and how their question ended; one transaction for each."""

from dataclasses import dataclass
from datetime import date

from bot.contacts import Contacts
from bot.conversations import Conversations, Subject
from bot.deadlines import Deadlines
from bot.questions import Ended, Questions
from bot.store.database import Database
from bot.submission_records import Standing
from bot.submissions import Submissions


@dataclass(frozen=True, slots=True)
class Known:
    """What the records know of somebody who asks.

    Attributes:
        agency: that they act for; None for nobody's contact, and for who serves several and has to say which one.
        subject: what they were just told here.
        due_before: the day before which the agency's report is due, or everybody's.
        standing: where the agency's submission stands.
    """

    agency: str | None
    subject: Subject | None
    due_before: date | None
    standing: Standing | None


class Askers:
    """The people who ask."""

    def __init__(
        self, database: Database, contacts: Contacts, conversations: Conversations, deadlines: Deadlines,
        submissions: Submissions, questions: Questions,
    ) -> None:  # fmt: skip
        self._database = database
        self._contacts = contacts
        self._conversations = conversations
        self._deadlines = deadlines
        self._submissions = submissions
        self._questions = questions

    async def known(self, chat_id: int, person_id: int) -> Known:
        """What an answer to somebody in a chat depends on."""
        async with self._database.session() as session:
            subject = await self._conversations.subject_in(session, chat_id, person_id)
            agencies = await self._contacts.agencies_of_in(session, person_id)
            if len(agencies) != 1:
                return Known(None, subject, await self._deadlines.of_in(session, None), None)
            standing = await self._submissions.standing_in(session, agencies[0])
            return Known(agencies[0], subject, standing.due_before, standing)

    async def record(self, chat_id: int, person_id: int, ended: Ended, subject: Subject | None) -> int:
        """Write down a question and what the chat is about from now on; returns the question's number."""
        async with self._database.session() as session:
            number = await self._questions.record_in(session, person_id, ended)
            if subject:
                await self._conversations.remember_in(session, chat_id, person_id, subject)
        return number
