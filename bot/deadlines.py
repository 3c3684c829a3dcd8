"""Deadlines: the plan's, and the later ones that a coordinator gave to one agency or to all."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit import Actor, Audit
from bot.clock import Clock
from bot.contacts import Contacts, Words
from bot.store.database import Database, Transaction
from bot.store.ledger_tables import Act
from bot.store.submission_tables import Extension
from bot.store.together import Together

_Newest = Select[str | None, date, datetime]


def _newest(concerns: ColumnElement[bool]) -> _Newest:
    """The newest decision for each agency."""
    newest = select(func.max(Extension.id)).where(concerns).group_by(Extension.agency)
    return select(Extension.agency, Extension.before, Extension.at).where(Extension.id.in_(newest))


_OF_ONE = _newest(or_(Extension.agency.is_(None), Extension.agency == bindparam("agency")))
_OF_SOME = _newest(or_(Extension.agency.is_(None), Extension.agency.in_(bindparam("agencies", expanding=True))))
_OF_ALL = _newest(true())


def days_late(before: date | None, day: date) -> int:
    """By how many days something due before `before` is late on a day; 0 in time, and where nothing is due."""
    return max(0, (day - before).days + 1) if before else 0


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline.

    Attributes:
        before: the day before which it is.
        since: when it was decided; None where it is the plan's.
    """

    before: date
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Dues:
    """What was decided so far.

    Attributes:
        planned: the day before which the plan wants every report; None where there is no plan.
        newest: the newest decision for each agency, and under None that for all.
    """

    planned: date | None
    newest: Mapping[str | None, Due]

    def decided(self, agency: str | None) -> Due | None:
        """An agency's deadline, and since when it is.

        For one agency and for all the newest decision counts, and of the two the later day; never less than the plan.
        """
        if self.planned is None:
            return None
        decided = [self.newest[one] for one in dict.fromkeys((None, agency)) if one in self.newest]
        return max([Due(self.planned, None), *decided], key=lambda due: due.before)

    def of(self, agency: str | None) -> date | None:
        """The day before which an agency's report is due."""
        due = self.decided(agency)
        return due.before if due else None


class Deadlines:
    """Until when each agency's report is in time.

    Args:
        planned: asks the plan in force for the day before which it wants it; None where there is no plan.
    """

    def __init__(
        self, database: Database, clock: Clock, audit: Audit, contacts: Contacts, planned: Callable[[], date | None]
    ) -> None:
        self._planned = planned
        self._database = database
        self._clock = clock
        self._audit = audit
        self._contacts = contacts
        self._of = Together(self._of_each)

    @property
    def planned(self) -> date | None:
        """The day before which the plan in force wants every report; None where there is no plan."""
        return self._planned()

    async def of(self, agency: str | None) -> date | None:
        """The day before which an agency's report is due; for None that of everybody."""
        return await self._of(agency)

    async def of_in(self, session: Transaction, agency: str | None) -> date | None:
        """The day before which an agency's report is due, within a transaction."""
        due = await self.due_in(session, agency)
        return due.before if due else None

    async def due_in(self, session: Transaction, agency: str | None) -> Due | None:
        """An agency's deadline and since when it is, within a transaction."""
        return (await self._dues(session, _OF_ONE, {"agency": agency})).decided(agency)

    async def all(self) -> Dues:
        """What was decided for every agency."""
        async with self._database.session() as session:
            return await self.all_in(session)

    async def all_in(self, session: AsyncSession) -> Dues:
        """What was decided for every agency, within a transaction."""
        return await self._dues(session, _OF_ALL, {})

    async def some_in(self, session: Transaction, agencies: Collection[str]) -> Dues:
        """What was decided for some agencies and for all, within a transaction."""
        return await self._dues(session, _OF_SOME, {"agencies": list(agencies)})

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

    async def _of_each(self, agencies: Sequence[str | None]) -> list[date | None]:
        async with self._database.connection() as connection:
            dues = await self.some_in(connection, {agency for agency in agencies if agency})
        return [dues.of(agency) for agency in agencies]

    async def _dues(self, session: Transaction, query: _Newest, values: Mapping[str, object]) -> Dues:
        found = await session.execute(query, dict(values))
        return Dues(self.planned, {row.agency: Due(row.before, row.at) for row in found})
