"""A database of one's own, of either kind, and a clock to turn."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from bot.clock import LOCAL, Clock
from bot.store.database import Database, open_database
from tests.bot.office import Office
from tests.stores import Store


@pytest.fixture
def url(store: Store) -> str:
    return store.url


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
