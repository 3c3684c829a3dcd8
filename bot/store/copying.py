"""Copying everything that is remembered from one database to another, and proving that it arrived.

The source is read in one snapshot, so that it may be written to meanwhile. The target holds everything or nothing.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Table, func, insert, literal, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.all_tables import Base
from bot.store.database import Database, DatabaseError, first_line

# Rows on their way at once.
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Tally:
    """What a table holds: how many rows, and the sum of their hashes, which does not depend on their order."""

    rows: int = 0
    fingerprint: int = 0

    def with_rows(self, rows: Sequence[Row[Any]]) -> "Tally":
        """The same with more rows."""
        return Tally(self.rows + len(rows), (self.fingerprint + sum(map(_hash, rows))) % 2**256)


def remembered_tables() -> list[Table]:
    """The tables that are copied, those referred to first."""
    return [table for table in Base.metadata.sorted_tables if not table.info.get("here_only")]


async def copy(
    source: Database, target: Database, last_look: Callable[[], Awaitable[None]] | None = None
) -> dict[str, int]:
    """Copy every row.

    Args:
        source: with its tables up to date.
        target: the same, and empty.
        last_look: is asked before the copy is committed; an error prevents it.

    Returns:
        The number of rows of each table.

    Raises:
        DatabaseError: the target is not empty, a row cannot be copied, or did not arrive as it was.
    """
    tables = remembered_tables()
    async with _snapshot(source) as reader, target.writing() as session:
        writer = await session.connection()
        for table in tables:
            if (await writer.execute(select(literal(1)).select_from(table).limit(1))).first():
                raise DatabaseError(f"Cơ sở dữ liệu đích không trống (bảng {table.name}). Chọn một cơ sở dữ liệu mới.")
        left = {table.name: await _copy_table(reader, writer, table) for table in tables}
        for table in tables:
            if await _tally(writer, table) != left[table.name]:
                raise DatabaseError(f"Bảng {table.name} sang tới đích không còn như ở nguồn. Không có gì được giữ lại.")
            await _count_on(writer, table)
        if last_look:
            await last_look()
    return {name: tally.rows for name, tally in left.items()}


@asynccontextmanager
async def _snapshot(database: Database) -> AsyncIterator[AsyncConnection]:
    """A connection that sees one moment until the block ends; SQLite does so in any transaction."""
    async with database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection


async def _copy_table(reader: AsyncConnection, writer: AsyncConnection, table: Table) -> Tally:
    tally = Tally()
    try:
        async for rows in _chunks(reader, table):
            await writer.execute(insert(table), [dict(row._mapping) for row in rows])  # noqa: SLF001 - its public name
            tally = tally.with_rows(rows)
    except (SQLAlchemyError, ValueError) as error:
        raise DatabaseError(f"Không chép được bảng {table.name}: {first_line(error)}") from error
    return tally


async def _tally(connection: AsyncConnection, table: Table) -> Tally:
    tally = Tally()
    async for rows in _chunks(connection, table):
        tally = tally.with_rows(rows)
    return tally


async def _chunks(connection: AsyncConnection, table: Table) -> AsyncIterator[Sequence[Row[Any]]]:
    """The rows; where one refers to another of the same table, that one comes first.

    SQLite keeps them as they were written, and gives them so where nothing else is asked for. The copy does, too.
    """
    order = [text("rowid")] if connection.dialect.name == "sqlite" else list(table.primary_key)
    async with connection.stream(select(table).order_by(*order)) as result:
        async for rows in result.partitions(_CHUNK):
            yield rows


async def _count_on(connection: AsyncConnection, table: Table) -> None:
    """Let new rows get ids above those that were copied; SQLite does so by itself."""
    column = table.autoincrement_column
    if connection.dialect.name == "postgresql" and column is not None:
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        highest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
        await connection.execute(select(func.setval(sequence, highest, False)))


def _hash(row: Row[Any]) -> int:
    words = json.dumps(list(row), default=_plain, ensure_ascii=False, sort_keys=True)
    return int.from_bytes(hashlib.sha256(words.encode()).digest())


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a value of an unknown kind: {type(value).__name__}")
