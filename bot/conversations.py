"""What a chat was just about, for as long as a follow-up question can mean it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

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


class Told(NamedTuple):
    """What a person was told in a chat."""

    chat_id: int
    person_id: int
    subject: Subject


class Conversations:
    """The last subject of each person in each chat."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def still(self, topic: str, agency: str | None, at: datetime) -> Subject | None:
        """What was told at that moment, unless that is too long ago."""
        return Subject(topic, agency) if self._clock.now() - at <= REMEMBERED else None

    async def remember(self, chat_id: int, person_id: int, subject: Subject) -> None:
        """Take this as what the chat is about."""
        async with self._database.session() as session:
            await self.remember_in(session, [Told(chat_id, person_id, subject)])

    async def remember_in(self, session: Transaction, told: Sequence[Told]) -> None:
        """Take this as what chats are about, within a transaction."""
        now = self._clock.now()
        rows = [
            {"chat_id": chat, "person_id": person, "topic": subject.topic, "agency": subject.agency, "at": now}
            for chat, person, subject in told
        ]
        await insert_or_replace(session, Conversation, *rows)

    async def forget_old(self) -> None:
        """Forget what no follow-up can mean any more."""
        async with self._database.session() as session:
            await session.execute(delete(Conversation).where(Conversation.at < self._clock.now() - REMEMBERED))
