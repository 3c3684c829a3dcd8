"""What all campaigns share: the loop without time, the disk, the knowledge, and the file with which each begins."""

import asyncio
import gc
import warnings
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from telegram.ext import ExtBot

from bot import bulk, client, sending
from bot.pace import Pace
from bot.store import database
from bot.store.ledger_tables import Outgoing
from tests.simulation import library
from tests.simulation.disk import Disk
from tests.simulation.house import Begun, House
from tests.simulation.people import perform
from tests.simulation.story import STORY
from tests.simulation.timeless import LoopClock, TimelessLoop
from tests.simulation.wire import ROW

# A Wednesday, a week and a half before the deadline.
STARTS = datetime(2021, 11, 3, 9)  # noqa: DTZ001 - local time, as the clock takes it

_act = sending._act


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner(loop_factory=TimelessLoop) as runner:
        yield runner
    with warnings.catch_warnings(action="ignore"):
        # The connections that killed bots had in their hands.
        gc.collect()


@pytest.fixture
def new_house(runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Path], House]:
    """Makes the house that is in the world from then on, in a folder that may hold a file already."""
    loop = runner.get_loop()
    assert isinstance(loop, TimelessLoop)
    disk, answerer = Disk(), library.answerer(tmp_path / "pack")
    # The engine's address is a name without a folder, and the seat's lock lies beside it.
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(database, "create_async_engine", lambda place, **options: disk.engine)
    # The disk waits instead, so that the loop does not stand still.
    monkeypatch.setattr(database, "_BUSY_TIMEOUT", 0)
    monkeypatch.setattr(bulk, "Pace", partial(Pace, now=loop.time))
    monkeypatch.setattr(sending, "_act", _act_observed)

    def make(folder: Path) -> House:
        house = House(folder, answerer, LoopClock(loop, STARTS), disk)
        monkeypatch.setattr(client, "ClientSession", lambda **options: house.wire)
        return house

    return make


@pytest.fixture
def begun(
    runner: asyncio.Runner, new_house: Callable[[Path], House], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Begun:
    """A campaign that has begun: there is something to review, to answer, to read, to send again and to go on with."""
    (tmp_path / "first").mkdir()
    house = new_house(tmp_path / "first")

    async def begin() -> None:
        await house.start()
        for person, script, *trouble in STORY:
            for mishap in trouble:
                await house.meet(mishap)
            await perform(house, person, script)
            assert await house.settle()
        await house.stop()

    runner.run(begin())
    house.leave()
    # The tables are there.
    monkeypatch.setattr(database, "_upgrade", lambda connection: None)
    return house.keep(tmp_path / "begun")


async def _act_observed(bot: ExtBot[None], row: Outgoing) -> Any:
    ROW.set(row.id)
    return await _act(bot, row)
