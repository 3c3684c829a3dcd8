"""Transactions on SQLite: that they begin with their first statement and end, and how many a question costs."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import event, func, insert, select

from bot.askers import Askers
from bot.conversations import Conversations, Subject
from bot.questions import Asked, Questions
from bot.store import database as store
from bot.store.database import Database
from bot.store.tables import Outcome, Phrasing, Question, Via
from tests.bot.office import AN, AN_ID, BINH_ID, BU_DANG, CHI_ID, XAY_DUNG, Office

ABOUT = Subject("report.deadline", None)


def _asked(person: int, text: str = "hạn nộp?") -> Asked:
    return Asked(person, text, Via.TEXT, Outcome.ANSWER, "report.deadline", None, 0.9)


@pytest.fixture(scope="session")
def database_kind() -> str:
    """It is SQLite's driver that is ours."""
    return "sqlite"


@pytest.fixture
def askers(office: Office) -> Askers:
    database, clock = office.database, office.clock
    questions, conversations = Questions(database, clock), Conversations(database, clock)
    return Askers(database, office.coordinators, office.deadlines, conversations, questions)


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


async def test_a_question_costs_two_transactions_and_four_statements(askers: Askers, database: Database) -> None:
    with _counted(database) as counts:
        await askers.known(AN_ID, AN_ID)
        await askers.record(AN_ID, _asked(AN_ID), ABOUT)
    assert counts == {"transactions": 2, "statements": 4}


async def test_what_is_known_of_people_is_not_mixed_up(askers: Askers, office: Office) -> None:
    await office.contacts.link(AN_ID, XAY_DUNG, AN.name)
    await office.contacts.link(CHI_ID, XAY_DUNG)
    await office.contacts.link(CHI_ID, BU_DANG)
    await office.drafts.keep(BINH_ID, "confirm", {}, None)
    await askers.record(AN_ID, _asked(AN_ID), ABOUT)
    an, binh, chi, an_in_a_group = await asyncio.gather(
        *(
            askers.known(chat, person)
            for chat, person in ((AN_ID, AN_ID), (BINH_ID, BINH_ID), (CHI_ID, CHI_ID), (-5, AN_ID))
        )
    )
    assert (chi.agency, chi.is_coordinator, set(chi.agencies)) == (None, True, {XAY_DUNG, BU_DANG})
    assert [an.may_see(XAY_DUNG), an.may_see(BU_DANG), binh.may_see(XAY_DUNG)] == [True, False, False]
    assert (an.agency, an.subject, an.is_drafting) == (XAY_DUNG, ABOUT, False)
    assert (binh.agency, binh.subject, binh.is_drafting) == (None, None, True)
    assert (an_in_a_group.agency, an_in_a_group.subject) == (XAY_DUNG, None)


async def test_a_question_and_what_it_was_about_are_stored_together_or_not_at_all(
    askers: Askers, database: Database
) -> None:
    half_a_sign = "\ud800"
    with pytest.raises(UnicodeEncodeError):
        await askers.record(AN_ID, _asked(AN_ID), Subject(half_a_sign, None))
    async with database.session() as session:
        assert not await session.scalar(select(func.count()).select_from(Question))


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


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's own patience is taken away: whoever does not wait in line is turned away."""
    monkeypatch.setattr(store, "_BUSY_TIMEOUT", 0)


@pytest.mark.usefixtures("impatient")
async def test_the_writers_of_one_program_wait_for_each_other_however_many_they_are(
    askers: Askers, office: Office
) -> None:
    async def learn() -> None:
        async with office.database.writing() as session:
            await session.execute(insert(Phrasing), [{"topic": "t", "text": "x", "added_at": office.clock.now()}])

    people = range(1, 17)
    await asyncio.gather(
        *(askers.record(person, _asked(person), ABOUT) for person in people), *(learn() for _ in people)
    )
    async with office.database.session() as session:
        for table in (Question, Phrasing):
            assert await session.scalar(select(func.count()).select_from(table)) == len(people)
