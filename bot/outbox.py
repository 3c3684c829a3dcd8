"""The ledger of outgoing messages: what is to be sent is written down in the transaction of what it tells."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import event, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.store.ledger_tables import Action, Delivery, Failure, Outgoing
from bot.store.server import call


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message says: Telegram HTML, and rows of buttons as (label, callback data)."""

    html: str
    buttons: Sequence[Sequence[tuple[str, str]]] = ()


class Outbox:
    """Puts messages into the ledger.

    Attributes:
        filled: set when something was committed that is to be sent.
        bulk_filled: the same, for what is sent to many.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.filled = asyncio.Event()
        self.bulk_filled = asyncio.Event()

    def put(
        self, session: AsyncSession, chat_id: int, letter: Letter, *, replaces: int | None = None,
        subject: str | None = None,
    ) -> None:  # fmt: skip
        """Write down a message to a chat; it leaves once the transaction is committed.

        Args:
            session: the transaction of what the message tells.
            chat_id: to whom.
            letter: what it says.
            replaces: the number of an own message that it takes the place of.
            subject: what it is about, for `change`.
        """
        session.add(
            Outgoing(
                chat_id=chat_id, html=letter.html, buttons=[list(map(list, row)) for row in letter.buttons],
                replaces=replaces, subject=subject, created_at=self._clock.now(), state=Delivery.WAITING,
                action=Action.SEND if replaces is None else Action.EDIT,
            )
        )  # fmt: skip
        self.wake_after(session)

    def wake_after(self, session: AsyncSession) -> None:
        """Let whoever sends, in whatever process, look at the ledger once this transaction is committed."""
        if not event.contains(session.sync_session, "after_commit", self._wake):
            event.listen(session.sync_session, "before_commit", call)
            event.listen(session.sync_session, "after_commit", self._wake)

    def wake(self) -> None:
        """Let whoever sends in this process look at the ledger."""
        self.filled.set()
        self.bulk_filled.set()

    async def change(self, session: AsyncSession, subject: str, letter: Letter) -> None:
        """Let every message on a subject say something else: change those sent, replace those not yet sent."""
        of_subject = Outgoing.subject == subject
        overtaken = await session.scalars(
            update(Outgoing)
            .where(of_subject, Outgoing.state == Delivery.WAITING, Outgoing.claimed_at.is_(None))
            .values(state=Delivery.SKIPPED, reason=Failure.OUTDATED, ended_at=self._clock.now())
            .returning(Outgoing.chat_id)
        )
        for chat_id in overtaken.all():
            self.put(session, chat_id, letter, subject=subject)
        sent = await session.execute(
            select(Outgoing.chat_id, Outgoing.message_id).where(of_subject, Outgoing.state == Delivery.SENT)
        )
        for chat_id, message_id in sent.all():
            self.put(session, chat_id, letter, replaces=message_id)

    def _wake(self, _: Session) -> None:
        self.wake()
