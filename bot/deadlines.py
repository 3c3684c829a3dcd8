"""Deadlines: the plan's, and the later ones that a coordinator gave to one agency or to all."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit import Actor, Audit
from bot.clock import Clock
from bot.contacts import Contacts, Words
from bot.store.database import Database
from bot.store.ledger_tables import Act
from bot.store.submission_tables import Extension


class Deadlines:
    """Until when each agency's report is in time.

    Args:
        planned: the day before which the plan wants it; None where there is no plan.
    """

    def __init__(
        self, database: Database, clock: Clock, audit: Audit, contacts: Contacts, planned: date | None
    ) -> None:
        self.planned = planned
        self._database = database
        self._clock = clock
        self._audit = audit
        self._contacts = contacts

    async def of(self, agency: str | None) -> date | None:
        """The day before which an agency's report is due; for None that of everybody."""
        async with self._database.session() as session:
            return await self.of_in(session, agency)

    async def of_in(self, session: AsyncSession, agency: str | None) -> date | None:
        """The day before which an agency's report is due, within a transaction.

        For one agency and for all the newest decision counts, and of the two the later day; never less than the plan.
        """
        if self.planned is None:
            return None
        found = await session.scalars(
            select(Extension).where(or_(Extension.agency.is_(None), Extension.agency == agency)).order_by(Extension.id)
        )
        newest = {extension.agency: extension.before for extension in found}
        return max(self.planned, *newest.values()) if newest else self.planned

    async def extend(
        self, actor: Actor, agency: str | None, before: date, reason: str, concerned: Iterable[str], words: Words
    ) -> None:
        """Give an agency, or all, until the day before `before`, and tell those concerned and the other coordinators.

        Args:
            actor: who decides.
            agency: None for all.
            before: the first day that is too late.
            reason: in words.
            concerned: the agencies whose contacts are told.
            words: what they are told.
        """
        async with self._database.writing() as session:
            self.extend_in(session, actor, agency, before, reason)
            await self._contacts.tell_all(session, concerned, words, besides=actor.id)

    def extend_in(self, session: AsyncSession, actor: Actor, agency: str | None, before: date, reason: str) -> None:
        """Give an agency, or all, a later deadline, within a transaction."""
        session.add(
            Extension(
                agency=agency, before=before, reason=reason, at=self._clock.now(), person_id=actor.id,
                person_name=actor.name,
            )
        )  # fmt: skip
        self._audit.note(session, Act.EXTENDED, actor, agency, before=before.isoformat(), reason=reason)
