"""Looking at a database without changing it: how old its tables are, and whether it is damaged."""

from enum import Enum, auto

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, literal, select, text
from sqlalchemy.exc import SQLAlchemyError

from bot.store.copying import remembered_tables
from bot.store.database import Database, DatabaseError, first_line, migrations

# What is told of the damage; the rest is more of the same.
_FIRST = 3


class Age(Enum):
    """How old a database's tables are, as this version of the program sees it."""

    NONE = auto()  # there are no tables yet
    OLD = auto()
    CURRENT = auto()
    NEWER = auto()  # a version of the program made them that this one does not know


async def age_of(database: Database) -> Age:
    """How old the tables are.

    Raises:
        DatabaseError: it cannot be read.
    """
    try:
        async with database.engine.connect() as connection:
            return age(await connection.run_sync(_revision))
    except SQLAlchemyError as error:
        raise DatabaseError(f"Không đọc được cơ sở dữ liệu: {first_line(error)}") from error


def age(revision: str | None) -> Age:
    """How old the tables of a revision are."""
    if revision is None:
        return Age.NONE
    if revision == newest_revision():
        return Age.CURRENT
    known = {one.revision for one in migrations().walk_revisions()}
    return Age.OLD if revision in known else Age.NEWER


def newest_revision() -> str:
    """The revision to which this version of the program brings a database."""
    return str(migrations().get_current_head())


async def damage(database: Database) -> list[str]:
    """What is damaged, in the database's words; nothing if it is sound."""
    try:
        async with database.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                found = await connection.run_sync(_damage_of_file)
            else:
                # A server looks after its pages itself; that each table can be read is what can be asked of it.
                found = []
                for table in remembered_tables():
                    await connection.execute(select(literal(1)).select_from(table).limit(1))
    except SQLAlchemyError as error:
        return [first_line(error)]
    return found


def _damage_of_file(connection: Connection) -> list[str]:
    broken = [str(word) for (word,) in connection.execute(text(f"PRAGMA integrity_check({_FIRST})")) if word != "ok"]
    dangling = connection.execute(text("PRAGMA foreign_key_check")).fetchmany(_FIRST)
    return broken + [f"{table}[{row}] → {other}" for table, row, other, _ in dangling]


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
