"""Takes messages from the ledger, sends them, and records what is known of how that ended.

A send that timed out is not a failure: it may have arrived. Only what surely never left is tried again; the rest is
uncertain, and a person decides. Changing a message is different: it may be done twice, so it is tried until it is
known to be done.
"""

import asyncio
import logging
from datetime import timedelta
from enum import Enum, auto
from typing import Any

import httpx
from sqlalchemy import func, select, update
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.clock import Clock
from bot.flood import seconds_to_wait
from bot.outbox import Outbox
from bot.store.database import Database
from bot.store.ledger_tables import Delivery as State
from bot.store.ledger_tables import Failure, Outgoing

log = logging.getLogger(__name__)

# Chats that are written to at the same time; within a chat one message follows another.
AT_ONCE = 8

# How long the ledger keeps what a message said, once it has ended.
TEXT_KEPT = timedelta(days=90)

# After a failure that is worth trying again, in seconds; doubled each time up to the longest.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 30.0

_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_UNCHANGED = "message is not modified"
_UNREACHABLE = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated", "can't initiate")


class _Again(Enum):
    """That a message is to be tried again."""

    SOON = auto()
    AS_NEW = auto()


class Deliverer:
    """Sends what the ledger holds, in order within each chat.

    Args:
        database: with the ledger.
        clock: for the moments that are noted.
        outbox: tells when there is something new.
    """

    def __init__(self, database: Database, clock: Clock, outbox: Outbox) -> None:
        self._database = database
        self._clock = clock
        self._outbox = outbox
        self._pause = _FIRST_PAUSE
        self.idle = asyncio.Event()

    async def run(self, bot: ExtBot[None]) -> None:
        """Send through `bot` until cancelled. What was being sent when the bot ended last is settled first."""
        await self._settle_interrupted()
        self._outbox.filled.set()
        while True:
            try:
                await self._outbox.filled.wait()
                self.idle.clear()
                self._outbox.filled.clear()
                while rows := await self._next():
                    results = await asyncio.gather(*(self._deliver(bot, row) for row in rows))
                    if not all(results):
                        await self._wait()
                    else:
                        self._pause = _FIRST_PAUSE
                if not self._outbox.filled.is_set():
                    self.idle.set()
            except Exception:
                log.exception("sending from the ledger failed; trying again")
                self._outbox.filled.set()
                await self._wait()

    async def forget_old(self) -> None:
        """Forget what was said in messages that ended long ago; that they were sent stays."""
        old = (Outgoing.ended_at < self._clock.now() - TEXT_KEPT) & (Outgoing.html != "")
        async with self._database.session() as session:
            await session.execute(update(Outgoing).where(old).values(html="", buttons=[]))

    async def settled(self) -> None:
        """Wait until nothing is left to be sent."""
        while self._outbox.filled.is_set() or not self.idle.is_set():
            await self.idle.wait()
            await asyncio.sleep(0)

    async def _wait(self) -> None:
        await asyncio.sleep(self._pause)
        self._pause = min(2 * self._pause, _LONGEST_PAUSE)

    async def _settle_interrupted(self) -> None:
        """What was being sent may have arrived or not; what was being changed is changed again."""
        interrupted = (Outgoing.state == State.WAITING) & Outgoing.claimed_at.is_not(None)
        async with self._database.writing() as session:
            await session.execute(
                update(Outgoing).where(interrupted, Outgoing.replaces.is_not(None)).values(claimed_at=None)
            )
            await session.execute(
                update(Outgoing)
                .where(interrupted)
                .values(state=State.UNCERTAIN, reason=Failure.INTERRUPTED, ended_at=self._clock.now())
            )

    async def _next(self) -> list[Outgoing]:
        """Claim the first waiting message of each of some chats."""
        waiting = (Outgoing.state == State.WAITING) & Outgoing.claimed_at.is_(None)
        async with self._database.writing() as session:
            first = select(func.min(Outgoing.id)).where(waiting).group_by(Outgoing.chat_id).limit(AT_ONCE)
            claimed = await session.scalars(
                update(Outgoing)
                .where(Outgoing.id.in_(first.scalar_subquery()), waiting)
                .values(claimed_at=self._clock.now())
                .returning(Outgoing)
            )
            return list(claimed)

    async def _deliver(self, bot: ExtBot[None], row: Outgoing) -> bool:
        """Send one message and note how it ended; False if it is to be tried again after a pause."""
        outcome = await self._send(bot, row)
        match outcome:
            case int():
                await self._note(row, state=State.SENT, message_id=outcome, ended_at=self._clock.now())
            case Failure():
                ended = State.UNCERTAIN if outcome is Failure.TIMED_OUT else State.FAILED
                log.info("message %s to chat %s ended as %s (%s)", row.id, row.chat_id, ended, outcome)
                await self._note(row, state=ended, reason=outcome, ended_at=self._clock.now())
            case _Again.AS_NEW:
                await self._note(row, claimed_at=None, replaces=None)
            case _Again.SOON:
                await self._note(row, claimed_at=None, chat_id=row.chat_id)
                return False
        return True

    async def _note(self, row: Outgoing, **values: Any) -> None:
        async with self._database.session() as session:
            # What was forgotten while it was being sent stays forgotten.
            noted = (Outgoing.id == row.id) & (Outgoing.state == State.WAITING)
            await session.execute(update(Outgoing).where(noted).values(**values))

    async def _send(self, bot: ExtBot[None], row: Outgoing) -> int | Failure | _Again:
        """The number of the message sent, or why it was not."""
        buttons = [[InlineKeyboardButton(label, callback_data=data) for label, data in line] for line in row.buttons]
        markup = InlineKeyboardMarkup(buttons) if buttons else None
        try:
            if row.replaces is None:
                return (await bot.send_message(row.chat_id, row.html, reply_markup=markup)).message_id
            await bot.edit_message_text(row.html, row.chat_id, row.replaces, reply_markup=markup)
        except BadRequest as error:
            return _refused(row, error.message.lower())
        except ChatMigrated as moved:
            row.chat_id = moved.new_chat_id
            return _Again.SOON
        except Forbidden as error:
            said = error.message.lower()
            return Failure.UNREACHABLE if any(sign in said for sign in _UNREACHABLE) else Failure.BLOCKED
        except RetryAfter as busy:
            self._pause = max(self._pause, min(seconds_to_wait(busy), _LONGEST_PAUSE))
            return _Again.SOON
        except NetworkError as error:
            never_left = row.replaces is not None or _never_left(error)
            log.info("message %s did not get through: %s", row.id, error)
            return _Again.SOON if never_left else Failure.TIMED_OUT
        except TelegramError as error:
            log.error("message %s was refused: %s", row.id, error)  # noqa: TRY400 - the ledger keeps the row
            return Failure.REFUSED
        return row.replaces


def _refused(row: Outgoing, said: str) -> int | Failure | _Again:
    if row.replaces is not None:
        if _UNCHANGED in said:
            return row.replaces
        if any(sign in said for sign in _GONE):
            return _Again.AS_NEW
    if any(sign in said for sign in _UNREACHABLE):
        return Failure.UNREACHABLE
    log.error("message %s to chat %s was refused: %s", row.id, row.chat_id, said)
    return Failure.REFUSED


def _never_left(error: NetworkError) -> bool:
    """Whether a message surely did not arrive: no connection was made, or Telegram says that it failed."""
    cause = error.__cause__
    if isinstance(cause, httpx.HTTPError):
        return isinstance(cause, (httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ConnectError, httpx.ProxyError))
    # Behind a gateway that lost patience the message may have been taken all the same.
    return "gateway timeout" not in error.message.lower()
