"""The database: its tables, its constraints, and what is said when it cannot be used."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, insert, inspect, text
from sqlalchemy.exc import IntegrityError, StatementError

from bot.store.all_tables import Base
from bot.store.database import Database, DatabaseError, open_database
from bot.store.people_tables import Contact
from bot.store.submission_tables import VersionFile
from bot.store.tables import Outcome, Question, Rating, Via

NOW = datetime(2021, 11, 8, 1, 0, tzinfo=UTC)
Result = TypeVar("Result")


@pytest.fixture(scope="session")
def database_kind() -> str:
    """What is said of files."""
    return "sqlite"


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite+aiosqlite:///"))


async def _look(database: Database, look: Callable[[Connection], Result]) -> Result:
    async with database.engine.connect() as connection:
        return await connection.run_sync(look)


async def _refusal(url: str) -> str:
    """What is said when the database cannot be opened: one line."""
    with pytest.raises(DatabaseError) as told:
        async with open_database(url):
            pass
    # aiosqlite does not wait for the thread of a connection that failed; it must end before the loop does.
    for thread in threading.enumerate():
        if "_connection_worker_thread" in thread.name:
            await asyncio.to_thread(thread.join)
    assert "\n" not in str(told.value)
    return str(told.value)


def _row(**values: Any) -> dict[str, Any]:
    return {"asked_at": NOW, "via": Via.TEXT, "outcome": Outcome.ANSWER, "score": 0.5, **values}


async def test_the_migrations_make_the_tables_that_the_code_knows(database: Database) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, Base.metadata))

    assert await _look(database, differences) == []


async def test_the_migrations_make_the_constraints_that_the_code_knows(database: Database) -> None:
    def constraints(connection: Connection) -> dict[str, dict[str, str]]:
        inspector = inspect(connection)
        return {
            table: {str(one["name"]): str(one["sqltext"]) for one in inspector.get_check_constraints(table)}
            for table in Base.metadata.tables
        }

    made = await _look(database, constraints)
    async with open_database("sqlite+aiosqlite://") as other, other.engine.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)
        await connection.run_sync(Base.metadata.create_all)
        assert made == await connection.run_sync(constraints)
    assert made["questions"]


async def test_opening_again_changes_nothing_and_keeps_what_is_there(url: str) -> None:
    for expected in (0, 1):
        async with open_database(url) as database, database.session() as session:
            assert await session.scalar(text("SELECT count(*) FROM contacts")) == expected
            if not expected:
                session.add(Contact(person_id=1, agency="so-xay-dung", linked_at=NOW))


async def test_the_folder_is_made(url: str) -> None:
    deeper = url.replace("/data/", "/data/dữ liệu/2021/")
    async with open_database(deeper):
        assert _file(deeper).is_file()


async def test_a_folder_that_cannot_be_made_is_told_with_the_setting_to_change(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = await _refusal(f"sqlite+aiosqlite:///{tmp_path}/file/data/isobot.db")
    assert f"{tmp_path}/file/data" in told
    assert "ISOBOT_DATA" in told


async def test_a_folder_in_the_place_of_the_file_is_told(url: str) -> None:
    _file(url).mkdir(parents=True)
    told = await _refusal(url)
    assert str(_file(url).parent) in told
    assert "ISOBOT_DATA" in told


def test_a_program_that_ends_because_of_it_leaves_no_thread_behind(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    failures: list[object] = []
    monkeypatch.setattr(threading, "excepthook", failures.append)

    async def open_and_end() -> None:
        with pytest.raises(DatabaseError):
            async with open_database(url):
                pass

    _file(url).mkdir(parents=True)
    for _ in range(40):  # whether such a thread still runs when the loop is closed is a matter of luck
        asyncio.run(open_and_end())
    for thread in threading.enumerate():
        if "_connection_worker_thread" in thread.name:
            thread.join()
    assert failures == []


async def test_a_damaged_file_is_told_and_left_as_it_is(url: str) -> None:
    _file(url).parent.mkdir()
    _file(url).write_bytes(b"no database at all\n" * 500)
    assert "isobot.db" in await _refusal(url)
    assert _file(url).read_bytes().startswith(b"no database at all")


async def test_a_file_whose_tables_are_damaged_is_told(url: str) -> None:
    async with open_database(url):
        pass
    content = _file(url).read_bytes()
    _file(url).write_bytes(content[:100] + b"\xff" * (len(content) - 100))
    assert "isobot.db" in await _refusal(url)


async def test_a_file_of_a_newer_version_is_told_and_left_as_it_is(url: str) -> None:
    async with open_database(url):
        pass
    with closing(sqlite3.connect(_file(url))) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "isobot.db" in await _refusal(url)
    with closing(sqlite3.connect(_file(url))) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


async def test_a_file_that_can_be_opened_after_all_is_opened(url: str) -> None:
    _file(url).parent.mkdir()
    _file(url).write_bytes(b"no database at all\n" * 500)
    await _refusal(url)
    _file(url).unlink()
    async with open_database(url) as database, database.session() as session:
        assert await session.scalar(text("SELECT count(*) FROM questions")) == 0


@pytest.mark.parametrize(
    "address",
    [
        "isobot.db",
        "nosuch://host/isobot",
        "sqlite+nosuch:////isobot.db",
        "sqlite:////isobot.db",
        "sqlite+aiosqlite://host/",
    ],
)
async def test_an_address_that_is_none_is_told(address: str) -> None:
    assert await _refusal(address)


async def test_the_password_of_a_database_is_not_told() -> None:
    assert "do-not-tell" not in await _refusal("postgresql+nosuch://isobot:do-not-tell@127.0.0.1:1/isobot")


@pytest.mark.parametrize("column", ["via", "outcome", "rating"])
@pytest.mark.parametrize("word", ["xyzzy", "", "ANSWER", "Helpful"])
async def test_unknown_words_cannot_be_stored(database: Database, column: str, word: str) -> None:
    with pytest.raises(IntegrityError, match="CHECK constraint failed"):
        async with database.session() as session:
            await session.execute(insert(Question).values(**_row(**{column: word})))


@pytest.mark.parametrize(
    ("column", "word"),
    [
        *(("via", word) for word in Via),
        *(("outcome", word) for word in Outcome),
        *(("rating", word) for word in Rating),
    ],
)
async def test_every_word_that_the_code_knows_can_be_stored(database: Database, column: str, word: str) -> None:
    async with database.session() as session:
        await session.execute(insert(Question).values(**_row(**{column: word})))


@pytest.mark.parametrize("column", ["asked_at", "via", "outcome", "score"])
async def test_a_question_without_its_essentials_cannot_be_stored(database: Database, column: str) -> None:
    with pytest.raises(IntegrityError, match="NOT NULL"):
        async with database.session() as session:
            await session.execute(insert(Question).values(**_row(**{column: None})))


async def test_a_moment_without_a_zone_cannot_be_stored(database: Database) -> None:
    with pytest.raises(StatementError, match="without a time zone"):
        async with database.session() as session:
            await session.execute(insert(Question).values(**_row(asked_at=NOW.replace(tzinfo=None))))


async def test_a_moment_comes_back_in_utc(database: Database) -> None:
    local = datetime(2021, 11, 8, 8, 0, tzinfo=timezone(timedelta(hours=7)))
    async with database.session() as session:
        session.add(Question(**_row(id=1, asked_at=local)))
    async with database.session() as session:
        question = await session.get_one(Question, 1)
    assert question.asked_at == NOW
    assert question.asked_at.tzinfo is UTC


async def test_an_error_does_not_tell_what_was_to_be_stored(database: Database) -> None:
    with pytest.raises(IntegrityError) as told:
        async with database.session() as session:
            await session.execute(insert(Question).values(**_row(text="Phùng Khắc Hiếm", via="xyzzy")))
    assert "Phùng" not in str(told.value)


async def test_an_error_undoes_all_of_its_transaction(database: Database) -> None:
    async def fail() -> None:
        async with database.session() as session:
            session.add(Question(**_row()))
            await session.flush()
            raise RuntimeError("xyzzy")

    with pytest.raises(RuntimeError, match="xyzzy"):
        await fail()
    async with database.session() as session:
        assert await session.scalar(text("SELECT count(*) FROM questions")) == 0


async def test_what_cannot_be_committed_is_undone_before_the_connection_serves_another(database: Database) -> None:
    async def fail() -> None:
        async with database.writing() as session:
            # SQLite finds this out when it commits, and leaves the transaction open.
            await session.execute(text("PRAGMA defer_foreign_keys=ON"))
            session.add(VersionFile(version_id=1, position=0, sha256="0" * 64, name="a.pdf", size=1, kind="pdf"))

    with pytest.raises(IntegrityError):
        await fail()
    async with database.writing() as session:
        assert await session.scalar(text("SELECT count(*) FROM version_files")) == 0


async def test_readers_do_not_wait_for_a_writer(database: Database) -> None:
    async with database.session() as writer:
        writer.add(Question(**_row()))
        await writer.flush()
        async with database.session() as reader:
            assert await reader.scalar(text("SELECT count(*) FROM questions")) == 0


async def test_the_log_of_changes_is_emptied_unless_somebody_reads(database: Database, url: str) -> None:
    log = _file(url).with_name("isobot.db-wal")
    async with database.session() as session:
        session.add(Question(**_row(text="Phùng Khắc Hiếm")))
    async with database.session() as reader:
        await reader.scalar(text("SELECT count(*) FROM questions"))
        await database.empty_log()
        assert "Phùng".encode() in log.read_bytes()
    await database.empty_log()
    assert log.read_bytes() == b""


@pytest.mark.parametrize("kind", ["session", "writing"])
async def test_what_was_read_can_still_be_read_after_an_error(database: Database, kind: str) -> None:
    found: list[Contact] = []

    async def fail() -> None:
        async with getattr(database, kind)() as session:
            found.append(await session.get_one(Contact, (1, "so-xay-dung")))
            raise RuntimeError("xyzzy")

    async with database.session() as session:
        session.add(Contact(person_id=1, agency="so-xay-dung", linked_at=NOW, name="An"))
    with pytest.raises(RuntimeError, match="xyzzy"):
        await fail()
    assert [contact.name for contact in found] == ["An"]
