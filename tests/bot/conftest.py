"""A database file of one's own, and a clock to turn."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.clock import LOCAL, Clock
from bot.store.database import Database, open_database
from tests.bot.office import Office


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'data' / 'isobot.db'}"


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    async with open_database(url) as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2021, 11, 8, 8, 0, tzinfo=LOCAL))


@pytest.fixture
def office(database: Database, clock: Clock) -> Office:
    return Office(database, clock)
