"""Contacts: who acts for which agency, how they become one by an invitation, and how they cease to be."""

from collections.abc import Callable, Collection, Iterable
from enum import StrEnum

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit import Actor, Audit
from bot.clock import Clock
from bot.coordinators import Coordinators
from bot.outbox import Letter, Outbox
from bot.store.database import Database
from bot.store.ledger_tables import Act
from bot.store.people_tables import Contact, Invitation
from bot.store.upsert import insert_once


class Role(StrEnum):
    """To whom something is told that happened to an agency."""

    ACTOR = "actor"
    CONTACT = "contact"
    COORDINATOR = "coordinator"
    CARD = "card"  # coordinators, on the one card that a version has
    OLDER_CARD = "older-card"  # the same, where a newer version takes the place of this one


# The words for each role; None: they are told nothing.
Words = Callable[[Role], Letter | None]


class Contacts:
    """The people who act for agencies."""

    def __init__(
        self, database: Database, clock: Clock, outbox: Outbox, audit: Audit, coordinators: Coordinators
    ) -> None:
        self._database = database
        self._clock = clock
        self._outbox = outbox
        self._audit = audit
        self._coordinators = coordinators

    async def agencies_of(self, person_id: int) -> list[str]:
        """The agencies a person acts for, the longest linked first."""
        async with self._database.session() as session:
            found = await session.scalars(
                select(Contact.agency).where(Contact.person_id == person_id).order_by(Contact.linked_at, Contact.agency)
            )
            return list(found)

    async def of(self, agency: str) -> list[Contact]:
        """The people who act for an agency, the longest linked first."""
        async with self._database.session() as session:
            return await self.of_in(session, agency)

    async def of_in(self, session: AsyncSession, agency: str) -> list[Contact]:
        """The people who act for an agency, within a transaction."""
        query = select(Contact).where(Contact.agency == agency).order_by(Contact.linked_at, Contact.person_id)
        return list(await session.scalars(query))

    async def of_all_in(self, session: AsyncSession, agencies: Collection[str]) -> dict[str, list[Contact]]:
        """The people who act for each of some agencies, the longest linked first, within a transaction."""
        query = select(Contact).where(Contact.agency.in_(agencies)).order_by(Contact.linked_at, Contact.person_id)
        found: dict[str, list[Contact]] = {}
        for contact in await session.scalars(query):
            found.setdefault(contact.agency, []).append(contact)
        return found

    async def reached(self) -> frozenset[str]:
        """The agencies that somebody acts for."""
        async with self._database.session() as session:
            return frozenset(await session.scalars(select(Contact.agency).distinct()))

    async def link(self, person_id: int, agency: str, name: str | None = None) -> None:
        """Let a person act for an agency without an invitation; doing it again changes nothing."""
        async with self._database.session() as session:
            await self.link_in(session, person_id, agency, name)

    async def link_in(self, session: AsyncSession, person_id: int, agency: str, name: str | None) -> None:
        """Let a person act for an agency, within a transaction."""
        key = {"person_id": person_id, "agency": agency}
        await insert_once(session, Contact, key, linked_at=self._clock.now(), name=name)

    async def unlink(self, person: Actor, agency: str, words: Words) -> bool:
        """End a person's acting for an agency and tell the others; False if they do not act for it."""
        async with self._database.writing() as session:
            if person.id is None or not await self.unlink_in(session, person.id, agency):
                return False
            self._audit.note(session, Act.UNLINKED, person, agency)
            await self.tell(session, agency, words, besides=person.id)
        return True

    async def unlink_in(self, session: AsyncSession, person_id: int, agency: str) -> bool:
        """End a person's acting for an agency, and the codes they made for a successor, within a transaction."""
        handing_over = (Invitation.replaces == person_id) & (Invitation.agency == agency)
        await session.execute(
            update(Invitation)
            .where(handing_over, Invitation.revoked_at.is_(None), Invitation.used < Invitation.uses)
            .values(revoked_at=self._clock.now())
        )
        ended = await session.execute(delete(Contact).where(Contact.person_id == person_id, Contact.agency == agency))
        return isinstance(ended, CursorResult) and ended.rowcount == 1

    async def mute(self, person: Actor, agency: str, *, muted: bool) -> bool:
        """Let a person be reminded about an agency no more, or again; False if they do not act for it."""
        async with self._database.writing() as session:
            contact = await session.get(Contact, (person.id, agency))
            if contact is None:
                return False
            if (contact.muted_at is not None) != muted:
                contact.muted_at = self._clock.now() if muted else None
                self._audit.note(session, Act.MUTED if muted else Act.UNMUTED, person, agency)
        return True

    async def tell(self, session: AsyncSession, agency: str, words: Words, besides: int | None = None) -> None:
        """Tell an agency's contacts and the coordinators; see `tell_all`."""
        await self.tell_all(session, [agency], words, besides)

    async def tell_all(
        self, session: AsyncSession, agencies: Iterable[str], words: Words, besides: int | None = None
    ) -> None:
        """Tell the contacts of some agencies and the coordinators, each in the words for them, each once.

        Args:
            session: the transaction of what is told.
            agencies: whose contacts.
            words: what each role is told.
            besides: who is told otherwise.
        """
        told = {besides}
        people = [
            (contact.person_id, Role.CONTACT) for agency in agencies for contact in await self.of_in(session, agency)
        ]
        people += [(person, Role.COORDINATOR) for person in sorted(await self._coordinators.ids_in(session))]
        for person_id, role in people:
            letter = words(role) if person_id not in told else None
            if letter:
                self._outbox.put(session, person_id, letter)
                told.add(person_id)
