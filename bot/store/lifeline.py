"""A connection that locks hang on: they end with it, and it ends when its process is gone, frozen or cut off."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

from sqlalchemy import Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store import server

# How long before the server may give up on it a process does not count on it any more, in seconds.
_MARGIN = 0.5

# How long one use may take, in seconds; waiting for another writer may be part of that.
_PATIENCE = 15


class CutOffError(Exception):
    """The connection is gone, and with it every lock; somebody else may have them by now."""


class Lifeline:
    """One connection, used by one at a time.

    Args:
        engine: to PostgreSQL.
        on_call: called when another process has committed something that is to be sent.
    """

    def __init__(self, engine: AsyncEngine, on_call: Callable[[], None] | None = None) -> None:
        self._engine = engine
        self._on_call = on_call
        self._connection: AsyncConnection | None = None
        self._turn = asyncio.Lock()
        self._lasts_until = 0.0
        self._is_gone = False
        self._caller = server.CALLER

    @property
    def lasts(self) -> bool:
        """Whether it is there for sure: the server waits for the lease to end, counted from its last answer."""
        return monotonic() < self._lasts_until

    @property
    def is_in_use(self) -> bool:
        """Whether somebody waits for an answer."""
        return self._turn.locked()

    async def open(self) -> None:
        """Connect, if there is no connection.

        Raises:
            CutOffError: the server cannot be reached.
        """
        async with self._turn:
            if self._is_gone:
                await self.cut()
            if self._connection is None:
                try:
                    self._connection = await self._connect()
                except (OSError, DBAPIError) as error:
                    raise CutOffError from error

    async def ask(self, query: Select[Any]) -> Any:
        """What a query gives.

        Raises:
            CutOffError: there is no connection any more.
        """
        async with self.using() as connection, connection.begin():
            return await connection.scalar(query)

    @asynccontextmanager
    async def using(self) -> AsyncIterator[AsyncConnection]:
        """The connection, for a transaction.

        Raises:
            CutOffError: it is gone, and nothing was committed.
        """
        try:
            async with asyncio.timeout(_PATIENCE), self._turn:
                # SQLAlchemy would connect anew by itself, without the locks.
                if self._connection is None or self._is_gone or self._connection.invalidated:
                    raise ConnectionError("the connection is gone")
                asked = monotonic()
                yield self._connection
        except (OSError, DBAPIError) as error:
            if isinstance(error, DBAPIError) and not error.connection_invalidated:
                raise
            await self.cut()
            raise CutOffError from error
        self._lasts_until = asked + server.LEASE - _MARGIN

    async def cut(self) -> None:
        """End the connection, and every lock with it."""
        self._lasts_until, self._is_gone = 0.0, False
        if connection := self._connection:
            self._connection = None
            await connection.invalidate()
            await connection.close()

    async def _connect(self) -> AsyncConnection:
        connection = await self._engine.connect()
        try:
            async with connection.begin():
                await connection.execute(server.shorten_life())
            driver: Any = (await connection.get_raw_connection()).driver_connection
            self._is_gone = False
            driver.add_termination_listener(self._end)
            if self._on_call:
                await driver.add_listener(server.CHANNEL, self._hear)
        except BaseException:
            await connection.invalidate()
            await connection.close()
            raise
        return connection

    def _end(self, _connection: object) -> None:
        self._lasts_until, self._is_gone = 0.0, True

    def _hear(self, _connection: object, _process: int, _channel: str, caller: str) -> None:
        if self._on_call and caller != self._caller:
            self._on_call()
