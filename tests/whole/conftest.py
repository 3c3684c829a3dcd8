"""The whole thing: the real bot over HTTP against the sandbox, remembering in a real database of either kind."""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Protocol

import httpx
import pytest
import pytest_asyncio

from bot import serving
from bot.demo import demo
from handlers import notice_progress
from knowledge.answer import Answerer
from knowledge.pack import load
from tests.conftest import NewStore
from tests.whole.town import COORDINATOR, Someone, Town


class Open(Protocol):
    """Opens a town of one's own."""

    def __call__(self, answerer: Answerer | None = None) -> AbstractAsyncContextManager[Town]: ...


@asynccontextmanager
async def open_town(answerer: Answerer, folder: Path, new_store: NewStore) -> AsyncIterator[Town]:
    client = httpx.AsyncClient(trust_env=False)
    with new_store(folder) as store:
        async with demo(answerer, folder, database_url=store.url) as running, client as http:
            http.base_url = running.url
            town = Town(running, folder, http, store)
            await town.awake()
            yield town
            await town.settle()
            assert town.faults() == []


@cache
def _shipped() -> Answerer:
    return Answerer(load())


@pytest.fixture(scope="session")
def answerer() -> Answerer:
    """Knows the shipped pack; reading it takes seconds."""
    return _shipped()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(
    answerer: Answerer, new_store: NewStore, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Town]:
    """The town that the tests of a module share; each brings its own people."""
    async with open_town(answerer, tmp_path_factory.mktemp("town") / "data", new_store) as opened:
        yield opened


@pytest.fixture
def an(town: Town) -> Someone:
    """Somebody of whom the bot knows nothing."""
    return town.someone("Nguyễn Văn An")


@pytest.fixture
def coordinator(town: Town) -> Someone:
    """Who coordinates in the town that the tests of a module share."""
    return town.person(COORDINATOR)


@pytest_asyncio.fixture(loop_scope="module")
async def own_town(answerer: Answerer, new_store: NewStore, tmp_path: Path) -> AsyncIterator[Town]:
    """A town for one test alone, which may turn its clock and look at all it remembers."""
    async with open_town(answerer, tmp_path / "data", new_store) as opened:
        yield opened


@pytest.fixture(scope="package", autouse=True)
def nobody_waits() -> Iterator[None]:
    """Not for a card that changes now and then, or for calls that are never answered."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(notice_progress, "PERIOD", 0.1)
        patch.setattr(serving, "_GRACE", 0.05)
        yield


@pytest.fixture
def errors_expected() -> None:
    """Asked for by tests that make something fail."""


@pytest.fixture(autouse=True)
def nothing_fails_unseen(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A handler that fails tells the person one line and writes the rest to the log: no test may overlook it."""
    yield
    if "errors_expected" not in request.fixturenames:
        failures = [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
        assert not failures
