"""The disk: the bot's real SQLite file, written without a thread, so that it can be filled, locked and torn away."""

import asyncio
import resource
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.store import sqlite
from tests.simulation.adversary import ACT, END, Adversary

# As long as a connection of the bot waits for another one that writes, in seconds.
_PATIENCE = 10.0
# How what says that a message was sent begins.
_END = "UPDATE outgoing SET ended_at=?, state=?, reason=?, message_id=?"
# More than any file ever has.
_ANY_PAGES = 1_000_000
_WRITES = frozenset({"INSERT", "UPDATE", "DELETE", "COMMIT", ACT, END})


class Disk:
    """Opens the bot's file. One engine serves every bot that is ever started, as it remembers compiled statements."""

    def __init__(self) -> None:
        self.file = Path()
        self._pages = _ANY_PAGES
        self.adversary = Adversary()
        self.engine: AsyncEngine = create_async_engine("sqlite+aiosqlite:///simulated", async_creator=self._open)
        self._open_ones: list[_Connection] = []

    def insert(self, file: Path, adversary: Adversary) -> None:
        """From now on this is the file."""
        self.file, self.adversary = file, adversary

    def limit(self, pages: int | None) -> None:
        """Give the file room for so many pages, as one that SQLite itself finds full; None for as many as it likes."""
        self._pages = pages or _ANY_PAGES
        for connection in self._open_ones:
            connection.limit(self._pages)

    def tear_out(self) -> None:
        """Close the file as the end of a process does: what was not committed is gone."""
        for connection in self._open_ones:
            connection.tear()
        self._open_ones.clear()
        self.engine.sync_engine.dispose(close=False)

    async def _open(self, *_: Any, **__: Any) -> aiosqlite.Connection:
        connection = _Connection(self.file, self.adversary)
        connection.limit(self._pages)
        self._open_ones.append(connection)
        return connection


@contextmanager
def _no_room() -> Iterator[None]:
    """Nothing can be written into any file, so that SQLite itself finds out."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


class _AtOnce:
    """In the place of the queue to the thread."""

    def put_nowait(self, work: "tuple[asyncio.Future[Any], Callable[[], Any]]") -> None:
        future, function = work
        future.set_result(function())


class _Cursor(sqlite.Cursor):
    _conn: "_Connection"

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> sqlite.Cursor:
        self._conn.sql = sql
        return await super().execute(sql, parameters)

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> sqlite.Cursor:
        self._conn.sql = sql
        return await super().executemany(sql, parameters)


class _Connection(sqlite.Driver):
    sql = ""
    _does_an_act = False

    def __init__(self, file: Path, adversary: Adversary) -> None:
        super().__init__(lambda: sqlite3.connect(file), 64)
        self._connection = sqlite3.connect(file)
        self._tx = _AtOnce()  # type: ignore[assignment]
        self._adversary = adversary

    def limit(self, pages: int) -> None:
        if self._connection is not None:
            self._connection.execute(f"PRAGMA max_page_count={pages}")

    def tear(self) -> None:
        if self._connection is not None:
            # Closing alone would leave a transaction open as long as somebody holds a cursor.
            self._connection.rollback()
            self._connection.close()
            self._connection = None

    def stop(self) -> "asyncio.Future[Any] | None":
        self.tear()
        return None

    async def close(self) -> None:
        self.tear()

    def cursor(self) -> _Cursor:  # type: ignore[override]
        return _Cursor(self, self._conn.cursor())

    async def rollback(self) -> None:
        self._does_an_act = False
        if self._ends() and self._connection is not None:
            self._connection.rollback()

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        name = fn.__name__
        if name not in {"_within", "commit"}:
            if self._connection is None:
                raise ValueError("Connection closed")
            return fn(*args, **kwargs)
        what = self._what_is_done(is_commit=name == "commit")
        await asyncio.sleep(0)
        await self._adversary.pass_by(what)
        if what in _WRITES and self._adversary.fills_disk(what):
            if name != "commit":
                raise sqlite3.OperationalError("database or disk is full")
            with _no_room():
                return fn(*args)
        result = await self._patiently(fn, *args)
        await self._adversary.pass_by(what)
        return result

    def _what_is_done(self, *, is_commit: bool) -> str:
        if is_commit:
            does_an_act, self._does_an_act = self._does_an_act, False
            return ACT if does_an_act else "COMMIT"
        statement = self.sql.lstrip()
        self._does_an_act |= statement.startswith("INSERT INTO audit")
        return END if statement.startswith(_END) else statement[:6]

    async def _patiently(self, fn: Callable[..., Any], *args: Any) -> Any:
        """What SQLite's busy time-out does, without stopping the loop: wait for whoever writes."""
        last = asyncio.get_running_loop().time() + _PATIENCE
        while True:
            if args and self.in_transaction:
                # It began, but the statement had to wait.
                args = (None, *args[1:])
            try:
                return fn(*args)
            except sqlite3.OperationalError as error:
                is_busy = error.sqlite_errorcode == sqlite3.SQLITE_BUSY
                if not is_busy or asyncio.get_running_loop().time() > last:
                    raise
            await asyncio.sleep(0.02)
