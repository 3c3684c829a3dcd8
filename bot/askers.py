"""Askers: what the records know of somebody who asks, and how their question ended.

Both are needed with every question, so what is asked at the same time goes through the database together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from bot.contacts import Contacts
from bot.conversations import Conversations, Place, Subject
from bot.deadlines import Deadlines
from bot.drafts import Drafts
from bot.questions import Asked, Questions
from bot.store.database import Database
from bot.together import Together


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


class _Ended(NamedTuple):
    """A question that has ended, and what its chat is about from now on."""

    place: Place
    asked: Asked
    subject: Subject | None


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
        self._look_up = Together(self._known)
        self._write = Together(self._record)

    async def known(self, chat_id: int, person_id: int) -> Known:
        """What an answer to somebody in a chat depends on."""
        return await self._look_up(Place(chat_id, person_id))

    async def record(self, chat_id: int, asked: Asked, subject: Subject | None) -> int:
        """Write down a question and what the chat is about from now on; returns the question's number."""
        return await self._write(_Ended(Place(chat_id, asked.person_id), asked, subject))

    async def _known(self, places: Sequence[Place]) -> list[Known]:
        people = {place.person_id for place in places}
        async with self._database.session() as session:
            agencies = await self._contacts.agencies_of_in(session, people)
            # Who serves several is asked which one is meant.
            only = {person: own[0] for person, own in agencies.items() if len(own) == 1}
            dues = await self._deadlines.some_in(session, set(only.values()))
            subjects = await self._conversations.subjects_in(session, places)
            drafting = await self._drafts.begun_in(session, people)
        return [
            Known(
                agency=only.get(place.person_id),
                due_before=dues.of(only.get(place.person_id)),
                subject=subjects.get(place),
                is_drafting=place.person_id in drafting,
            )
            for place in places
        ]

    async def _record(self, ended: Sequence[_Ended]) -> Sequence[int]:
        subjects = {one.place: one.subject for one in ended if one.subject}
        async with self._database.session() as session:
            numbers = await self._questions.record_in(session, [one.asked for one in ended])
            await self._conversations.remember_in(session, subjects)
        return numbers
