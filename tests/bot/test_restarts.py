"""The row on when the bot ran last: who tells of a restart, and what the first start of all tells."""

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from bot.outbox import Letter
from bot.restarts import QUIET, Restart, Restarts
from bot.store.database import Database
from bot.store.ledger_tables import Outgoing
from bot.store.running_tables import Running
from tests.bot.office import AN_ID, CHI_ID, Office


def _words(restart: Restart) -> Letter:
    return Letter(f"{restart.times}: {restart.waiting}, {restart.left}")


def _process(office: Office) -> Restarts:
    """What a process that starts has of it."""
    return Restarts(office.database, office.clock, office.outbox, office.coordinators)


async def _reports(office: Office) -> list[str]:
    return [row.html for row in await office.messages() if row.chat_id == CHI_ID]


async def _put(office: Office) -> None:
    async with office.database.session() as session:
        office.outbox.put(session, AN_ID, Letter("Tin"))


async def test_the_first_start_of_all_has_nothing_to_tell(office: Office) -> None:
    await _put(office)
    first = _process(office)
    await first.look()
    await first.tell(_words)
    assert await _reports(office) == []


async def test_of_two_that_start_at_once_one_tells_and_the_other_not_even_later(office: Office) -> None:
    await _process(office).tell(_words)
    await _put(office)
    office.clock.turn_by(timedelta(minutes=5))
    both = [_process(office) for _ in range(2)]
    for one in both:
        await one.look()
    for _ in range(2):
        for one in both:
            await one.tell(_words)
        office.clock.turn_by(QUIET)
    assert await _reports(office) == ["1: 1, 1"]


async def test_what_waits_through_several_restarts_counts_once_and_a_report_that_waits_not_at_all(
    office: Office,
) -> None:
    await _process(office).tell(_words)
    await _put(office)
    for _ in range(3):
        office.clock.turn_by(timedelta(minutes=5))
        process = _process(office)
        await process.look()
        await process.tell(_words)
    office.clock.turn_by(QUIET)
    await _process(office).tell(_words)
    assert await _reports(office) == ["1: 1, 1", "2: 1, 1"]


async def test_a_process_that_ends_before_its_first_tick_is_over_loses_nothing(office: Office) -> None:
    await _process(office).tell(_words)
    await _put(office)
    await _process(office).look()
    after = _process(office)
    await after.look()
    await after.tell(_words)
    assert await _reports(office) == ["1: 1, 1"]


async def test_a_clock_that_is_turned_back_silences_no_report(office: Office) -> None:
    for days in (0, 10, -9):
        office.clock.turn_by(timedelta(days=days))
        process = _process(office)
        await process.look()
        await process.tell(_words)
        await _put(office)
    process = _process(office)
    await process.look()
    await process.tell(_words)
    assert len(await _reports(office)) == 2


async def test_there_is_one_such_row(database: Database, office: Office) -> None:
    await _process(office).tell(_words)
    with pytest.raises(IntegrityError):
        async with database.session() as session:
            await session.execute(insert(Running).values(id=2, seen_at=office.clock.now(), untold={}))
    async with database.session() as session:
        assert await session.scalar(select(func.count()).select_from(Running)) == 1
        assert await session.scalar(select(func.count()).select_from(Outgoing)) == 0
