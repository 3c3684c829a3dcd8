"""Inserting a row that may be there already, in one statement.

Reading first and writing then goes wrong when somebody else writes in between. The standard has no such statement, and
SQLite and PostgreSQL write it alike, but each from its own dialect.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.columns import Base


async def insert_or_replace(session: AsyncSession, table: type[Base], key: dict[str, Any], **values: object) -> None:
    """Insert the row with this key; where it is there already, give it these values.

    Args:
        session: a session in a transaction.
        table: where.
        key: the primary key's columns.
        values: the other columns.
    """
    await insert_or_replace_all(session, table, list(key), [key | values])


async def insert_or_replace_all(
    session: AsyncSession, table: type[Base], key: Sequence[str], rows: Sequence[Mapping[str, object]]
) -> None:
    """Insert rows; where one with the same key is there already, give it the other values.

    Args:
        session: a session in a transaction.
        table: where.
        key: the primary key's columns.
        rows: all of the same columns.
    """
    statement = _dialect(session).insert(table.__table__)
    others = {name: statement.excluded[name] for name in rows[0] if name not in key}
    await session.execute(statement.on_conflict_do_update(index_elements=key, set_=others), rows)


async def insert_once(session: AsyncSession, table: type[Base], key: dict[str, Any], **values: object) -> bool:
    """Insert the row with this key; where it is there already, it stays as it is and False is returned."""
    dialect = _dialect(session)
    statement = dialect.insert(table).values(**key, **values).on_conflict_do_nothing(index_elements=list(key))
    return (await session.execute(statement.returning(*table.__table__.primary_key))).first() is not None


def _dialect(session: AsyncSession) -> Any:
    return postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
