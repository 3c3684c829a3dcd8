"""The records of the coordinator's desk: answers that a person wrote, and which plan was in force when."""

from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.audit import Actor, Audit
from bot.clock import Clock
from bot.contacts import Contacts, Role
from bot.contingency import KIND as SWITCHING
from bot.contingency import Contingency
from bot.coordinators import Coordinators
from bot.drafts import Drafts
from bot.inbox import Inbox
from bot.outbox import Letter, Outbox
from bot.questions import Questions
from bot.retention import AUTHOR_KEPT
from bot.store.database import Database, open_database
from bot.store.ledger_tables import Act, Outgoing
from bot.store.submission_tables import Switch
from bot.store.tables import Outcome, Settlement, Via
from bot.written_answers import KIND as ANSWERING
from bot.written_answers import WrittenAnswers
from tests.bot.office import Office

AN, BINH, HA, MAI = 1, 2, 3, 4
HERE = Actor(HA, "Hà")
MIGRATIONS = Path(__file__).parents[2] / "bot" / "store" / "migrations"


@pytest.fixture
def outbox(clock: Clock) -> Outbox:
    return Outbox(clock)


@pytest.fixture
def audit(database: Database, clock: Clock) -> Audit:
    return Audit(database, clock)


@pytest.fixture
def drafts(database: Database, clock: Clock, outbox: Outbox) -> Drafts:
    return Drafts(database, clock, outbox)


@pytest.fixture
def answers(database: Database, clock: Clock, outbox: Outbox, audit: Audit) -> WrittenAnswers:
    return WrittenAnswers(database, clock, outbox, audit)


@pytest.fixture
def contacts(database: Database, clock: Clock, outbox: Outbox, audit: Audit) -> Contacts:
    return Contacts(database, clock, outbox, audit, Coordinators(database, frozenset({HA, MAI})))


@pytest.fixture
def contingency(database: Database, clock: Clock, outbox: Outbox, audit: Audit, contacts: Contacts) -> Contingency:
    coordinators = Coordinators(database, frozenset({HA, MAI}))
    return Contingency(database, clock, outbox, audit, contacts, coordinators)


async def _ask(database: Database, clock: Clock, person_id: int, words: str) -> int:
    return await Questions(database, clock).record(
        person_id=person_id, text=words, via=Via.TEXT, outcome=Outcome.DECLINE, topic=None, agency=None, score=0
    )


async def _ledger(database: Database) -> list[tuple[int, str]]:
    async with database.session() as session:
        rows = await session.scalars(select(Outgoing).order_by(Outgoing.id))
        return [(row.chat_id, row.html) for row in rows]


async def test_an_answer_goes_to_each_asker_once_with_their_first_words_and_settles_all(
    database: Database, clock: Clock, drafts: Drafts, answers: WrittenAnswers, audit: Audit
) -> None:
    asked = [await _ask(database, clock, *one) for one in ((AN, "a1"), (BINH, "b1"), (AN, "a2"))]
    await drafts.keep(HA, ANSWERING, {}, None)
    assert await answers.give(HERE, asked, "đáp", Letter)
    assert sorted(await _ledger(database)) == [(AN, "a1"), (BINH, "b1")]
    assert await Inbox(database, clock).open() == []
    [entry] = await audit.entries()
    assert (entry.act, entry.detail) == (Act.ANSWERED, {"question": asked[0], "questions": 3, "people": 2})


async def test_without_a_draft_or_with_the_first_question_settled_nothing_is_sent(
    database: Database, clock: Clock, drafts: Drafts, answers: WrittenAnswers
) -> None:
    asked = [await _ask(database, clock, AN, "một"), await _ask(database, clock, BINH, "hai")]
    assert not await answers.give(HERE, asked, "đáp", Letter)
    await Inbox(database, clock).dismiss(asked[:1], MAI)
    await drafts.keep(HA, ANSWERING, {}, None)
    assert not await answers.give(HERE, asked, "đáp", Letter)
    assert await _ledger(database) == []
    assert [one.id for one in await Inbox(database, clock).open()] == asked[1:]


async def test_what_another_settled_of_an_entry_is_not_answered_a_second_time(
    database: Database, clock: Clock, drafts: Drafts, answers: WrittenAnswers
) -> None:
    asked = [await _ask(database, clock, AN, "một"), await _ask(database, clock, BINH, "hai")]
    await Inbox(database, clock).dismiss(asked[1:], MAI)
    await drafts.keep(HA, ANSWERING, {}, None)
    assert await answers.give(HERE, asked, "đáp", Letter)
    assert await _ledger(database) == [(AN, "một")]


async def test_who_is_forgotten_is_counted_and_not_written_to(
    database: Database, clock: Clock, drafts: Drafts, answers: WrittenAnswers
) -> None:
    old = await _ask(database, clock, AN, "cũ")
    clock.turn_by(AUTHOR_KEPT + timedelta(days=1))
    await Office(database, clock).retention.forget_old()
    new = await _ask(database, clock, BINH, "mới")
    await drafts.keep(HA, ANSWERING, {}, None)
    await answers.give(HERE, [old, new], "đáp", Letter)
    given = await answers.given(old)
    assert given is not None
    assert (given.question, given.answer, given.forgotten, given.deliveries.total()) == ("cũ", "đáp", 1, 1)


async def test_a_settlement_says_it_was_answered_only_with_the_answer(database: Database, clock: Clock) -> None:
    asked = await _ask(database, clock, AN, "một")
    for how, answer in (("answered", None), ("dismissed", "đáp"), ("shouted", None)):
        with pytest.raises(IntegrityError):
            async with database.session() as session:
                session.add(Settlement(question_id=asked, entry=asked, how=how, answer=answer, settled_at=clock.now()))


async def test_switching_tells_contacts_and_the_other_coordinators_once_each(
    database: Database, drafts: Drafts, contacts: Contacts, contingency: Contingency
) -> None:
    for person, agency in ((AN, "x"), (AN, "y"), (BINH, "y"), (MAI, "x"), (9, "z")):
        await contacts.link(person, agency)
    await drafts.keep(HA, SWITCHING, {}, None)

    def words(role: Role) -> Letter:
        return Letter(role.value)

    assert await contingency.switch(HERE, "dịch", ["x", "y"], words, contingency=True)
    assert sorted(await _ledger(database)) == [(AN, "contact"), (BINH, "contact"), (MAI, "contact")]


async def test_the_plan_in_force_is_not_put_into_force_again_and_every_switch_stays(
    database: Database, drafts: Drafts, contingency: Contingency, audit: Audit
) -> None:
    async def switch(*, on: bool) -> bool:
        await drafts.keep(HA, SWITCHING, {}, None)
        return await contingency.switch(HERE, "dịch", [], lambda _: None, contingency=on)

    assert [await switch(on=on) for on in (False, True, True, False, False)] == [False, True, False, True, False]
    assert not await contingency.switch(HERE, "không có việc dở", [], lambda _: None, contingency=True)
    async with database.session() as session:
        found = list(await session.scalars(select(Switch).order_by(Switch.id)))
    assert [one.contingency for one in found] == [True, False]
    assert [entry.act for entry in await audit.entries()] == [Act.CONTINGENCY_ON, Act.CONTINGENCY_OFF]
    newest = await contingency.newest()
    assert newest is not None
    assert newest.id == found[-1].id


async def test_the_log_is_read_newest_first_by_agency_and_act(database: Database, audit: Audit) -> None:
    async with database.writing() as session:
        for number, (act, agency) in enumerate(
            [(Act.EXTENDED, "x"), (Act.WAIVED, "y"), (Act.EXTENDED, "y"), (Act.EXTENDED, None)]
        ):
            audit.note(session, act, HERE, agency, number=number)

    async def read(agency: str | None, *acts: Act, skipped: int = 0) -> tuple[list[int], int]:
        found, total = await audit.newest(agency, acts, skipped, 2)
        return [entry.detail["number"] for entry in found], total

    assert await read(None) == ([3, 2], 4)
    assert await read(None, skipped=2) == ([1, 0], 4)
    assert await read("y") == ([2, 1], 2)
    assert await read("y", Act.EXTENDED) == ([2], 1)
    assert await read(None, Act.RETURNED) == ([], 0)


async def test_a_database_from_before_keeps_its_rows_and_its_other_constraints(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'old.db'}"

    def to_0003(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")

    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(to_0003)
        await connection.execute(
            text("INSERT INTO audit (at, act, detail, agency) VALUES ('2021-11-01', 'extended', '{}', 'x')")
        )
        await connection.execute(
            text("INSERT INTO questions (asked_at, via, outcome, score) VALUES ('2021-11-01', 'text', 'decline', 0);")
        )
        await connection.execute(
            text(
                "INSERT INTO settlements (question_id, entry, how, settled_at) VALUES (1, 1, 'dismissed', '2021-11-01')"
            )
        )
    await engine.dispose()
    async with open_database(url) as database:
        async with database.session() as session:
            assert (await session.execute(text("SELECT act, agency FROM audit"))).all() == [("extended", "x")]
            settled = await session.execute(text("SELECT entry, how, answer FROM settlements"))
            assert settled.all() == [(1, "dismissed", None)]
        with pytest.raises(IntegrityError):
            async with database.session() as session:
                await session.execute(text("UPDATE settlements SET how = 'learned'"))
