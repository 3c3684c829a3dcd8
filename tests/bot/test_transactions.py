"""Transactions on SQLite: that they begin with their first statement and end, and how many a question costs."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import database as store
from bot.store.database import Database, open_database
from bot.store.tables import Phrasing, Question
from tests.bot.office import ABOUT, AN_ID, Office, asked


@pytest.fixture(scope="session")
def database_kind() -> str:
    """It is SQLite's driver that is ours."""
    return "sqlite"


@contextmanager
def _counted(database: Database) -> Iterator[dict[str, int]]:
    """Counts the statements and the transactions within the block."""
    counts = {"statements": 0, "transactions": 0}
    engine = database.engine.sync_engine

    def statement(*_: object) -> None:
        counts["statements"] += 1

    def transaction(_: object) -> None:
        counts["transactions"] += 1

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "begin", transaction)
    yield counts
    event.remove(engine, "before_cursor_execute", statement)
    event.remove(engine, "begin", transaction)


@pytest.mark.parametrize("people", [[AN_ID], list(range(1, 41))])
async def test_questions_asked_at_once_cost_two_transactions_and_one_statement_each_besides_three(
    office: Office, database: Database, people: list[int]
) -> None:
    with _counted(database) as counts:
        await asyncio.gather(*(office.askers.known(person, person) for person in people))
        await asyncio.gather(*(office.askers.record(person, asked(person), ABOUT) for person in people))
    assert counts == {"transactions": 2, "statements": 3 + len(people)}


async def test_an_empty_transaction_leaves_the_connection_as_it_was(database: Database) -> None:
    async with database.writing():
        pass
    with closing(sqlite3.connect(str(database.engine.url.database), timeout=0)) as other:
        other.execute("BEGIN IMMEDIATE")


async def test_a_writer_holds_its_place_from_its_first_statement(database: Database) -> None:
    with closing(sqlite3.connect(str(database.engine.url.database), timeout=0)) as other:
        async with database.writing() as session:
            await session.scalar(select(func.count()).select_from(Question))
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")


async def test_what_is_undone_is_undone_whole(database: Database, office: Office) -> None:
    values = {"topic": "t", "text": "x", "added_at": office.clock.now()}

    async def write_and_fail() -> None:
        async with database.session() as session:
            await session.execute(insert(Phrasing), [values, values])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write_and_fail()
    async with database.session() as session:
        assert not await session.scalar(select(func.count()).select_from(Phrasing))


async def test_whoever_is_cancelled_in_the_middle_leaves_no_transaction_behind(
    database: Database, office: Office
) -> None:
    values = {"topic": "t", "text": "x", "added_at": office.clock.now()}

    async def write() -> None:
        async with database.writing() as session:
            for _ in range(1000):
                await session.execute(insert(Phrasing), [values])

    for steps in range(0, 40, 3):
        writing = asyncio.create_task(write())
        for _ in range(steps):
            await asyncio.sleep(0)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
    async with database.writing() as session:
        assert not await session.scalar(select(func.count()).select_from(Phrasing))


async def test_when_a_database_is_closed_nobody_holds_its_file_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = asyncio.Event(), threading.Event()
    connect: Callable[..., sqlite3.Connection] = sqlite3.connect
    dispose = AsyncEngine.dispose
    loop, before = asyncio.get_running_loop(), set(threading.enumerate())

    def connect_slowly(*place: Any, **options: Any) -> sqlite3.Connection:
        loop.call_soon_threadsafe(begun.set)
        go_on.wait()
        return connect(*place, **options)

    async def ask(database: Database) -> None:
        async with database.session() as session:
            await session.scalar(select(Phrasing.id))

    async def dispose_and_go_on(engine: AsyncEngine) -> None:
        await dispose(engine)
        loop.call_soon(go_on.set)

    async with open_database(f"sqlite+aiosqlite:///{tmp_path / 'isobot.db'}") as database:
        async with database.session() as session:
            await session.scalar(select(Phrasing.id))
            monkeypatch.setattr(sqlite3, "connect", connect_slowly)
            asking = asyncio.create_task(ask(database))
            await begun.wait()
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
        monkeypatch.setattr(AsyncEngine, "dispose", dispose_and_go_on)
    left = [thread.name for thread in set(threading.enumerate()) - before if "connection" in thread.name]
    go_on.set()
    assert left == []


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's own patience is taken away: whoever does not wait in line is turned away."""
    monkeypatch.setattr(store, "_BUSY_TIMEOUT", 0)


@pytest.mark.usefixtures("impatient")
async def test_the_writers_of_one_program_wait_for_each_other_however_many_they_are(
    office: Office,
) -> None:
    async def learn() -> None:
        async with office.database.writing() as session:
            await session.execute(insert(Phrasing), [{"topic": "t", "text": "x", "added_at": office.clock.now()}])

    people = range(1, 17)
    await asyncio.gather(
        *(office.askers.record(person, asked(person), ABOUT) for person in people), *(learn() for _ in people)
    )
    async with office.database.session() as session:
        for table in (Question, Phrasing):
            assert await session.scalar(select(func.count()).select_from(table)) == len(people)
