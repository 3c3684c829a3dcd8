"""What holds for all tests: what takes long to prepare, and is the same each time, is prepared once.

A fresh database is built from the migrations once, and then from what they made; the certificates are read once.
"""

from collections.abc import Iterator
from functools import cache

import httpx
import pytest
from sqlalchemy import Connection, inspect

from bot import allowance
from bot.store import database

_upgrade = database._upgrade
_made: list[str] = []


def _quickly(connection: Connection) -> None:
    """Upgrade an empty SQLite database by the statements that the migrations led to; any other by the migrations."""
    if connection.dialect.name != "sqlite" or inspect(connection).get_table_names():
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
    """Every client of httpx reads them anew, and a bot has three; nothing here speaks TLS."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx._transports.default, "create_ssl_context", cache(httpx.create_ssl_context))
        yield


@pytest.fixture(scope="session", autouse=True)
def nobody_is_too_fast() -> Iterator[None]:
    """Tests type and tap faster than people; those of people who are too fast set the allowance back."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(allowance, "AT_ONCE", 1_000_000)
        yield
