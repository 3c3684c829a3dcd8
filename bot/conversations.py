"""What a chat was just about, for as long as a follow-up question can mean it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.store.database import Database
from bot.store.tables import Conversation
from bot.store.upsert import insert_or_replace_all

# After this long a question is taken to be a new one.
REMEMBERED = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Subject:
    """A topic, and the agency it was about."""

    topic: str
    agency: str | None


class Place(NamedTuple):
    """Somebody in a chat."""

    chat_id: int
    person_id: int


class Conversations:
    """The last subject of each person in each chat."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def subject(self, chat_id: int, person_id: int) -> Subject | None:
        """What this person was just told here; None if nothing, or too long ago."""
        place = Place(chat_id, person_id)
        async with self._database.session() as session:
            return (await self.subjects_in(session, [place])).get(place)

    async def subjects_in(self, session: AsyncSession, places: Collection[Place]) -> dict[Place, Subject]:
        """What each of some people was just told in a chat, within a transaction."""
        chats, people = {place.chat_id for place in places}, {place.person_id for place in places}
        query = select(
            Conversation.chat_id, Conversation.person_id, Conversation.topic, Conversation.agency
        ).where(
            Conversation.chat_id.in_(chats),
            Conversation.person_id.in_(people),
            Conversation.at >= self._clock.now() - REMEMBERED,
        )  # fmt: skip
        return {
            Place(chat_id, person_id): Subject(topic, agency)
            for chat_id, person_id, topic, agency in await session.execute(query)
        }

    async def remember(self, chat_id: int, person_id: int, subject: Subject) -> None:
        """Take this as what the chat is about."""
        async with self._database.session() as session:
            await self.remember_in(session, {Place(chat_id, person_id): subject})

    async def remember_in(self, session: AsyncSession, subjects: Mapping[Place, Subject]) -> None:
        """Take these as what the chats are about, within a transaction."""
        about = [
            {**place._asdict(), "topic": subject.topic, "agency": subject.agency, "at": self._clock.now()}
            for place, subject in subjects.items()
        ]
        if about:
            await insert_or_replace_all(session, Conversation, Place._fields, about)

    async def forget_old(self) -> None:
        """Forget what no follow-up can mean any more."""
        async with self._database.session() as session:
            await session.execute(delete(Conversation).where(Conversation.at < self._clock.now() - REMEMBERED))
