"""Which bots run on a database: each writes a sign of life, and what only a running bot can notice.

That is how other programs know of them: `isobot doctor` does not fetch updates in their place, and `isobot move-to`
does not leave behind what they write. Times are the machine's own, since a process's clock may be turned elsewhere.
"""

import os
import socket
from datetime import timedelta
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.exc import SQLAlchemyError

from bot import logs
from bot.clock import Clock
from bot.store.database import Database
from bot.store.upkeep_tables import Heartbeat

log = logs.of(__name__)

_BEAT = timedelta(seconds=20)
# A busy database or a slow machine may make a bot miss a beat or two.
_ALIVE = 4 * _BEAT
_KEPT = timedelta(days=1)


class Heartbeats:
    """The signs of life on a database, and this process's own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._clock = Clock()
        self._id: int | None = None
        self._has_conflict = False

    async def begin(self) -> None:
        """Tell that this process runs the bot."""
        now = self._clock.now()
        mine = Heartbeat(host=socket.gethostname(), pid=os.getpid(), started_at=now, seen_at=now)
        async with self._database.writing() as session:
            await session.execute(delete(Heartbeat).where(Heartbeat.seen_at < now - _KEPT))
            session.add(mine)
        self._id = mine.id

    async def run(self) -> None:
        """Tell so again and again."""
        while True:
            await self._clock.sleep_until(self._clock.now() + _BEAT)
            try:
                await self._beat()
            except SQLAlchemyError:
                log.exception("heartbeat not written, the next one tries again")

    async def end(self) -> None:
        """Tell that it does not any more."""
        async with self._database.session() as session:
            await session.execute(delete(Heartbeat).where(Heartbeat.id == self._id))

    def conflict(self) -> None:
        """Note that somebody else fetches updates with the same token; the next beat writes it down."""
        self._has_conflict = True

    async def alive(self) -> list[Heartbeat]:
        """The bots that run now."""
        latest = self._clock.now() - _ALIVE
        async with self._database.session() as session:
            rows = list(await session.scalars(select(Heartbeat).where(Heartbeat.seen_at >= latest)))
        return [row for row in rows if not _is_gone(row)]

    async def _beat(self) -> None:
        values = {"seen_at": self._clock.now()}
        if self._has_conflict:
            values["conflict_at"] = values["seen_at"]
        async with self._database.session() as session:
            await session.execute(update(Heartbeat).where(Heartbeat.id == self._id).values(values))
        self._has_conflict = False


def _is_gone(row: Heartbeat) -> bool:
    """Whether a process of this machine was killed; of another machine's nobody here knows."""
    return row.host == socket.gethostname() and Path("/proc/self").exists() and not Path(f"/proc/{row.pid}").exists()
