"""A database that several programs use at once, on SQLite and on PostgreSQL."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, insert, inspect
from sqlalchemy.exc import IntegrityError

from bot.audit import Actor
from bot.clock import Clock
from bot.store import database as database_module
from bot.store import seat
from bot.store.all_tables import Base
from bot.store.database import Database, DatabaseError, open_database
from bot.store.ledger_tables import Outgoing
from bot.store.people_tables import Contact, Coordinator, WrongCodes
from bot.store.seat import FileSeat
from bot.store.turns import ServerTurns
from tests import conftest
from tests.bot.office import AN_ID, XAY_DUNG, Office
from tests.postgres import Cluster
from tests.stores import FileStore, ServerStore, Store

T = TypeVar("T")
PATIENCE = 30


@pytest.fixture
def empty(database_kind: str, server: Callable[[], Cluster], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A database that nothing was ever done to; it is really migrated."""
    monkeypatch.setattr(database_module, "_upgrade", conftest._upgrade)
    if database_kind == "sqlite":
        return FileStore(tmp_path / "isobot.db")
    return ServerStore(server(), server().create())


@pytest.fixture
async def both(store: Store) -> AsyncIterator[list[Database]]:
    """The database as two programs have it open."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(open_database(store.url)) for _ in range(2)]


async def _look(database: Database, look: Callable[[Connection], T]) -> T:
    async with database.engine.connect() as connection:
        return await connection.run_sync(look)


async def test_an_error_does_not_repeat_what_was_to_be_stored(both: list[Database]) -> None:
    contact = {"person_id": 4_711_000, "agency": XAY_DUNG, "name": "Đỗ Thị Kín", "linked_at": datetime.now(UTC)}
    async with both[0].session() as session:
        await session.execute(insert(Contact), [contact])
    with pytest.raises(IntegrityError) as told:
        async with both[1].session() as session:
            await session.execute(insert(Contact), [contact])
    shown = "".join(traceback.format_exception(told.value))
    assert "contacts" in shown
    assert not any(value in shown for value in ("4711000", "Kín"))


async def test_programs_that_start_at_once_on_an_empty_database_all_start(empty: Store) -> None:
    async def start() -> None:
        async with open_database(empty.url) as opened, opened.session() as session:
            assert await session.get(Outgoing, 1) is None

    await asyncio.gather(*(start() for _ in range(3)))
    assert len(empty.ask("SELECT version_num FROM alembic_version")) == 1


async def test_the_migrations_make_what_the_code_knows(empty: Store, database_kind: str) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, Base.metadata))

    def constraints(connection: Connection) -> dict[str, dict[str, str]]:
        inspector = inspect(connection)
        return {
            table: {str(one["name"]): str(one["sqltext"]) for one in inspector.get_check_constraints(table)}
            for table in Base.metadata.tables
        }

    async with open_database(empty.url) as opened:
        assert await _look(opened, differences) == []
        made = await _look(opened, constraints)
        async with opened.engine.begin() as connection:
            await connection.run_sync(Base.metadata.drop_all)
            await connection.run_sync(Base.metadata.create_all)
        assert made == await _look(opened, constraints)


async def test_whoever_reads_and_then_writes_is_alone(both: list[Database], clock: Clock) -> None:
    async def count(database: Database) -> None:
        async with database.writing() as session:
            row = await session.get(WrongCodes, AN_ID)
            await asyncio.sleep(0)
            if row is None:
                session.add(WrongCodes(person_id=AN_ID, count=1, last_at=clock.now()))
            else:
                row.count += 1

    await asyncio.gather(*(count(database) for database in both * 10))
    async with both[0].session() as session:
        assert (await session.get_one(WrongCodes, AN_ID)).count == 20


async def test_the_character_nul_does_no_harm(office: Office) -> None:
    await office.link(Actor(AN_ID, "A\0n"))
    now = office.clock.now()
    rows = [{"person_id": number, "agency": XAY_DUNG, "linked_at": now, "name": "A\0n"} for number in (1, 2)]
    async with office.database.session() as session:
        await session.execute(insert(Contact), rows)  # in one statement
        session.add_all([Coordinator(person_id=number, name="A\0n", since=now) for number in (1, 2)])
    names = [str(contact.name).replace("\0", "") for contact in await office.contacts.of(XAY_DUNG)]
    assert names == ["An"] * 3
    assert {1, 2} <= await office.coordinators.ids()


async def test_a_second_bot_on_a_file_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seat, "_HANDOVER", 0.05)
    url = FileStore(tmp_path / "isobot.db").url
    async with open_database(url) as one, open_database(url) as other:
        first, second = FileSeat(one), FileSeat(other)
        assert await first.take()
        assert await first.take(), "who has it keeps it"
        assert not await second.take()
        assert (first.is_held, second.is_held) == (True, False)
        await first.leave()
        assert await second.take()
        await second.leave()


async def test_a_chat_has_one_turn_in_all_programs_and_other_chats_do_not_wait(
    server: Callable[[], Cluster],
) -> None:
    name = server().lend()
    url, story = server().url(name), list[str]()
    async with open_database(url) as one, open_database(url) as other:
        here, there = ServerTurns(one), ServerTurns(other)
        keeping = [asyncio.create_task(turns.keep()) for turns in (here, there)]

        async def work_there(chat: int) -> None:
            async with there.of(chat):
                story.append(f"there {chat}")

        async with asyncio.timeout(PATIENCE):
            async with here.of(-7):
                waiting = asyncio.create_task(work_there(-7))
                await work_there(8)
                story.append("here -7")
            await waiting
        assert story == ["there 8", "here -7", "there -7"]

        async with asyncio.timeout(PATIENCE), here.of(5):
            waiting = asyncio.create_task(work_there(5))
            await work_there(6)
            assert story[-1] == "there 6"
            for row in server().run(name, "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 5"):
                server().run(name, f"SELECT pg_terminate_backend({row['pid']})")
            await waiting  # whoever is cut off makes room
        assert story[-1] == "there 5"
        for task in keeping:
            task.cancel()
        await asyncio.gather(*keeping, return_exceptions=True)
    server().take_back(name)


@pytest.mark.parametrize(
    "address", ["postgresql+asyncpg://isobot:do-not-tell@127.0.0.1:1/isobot", "postgresql+nosuch://a:do-not-tell@h/d"]
)
async def test_a_server_that_cannot_be_reached_is_told_without_the_password(address: str) -> None:
    with pytest.raises(DatabaseError) as told:
        async with open_database(address):
            pass
    assert "do-not-tell" not in str(told.value)
    assert "\n" not in str(told.value)


async def test_a_database_that_is_not_there_is_told(server: Callable[[], Cluster]) -> None:
    with pytest.raises(DatabaseError, match="nowhere"):
        async with open_database(server().url("nowhere")):
            pass
