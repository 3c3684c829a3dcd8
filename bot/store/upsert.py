"""Inserting a row that may be there already, in one statement.

Reading first and writing then goes wrong when somebody else writes in between. The standard has no such statement, and
SQLite and PostgreSQL write it alike, but each from its own dialect.
"""

from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.columns import Base
from bot.store.database import Transaction


async def insert_or_replace(session: Transaction, table: type[Base], key: dict[str, Any], **values: object) -> None:
    """Insert the row with this key; where it is there already, give it these values.

    Args:
        session: a session or connection in a transaction.
        table: where.
        key: the primary key's columns.
        values: the other columns.
    """
    await session.execute(_replacing(_dialect(session), table, tuple(key), tuple(values)), key | values)


async def insert_once(session: AsyncSession, table: type[Base], key: dict[str, Any], **values: object) -> bool:
    """Insert the row with this key; where it is there already, it stays as it is and False is returned."""
    dialect = _dialect(session)
    statement = dialect.insert(table).values(**key, **values).on_conflict_do_nothing(index_elements=list(key))
    return (await session.execute(statement.returning(*table.__table__.primary_key))).first() is not None


@cache
def _replacing(dialect: Any, table: type[Base], key: tuple[str, ...], others: tuple[str, ...]) -> Any:
    """The statement, made once."""
    statement = dialect.insert(table.__table__)
    return statement.on_conflict_do_update(index_elements=key, set_={name: statement.excluded[name] for name in others})


def _dialect(session: Transaction) -> Any:
    bind = session.get_bind() if isinstance(session, AsyncSession) else session
    return postgresql if bind.dialect.name == "postgresql" else sqlite
