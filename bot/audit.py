"""The audit log: who did what, when. Each entry is written in the transaction of the act itself."""

from dataclasses import dataclass

from sqlalchemy import select
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

    async def entries(self, agency: str | None = None) -> list[AuditEntry]:
        """The acts, oldest first; those of one agency only, if named."""
        query = select(AuditEntry).order_by(AuditEntry.id)
        if agency:
            query = query.where(AuditEntry.agency == agency)
        async with self._database.session() as session:
            return list(await session.scalars(query))
