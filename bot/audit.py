"""The audit log: who did what, when. Each entry is written in the transaction of the act itself."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.store.database import Database
from bot.store.ledger_tables import Act, AuditEntry


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who does something: their Telegram id, None for the command line, and their name."""

    id: int | None
    name: str | None


class Audit:
    """The log of acts."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def note(self, session: AsyncSession, act: Act, actor: Actor, agency: str | None = None, **detail: object) -> None:
        """Write down an act within the transaction that does it."""
        session.add(
            AuditEntry(
                at=self._clock.now(), act=act, person_id=actor.id, person_name=actor.name, agency=agency, detail=detail
            )
        )

    def note_once(self, session: AsyncSession, once: str, act: Act, actor: Actor, **detail: object) -> None:
        """Write down an act that several processes see; the database takes only the first with this `once`."""
        session.add(
            AuditEntry(
                at=self._clock.now(), act=act, person_id=actor.id, person_name=actor.name, detail=detail, once=once
            )
        )

    async def newest(
        self, agency: str | None, acts: Collection[Act], skipped: int, most: int
    ) -> tuple[list[AuditEntry], int]:
        """Some of the acts, newest first, and how many there are in all.

        Args:
            agency: of which agency; None for all.
            acts: of which kinds; none for all.
            skipped: how many newer ones to leave out.
            most: how many to return at most.
        """
        wanted = [AuditEntry.agency == agency] if agency else []
        wanted += [AuditEntry.act.in_(acts)] if acts else []
        query = select(AuditEntry).where(*wanted).order_by(AuditEntry.id.desc()).offset(skipped).limit(most)
        async with self._database.session() as session:
            count = await session.scalar(select(func.count()).select_from(AuditEntry).where(*wanted))
            return list(await session.scalars(query)), count or 0

    async def invited_by(self, invitations: Collection[int]) -> dict[int, AuditEntry]:
        """Who issued these invitations: the entry of each, by the invitation's number."""
        number = AuditEntry.detail["invitation"].as_integer()
        query = select(AuditEntry).where(AuditEntry.act == Act.INVITED, number.in_(invitations))
        async with self._database.session() as session:
            return {entry.detail["invitation"]: entry for entry in await session.scalars(query)}

    async def entries(self, agency: str | None = None) -> list[AuditEntry]:
        """The acts, oldest first; those of one agency only, if named."""
        query = select(AuditEntry).order_by(AuditEntry.id)
        if agency:
            query = query.where(AuditEntry.agency == agency)
        async with self._database.session() as session:
            return list(await session.scalars(query))
