"""Privacy: what is stored about a person, and forgetting it on demand.

Records of official acts keep the agency and the time; the person is taken out of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import escape
from sqlalchemy import delete, func, select, union, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit import Actor, Audit
from bot.clock import Clock
from bot.contacts import Contacts, Words
from bot.coordinators import Coordinators
from bot.store.database import Database
from bot.store.ledger_tables import Act, AuditEntry, Delivery, Failure, Outgoing
from bot.store.notice_tables import Notice, NoticeCard, NoticeRecipient, NoticeText, Subscriber
from bot.store.people_tables import Contact, Coordinator, Draft, Invitation, WrongCodes
from bot.store.reminder_tables import Digest
from bot.store.submission_tables import Extension, Step, Switch, Version
from bot.store.tables import Conversation, Phrasing, Question, Settlement


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored about a person.

    Attributes:
        agencies: that they act for.
        coordinates: whether they coordinate.
        name: as it stands with them; None where no name is stored.
        questions: that still have their author.
        acts: entries of the audit log with their name.
        messages: in the ledger.
        draft: whether they are in the middle of something.
        subscribed: whether they want news.
        notices: that went to them.
    """

    agencies: tuple[str, ...]
    coordinates: bool
    name: str | None
    questions: int
    acts: int
    messages: int
    draft: bool
    subscribed: bool
    notices: int


class Privacy:
    """Looks up and deletes what is stored about people."""

    def __init__(
        self, database: Database, clock: Clock, audit: Audit, contacts: Contacts, coordinators: Coordinators
    ) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self._contacts = contacts
        self._coordinators = coordinators

    async def stored(self, person_id: int) -> Stored:
        """What is stored about a person."""
        agencies = await self._contacts.agencies_of(person_id)
        async with self._database.session() as session:

            async def count(condition: object) -> int:
                return await session.scalar(select(func.count()).where(condition)) or 0  # type: ignore[arg-type]

            named = (
                select(AuditEntry.person_name).where(AuditEntry.person_id == person_id).order_by(AuditEntry.id.desc())
            )
            return Stored(
                agencies=tuple(agencies),
                coordinates=person_id in await self._coordinators.ids_in(session),
                name=await session.scalar(named.limit(1)),
                questions=await count(Question.person_id == person_id),
                acts=await count(AuditEntry.person_id == person_id),
                messages=await count(Outgoing.chat_id == person_id),
                draft=await session.get(Draft, person_id) is not None,
                subscribed=await session.get(Subscriber, person_id) is not None,
                notices=await count(NoticeRecipient.person_id == person_id),
            )

    async def forget(self, person_id: int, words: Mapping[str, Words]) -> None:
        """Forget a person; the agencies they acted for and the coordinators are told.

        Args:
            person_id: whom.
            words: for each agency that loses this contact, what the others are told, without naming the person.
        """
        nobody = {"person_id": None, "person_name": None}
        async with self._database.writing() as session:
            await _unname(session, await _names(session, person_id))
            for agency in await session.scalars(select(Contact.agency).where(Contact.person_id == person_id)):
                await self._contacts.unlink_in(session, person_id, agency)
                self._audit.note(session, Act.UNLINKED, Actor(None, None), agency)
                if news := words.get(agency):
                    await self._contacts.tell(session, agency, news, besides=person_id)
            for table in (Draft, WrongCodes, Coordinator, Digest, Conversation, Subscriber):
                await session.execute(delete(table).where(table.person_id == person_id))
            await session.execute(update(Question).where(Question.person_id == person_id).values(person_id=None))
            for acts in (AuditEntry, Step, Version, Extension, Switch):
                await session.execute(update(acts).where(acts.person_id == person_id).values(**nobody))
            await session.execute(
                update(NoticeRecipient).where(NoticeRecipient.person_id == person_id).values(person_id=None, name=None)
            )
            await session.execute(delete(NoticeCard).where(NoticeCard.chat_id == person_id))
            await session.execute(
                update(Version).where(Version.recorded_by == person_id).values(recorded_by=None, recorded_by_name=None)
            )
            written = (Notice.created_by, NoticeText.by)
            named = (Invitation.created_by, Invitation.replaces, Phrasing.added_by, Settlement.settled_by)
            for column in (*named, *written):
                await session.execute(update(column.class_).where(column == person_id).values({column.key: None}))
            await session.execute(
                update(Outgoing)
                .where(Outgoing.chat_id == person_id, Outgoing.state == Delivery.WAITING)
                .values(state=Delivery.SKIPPED, reason=Failure.OUTDATED, ended_at=self._clock.now())
            )
            # That something was sent stays in the ledger; to whom, what and about what does not.
            nothing = {"chat_id": 0, "html": "", "buttons": [], "subject": None, "file_id": None, "file_kind": None}
            await session.execute(update(Outgoing).where(Outgoing.chat_id == person_id).values(nothing))
            self._audit.note(session, Act.FORGOTTEN, Actor(None, None))


async def _names(session: AsyncSession, person_id: int) -> set[str]:
    """Every name that is stored with a person."""
    names = union(
        *(select(table.person_name).where(table.person_id == person_id) for table in (AuditEntry, Step, Version)),
        select(Version.recorded_by_name).where(Version.recorded_by == person_id),
        *(select(table.name).where(table.person_id == person_id) for table in (Contact, Coordinator, NoticeRecipient)),
    )
    return {name for name in await session.scalars(names) if name}


async def _unname(session: AsyncSession, names: Iterable[str]) -> None:
    """Take names out of what the ledger holds for others; in their chats the messages stay as they are."""
    for name in names:
        html = str(escape(name))
        await session.execute(
            update(Outgoing)
            .where(Outgoing.html.contains(html, autoescape=True))
            .values(html=func.replace(Outgoing.html, html, "…"))
        )
