"""What holds for all tests: what takes long to prepare, and is the same each time, is prepared once.

A fresh database is built from the migrations once, and then from what they made; statements are compiled once, and the
certificates read once. Tests that ask for a `store`, directly or through a town, run on SQLite and on PostgreSQL; of a
test with many cases one runs on PostgreSQL, and all of them with --database all.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import URL, Connection, Engine, inspect
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot import allowance
from bot.store import database
from tests.postgres import Cluster, cluster
from tests.stores import FileStore, ServerStore, Store

_LONGEST = ("tests/simulation/test_campaigns", "tests/deploy/test_container")

KINDS = ("sqlite", "postgresql")

# Opens a database that is gone at the end; a file lies in the given folder.
NewStore = Callable[[Path], AbstractContextManager[Store]]

_upgrade = database._upgrade
_made: list[str] = []


def _quickly(connection: Connection) -> None:
    """Upgrade an empty SQLite database by the statements that the migrations led to; any other by the migrations.

    A database that a server lends has been through them.
    """
    has_tables = bool(inspect(connection).get_table_names())
    if connection.dialect.name == "postgresql" and has_tables:
        return
    if connection.dialect.name != "sqlite" or has_tables:
        _upgrade(connection)
        return
    if not _made:
        _upgrade(connection)
        statements = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
        )
        [(version,)] = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
        _made.extend(sql for (sql,) in statements)
        _made.append(f"INSERT INTO alembic_version VALUES ('{version}')")
        return
    for statement in _made:
        connection.exec_driver_sql(statement)


@pytest.fixture(autouse=True)
def migrated_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The migrations themselves have their own tests, which run them each time."""
    if not request.module.__name__.endswith("test_database"):
        monkeypatch.setattr(database, "_upgrade", _quickly)


@pytest.fixture(autouse=True, scope="session")
def certificates_read_once() -> Iterator[None]:
    """Every client of httpx reads them anew; nothing here speaks TLS."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx._transports.default, "create_ssl_context", cache(httpx.create_ssl_context))
        yield


@pytest.fixture(scope="session", autouse=True)
def nobody_is_too_fast() -> Iterator[None]:
    """Tests type and tap faster than people; those of people who are too fast set the allowance back."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(allowance, "AT_ONCE", 1_000_000)
        yield


def pytest_xdist_auto_num_workers() -> int:
    """Three on two cores: a bot and a server that wait for each other leave a third of a core idle."""
    return 3 * (os.cpu_count() or 1) // 2


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=[*KINDS, "all"], help="run all tests on this kind of database only, or on all"
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Unless told otherwise, a test of many cases runs with one on PostgreSQL: they differ in words, not in queries.

    What takes a minute comes first, so that in the end no process has to wait for another.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(_LONGEST))
    chosen, seen = config.getoption("--database"), set[str]()
    left_out = []
    for item in items:
        kind, name = _kind_of(item), item.nodeid.partition("[")[0]
        is_repeated = kind == "postgresql" and name in seen
        if kind == "postgresql":
            seen.add(name)
        if kind and (is_repeated if chosen is None else chosen not in (kind, "all")):
            left_out.append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        gone = set(left_out)
        items[:] = [item for item in items if item not in gone]


def _kind_of(item: pytest.Item) -> Any:
    """On which kind of database a test is to run; None where it does not matter."""
    return item.callspec.params.get("database_kind") if hasattr(item, "callspec") else None


@pytest.fixture(scope="session", params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """What kind of database a test runs on."""
    return str(request.param)


@pytest.fixture(scope="session")
def server() -> Iterator[Callable[[], Cluster]]:
    """A PostgreSQL server, started for the first who wants it."""
    started: list[Cluster] = []
    with ExitStack() as stack:

        def start() -> Cluster:
            if not started:
                started.append(stack.enter_context(cluster()))
            return started[0]

        yield start


@pytest.fixture(scope="module")
def new_store(database_kind: str, server: Callable[[], Cluster]) -> NewStore:
    """Databases of the kind that the test runs on."""

    @contextmanager
    def on_server(folder: Path) -> Iterator[Store]:
        name = server().lend()
        yield ServerStore(server(), name)
        server().take_back(name)

    @contextmanager
    def in_a_file(folder: Path) -> Iterator[Store]:
        yield FileStore(folder / "isobot.db")

    return on_server if database_kind == "postgresql" else in_a_file


@pytest.fixture
def store(new_store: NewStore, tmp_path: Path) -> Iterator[Store]:
    """A database for one test alone."""
    with new_store(tmp_path / "data") as opened:
        yield opened


_engines: list[Engine] = []


def _sharing(place: URL, **options: Any) -> AsyncEngine:
    """An engine that knows the statements which others have compiled; their dialect is the key to these."""
    engine = create_async_engine(place, **options)
    own = engine.sync_engine
    for other in _engines:
        if other.url.drivername == place.drivername and other.dialect.server_version_info:
            own.dialect, own._compiled_cache = other.dialect, other._compiled_cache
            return engine
    _engines.append(own)
    return engine


@pytest.fixture(autouse=True)
def statements_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each database has an engine of its own, and each of them would compile them all anew."""
    monkeypatch.setattr(database, "create_async_engine", _sharing)
