"""The coordinators' morning digest: one message, once a day and coordinator, if something has changed."""

from collections.abc import Callable, Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.coordinators import Coordinators
from bot.outbox import Letter, Outbox
from bot.store.database import Database
from bot.store.ledger_tables import Act, AuditEntry
from bot.store.reminder_tables import Digest

# The words of a digest, given what happened since the last one.
DigestWords = Callable[[Sequence[AuditEntry]], Letter]


class Digests:
    """Tells coordinators what is new."""

    def __init__(self, database: Database, clock: Clock, outbox: Outbox, coordinators: Coordinators) -> None:
        self._database = database
        self._clock = clock
        self._outbox = outbox
        self._coordinators = coordinators

    async def awaited(self, *, morning: bool) -> bool:
        """Whether a coordinator is new or, if digests leave now, has not had the day's."""
        async with self._database.session() as session:
            return bool(await self._awaiting(session, morning=morning))

    async def send(
        self, figures: dict[str, int], words: DigestWords, *, news: Collection[Act], eventful: bool, morning: bool
    ) -> None:
        """Tell those who wait for it what has changed since they were told last.

        Who became a coordinator a moment ago is told from now on, beginning with the next day.

        Args:
            figures: the counts as they stand; that one of them changed is news, too.
            words: of the digest.
            news: the acts that it tells of.
            eventful: whether there is something else to tell on this day.
            morning: whether digests leave now.
        """
        today = self._clock.today()
        async with self._database.writing() as session:
            newest = await session.scalar(select(func.max(AuditEntry.id))) or 0
            for person_id in await self._awaiting(session, morning=morning):
                digest = await session.get(Digest, person_id)
                if digest is None:
                    session.add(Digest(person_id=person_id, day=today, seen=newest, figures=figures))
                    continue
                digest.day = today
                since = select(AuditEntry).where(AuditEntry.id > digest.seen, AuditEntry.act.in_(list(news)))
                entries = list(await session.scalars(since.order_by(AuditEntry.id)))
                if eventful or entries or digest.figures != figures:
                    digest.seen, digest.figures = newest, figures
                    self._outbox.put(session, person_id, words(entries))

    async def _awaiting(self, session: AsyncSession, *, morning: bool) -> list[int]:
        told = {digest.person_id: digest.day for digest in await session.scalars(select(Digest))}
        today = self._clock.today()
        everybody = sorted(await self._coordinators.ids_in(session))
        return [one for one in everybody if one not in told or (morning and told[one] < today)]
