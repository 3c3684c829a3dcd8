"""A bot that runs is known to others; one that ended or was killed is not taken for one that runs."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot import heartbeats
from bot.clock import Clock
from bot.heartbeats import Heartbeats
from bot.store.database import Database
from bot.store.upkeep_tables import Heartbeat


@pytest.fixture
async def mine(database: Database) -> AsyncIterator[Heartbeats]:
    mine = Heartbeats(database)
    await mine.begin()
    yield mine
    await mine.end()


async def _set(database: Database, **values: object) -> None:
    async with database.session() as session:
        await session.execute(update(Heartbeat).values(**values))


async def test_a_bot_is_known_from_its_start_to_its_end(database: Database) -> None:
    mine, others = Heartbeats(database), Heartbeats(database)
    assert await others.alive() == []
    await mine.begin()
    [alive] = await others.alive()
    assert (alive.host, alive.pid, alive.conflict_at) == (socket.gethostname(), os.getpid(), None)
    await mine.end()
    assert await others.alive() == []


async def test_one_bot_that_ends_leaves_the_others_alone(database: Database, mine: Heartbeats) -> None:
    other = Heartbeats(database)
    await other.begin()
    assert len(await mine.alive()) == 2
    await other.end()
    assert len(await mine.alive()) == 1


async def test_a_bot_that_was_killed_here_is_not_alive(database: Database, mine: Heartbeats) -> None:
    killed = await asyncio.create_subprocess_exec("true")
    await killed.wait()
    await _set(database, pid=killed.pid)
    assert await mine.alive() == []


async def test_a_bot_on_another_machine_is_alive_until_its_signs_are_old(database: Database, mine: Heartbeats) -> None:
    await _set(database, host="elsewhere", pid=1)
    assert len(await mine.alive()) == 1
    await _set(database, seen_at=Clock().now() - timedelta(minutes=2))
    assert await mine.alive() == []


async def test_what_is_a_day_old_is_cleared_away_at_the_next_start(database: Database, mine: Heartbeats) -> None:
    await _set(database, host="elsewhere", seen_at=Clock().now() - timedelta(days=2))
    other = Heartbeats(database)
    await other.begin()
    async with database.session() as session:
        assert [row.host for row in await session.scalars(select(Heartbeat))] == [socket.gethostname()]


async def test_each_beat_is_a_new_sign_and_tells_of_a_conflict_once(
    database: Database, mine: Heartbeats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeats, "_BEAT", timedelta(milliseconds=5))
    [first] = await mine.alive()
    mine.conflict()
    beating = asyncio.create_task(mine.run())
    told = await _next(mine, "conflict_at", first.started_at)
    assert await _next(mine, "seen_at", told) > told
    beating.cancel()
    [last] = await mine.alive()
    assert (last.conflict_at, last.started_at) == (told, first.started_at)


async def _next(mine: Heartbeats, column: str, after: datetime) -> datetime:
    """The first moment after another that a column of the only bot shows."""
    async with asyncio.timeout(10):
        while True:
            [alive] = await mine.alive()
            moment: datetime | None = getattr(alive, column)
            if moment and moment > after:
                return moment
            await asyncio.sleep(0.005)
