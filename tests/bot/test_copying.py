"""Everything that is remembered, from one database to another: all of it as it was, or nothing."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.clock import Clock
from bot.store import copying
from bot.store.copying import copy
from bot.store.database import Database, DatabaseError, open_database
from bot.store.tables import Outcome, Question, Via
from bot.store.upkeep_tables import Heartbeat
from tests.bot.archive import Installation, rows_of, well_used


@pytest.fixture
def there(tmp_path: Path) -> Path:
    return tmp_path / "there.db"


@pytest.fixture
async def target(there: Path) -> AsyncIterator[Database]:
    async with open_database(f"sqlite+aiosqlite:///{there}") as opened:
        yield opened


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "data")


@pytest.fixture
async def source(installation: Installation, clock: Clock) -> AsyncIterator[Database]:
    async with well_used(installation, clock) as database:
        yield database


def _question(clock: Clock, number: int) -> Question:
    text = f"câu {number}"
    return Question(asked_at=clock.now(), text=text, via=Via.TEXT, outcome=Outcome.ANSWER, score=number / 7)


async def test_every_row_arrives_as_it_was(
    source: Database, target: Database, installation: Installation, there: Path
) -> None:
    counts = await copy(source, target)
    before = installation.rows()
    assert rows_of(there) == before
    assert counts == {table: len(rows) for table, rows in before.items()}
    assert min(counts[table] for table in ("steps", "version_files", "audit", "outgoing", "settlements", "drafts")) > 0


async def test_more_rows_than_are_on_their_way_at_once_arrive(
    source: Database, target: Database, installation: Installation, there: Path, clock: Clock
) -> None:
    async with source.session() as session:
        session.add_all(_question(clock, number) for number in range(2 * copying._CHUNK + 1))
    await copy(source, target)
    assert rows_of(there) == installation.rows()


async def test_what_is_written_meanwhile_is_not_in_the_copy_nor_in_its_way(
    source: Database, target: Database, installation: Installation, there: Path, clock: Clock
) -> None:
    before = installation.rows()

    async def write_meanwhile() -> None:
        async with source.session() as session:
            session.add(_question(clock, 1))

    await copy(source, target, last_look=write_meanwhile)
    assert rows_of(there) == before
    assert len(installation.rows()["questions"]) == len(before["questions"]) + 1


async def test_ids_go_on_above_those_that_were_copied(source: Database, target: Database, clock: Clock) -> None:
    await copy(source, target)
    async with target.session() as session:
        question = _question(clock, 1)
        session.add(question)
        await session.flush()
        assert question.id > 1
        assert await session.scalar(select(Question.text).where(Question.id < question.id))


async def test_a_database_that_holds_anything_is_left_alone(
    source: Database, target: Database, there: Path, clock: Clock
) -> None:
    async with target.session() as session:
        session.add(_question(clock, 1))
    before = rows_of(there)
    with pytest.raises(DatabaseError, match="questions"):
        await copy(source, target)
    assert rows_of(there) == before


async def test_what_is_true_of_one_installation_only_is_not_copied(
    source: Database, target: Database, clock: Clock
) -> None:
    async with source.session() as session:
        session.add(Heartbeat(host="here", pid=1, started_at=clock.now(), seen_at=clock.now()))
    await copy(source, target)
    async with target.session() as session:
        assert await session.scalar(select(Heartbeat)) is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET person_name = upper(person_name) WHERE id = new.id",
        "UPDATE audit SET person_id = person_id + 1 WHERE id = new.id",
        "UPDATE audit SET at = datetime(at, '1 second') WHERE id = new.id",
        "DELETE FROM audit WHERE id = new.id",
    ],
)
async def test_a_row_that_does_not_arrive_as_it_was_is_noticed_and_nothing_is_kept(
    source: Database, target: Database, there: Path, change: str
) -> None:
    async with target.session() as session:
        await session.execute(text(f"CREATE TRIGGER faulty AFTER INSERT ON audit BEGIN {change}; END"))
    with pytest.raises(DatabaseError, match="audit"):
        await copy(source, target)
    assert not any(rows_of(there).values())


async def test_a_row_that_the_target_refuses_is_told_with_its_table(
    source: Database, target: Database, installation: Installation, there: Path
) -> None:
    with closing(sqlite3.connect(installation.file)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        connection.execute("UPDATE questions SET outcome = 'xyzzy'")
    with pytest.raises(DatabaseError, match="questions"):
        await copy(source, target)
    assert not any(rows_of(there).values())
