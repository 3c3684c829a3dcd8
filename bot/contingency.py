"""The epidemic plan: whether it is in force, and switching to it and back. The records are added to, never changed."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit import Actor, Audit
from bot.clock import Clock
from bot.contacts import Contacts, Role, Words
from bot.coordinators import Coordinators
from bot.drafts import use_up
from bot.outbox import Outbox
from bot.store.database import Database
from bot.store.ledger_tables import Act
from bot.store.submission_tables import Switch

# The kind of draft in which a switch is prepared.
KIND = "contingency"


class Contingency:
    """Which of the two plans is in force."""

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

    async def newest(self) -> Switch | None:
        """The last switch; None if there never was one, and the main plan is in force."""
        async with self._database.session() as session:
            return await _newest(session)

    async def switch(
        self, actor: Actor, reason: str, concerned: Iterable[str], words: Words, *, contingency: bool
    ) -> bool:
        """Put the epidemic plan into force, or the main plan again, and tell those concerned, each once.

        Args:
            actor: who decides; their draft ends with it.
            reason: in words.
            concerned: the agencies whose contacts are told.
            words: what they are told, and the other coordinators.
            contingency: whether it is the epidemic plan.

        Returns:
            False if another tap has done it, or that plan is in force already.
        """
        if actor.id is None:
            return False
        async with self._database.writing() as session:
            before = await _newest(session)
            is_on = before is not None and before.contingency
            if not await use_up(session, actor.id, KIND) or is_on is contingency:
                return False
            now = self._clock.now()
            session.add(
                Switch(contingency=contingency, reason=reason, at=now, person_id=actor.id, person_name=actor.name)
            )
            act = Act.CONTINGENCY_ON if contingency else Act.CONTINGENCY_OFF
            self._audit.note(session, act, actor, reason=reason)
            await self._tell(session, actor, concerned, words)
        return True

    async def _tell(self, session: AsyncSession, actor: Actor, concerned: Iterable[str], words: Words) -> None:
        people = {
            contact.person_id: Role.CONTACT
            for agency in concerned
            for contact in await self._contacts.of_in(session, agency)
        }
        people |= dict.fromkeys(await self._coordinators.ids_in(session) - people.keys(), Role.COORDINATOR)
        for person_id, role in people.items():
            letter = words(role) if person_id != actor.id else None
            if letter:
                self._outbox.put(session, person_id, letter)


async def _newest(session: AsyncSession) -> Switch | None:
    return await session.scalar(select(Switch).order_by(Switch.id.desc()).limit(1))
