"""Opening the database: connections, sessions, and bringing its tables up to date."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, nullcontext, suppress
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from bot.store import server, sqlite

_MIGRATIONS = Path(__file__).with_name("migrations")

# How long a writer waits for another, in seconds.
_BUSY_TIMEOUT = 10

# How long emptying the log waits for others, in seconds; meanwhile nobody else can write.
_LOG_TIMEOUT = 0.2


# What statements are executed in.
Transaction = AsyncSession | AsyncConnection


class DatabaseError(Exception):
    """The database cannot be used; the message says what to do, in Vietnamese."""


class Database:
    """One open database. A session is one transaction, committed at its end unless an error passes through."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._writers = async_sessionmaker(engine.execution_options(writes=True), expire_on_commit=False)
        # SQLite has writers try again now and then, in no order; of sixteen that write without a pause some wait in
        # vain. So those of this process wait here, first come, first served.
        self._line: AbstractAsyncContextManager[None] = (
            asyncio.Lock() if engine.dialect.name == "sqlite" else nullcontext()
        )

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """A session that reads, or writes in its first statement what does not depend on anything read before."""
        async with begun(self._sessions) as session:
            yield session

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """To read without mapped objects, at half the cost: for what is asked with every question."""
        async with self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def writing_connection(self) -> AsyncIterator[AsyncConnection]:
        """The same for what is written with every question, which depends on nothing that was read before."""
        async with self._line, self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A session that reads first and then writes what follows from it; there is one at a time.

        It takes the writer's place at once. On SQLite a reader that becomes a writer is turned away if another one
        wrote in between, however long it would wait; on PostgreSQL it would act on what is not so any more.
        """
        async with self._line, begun(self._writers) as session:
            yield session

    async def empty_log(self) -> None:
        """Write SQLite's log of changes into the file and empty it, so that what was deleted stands in neither.

        While somebody reads or writes for longer, it is left for the next time.
        """
        file = self.engine.url.database
        if self.engine.dialect.name == "sqlite" and file and file != ":memory:":
            await asyncio.to_thread(_empty_log, file)


@asynccontextmanager
async def begun(sessions: async_sessionmaker[AsyncSession]) -> AsyncIterator[AsyncSession]:
    """A session in a transaction. What was read in it can be read after an error, too: an error may carry it along."""
    async with sessions.begin() as session:
        try:
            yield session
        except BaseException:
            session.expunge_all()
            raise


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """Open a database and bring its tables up to date.

    Args:
        url: as SQLAlchemy writes it, with an async driver.

    Raises:
        DatabaseError: it cannot be opened or brought up to date.
    """
    place = _read_address(url)
    if place.get_backend_name() == "sqlite" and place.database:
        try:
            Path(place.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseError(_unwritable(Path(place.database).parent)) from error
        _try_file(place.database)
    async with _engine(place) as engine:
        await _bring_up_to_date(engine, place)
        yield Database(engine)


@asynccontextmanager
async def open_as_it_is(url: str) -> AsyncIterator[Database]:
    """Open a database to look at it or to copy it: nothing is made, and its tables stay as old as they are.

    Raises:
        DatabaseError: it is not there or cannot be opened.
    """
    place = _read_address(url)
    if file := file_of(url):
        if not file.is_file():
            raise DatabaseError(f"Chưa có cơ sở dữ liệu {file}.")
        _try_file(str(file))
    async with _engine(place) as engine:
        try:
            async with engine.connect():
                pass
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise DatabaseError(
                f"Không mở được cơ sở dữ liệu {place.render_as_string()}: {first_line(error)}"
            ) from error
        yield Database(engine)


def file_of(url: str) -> Path | None:
    """The file that a database lies in; None where a server keeps it."""
    place = _read_address(url)
    return Path(place.database) if place.get_backend_name() == "sqlite" and place.database else None


def as_one_file(file: Path) -> None:
    """Bring all of a closed SQLite database into its one file, so that it can be moved or copied."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def migrations() -> ScriptDirectory:
    """The steps by which tables are brought up to date."""
    return ScriptDirectory(str(_MIGRATIONS))


@asynccontextmanager
async def _engine(place: URL) -> AsyncIterator[AsyncEngine]:
    on_server = place.get_backend_name() == "postgresql"
    opener = sqlite.Opener()
    try:
        options = server.engine_options() if on_server else {"connect_args": {"async_creator_fn": opener}}
        # What people typed stands in the parameters, and errors go to the log.
        engine = create_async_engine(place, hide_parameters=True, **options)
    except (SQLAlchemyError, ImportError) as error:
        raise DatabaseError(f"{_unknown(place.render_as_string())} ({first_line(error)})") from error
    if place.get_backend_name() == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    elif on_server:
        event.listen(engine.sync_engine, "begin", server.begin_on_server)
        event.listen(engine.sync_engine, "before_cursor_execute", server.without_nul, retval=True)
        event.listen(engine.sync_engine, "handle_error", server.without_values)
    try:
        yield engine
    finally:
        await engine.dispose()
        await opener.ended()


def _empty_log(file: str) -> None:
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(file, timeout=_LOG_TIMEOUT)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _try_file(file: str) -> None:
    """Open the file once without the async driver: where that one fails it leaves a thread behind that complains."""
    try:
        sqlite3.connect(file).close()
    except sqlite3.Error as error:
        raise DatabaseError(_unwritable(Path(file).parent)) from error


def _read_address(url: str) -> URL:
    try:
        return make_url(url)
    except SQLAlchemyError:
        # What cannot be read as an address may hold a password anywhere; it is not repeated.
        raise DatabaseError(_unknown("trong ISOBOT_DATABASE_URL")) from None


def _unknown(address: str) -> str:
    examples = "sqlite+aiosqlite:///đường/dẫn.db hay postgresql+asyncpg://tên:mật-khẩu@máy-chủ/isobot"
    return f"Không dùng được địa chỉ cơ sở dữ liệu {address}. Viết như {examples}."


async def _bring_up_to_date(engine: AsyncEngine, place: URL) -> None:
    try:
        # Two that start at the same moment take turns; the second finds nothing left to do.
        async with engine.execution_options(writes=True).begin() as connection:
            if not server.is_new_enough(connection.dialect):
                raise DatabaseError("PostgreSQL phải từ phiên bản 14.")
            # The place is taken with the first statement; Alembic's own state can serve one at a time in a process.
            await connection.execute(text("SELECT 1"))
            await connection.run_sync(_upgrade)
    except (SQLAlchemyError, sqlite3.Error, CommandError, OSError) as error:
        if any(sign in str(error) for sign in ("unable to open", "readonly database")):
            raise DatabaseError(_unwritable(Path(str(place.database)).parent)) from error
        raise DatabaseError(f"Không mở được cơ sở dữ liệu {place.render_as_string()}: {first_line(error)}") from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Readers do not wait for the writer, references hold, commits survive a crash, what is deleted is blotted out."""
    # The driver's own idea of when a transaction begins leaves reads outside of it.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON",
        f"busy_timeout={_BUSY_TIMEOUT * 1000}",
    ):  # fmt: skip
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite.Driver):
        driver.to_begin = "BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN"


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _unwritable(folder: Path) -> str:
    return f"Không ghi được vào thư mục {folder}. Cấp quyền ghi, hoặc chọn thư mục khác bằng ISOBOT_DATA."


def first_line(error: Exception) -> str:
    """What a fault is called, without the details that follow."""
    return (str(error).splitlines() or [type(error).__name__])[0]
