"""Where a bot of the tests remembers, and reading it behind the bot's back: a file, or a database on a server."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol

from bot.store.all_tables import Base
from tests.postgres import Cluster

Row = dict[str, Any]


class Store(Protocol):
    """A database that one bot, or several, remember in."""

    @property
    def url(self) -> str:
        """What the bot is told."""

    def read(self, table: str) -> list[Row]:
        """What a table holds, in the order in which it was written; times and JSON as SQLite keeps them."""

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """What a query gives."""

    def change(self, statement: str) -> int:
        """Change something by hand; the number of rows concerned."""


@dataclass(frozen=True)
class FileStore:
    """A SQLite file."""

    file: Path

    @property
    def url(self) -> str:
        return f"sqlite+aiosqlite:///{self.file}"

    def read(self, table: str) -> list[Row]:
        with closing(sqlite3.connect(self.file)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY rowid")]

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.file)) as connection:
            return connection.execute(query).fetchall()

    def change(self, statement: str) -> int:
        with closing(sqlite3.connect(self.file)) as connection, connection:
            return connection.execute(statement).rowcount


@dataclass(frozen=True)
class ServerStore:
    """A database of a PostgreSQL server."""

    cluster: Cluster
    name: str

    @property
    def url(self) -> str:
        return self.cluster.url(self.name)

    def read(self, table: str) -> list[Row]:
        key = Base.metadata.tables[table].primary_key.columns.keys()
        # Without a number of its own, a row is put by its place in a chain, or by the moment in which it was made.
        order = next(
            (name for name in ("id", "number", "at", "since", "linked_at") if name in Base.metadata.tables[table].c), ""
        )
        rows = self.cluster.run(self.name, f"SELECT * FROM {table} ORDER BY {', '.join(filter(None, [order, *key]))}")
        return [{name: _as_in_a_file(value) for name, value in row.items()} for row in rows]

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in self.cluster.run(self.name, query)]

    def change(self, statement: str) -> int:
        return self.cluster.change(self.name, statement)


def _as_in_a_file(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value)
    return value
