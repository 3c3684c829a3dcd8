"""A PostgreSQL of the tests' own: a throw-away cluster, with a fresh database for whoever asks.

The server's programs are named by POSTGRES_BIN, or found by their usual places. Without them these tests are left out,
but not in CI.
"""

import asyncio
import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import pytest

from bot.store.database import open_database

T = TypeVar("T")

_ORDINARY_USER = "postgres"  # as root the server does not run
_PATIENCE = 60  # seconds: to start, on a busy machine

# Nothing here has to outlive a power cut.
_OPTIONS = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_wal_size=4GB",
    "listen_addresses=",
)  # fmt: skip


_OTHERS = "datname = current_database() AND pid <> pg_backend_pid()"

# References are left alone meanwhile: whatever refers to a row goes, too.
_EMPTY = """
DO $$ DECLARE one record; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', one.tablename);
    END LOOP;
    PERFORM setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences WHERE schemaname = 'public';
END $$
"""


class Cluster:
    """A running server in a folder, reached by a socket there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._free: list[str] = []
        self._connections: dict[str, asyncpg.Connection[Any]] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="postgres", daemon=True)
        self._thread.start()

    def url(self, database: str) -> str:
        """What a bot is told."""
        return f"postgresql+asyncpg://isobot@/{database}?host={self._folder}"

    def run(self, database: str, statement: str) -> list[dict[str, Any]]:
        """Run a statement beside the bot, which waits meanwhile; the rows it gives."""
        return self._wait(self._run(database, statement))

    def change(self, database: str, statement: str) -> int:
        """Run a statement that gives no rows; how many it concerned."""
        told = self._wait(self._change(database, statement)).split()[-1]
        return int(told) if told.isdecimal() else 0

    def lend(self) -> str:
        """A database with the tables in it, and nothing in these; its name."""
        if self._free:
            return self._free.pop()
        name = self.create()
        self._wait(_migrate(self.url(name)))
        return name

    def take_back(self, name: str) -> None:
        """Empty a database for the next one, which takes a tenth of the time of making it anew."""
        self.run(name, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {_OTHERS}")
        self.run(name, _EMPTY)
        self._free.append(name)

    def create(self) -> str:
        """A database without anything in it; its name."""
        name = f"isobot_{next(self._numbers)}"
        self.run("postgres", f"CREATE DATABASE {name}")
        return name

    def close(self) -> None:
        """Let go of the server."""
        for connection in self._connections.values():
            self._wait(connection.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _run(self, database: str, statement: str) -> list[dict[str, Any]]:
        return [dict(row) for row in await (await self._connected(database)).fetch(statement)]

    async def _change(self, database: str, statement: str) -> str:
        return str(await (await self._connected(database)).execute(statement))

    async def _connected(self, database: str) -> "asyncpg.Connection[Any]":
        if database not in self._connections:
            self._connections[database] = await asyncpg.connect(
                host=str(self._folder), user="isobot", database=database
            )
        return self._connections[database]

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_PATIENCE)


async def _migrate(url: str) -> None:
    async with open_database(url):
        pass


# The server runs for as long as somebody holds the other end of the script's input: a run of the tests that is killed
# leaves none behind.
_SCRIPT = """
set -e
cd "$FOLDER"
"$PROGRAMS/initdb" -D data -U isobot -A trust -E UTF8 --locale=C.UTF-8 --no-sync >log
"$PROGRAMS/pg_ctl" -D data -o "$OPTIONS" -l log -w -t 60 start >>log
echo ready
read -r _ || true
"$PROGRAMS/pg_ctl" -D data -m immediate stop >>log
rm -r data
"""


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A server of one's own."""
    programs, folder = _programs(), Path(tempfile.mkdtemp(prefix="isobot-postgres-"))
    user = _ORDINARY_USER if os.getuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    options = " ".join(f"-c {option}" for option in (*_OPTIONS, f"unix_socket_directories={folder}"))
    environment = {**os.environ, "FOLDER": str(folder), "PROGRAMS": str(programs), "OPTIONS": options}
    script = subprocess.Popen(
        ["sh", "-c", _SCRIPT], user=user, env=environment, start_new_session=True, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with script:
        assert script.stdout
        assert script.stdout.readline() == "ready\n", (folder / "log").read_text()
        running = Cluster(folder)
        try:
            yield running
        finally:
            running.close()
    shutil.rmtree(folder)


def _programs() -> Path:
    """The folder with initdb and pg_ctl."""
    named, found = os.environ.get("POSTGRES_BIN"), shutil.which("initdb")
    if named or found:
        return Path(named or Path(str(found)).parent)
    usual = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(re.sub(r"\D", "", str(path)) or 0))
    if usual:
        return usual[-1]
    missing = "no PostgreSQL: install postgresql, or name its folder of programs in the variable POSTGRES_BIN"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)
