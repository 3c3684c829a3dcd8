"""Notices: said once, to many. Whom one goes to is frozen as rows of the ledger, in one transaction with its start.

There is one row for each recipient and version, so that those planned are at every moment those that wait, were sent,
failed, are uncertain or were skipped.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import CursorResult, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audiences import Audiences, Forms
from bot.audit import Actor, Audit
from bot.clock import Clock
from bot.drafts import use_up
from bot.notice_ledger import NoticeOvertakenError, NoticeWords, Progress, Said, message, of_version, progress_of, put
from bot.outbox import Outbox
from bot.store.database import Database
from bot.store.ledger_tables import Act, Delivery, Failure, Outgoing
from bot.store.notice_tables import Audience, Notice, NoticeCard, NoticeRecipient, NoticeState, NoticeText
from bot.store.upsert import insert_or_replace

# The kind of draft in which a notice is written.
DRAFT = "notice"


class Notices:
    """The notices, and sending them."""

    def __init__(self, database: Database, clock: Clock, outbox: Outbox, audit: Audit, audiences: Audiences) -> None:
        self._database = database
        self._clock = clock
        self._outbox = outbox
        self._audit = audit
        self._audiences = audiences

    async def get(self, notice_id: int) -> Notice | None:
        """A notice by its number."""
        async with self._database.session() as session:
            return await session.get(Notice, notice_id)

    async def newest(self, count: int, offset: int) -> list[tuple[Notice, NoticeText]]:
        """Notices with what they say now, the newest first."""
        now = (NoticeText.notice_id == Notice.id) & (NoticeText.version == Notice.version)
        query = select(Notice, NoticeText).join(NoticeText, now).order_by(Notice.id.desc()).limit(count).offset(offset)
        async with self._database.session() as session:
            return [(notice, said) for notice, said in await session.execute(query)]

    async def text(self, notice: Notice) -> NoticeText:
        """What a notice says now."""
        async with self._database.session() as session:
            return await session.get_one(NoticeText, (notice.id, notice.version))

    async def send(
        self, actor: Actor, said: Said, audience: Audience, chosen: Collection[str], forms: Forms, words: NoticeWords,
        card: int, at: datetime | None = None,
    ) -> Notice:  # fmt: skip
        """Send what the actor's draft holds, or plan to.

        Args:
            actor: the coordinator.
            said: what it says.
            audience: whom it is for.
            chosen: the agencies, where they were chosen one by one.
            forms: the agencies there are.
            words: how it is shown.
            card: the message in the actor's chat that shows how it goes.
            at: when; None for now.

        Raises:
            NoticeOvertakenError: another tap has sent it.
        """
        async with self._database.writing() as session:
            if actor.id is None or not await use_up(session, actor.id, DRAFT):
                raise NoticeOvertakenError(None)
            notice = Notice(
                state=NoticeState.SCHEDULED if at else NoticeState.SENDING, version=1, audience=audience,
                agencies=sorted(chosen), created_at=self._clock.now(), created_by=actor.id, scheduled_for=at,
            )  # fmt: skip
            session.add(notice)
            await session.flush()
            await self.keep_text(session, actor, notice, said)
            session.add(NoticeCard(notice_id=notice.id, chat_id=actor.id, message_id=card, is_final=False))
            act = Act.NOTICE_SCHEDULED if at else Act.NOTICE_SENT
            self._audit.note(session, act, actor, notice=notice.id, audience=str(audience))
            if at is None:
                await self._freeze(session, notice, said, forms, words)
        return notice

    async def due(self) -> list[int]:
        """The scheduled notices whose moment has come."""
        async with self._database.session() as session:
            coming = (Notice.state == NoticeState.SCHEDULED) & (Notice.scheduled_for <= self._clock.now())
            return list(await session.scalars(select(Notice.id).where(coming).order_by(Notice.scheduled_for)))

    async def start(self, notice_id: int, forms: Forms, words: NoticeWords, actor: Actor | None = None) -> bool:
        """Start a scheduled notice, because its moment has come or a coordinator wants it now; False if it cannot be.

        Args:
            notice_id: which.
            forms: the agencies there are.
            words: how it is shown.
            actor: the coordinator; None where the clock starts it.
        """
        async with self._database.writing() as session:
            if not await self.move(session, notice_id, NoticeState.SENDING, NoticeState.SCHEDULED):
                return False
            notice = await session.get_one(Notice, notice_id)
            text = await session.get_one(NoticeText, (notice.id, notice.version))
            self._audit.note(session, Act.NOTICE_SENT, actor or Actor(None, None), notice=notice.id)
            await self._freeze(session, notice, Said(text.html, text.file_id, text.file_kind), forms, words)
        return True

    async def pause(self, actor: Actor, notice_id: int) -> None:
        """Send nothing more of a notice for now.

        Raises:
            NoticeOvertakenError: it is not being sent.
        """
        await self._order(actor, notice_id, Act.NOTICE_PAUSED, NoticeState.PAUSED, NoticeState.SENDING)

    async def resume(self, actor: Actor, notice_id: int) -> None:
        """Go on with a paused notice.

        Raises:
            NoticeOvertakenError: it is not paused.
        """
        await self._order(actor, notice_id, Act.NOTICE_RESUMED, NoticeState.SENDING, NoticeState.PAUSED)

    async def stop(self, actor: Actor, notice_id: int) -> None:
        """Send nothing more of a notice, ever.

        Raises:
            NoticeOvertakenError: it has ended.
        """
        before = (NoticeState.SENDING, NoticeState.PAUSED, NoticeState.SCHEDULED)
        await self._order(actor, notice_id, Act.NOTICE_STOPPED, NoticeState.STOPPED, *before)

    async def repeat_uncertain(self, actor: Actor, notice_id: int) -> None:
        """Send again what may have arrived or not; each is marked as a possible repeat.

        Raises:
            NoticeOvertakenError: the notice is not at rest.
        """
        before = (NoticeState.DONE, NoticeState.STOPPED)
        await self._order(actor, notice_id, Act.NOTICE_REPEATED, NoticeState.SENDING, *before)

    async def progress(self, notice_id: int) -> Progress | None:
        """How far a notice has come; None if there is none."""
        async with self._database.session() as session:
            notice = await session.get(Notice, notice_id)
            return await progress_of(session, notice) if notice else None

    async def show_at(self, notice_id: int, chat_id: int, message_id: int) -> None:
        """Note that a message in a coordinator's chat shows how a notice goes, from now on this one only."""
        async with self._database.session() as session:
            card = {"notice_id": notice_id, "chat_id": chat_id, "message_id": message_id, "is_final": False}
            await insert_or_replace(session, NoticeCard, card)

    async def open_cards(self) -> list[NoticeCard]:
        """The cards that do not show the end yet."""
        async with self._database.session() as session:
            return list(await session.scalars(select(NoticeCard).where(~NoticeCard.is_final)))

    async def card_in(self, notice_id: int, chat_id: int) -> int | None:
        """The message that shows how a notice goes in a coordinator's chat."""
        async with self._database.session() as session:
            card = await session.get(NoticeCard, (notice_id, chat_id))
            return card.message_id if card else None

    async def close_card(self, card: NoticeCard, shown: Notice) -> None:
        """Note that a card shows the end; unless the notice went on after it was looked at."""
        same = select(Notice.id).where(Notice.state == shown.state, Notice.version == shown.version)
        this = (NoticeCard.notice_id == card.notice_id) & (NoticeCard.chat_id == card.chat_id)
        async with self._database.writing() as session:
            await session.execute(
                update(NoticeCard)
                .where(this, NoticeCard.message_id == card.message_id, NoticeCard.notice_id.in_(same))
                .values(is_final=True)
            )

    async def keep_text(self, session: AsyncSession, actor: Actor, notice: Notice, said: Said) -> None:
        """Keep what the newest version says, within a transaction."""
        session.add(
            NoticeText(
                notice_id=notice.id, version=notice.version, html=said.html, file_id=said.file_id,
                file_kind=said.file_kind, at=self._clock.now(), by=actor.id,
            )
        )  # fmt: skip

    async def move(self, session: AsyncSession, notice_id: int, after: NoticeState, *before: NoticeState) -> bool:
        """Bring a notice from one of some states to another, within a transaction; False if it is in none of them."""
        moved = await session.execute(
            update(Notice).where(Notice.id == notice_id, Notice.state.in_(before)).values(state=after)
        )
        if not isinstance(moved, CursorResult) or moved.rowcount != 1:
            return False
        await session.execute(update(NoticeCard).where(NoticeCard.notice_id == notice_id).values(is_final=False))
        self._outbox.wake_after(session)
        return True

    async def _order(self, actor: Actor, notice_id: int, act: Act, after: NoticeState, *before: NoticeState) -> None:
        async with self._database.writing() as session:
            was = await session.scalar(select(Notice.state).where(Notice.id == notice_id))
            if not await self.move(session, notice_id, after, *before):
                raise NoticeOvertakenError(was)
            rows = of_version(await session.get_one(Notice, notice_id))
            if act is Act.NOTICE_STOPPED:
                await session.execute(
                    update(Outgoing)
                    .where(rows, Outgoing.state == Delivery.WAITING, Outgoing.claimed_at.is_(None))
                    .values(state=Delivery.SKIPPED, reason=Failure.STOPPED, ended_at=self._clock.now())
                )
            elif act is Act.NOTICE_REPEATED:
                again = await session.execute(
                    update(Outgoing)
                    .where(rows, Outgoing.state == Delivery.UNCERTAIN)
                    .values(state=Delivery.WAITING, reason=None, ended_at=None, claimed_at=None, is_repeat=True)
                )
                if not isinstance(again, CursorResult) or not again.rowcount:
                    raise NoticeOvertakenError(was)
            self._audit.note(session, act, actor, notice=notice_id)

    async def _freeze(
        self, session: AsyncSession, notice: Notice, said: Said, forms: Forms, words: NoticeWords
    ) -> None:
        reach = await self._audiences.reach_in(session, notice.audience, forms, notice.agencies)
        notice.agencies = list(reach.agencies)
        recipients = [
            NoticeRecipient(notice_id=notice.id, person_id=person, name=one.name, agencies=one.agencies)
            for person, one in reach.people.items()
        ]
        session.add_all(recipients)
        await session.flush()
        letter = words(notice.id, notice.version, said.html)
        now = self._clock.now()
        rows = [message(notice, said, letter, one.id, one.person_id, now) for one in recipients if one.person_id]
        await put(session, rows)
        self._outbox.wake_after(session)
