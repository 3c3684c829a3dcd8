"""SQLite's driver with as few trips to its thread as there are statements.

aiosqlite runs every call in a thread of its own. SQLAlchemy makes four calls a statement, three to begin and one to put
a connection back, and each trip costs far more than what SQLite does there.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable
from functools import partial
from threading import Thread
from typing import Any
from weakref import WeakSet

import aiosqlite

# What aiosqlite fetches at once where rows are streamed, which nobody does here.
_CHUNK = 64

# Seconds for the thread of a connection that nobody has given back.
_PATIENCE = 10.0


class Driver(aiosqlite.Connection):
    """A connection on which a transaction begins together with its first statement.

    Attributes:
        to_begin: the statement by which the transaction is to begin, until it has.
    """

    to_begin: str | None = None
    _begun = False

    def cursor(self) -> "Cursor":  # type: ignore[override]
        """A cursor; making one is nothing for the thread."""
        return Cursor(self, self._conn.cursor())

    async def run(self, statement: Callable[[], list[Any]]) -> list[Any]:
        """Do something in the thread, within the transaction if there is to be one."""
        begin, self.to_begin = self.to_begin, None
        # Noted before it is done: a task that is cancelled meanwhile rolls back behind it.
        self._begun = self._begun or begin is not None
        rows: list[Any] = await self._execute(self._within, begin, statement)  # type: ignore[no-untyped-call]
        return rows

    async def commit(self) -> None:
        """Commit what was done, if anything was."""
        if self._ends():
            try:
                await super().commit()
            except sqlite3.Error:
                # What could not be committed may be open still, and is to be rolled back.
                self._begun = True
                raise

    async def rollback(self) -> None:
        """Roll back what was done, if anything was."""
        if self._ends():
            await super().rollback()

    def _within(self, begin: str | None, statement: Callable[[], list[Any]]) -> list[Any]:
        if begin:
            self._conn.execute(begin)
        return statement()

    def _ends(self) -> bool:
        begun, self.to_begin, self._begun = self._begun, None, False
        return begun


class Cursor(aiosqlite.Cursor):
    """A cursor that executes and fetches in one trip."""

    _conn: Driver
    _rows: list[Any]

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "Cursor":
        """Execute a statement and fetch its rows."""
        values: Any = parameters or ()
        self._rows = await self._conn.run(lambda: self._cursor.execute(sql, values).fetchall())
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> "Cursor":
        """Execute a statement many times."""
        values: Any = parameters
        self._rows = await self._conn.run(lambda: self._cursor.executemany(sql, values).fetchall())
        return self

    async def fetchall(self) -> list[Any]:
        """The rows, which are there already."""
        return self._rows

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        """The next rows, for whoever streams them."""
        some, self._rows = self._rows[:size], self._rows[size:] if size else []
        return some

    async def close(self) -> None:
        """Nothing is left open: all rows were fetched."""


class Opener:
    """Opens connections, for SQLAlchemy's `async_creator_fn`, and knows their threads.

    A task that is cancelled leaves its connection's thread at work; SQLAlchemy tells it to end and does not wait.
    """

    def __init__(self) -> None:
        self._threads: WeakSet[Thread] = WeakSet()

    def __call__(self, file: str, **options: Any) -> Driver:
        """A connection that is open once it is awaited."""
        # Only one side at a time touches it: the thread, while somebody waits for what it does.
        driver = Driver(partial(sqlite3.connect, file, **options | {"check_same_thread": False}), _CHUNK)
        thread = driver._thread  # noqa: SLF001 - as SQLAlchemy does it
        thread.daemon = True
        self._threads.add(thread)
        return driver

    async def ended(self) -> None:
        """Return when all threads have ended, after all connections were closed: nobody holds the file any more."""
        for thread in list(self._threads):
            if thread.is_alive():
                await asyncio.to_thread(thread.join, _PATIENCE)
