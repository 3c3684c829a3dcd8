"""Drafts: what a person is in the middle of. A row, so that a restart or another replica goes on with the next tap."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.outbox import Letter, Outbox
from bot.store.database import Database
from bot.store.people_tables import Draft
from bot.store.upsert import insert_or_replace

# A draft that nobody has touched for so long is closed.
KEPT = timedelta(hours=24)


class Drafts:
    """The dialogues in progress; a person has one at a time."""

    def __init__(self, database: Database, clock: Clock, outbox: Outbox) -> None:
        self._database = database
        self._clock = clock
        self._outbox = outbox

    async def of(self, person_id: int) -> Draft | None:
        """What a person is in the middle of."""
        async with self._database.session() as session:
            return await session.get(Draft, person_id)

    async def keep(self, person_id: int, kind: str, data: Mapping[str, Any], message_id: int | None) -> None:
        """Keep what a person has given so far; it takes the place of any other draft of theirs.

        Args:
            person_id: whose.
            kind: of dialogue.
            data: what was given, as JSON can hold it.
            message_id: the card that shows it; None until there is one.
        """
        async with self._database.session() as session:
            draft = {"kind": kind, "data": dict(data), "message_id": message_id, "touched_at": self._clock.now()}
            await insert_or_replace(session, Draft, {"person_id": person_id, **draft})

    async def show_at(self, person_id: int, message_id: int) -> None:
        """Note which card shows the draft."""
        async with self._database.session() as session:
            await session.execute(update(Draft).where(Draft.person_id == person_id).values(message_id=message_id))

    async def drop(self, person_id: int) -> Draft | None:
        """End a person's draft and return it; None if there is none."""
        async with self._database.session() as session:
            dropped = await session.scalars(delete(Draft).where(Draft.person_id == person_id).returning(Draft))
            return dropped.one_or_none()

    async def drop_old(self, words: Callable[[Draft], Letter]) -> int:
        """End the drafts that nobody has touched for `KEPT`; each card says so.

        Args:
            words: what becomes of a draft's card.

        Returns:
            How many there were.
        """
        async with self._database.writing() as session:
            old = Draft.touched_at < self._clock.now() - KEPT
            dropped = list(await session.scalars(delete(Draft).where(old).returning(Draft)))
            for draft in dropped:
                self._outbox.put(session, draft.person_id, words(draft), replaces=draft.message_id)
        return len(dropped)

    async def all(self) -> list[Draft]:
        """Every draft there is."""
        async with self._database.session() as session:
            return list(await session.scalars(select(Draft)))


async def use_up(session: AsyncSession, person_id: int, kind: str) -> bool:
    """End a draft in the transaction of what it led to; False if another tap has done so."""
    ended = await session.execute(delete(Draft).where(Draft.person_id == person_id, Draft.kind == kind))
    return isinstance(ended, CursorResult) and ended.rowcount == 1
