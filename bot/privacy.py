"""Privacy: what is stored about a person, and forgetting it on demand.

Records of official acts keep the agency and the time; the person is taken out of them.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from markupsafe import escape
from sqlalchemy import delete, func, or_, select, union, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit import Actor, Audit
from bot.clock import Clock
from bot.contacts import Contacts, Words
from bot.coordinators import Coordinators
from bot.store.database import Database
from bot.store.ledger_tables import Act, AuditEntry, Delivery, Failure, Outgoing
from bot.store.notice_tables import NoticeCard, NoticeRecipient, Subscriber
from bot.store.people_tables import Contact, Coordinator, Draft, Invitation, WrongCodes
from bot.store.reminder_tables import Digest
from bot.store.submission_tables import Version
from bot.store.tables import Conversation, Question
from bot.traces import TRACES, UNADDRESSED


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored about a person.

    Attributes:
        agencies: that they act for.
        coordinates: whether they coordinate.
        names: that are stored with them, the one they had then.
        questions: that still have their author.
        acts: entries of the audit log with their name.
        messages: in the ledger.
        draft: whether they are in the middle of something.
        subscribed: whether they want news.
        notices: that went to them.
    """

    agencies: tuple[str, ...]
    coordinates: bool
    names: tuple[str, ...]
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

            return Stored(
                agencies=tuple(agencies),
                coordinates=person_id in await self._coordinators.ids_in(session),
                names=tuple(sorted(await _names(session, person_id))),
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
        async with self._database.writing() as session:
            names = await _names(session, person_id)
            for agency in await session.scalars(select(Contact.agency).where(Contact.person_id == person_id)):
                await self._contacts.unlink_in(session, person_id, agency)
                self._audit.note(session, Act.UNLINKED, Actor(None, None), agency)
                if news := words.get(agency):
                    await self._contacts.tell(session, agency, news, besides=person_id)
            for table in (Draft, WrongCodes, Coordinator, Digest, Conversation, Subscriber):
                await session.execute(delete(table).where(table.person_id == person_id))
            await session.execute(delete(NoticeCard).where(NoticeCard.chat_id == person_id))
            asked = update(Question).where(Question.person_id == person_id)
            await session.execute(asked.values(person_id=None, text=None))
            for trace in TRACES:
                await session.execute(update(trace.table).where(trace.who == person_id).values(**trace.nobody))
            await session.execute(
                update(Outgoing)
                .where(Outgoing.chat_id == person_id, Outgoing.state == Delivery.WAITING)
                .values(state=Delivery.SKIPPED, reason=Failure.OUTDATED, ended_at=self._clock.now())
            )
            await session.execute(update(Outgoing).where(Outgoing.chat_id == person_id).values(**UNADDRESSED))
            await _unname(session, names)
            self._audit.note(session, Act.FORGOTTEN, Actor(None, None))
        await self._database.empty_log()


async def _names(session: AsyncSession, person_id: int) -> set[str]:
    """Every name that is stored with a person."""
    columns = [(trace.who, trace.name) for trace in TRACES if trace.name is not None]
    columns += [(table.person_id, table.name) for table in (Contact, Coordinator)]
    names = union(*(select(name).where(who == person_id) for who, name in columns))
    return {name for name in await session.scalars(names) if name}


async def _unname(session: AsyncSession, names: Collection[str]) -> None:
    """Take names out of what is kept under no number, or for others; in their chats the messages stay as they are."""
    if not names:
        return
    handed_in = (Version.person_id.is_(None)) & Version.person_name.in_(names)
    await session.execute(update(Version).where(handed_in).values(person_name=None))
    await session.execute(update(Invitation).where(Invitation.invited_name.in_(names)).values(invited_name=None))
    written = sorted((str(escape(name)) for name in names), key=len, reverse=True)
    naming = or_(*(Outgoing.html.contains(name, autoescape=True) for name in written))
    found = (await session.execute(select(Outgoing.id, Outgoing.html).where(naming))).all()
    for number, html in found:
        await session.execute(update(Outgoing).where(Outgoing.id == number).values(html=_without(html, written)))


def _without(html: str, names: Collection[str]) -> str:
    """A text without these names, where they are words of their own: an "An" does not spoil "anh" or "Toàn".

    Tags and entities are no words, though somebody may be called "b".
    """
    words = "|".join(f"{_edge(name[0])}{re.escape(name)}{_edge(name[-1])}" for name in names)
    pattern = re.compile(rf"(?P<name>{words})|<[^>]*>|&#?\w+;")
    return pattern.sub(lambda found: "…" if found["name"] else found[0], html)


def _edge(sign: str) -> str:
    """What has to be where a name begins or ends, so that it is no part of a longer word."""
    return r"\b" if sign.isalnum() else ""
