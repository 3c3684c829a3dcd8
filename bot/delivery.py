"""Takes messages to single people from the ledger and sends them, in order within each chat.

What is sent to many goes another way (see `bulk`), so that nothing here ever waits for it.
"""

import asyncio
from collections.abc import Sequence

from sqlalchemy import func, select, update
from telegram.ext import ExtBot

from bot import logs
from bot.claiming import claimed
from bot.clock import Clock
from bot.outbox import Outbox
from bot.sending import Again, Busy, Outcome, Told, end_of, nobody, note, send
from bot.store.database import Database
from bot.store.ledger_tables import Delivery as State
from bot.store.ledger_tables import Failure, Lane, Outgoing
from bot.store.lifeline import CutOffError
from bot.store.seat import Seat

log = logs.of(__name__)

# Chats that are written to at the same time; within a chat one message follows another.
AT_ONCE = 8

# Seconds for what is on its way when the bot is to end.
_FAREWELL = 2.0

# After a failure that is worth trying again, in seconds; doubled each time up to the longest.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 30.0


class Deliverer:
    """Sends what the ledger holds for single people.

    Args:
        database: with the ledger.
        clock: for the moments that are noted.
        outbox: tells when there is something new.
        seat: of the leader, who alone sends.
        told: hears of each message that came to an end.

    Attributes:
        ended: how many messages came to an end.
    """

    def __init__(self, database: Database, clock: Clock, outbox: Outbox, seat: Seat, told: Told = nobody) -> None:
        self._database = database
        self._seat = seat
        self._clock = clock
        self._outbox = outbox
        self._told = told
        self._pause = _FIRST_PAUSE
        # How messages ended of which that could not be written down: the disk was full, or somebody else wrote.
        self._unnoted: list[tuple[Outgoing, Outcome]] = []
        self.idle = asyncio.Event()
        self.ended = 0

    async def settle_interrupted(self) -> None:
        """What the leader before was sending may have arrived or not; what it was changing is changed again."""
        # With the lanes named, the index is used.
        waiting = Outgoing.lane.in_(list(Lane)) & (Outgoing.state == State.WAITING)
        interrupted = waiting & Outgoing.claimed_at.is_not(None)
        async with self._seat.writing() as session:
            await session.execute(
                update(Outgoing).where(interrupted, Outgoing.replaces.is_not(None)).values(claimed_at=None)
            )
            await session.execute(
                update(Outgoing)
                .where(interrupted)
                .values(state=State.UNCERTAIN, reason=Failure.INTERRUPTED, ended_at=self._clock.now())
            )

    async def run(self, bot: ExtBot[None]) -> None:
        """Send through `bot` until cancelled.

        Raises:
            CutOffError: somebody else may lead.
        """
        self._outbox.filled.set()
        while True:
            try:
                await self._outbox.filled.wait()
                self.idle.clear()
                self._outbox.filled.clear()
                while rows := await claimed(self._next(), self._give_back):
                    if not all(await self._deliver_all(bot, rows)):
                        await self._wait()
                    else:
                        self._pause = _FIRST_PAUSE
                if not self._outbox.filled.is_set():
                    self.idle.set()
            except CutOffError:
                raise
            except Exception:
                log.exception("sending from the ledger failed, trying again")
                self._outbox.filled.set()
                await self._wait()

    async def settled(self) -> None:
        """Wait until nothing is left to be sent."""
        while self._outbox.filled.is_set() or not self.idle.is_set():
            await self.idle.wait()
            await asyncio.sleep(0)

    async def _wait(self) -> None:
        await asyncio.sleep(self._pause)
        self._pause = min(2 * self._pause, _LONGEST_PAUSE)

    async def _next(self) -> list[Outgoing]:
        """Write down what could not be written down before, and claim the first waiting message of some chats."""
        unnoted = list(self._unnoted)
        waiting = (Outgoing.lane == Lane.REPLY) & (Outgoing.state == State.WAITING) & Outgoing.claimed_at.is_(None)
        async with self._seat.writing() as session:
            for row, outcome in unnoted:
                await note(session, row, outcome, self._clock.now())
            first = select(func.min(Outgoing.id)).where(waiting).group_by(Outgoing.chat_id).limit(AT_ONCE)
            found = await session.scalars(
                update(Outgoing)
                .where(Outgoing.id.in_(first.scalar_subquery()), waiting)
                .values(claimed_at=self._clock.now())
                .returning(Outgoing)
            )
            rows = list(found)
        del self._unnoted[: len(unnoted)]
        return rows

    async def _give_back(self, rows: Sequence[Outgoing]) -> None:
        async with self._database.session() as session:
            for row in rows:
                await note(session, row, Again.SOON, self._clock.now())

    async def _deliver_all(self, bot: ExtBot[None], rows: Sequence[Outgoing]) -> list[bool]:
        """Send messages at the same time; what is on its way when the bot ends may still arrive and be noted."""
        under_way = [asyncio.create_task(self._deliver(bot, row)) for row in rows]
        try:
            return await asyncio.gather(*map(asyncio.shield, under_way))
        except asyncio.CancelledError:
            _, late = await asyncio.wait(under_way, timeout=_FAREWELL)
            for task in late:
                task.cancel()
            raise

    async def _deliver(self, bot: ExtBot[None], row: Outgoing) -> bool:
        """Send one message and note how it ended; False if it is to be tried again after a pause."""
        outcome = await send(bot, row) if self._seat.is_held else Again.SOON
        if isinstance(outcome, Busy):
            self._pause = max(self._pause, min(outcome.seconds, _LONGEST_PAUSE))
        try:
            async with self._database.session() as session:
                await note(session, row, outcome, self._clock.now())
        except Exception:
            log.exception("end of message not written down, trying again", id=row.id)
            self._unnoted.append((row, outcome))
            return False
        if state := end_of(outcome):
            self.ended += 1
            self._told(Lane.REPLY, state)
        return outcome is not Again.SOON and not isinstance(outcome, Busy)
