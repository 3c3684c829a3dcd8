"""Invitations: codes that make their bearer an agency's contact, or a coordinator.

A code has 100 random bits and is kept as a hash only. It expires, can be revoked, and works for as many people as was
said. Whoever tries wrong ones has to wait, longer each time.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit import Actor, Audit
from bot.clock import Clock
from bot.contacts import Contacts, Words
from bot.coordinators import Coordinators
from bot.outbox import Outbox
from bot.store.database import Database
from bot.store.ledger_tables import Act
from bot.store.people_tables import Contact, Coordinator, Invitation, WrongCodes
from bot.store.upsert import insert_once, insert_or_replace

VALID = timedelta(days=7)

# Letters and digits that are not taken for one another when read out: no I, L, O, U.
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("ILO", "110")
_LENGTH = 20
_GROUP = 5

# Wrong codes that cost nothing; after that each doubles the wait.
_FREE_TRIES = 5
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=24)


class Refusal(StrEnum):
    """Why a code does not work."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"
    REVOKED = "revoked"
    WAIT = "wait"


class InvitationError(Exception):
    """A code does not work.

    Attributes:
        refusal: why.
        until: when the next try is heard, after too many wrong ones.
    """

    def __init__(self, refusal: Refusal, until: datetime | None = None) -> None:
        super().__init__(refusal)
        self.refusal = refusal
        self.until = until


@dataclass(frozen=True, slots=True)
class Issued:
    """A new invitation, and its code, which nobody can find out again."""

    id: int
    code: str = field(repr=False)
    expires_at: datetime
    uses: int

    @property
    def spelled(self) -> str:
        """The code in groups, to be read out."""
        return "-".join(self.code[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def read_code(text: str) -> str | None:
    """The code in what somebody typed: any case, with or without hyphens or spaces; None if it has another form."""
    joined = re.sub(r"[\s-]", "", text).upper().translate(_MISREAD)
    return joined if len(joined) == _LENGTH and set(joined) <= set(_SIGNS) else None


class Invitations:
    """The invitations there are."""

    def __init__(
        self, database: Database, clock: Clock, outbox: Outbox, audit: Audit, contacts: Contacts,
        coordinators: Coordinators,
    ) -> None:  # fmt: skip
        self._database = database
        self._clock = clock
        self._outbox = outbox
        self._audit = audit
        self._contacts = contacts
        self._coordinators = coordinators

    async def issue(
        self, actor: Actor, agency: str | None, *, uses: int = 1, valid: timedelta = VALID, replaces: int | None = None
    ) -> Issued:
        """Make a code; see `issue_in`."""
        async with self._database.writing() as session:
            return await self.issue_in(session, actor, agency, uses=uses, valid=valid, replaces=replaces)

    async def issue_in(
        self, session: AsyncSession, actor: Actor, agency: str | None, *, uses: int = 1, valid: timedelta = VALID,
        replaces: int | None = None, name: str | None = None,
    ) -> Issued:  # fmt: skip
        """Make a code, within a transaction.

        Args:
            session: the transaction.
            actor: who invites.
            agency: whose contact it makes; None: a coordinator.
            uses: for how many people.
            valid: for how long.
            replaces: the contact who hands over to whoever uses it.
            name: for whom it is made, if that was said.
        """
        code = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
        now = self._clock.now()
        invitation = Invitation(
            code_hash=_hashed(code), agency=agency, created_at=now, created_by=actor.id, expires_at=now + valid,
            uses=uses, used=0, replaces=replaces, invited_name=name,
        )  # fmt: skip
        session.add(invitation)
        await session.flush()
        self._audit.note(session, Act.INVITED, actor, agency, invitation=invitation.id, uses=uses)
        return Issued(invitation.id, code, invitation.expires_at, uses)

    async def look_up(self, person_id: int, code: str) -> Invitation:
        """The invitation that a code stands for.

        Raises:
            InvitationError: it does not work, or this person has to wait after wrong ones.
        """
        async with self._database.writing() as session:
            wrong = await session.get(WrongCodes, person_id)
            now = self._clock.now()
            if wrong and (until := wrong.last_at + _wait(wrong.count)) > now:
                raise InvitationError(Refusal.WAIT, until)
            found = await session.scalar(select(Invitation).where(Invitation.code_hash == _hashed(code)))
            if found is None:
                count = wrong.count + 1 if wrong else 1
                await insert_or_replace(session, WrongCodes, {"person_id": person_id, "count": count, "last_at": now})
            else:
                # A code that works no more does not count as wrong, but does not wipe out wrong ones either.
                self._check(found)
                await session.execute(delete(WrongCodes).where(WrongCodes.person_id == person_id))
        if found is None:
            raise InvitationError(Refusal.UNKNOWN)
        return found

    async def get(self, invitation_id: int) -> Invitation | None:
        """An invitation by its number."""
        async with self._database.session() as session:
            return await session.get(Invitation, invitation_id)

    async def accept(self, invitation_id: int, person: Actor, words: Words) -> Invitation:
        """Make a person what the invitation says, and tell those concerned.

        Accepting what one is already does not use the invitation up.

        Raises:
            InvitationError: it does not work any more.
        """
        async with self._database.writing() as session:
            invitation = await session.get(Invitation, invitation_id)
            if invitation is None or person.id is None:
                raise InvitationError(Refusal.UNKNOWN)
            if await self._is_already(session, person.id, invitation.agency):
                return invitation
            self._check(invitation)
            taken = await session.execute(
                update(Invitation)
                .where(Invitation.id == invitation_id, Invitation.used < Invitation.uses)
                .values(used=Invitation.used + 1, invited_name=None)
            )
            if not isinstance(taken, CursorResult) or taken.rowcount != 1:
                raise InvitationError(Refusal.USED)
            if invitation.agency is None:
                key = {"person_id": person.id}
                name = person.name or ""
                await insert_once(session, Coordinator, key, name=name, since=self._clock.now())
                self._audit.note(session, Act.COORDINATOR_ADDED, person, invitation=invitation.id)
                await self._contacts.tell(session, "", words, besides=person.id)
            else:
                await self._contacts.link_in(session, person.id, invitation.agency, person.name)
                self._audit.note(session, Act.LINKED, person, invitation.agency, invitation=invitation.id)
                await self._contacts.tell(session, invitation.agency, words, besides=person.id)
                await self._hand_over(session, invitation, person)
        return invitation

    async def revoke(self, invitation_id: int, actor: Actor) -> bool:
        """Make a code worthless; False if it could not be used any more, anyway."""
        async with self._database.writing() as session:
            revoked = await session.scalar(
                update(Invitation)
                .where(
                    Invitation.id == invitation_id,
                    Invitation.revoked_at.is_(None),
                    Invitation.used < Invitation.uses,
                    Invitation.expires_at > self._clock.now(),
                )
                .values(revoked_at=self._clock.now(), invited_name=None)
                .returning(Invitation)
            )
            if revoked is None:
                return False
            self._audit.note(session, Act.REVOKED, actor, revoked.agency, invitation=revoked.id)
        return True

    async def _hand_over(self, session: AsyncSession, invitation: Invitation, successor: Actor) -> None:
        """Let the predecessor go, if they hand over; they were told with the other contacts."""
        before, agency = invitation.replaces, invitation.agency
        if before is None or agency is None or before == successor.id:
            return
        contact = await session.get(Contact, (before, agency))
        predecessor = contact.name if contact else None
        if await self._contacts.unlink_in(session, before, agency):
            self._audit.note(session, Act.HANDED_OVER, Actor(before, predecessor), agency)

    async def _is_already(self, session: AsyncSession, person_id: int, agency: str | None) -> bool:
        if agency is None:
            return person_id in await self._coordinators.ids_in(session)
        return await session.get(Contact, (person_id, agency)) is not None

    def _check(self, invitation: Invitation) -> None:
        if invitation.revoked_at:
            raise InvitationError(Refusal.REVOKED)
        if invitation.used >= invitation.uses:
            raise InvitationError(Refusal.USED)
        if invitation.expires_at <= self._clock.now():
            raise InvitationError(Refusal.EXPIRED)


def _hashed(code: str) -> str:
    # A code is random through and through, so that a plain hash tells nothing and salt would add nothing.
    return hashlib.sha256(code.encode()).hexdigest()


def _wait(wrong: int) -> timedelta:
    """How long to wait after so many wrong codes."""
    doubled = max(0, wrong - _FREE_TRIES)
    if not doubled:
        return timedelta(0)
    return min(_FIRST_WAIT * (1 << min(doubled - 1, 12)), _LONGEST_WAIT)
