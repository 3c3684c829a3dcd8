"""The leader's seat at a server: one process at a time, taken over when that one is gone; no claim without it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import select

from bot import leadership
from bot.clock import Clock
from bot.leadership import lead
from bot.outbox import Letter, Outbox
from bot.store import lifeline, server
from bot.store.database import Database, open_database
from bot.store.ledger_tables import Outgoing
from bot.store.lifeline import CutOffError
from bot.store.notice_tables import Subscriber
from bot.store.seat import ServerSeat
from tests.postgres import Cluster
from tests.stores import ServerStore

PATIENCE = 30
HELD = "locktype = 'advisory' AND objid = 2 AND granted AND datname = current_database()"
HOLDERS = f"FROM pg_locks JOIN pg_database ON pg_database.oid = database WHERE {HELD}"


@pytest.fixture
def store(server: Callable[[], Cluster]) -> Iterator[ServerStore]:
    name = server().lend()
    yield ServerStore(server(), name)
    server().take_back(name)


@pytest.fixture
async def replicas(store: ServerStore) -> AsyncIterator[list[ServerSeat]]:
    """The seat as three processes see it."""
    async with AsyncExitStack() as stack:
        databases = [await stack.enter_async_context(open_database(store.url)) for _ in range(3)]
        found = [ServerSeat(database, _nobody_calls) for database in databases]
        yield found
        for one in found:
            await one.leave()


@pytest.fixture
async def other(store: ServerStore) -> AsyncIterator[Database]:
    """The database as somebody has it open who does not lead."""
    async with open_database(store.url) as opened:
        yield opened


def _nobody_calls() -> None:
    raise AssertionError("nothing was written elsewhere")


async def _throw_out(store: ServerStore) -> None:
    """End the connection of whoever has the seat, as a server that restarts does."""
    [gone] = _holders(store)
    store.cluster.run(store.name, f"SELECT pg_terminate_backend({gone})")
    await _until(lambda: gone not in _holders(store))


def _holders(store: ServerStore) -> list[int]:
    """The connections that have the seat."""
    return [row["pid"] for row in store.cluster.run(store.name, f"SELECT pid {HOLDERS}")]


async def _until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 - what is waited for happens in the server
            await asyncio.sleep(0.01)


async def test_one_of_three_has_it_and_another_when_that_one_leaves(replicas: list[ServerSeat]) -> None:
    assert [await one.take() for one in replicas] == [True, False, False]
    assert [await one.take() for one in replicas] == [True, False, False], "asking again changes nothing"
    assert [one.is_held for one in replicas] == [True, False, False]
    await replicas[0].leave()
    assert [await one.take() for one in reversed(replicas)] == [True, False, False]


async def test_who_lost_the_connection_can_claim_nothing_and_another_can(
    replicas: list[ServerSeat], store: ServerStore, other: Database, clock: Clock
) -> None:
    first, second, _ = replicas
    assert await first.take()

    async def claim(seat: ServerSeat, number: int) -> None:
        async with seat.writing() as session:
            session.add(Subscriber(person_id=number, since=clock.now()))

    async def claim_and_lose(number: int) -> None:
        async with first.writing() as session:
            session.add(Subscriber(person_id=number, since=clock.now()))
            await session.flush()
            await _throw_out(store)

    await claim(first, 1)
    with pytest.raises(CutOffError):
        await claim_and_lose(2)
    assert not first.is_held
    with pytest.raises(CutOffError):
        await claim(first, 3)
    with pytest.raises(CutOffError):
        await first.keep()
    assert await second.take()
    await claim(second, 4)
    async with other.session() as session:
        assert sorted(await session.scalars(select(Subscriber.person_id))) == [1, 4]


async def test_who_gives_no_sign_of_life_is_thrown_out_and_knows_so_before(
    replicas: list[ServerSeat], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "LEASE", 2)
    frozen, second, _ = replicas
    assert await frozen.take()
    held = []

    async def is_free() -> bool:
        held.append(frozen.is_held)
        return await second.take()

    await _when(is_free)
    assert held[0], "the server waits for the end of the lease"
    assert not held[-1], "whoever may have been thrown out sends nothing more"
    with pytest.raises(CutOffError):
        await frozen.keep()


async def test_signs_of_life_keep_it(replicas: list[ServerSeat], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "LEASE", 1)
    monkeypatch.setattr(lifeline, "_MARGIN", 0)
    leading, second, _ = replicas
    assert await leading.take()
    async with asyncio.timeout(PATIENCE):
        for _ in range(15):
            await asyncio.sleep(0.1)  # one and a half leases
            await leading.keep()
    assert leading.is_held
    assert not await second.take()


async def test_the_work_goes_on_elsewhere_when_the_leader_is_thrown_out(
    replicas: list[ServerSeat], store: ServerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leadership, "_PULSE", 0.02)
    at_work: list[int] = []

    def work_of(number: int) -> Callable[[], Awaitable[None]]:
        async def work() -> None:
            at_work.append(number)
            try:
                await asyncio.Event().wait()
            finally:
                at_work.remove(number)

        return work

    tasks = [asyncio.create_task(lead(one, work_of(number))) for number, one in enumerate(replicas)]
    try:
        await _until(lambda: at_work)
        for _ in range(3):
            await _throw_out(store)
            await _until(lambda: len(at_work) == len(_holders(store)) == 1)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert at_work == []
    await _until(lambda: not _holders(store))  # who ends makes room at once


async def test_work_that_fails_is_begun_again(replicas: list[ServerSeat], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leadership, "_PULSE", 0.02)
    begun, failures = asyncio.Event(), iter([RuntimeError("xyzzy"), None])

    async def work() -> None:
        if failure := next(failures):
            raise failure
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(lead(replicas[0], work))
    async with asyncio.timeout(PATIENCE):
        await begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_what_another_process_writes_calls_the_leader_and_what_it_writes_itself_does_not(
    store: ServerStore, other: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox, called = Outbox(clock), asyncio.Event()

    async def write(chat: int) -> None:
        async with other.writing() as session:
            outbox.put(session, chat, Letter("xin chào"))

    async with open_database(store.url) as database:
        seat = ServerSeat(database, called.set)
        assert await seat.take()
        await write(1)
        async with seat.writing() as session:  # what was called before has been heard by now
            assert len(list(await session.scalars(select(Outgoing)))) == 1
        assert not called.is_set()
        monkeypatch.setattr(server, "CALLER", "another process")
        await write(2)
        monkeypatch.undo()
        async with asyncio.timeout(PATIENCE):
            await called.wait()
        await seat.leave()


async def test_a_cut_connection_is_noticed_at_once_and_costs_an_attempt(
    store: ServerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "LEASE", 1000)
    async with open_database(store.url) as database:
        seat = ServerSeat(database, _nobody_calls)
        assert await seat.take()
        await _throw_out(store)
        await _until(lambda: not seat.is_held)
        with pytest.raises(CutOffError):
            await seat.keep()
        assert await seat.take()
        await seat.leave()


async def _when(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await holds():  # noqa: ASYNC110 - the same
            await asyncio.sleep(0.05)
