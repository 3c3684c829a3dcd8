"""Inserting a row that may be there already, in one statement.

Reading first and writing then goes wrong when somebody else writes in between. The standard has no such statement, and
SQLite and PostgreSQL write it alike, but each from its own dialect.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.columns import Base
from bot.store.database import Transaction


async def insert_or_replace(session: Transaction, table: type[Base], *rows: Mapping[str, Any]) -> None:
    """Insert rows; where one with the same primary key is there already, it gets their values.

    Args:
        session: a session or connection in a transaction.
        table: where.
        rows: column → value, the same columns in each.
    """
    if rows:
        await session.execute(_replacing(_dialect(session), table, tuple(rows[0])), [dict(row) for row in rows])


async def insert_once(session: AsyncSession, table: type[Base], key: dict[str, Any], **values: object) -> bool:
    """Insert the row with this key; where it is there already, it stays as it is and False is returned."""
    dialect = _dialect(session)
    statement = dialect.insert(table).values(**key, **values).on_conflict_do_nothing(index_elements=list(key))
    return (await session.execute(statement.returning(*table.__table__.primary_key))).first() is not None


@cache
def _replacing(dialect: Any, table: type[Base], columns: tuple[str, ...]) -> Any:
    """The statement, made once."""
    statement = dialect.insert(table.__table__)
    key = [column.name for column in table.__table__.primary_key]
    others = {name: statement.excluded[name] for name in columns if name not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=others)


def _dialect(session: Transaction) -> Any:
    bind = session.get_bind() if isinstance(session, AsyncSession) else session
    return postgresql if bind.dialect.name == "postgresql" else sqlite
