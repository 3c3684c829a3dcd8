"""The lane for what is sent to many: below the configured rate, several messages on their way at once.

Messages are claimed just before it is their turn, so that a bot that is killed leaves few of which nobody knows whether
they arrived. How they ended is written down together with the next claim, in one transaction. A 429 holds up this lane
only, and the message is sent afterwards.
"""

import asyncio
import math
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from telegram.ext import ExtBot

from bot import logs
from bot.claiming import claimed
from bot.clock import Clock
from bot.outbox import Outbox
from bot.pace import Pace
from bot.sending import Again, Busy, Outcome, Told, end_of, nobody, note, send
from bot.store.database import Database
from bot.store.ledger_tables import Delivery as State
from bot.store.ledger_tables import Failure, Lane, Outgoing
from bot.store.lifeline import CutOffError
from bot.store.notice_tables import Notice, NoticeState
from bot.store.seat import Seat

log = logs.of(__name__)

# Messages on their way at the same time: those of a fifth of a second, within these bounds.
_FEWEST, MOST_AT_ONCE = 8, 32

# How far ahead messages are claimed, and the least time between two transactions, in seconds.
_AHEAD = 0.04
_GATHER = 0.02

# Seconds for what is on its way when the bot is to end.
_FAREWELL = 2.0

# After a failure that is worth trying again, in seconds; doubled each time up to the longest.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 30.0


class BulkLane:
    """Sends the messages of notices that are going out.

    Args:
        database: with the ledger.
        clock: for the moments that are noted.
        outbox: tells when there is something new.
        rate: messages a second.
        seat: of the leader, who alone sends.
        told: hears of each message that came to an end.
    """

    def __init__(
        self, database: Database, clock: Clock, outbox: Outbox, rate: float, seat: Seat, told: Told = nobody
    ) -> None:
        self.rate = rate
        self._database = database
        self._seat = seat
        self._clock = clock
        self._stir = outbox.bulk_filled
        self._told = told
        self._pace = Pace(rate)
        self._at_once = min(max(_FEWEST, math.ceil(rate / 5)), MOST_AT_ONCE)
        self._pause = _FIRST_PAUSE
        self._under_way: set[asyncio.Task[None]] = set()
        self._ended: list[tuple[Outgoing, Outcome]] = []

    async def run(self, bot: ExtBot[None]) -> None:
        """Send through `bot` until cancelled.

        Raises:
            CutOffError: somebody else may lead.
        """
        self._stir.set()
        try:
            while True:
                try:
                    await self._step(bot)
                except CutOffError:
                    raise
                except Exception:
                    log.exception("sending to many failed, trying again")
                    self._stir.set()
                    self._hold_on()
                    await asyncio.sleep(self._pace.wait)
        finally:
            await self._leave()

    async def _leave(self) -> None:
        """Let what is on its way arrive and write it down, before the bot ends or because another one leads."""
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=_FAREWELL)
        for task in self._under_way:
            task.cancel()
        if self._ended:
            async with self._database.writing() as session:
                await self._note(session, len(self._ended))
            self._ended.clear()

    async def _step(self, bot: ExtBot[None]) -> None:
        """Note what has ended, claim what is due, and wait until there is more of either."""
        self._stir.clear()
        due = min(self._pace.due(_AHEAD), self._at_once - len(self._under_way))
        rows = await claimed(self._note_and_claim(due), self._give_back) if due or self._ended else []
        for row in rows:
            task = asyncio.create_task(self._deliver(bot, row, self._pace.take()))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        if len(rows) < due:
            self._pace.rest()
            await self._stir.wait()
        elif len(self._under_way) >= self._at_once:
            await self._stir.wait()
        else:
            await self._stirred_within(self._pace.wait)
        await asyncio.sleep(_GATHER)

    async def _stirred_within(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stir.wait()
        except TimeoutError:
            return

    async def _note_and_claim(self, count: int) -> list[Outgoing]:
        ended = len(self._ended)
        async with self._seat.writing() as session:
            await self._note(session, ended)
            rows = await self._claim(session, count)
            if len(rows) < count:
                await _finish(session, self._clock.now())
        del self._ended[:ended]
        return rows

    async def _give_back(self, rows: Sequence[Outgoing]) -> None:
        self._ended += [(row, Again.SOON) for row in rows]

    async def _note(self, session: AsyncSession, count: int) -> None:
        for row, outcome in self._ended[:count]:
            await note(session, row, outcome, self._clock.now())

    async def _claim(self, session: AsyncSession, count: int) -> list[Outgoing]:
        if not count:
            return []
        waiting = (Outgoing.lane == Lane.BULK) & (Outgoing.state == State.WAITING) & Outgoing.claimed_at.is_(None)
        going = Notice.state.in_((NoticeState.SENDING, NoticeState.RECALLED))
        first = select(Outgoing.id).join(Notice).where(waiting, going).order_by(Outgoing.id).limit(count)
        found = await session.scalars(
            update(Outgoing)
            .where(Outgoing.id.in_(first.scalar_subquery()))
            .values(claimed_at=self._clock.now())
            .returning(Outgoing)
        )
        return sorted(found, key=lambda row: row.id)

    async def _deliver(self, bot: ExtBot[None], row: Outgoing, wait: float) -> None:
        await asyncio.sleep(wait)
        may_send = self._seat.is_held and not self._pace.is_halted
        outcome = await send(bot, row) if may_send else Again.SOON
        match outcome:
            case Busy(seconds):
                self._pace.halt(seconds)
            case Again.SOON if not self._pace.is_halted:
                self._hold_on()
            case int():
                self._pause = _FIRST_PAUSE
        if state := end_of(outcome):
            self._told(Lane.BULK, state)
        self._ended.append((row, outcome))
        self._stir.set()

    def _hold_on(self) -> None:
        self._pace.halt(self._pause)
        self._pause = min(2 * self._pause, _LONGEST_PAUSE)


async def _finish(session: AsyncSession, now: datetime) -> None:
    """Notices that have no message left to be sent are done; what came back to a stopped one is skipped."""
    stopped = select(Notice.id).where(Notice.state == NoticeState.STOPPED)
    waiting = (Outgoing.state == State.WAITING) & Outgoing.claimed_at.is_(None)
    await session.execute(
        update(Outgoing)
        .where(waiting, Outgoing.lane == Lane.BULK, Outgoing.notice_id.in_(stopped))
        .values(state=State.SKIPPED, reason=Failure.STOPPED, ended_at=now)
        .execution_options(synchronize_session=False)
    )
    left = select(Outgoing.id).where(Outgoing.notice_id == Notice.id, Outgoing.state == State.WAITING).exists()
    await session.execute(
        update(Notice)
        .where(Notice.state == NoticeState.SENDING, ~left)
        .values(state=NoticeState.DONE)
        .execution_options(synchronize_session=False)
    )
