"""The leader's seat: of all processes on one database, one at a time sends messages and does what is due by the clock.

Nobody else may run on a SQLite file at all. On a server the seat is an advisory lock, which lasts as long as a
connection. The leader claims messages through that very connection: a claim that could be committed was made while
nobody else led, and whoever leads next finds it. A killed leader's connection ends with it. The connection of one that
is frozen or cut off is ended by the server; that one knows by its own clock when it must not send anything more.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.store import server
from bot.store.database import Database, begun
from bot.store.lifeline import CutOffError, Lifeline

# How long a bot that starts waits for the one before it to end, in seconds.
_HANDOVER = 5


class Seat(Protocol):
    """The leader's seat, as one process sees it."""

    @property
    def is_shared(self) -> bool:
        """Whether a process without it may run, and wait for it."""

    @property
    def is_held(self) -> bool:
        """Whether this process has it for sure."""

    async def take(self) -> bool:
        """Take it if it is free; whether this process has it now."""

    async def keep(self) -> None:
        """Give a sign of life.

        Raises:
            CutOffError: this process does not have it any more.
        """

    async def leave(self) -> None:
        """Let somebody else have it."""

    def writing(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A transaction like `Database.writing`, which only whoever has the seat can commit.

        Raises:
            CutOffError: this process does not have it any more, and nothing was committed.
        """


class FileSeat:
    """The seat at a SQLite file: a second file beside it is locked, until the process ends in whatever way."""

    is_shared = False

    def __init__(self, database: Database) -> None:
        self.is_held = False
        self._database = database
        self._lock: sqlite3.Connection | None = None

    async def take(self) -> bool:
        """Take the seat; a bot that is about to end is waited for."""
        file = self._database.engine.url.database
        if file and not self.is_held:
            self._lock = sqlite3.connect(f"{file}.lock", _HANDOVER, isolation_level=None, check_same_thread=False)
            try:
                await asyncio.to_thread(self._lock.execute, "BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                self._lock.close()
                return False
        self.is_held = True
        return True

    async def keep(self) -> None:
        """The lock needs no sign of life."""

    async def leave(self) -> None:
        """Let go of the lock."""
        self.is_held = False
        if self._lock:
            self._lock.close()

    def writing(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A transaction as everybody's."""
        return self._database.writing()


class ServerSeat:
    """The seat at a PostgreSQL database.

    Args:
        database: whose seat.
        on_call: called when another process has committed something that is to be sent.
    """

    is_shared = True

    def __init__(self, database: Database, on_call: Callable[[], None]) -> None:
        self._line = Lifeline(database.engine, on_call)
        self._has_lock = False

    @property
    def is_held(self) -> bool:
        """Whether the lock is there, and nobody else can have got it."""
        return self._has_lock and self._line.lasts

    async def take(self) -> bool:
        """Take the seat if it is free; the connection stays in any case, to ask again."""
        if not self.is_held:
            self._has_lock = False
            await self._line.open()
            self._has_lock = bool(await self._line.ask(server.try_to_lead()))
        return self._has_lock

    async def keep(self) -> None:
        """Ask for something; a claim that is being made is sign enough."""
        if not self._line.is_in_use:
            await self._line.ask(select(1))

    async def leave(self) -> None:
        """End the connection, and the lock with it."""
        self._has_lock = False
        await self._line.cut()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A transaction on the connection that the lock hangs on."""
        async with (
            self._line.using() as connection,
            begun(async_sessionmaker(connection, expire_on_commit=False)) as session,
        ):
            if not self._has_lock:
                raise CutOffError
            await session.execute(server.wait_to_write())
            yield session


def seat_at(database: Database, on_call: Callable[[], None]) -> Seat:
    """The seat at a database of either kind."""
    if database.engine.dialect.name == "postgresql":
        return ServerSeat(database, on_call)
    return FileSeat(database)
