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
from time import monotonic
from typing import Any, Protocol

from sqlalchemy import Select, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, async_sessionmaker

from bot.store import server
from bot.store.database import Database, begun

# How close to the end of the lease the leader stops, and how long it waits for an answer; in seconds. Waiting for
# another writer may be part of that.
_MARGIN = 0.5
_PATIENCE = 15

# How long a bot that starts waits for the one before it to end, in seconds.
_HANDOVER = 5


class SeatLostError(Exception):
    """Somebody else may lead by now."""


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
            SeatLostError: this process does not have it any more.
        """

    async def leave(self) -> None:
        """Let somebody else have it."""

    def writing(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A transaction like `Database.writing`, which only whoever has the seat can commit.

        Raises:
            SeatLostError: this process does not have it any more, and nothing was committed.
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
        self._engine = database.engine
        self._on_call = on_call
        self._connection: AsyncConnection | None = None
        self._turn = asyncio.Lock()
        self._held_until = 0.0
        self._caller = server.CALLER

    @property
    def is_held(self) -> bool:
        """Whether the server cannot have ended the connection for want of a sign of life."""
        return monotonic() < self._held_until

    async def take(self) -> bool:
        """Take the seat if it is free; the connection stays in any case, to ask again."""
        if self.is_held:
            return True
        if self._connection is None:
            self._connection = await self._connect()
        asked = monotonic()
        if not await self._ask(server.try_to_lead()):
            return False
        self._extend(asked)
        return True

    async def keep(self) -> None:
        """Ask for something; a claim that is being made is sign enough."""
        if not self._turn.locked():
            asked = monotonic()
            await self._ask(select(1))
            self._extend(asked)

    async def leave(self) -> None:
        """End the connection, and the lock with it."""
        self._held_until = 0.0
        if connection := self._connection:
            self._connection = None
            await connection.invalidate()
            await connection.close()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A transaction on the connection that the seat depends on."""
        async with self._using() as connection:
            asked = monotonic()
            async with begun(async_sessionmaker(connection, expire_on_commit=False)) as session:
                await session.execute(server.wait_to_write())
                yield session
        self._extend(asked)

    def _extend(self, asked: float) -> None:
        """The server counts from its answer at the earliest, so this process may count from the question."""
        self._held_until = asked + server.LEASE - _MARGIN

    async def _ask(self, query: Select[Any]) -> Any:
        async with self._using() as connection, connection.begin():
            return await connection.scalar(query)

    async def _connect(self) -> AsyncConnection:
        connection = await self._engine.connect()
        try:
            async with connection.begin():
                await connection.execute(server.shorten_life())
            driver: Any = (await connection.get_raw_connection()).driver_connection
            driver.add_termination_listener(self._lose)
            await driver.add_listener(server.CHANNEL, self._hear)
        except BaseException:
            await connection.close()
            raise
        return connection

    def _lose(self, _connection: object) -> None:
        self._held_until = 0.0

    def _hear(self, _connection: object, _process: int, _channel: str, caller: str) -> None:
        if caller != self._caller:
            self._on_call()

    @asynccontextmanager
    async def _using(self) -> AsyncIterator[AsyncConnection]:
        """The connection, for one at a time; what goes wrong with it costs the seat."""
        try:
            async with asyncio.timeout(_PATIENCE), self._turn:
                # SQLAlchemy would connect anew by itself, without the lock.
                if self._connection is None or self._connection.invalidated:
                    raise ConnectionError
                yield self._connection
        except (OSError, DBAPIError) as error:
            if isinstance(error, DBAPIError) and not error.connection_invalidated:
                raise
            await self.leave()
            raise SeatLostError from error


def seat_at(database: Database, on_call: Callable[[], None]) -> Seat:
    """The seat at a database of either kind."""
    if database.engine.dialect.name == "postgresql":
        return ServerSeat(database, on_call)
    return FileSeat(database)
