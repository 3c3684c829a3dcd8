"""Correcting and recalling notices that went out."""

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit import Actor, Audit
from bot.clock import Clock
from bot.drafts import use_up
from bot.notice_ledger import NoticeOvertakenError, NoticeWords, Said, deletion, message, of_version, put
from bot.notices import DRAFT, Notices
from bot.store.database import Database
from bot.store.ledger_tables import Act, Action, Delivery, Failure, Outgoing
from bot.store.notice_tables import Notice, NoticeCard, NoticeRecipient, NoticeState

# A notice that is not on its way.
AT_REST = (NoticeState.PAUSED, NoticeState.STOPPED, NoticeState.DONE)


class NoticeVersions:
    """New versions of notices, and taking notices back."""

    def __init__(self, database: Database, clock: Clock, audit: Audit, notices: Notices) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self._notices = notices

    async def correct(self, actor: Actor, notice_id: int, said: Said, words: NoticeWords, card: int) -> None:
        """Let a notice say what the actor's draft says; whoever has read it is asked to read it again.

        What was sent is changed; what cannot be changed, or was not sent, is sent anew. The old text is kept.

        Raises:
            NoticeOvertakenError: it is on its way or recalled, or another tap has corrected it.
        """
        async with self._database.writing() as session:
            if actor.id is None or not await use_up(session, actor.id, DRAFT):
                raise NoticeOvertakenError(None)
            notice = await self._at_rest(session, notice_id, NoticeState.SENDING)
            await self._skip_waiting(session, notice, Failure.OUTDATED)
            before = notice.version
            notice.version += 1
            await session.flush()
            await self._notices.keep_text(session, actor, notice, said)
            await session.merge(NoticeCard(notice_id=notice_id, chat_id=actor.id, message_id=card, is_final=False))
            self._audit.note(session, Act.NOTICE_CORRECTED, actor, notice=notice.id, version=notice.version)
            await self._put(session, notice, said, words, before)

    async def foresee(self, notice_id: int, said: Said) -> tuple[int, int]:
        """How many messages a correction would change, and how many it would send anew."""
        async with self._database.session() as session:
            notice = await session.get_one(Notice, notice_id)
            recipients = await session.scalars(select(NoticeRecipient.id).where(_with_person(notice)))
            last = {row.recipient_id: row for row in await _sent(session, notice)}
            changed = [one in last and last[one].file_id == said.file_id for one in recipients]
            return sum(changed), len(changed) - sum(changed)

    async def recall(self, actor: Actor, notice_id: int) -> None:
        """Delete a notice where that is still possible.

        Raises:
            NoticeOvertakenError: it is on its way, or recalled already.
        """
        async with self._database.writing() as session:
            notice = await self._at_rest(session, notice_id, NoticeState.RECALLED)
            await self._skip_waiting(session, notice, Failure.STOPPED)
            now = self._clock.now()
            # A message that could not be changed may still be there beside the one sent in its place.
            there = {(row.chat_id, row.message_id): row for row in await _sent(session, notice)}
            await put(session, [deletion(notice, row, notice.version, now) for row in there.values()])
            self._audit.note(session, Act.NOTICE_RECALLED, actor, notice=notice.id, version=notice.version)

    async def _put(self, session: AsyncSession, notice: Notice, said: Said, words: NoticeWords, before: int) -> None:
        letter, now = words(notice.id, notice.version, said.html), self._clock.now()
        last = {row.recipient_id: row for row in await _sent(session, notice)}
        rows, superseded = [], []
        for one in await session.scalars(select(NoticeRecipient).where(_with_person(notice))):
            sent = last.get(one.id)
            # A text cannot become a file, nor a file another one.
            same_file = sent is not None and sent.file_id == said.file_id
            if sent and not same_file:
                superseded.append(deletion(notice, sent, before, now))
            replaces = sent.message_id if sent and same_file else None
            chat_id = sent.chat_id if sent else one.person_id or 0
            rows.append(message(notice, said, letter, one.id, chat_id, now, replaces=replaces))
        await put(session, rows)
        await put(session, superseded)

    async def _at_rest(self, session: AsyncSession, notice_id: int, after: NoticeState) -> Notice:
        """The notice, brought to another state, if nothing of it is on its way at this moment."""
        notice = await session.get(Notice, notice_id)
        on_its_way = (Outgoing.state == Delivery.WAITING) & Outgoing.claimed_at.is_not(None)
        if (
            notice is None
            or await session.scalar(select(Outgoing.id).where(on_its_way, Outgoing.notice_id == notice_id).limit(1))
            or not await self._notices.move(session, notice_id, after, *AT_REST)
        ):
            raise NoticeOvertakenError(notice.state if notice else None)
        return notice

    async def _skip_waiting(self, session: AsyncSession, notice: Notice, why: Failure) -> None:
        await session.execute(
            update(Outgoing)
            .where(of_version(notice), Outgoing.state == Delivery.WAITING)
            .values(state=Delivery.SKIPPED, reason=why, ended_at=self._clock.now())
        )


def _with_person(notice: Notice) -> ColumnElement[bool]:
    """The recipients of a notice, without those who asked to be forgotten."""
    return (NoticeRecipient.notice_id == notice.id) & NoticeRecipient.person_id.is_not(None)


async def _sent(session: AsyncSession, notice: Notice) -> list[Outgoing]:
    """The messages of a notice that are there, as far as is known, the oldest version first."""
    there = (Outgoing.notice_id == notice.id) & (Outgoing.state == Delivery.SENT) & (Outgoing.chat_id != 0)
    rows = list(await session.scalars(select(Outgoing).where(there).order_by(Outgoing.notice_version, Outgoing.id)))
    deleted = {(row.chat_id, row.message_id) for row in rows if row.action is Action.DELETE}
    return [row for row in rows if (row.chat_id, row.message_id) not in deleted]
