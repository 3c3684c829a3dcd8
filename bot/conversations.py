"""What a chat was just about, for as long as a follow-up question can mean it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete

from bot.clock import Clock
from bot.store.database import Database, Transaction
from bot.store.tables import Conversation
from bot.store.upsert import insert_or_replace

# After this long a question is taken to be a new one.
REMEMBERED = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Subject:
    """A topic, and the agency it was about."""

    topic: str
    agency: str | None


class Conversations:
    """The last subject of each person in each chat."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def subject(self, chat_id: int, person_id: int) -> Subject | None:
        """What this person was just told here; None if nothing, or too long ago."""
        async with self._database.session() as session:
            row = await session.get(Conversation, (chat_id, person_id))
            return self.still(row.topic, row.agency, row.at) if row else None

    def still(self, topic: str, agency: str | None, at: datetime) -> Subject | None:
        """What was told at that moment, unless that is too long ago."""
        return Subject(topic, agency) if self._clock.now() - at <= REMEMBERED else None

    async def remember(self, chat_id: int, person_id: int, subject: Subject) -> None:
        """Take this as what the chat is about."""
        async with self._database.session() as session:
            await self.remember_in(session, chat_id, person_id, subject)

    async def remember_in(self, session: Transaction, chat_id: int, person_id: int, subject: Subject) -> None:
        """Take this as what the chat is about, within a transaction."""
        key = {"chat_id": chat_id, "person_id": person_id}
        values = {"topic": subject.topic, "agency": subject.agency, "at": self._clock.now()}
        await insert_or_replace(session, Conversation, key, **values)

    async def forget_old(self) -> None:
        """Forget what no follow-up can mean any more."""
        async with self._database.session() as session:
            await session.execute(delete(Conversation).where(Conversation.at < self._clock.now() - REMEMBERED))
