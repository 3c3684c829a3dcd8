"""The roster: agencies that were added to those of the pack, and the contacts who were invited by name."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit import Actor, Audit
from bot.clock import Clock
from bot.contacts import Contacts
from bot.invitations import Invitations, Issued
from bot.store.database import Database
from bot.store.ledger_tables import Act
from bot.store.people_tables import Invitation, RosterAgency
from bot.store.upsert import insert_once


@dataclass(frozen=True, slots=True)
class Listed:
    """An agency that a roster added."""

    id: str
    name: str
    level: str
    form: str


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody to be invited as an agency's contact."""

    agency: str
    name: str


class Uninvited(StrEnum):
    """Why somebody is not invited."""

    LINKED = "linked"  # a contact of that name acts for the agency
    INVITED = "invited"  # an invitation for that name can still be used


class Roster:
    """The agencies that rosters added."""

    def __init__(
        self, database: Database, clock: Clock, audit: Audit, contacts: Contacts, invitations: Invitations
    ) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self._contacts = contacts
        self._invitations = invitations

    async def mark(self) -> tuple[int, datetime | None]:
        """Differs whenever `all` does: an agency that was added never changes."""
        async with self._database.session() as session:
            count = await session.scalar(select(func.count()).select_from(RosterAgency))
            return count or 0, await session.scalar(select(func.max(RosterAgency.added_at)))

    async def all(self) -> list[Listed]:
        """Every agency that was added, oldest first."""
        query = select(RosterAgency).order_by(RosterAgency.added_at, RosterAgency.id)
        async with self._database.session() as session:
            return [Listed(row.id, row.name, row.level, row.form) for row in await session.scalars(query)]

    async def take_in(
        self, actor: Actor, agencies: Iterable[Listed], people: Iterable[Invitee]
    ) -> list[Issued | Uninvited]:
        """Add agencies and invite people, all of it or nothing.

        Returns:
            For each of the people, in order, the invitation or why there is none.
        """
        added: list[str] = []
        async with self._database.writing() as session:
            for one in agencies:
                values = {"name": one.name, "level": one.level, "form": one.form, "added_at": self._clock.now()}
                if await insert_once(session, RosterAgency, {"id": one.id}, **values):
                    added.append(one.id)
            outcomes = [await self._invite(session, actor, one) for one in people]
            invited = sum(isinstance(outcome, Issued) for outcome in outcomes)
            if added or invited:
                self._audit.note(session, Act.ROSTER_IMPORTED, actor, agencies=added, invited=invited)
        return outcomes

    async def _invite(self, session: AsyncSession, actor: Actor, person: Invitee) -> Issued | Uninvited:
        name = _as_said(person.name)
        if any(_as_said(contact.name or "") == name for contact in await self._contacts.of_in(session, person.agency)):
            return Uninvited.LINKED
        usable = await session.scalars(
            select(Invitation.invited_name).where(
                Invitation.agency == person.agency,
                Invitation.invited_name.is_not(None),
                Invitation.revoked_at.is_(None),
                Invitation.used < Invitation.uses,
                Invitation.expires_at > self._clock.now(),
            )
        )
        if any(_as_said(invited or "") == name for invited in usable):
            return Uninvited.INVITED
        return await self._invitations.issue_in(session, actor, person.agency, name=person.name)


def _as_said(name: str) -> str:
    """A name without what is only spelling."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
