"""Chats' turns: of all processes on one database, one at a time works for a chat."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from typing import Protocol

from sqlalchemy import select

from bot.store import server
from bot.store.database import Database
from bot.store.lifeline import CutOffError, Lifeline

# Seconds between two attempts where another process works for the chat, which is rare, and between two signs of life.
_AGAIN = 0.02
_PULSE = 1.0


class Turns(Protocol):
    """Gives chats their turns, as one process sees it."""

    def of(self, chat: int) -> AbstractAsyncContextManager[None]:
        """A chat's turn, waited for, until the block ends; within this process the chat's order is kept already."""

    async def keep(self) -> None:
        """Give signs of life until cancelled, so that turns last as long as they are needed."""


class OwnTurns:
    """No other process is there."""

    def of(self, chat: int) -> AbstractAsyncContextManager[None]:
        """At once."""
        return nullcontext()

    async def keep(self) -> None:
        """Nobody has to know."""


class ServerTurns:
    """Turns that the processes on a PostgreSQL database give each other: a lock for each chat, on one connection.

    Whoever dies, or stands still for `server.LEASE`, makes room. What it was doing then is begun again by another; that
    nothing comes of it twice is what the rules of the records are for.
    """

    def __init__(self, database: Database) -> None:
        self._line = Lifeline(database.engine.execution_options(isolation_level="AUTOCOMMIT"))

    @asynccontextmanager
    async def of(self, chat: int) -> AsyncIterator[None]:
        """The turn of a chat.

        Raises:
            CutOffError: the server cannot be reached.
        """
        await self._line.open()
        while not await self._line.ask(server.try_to_work_for(chat)):  # noqa: ASYNC110 - another process has it
            await asyncio.sleep(_AGAIN)
        try:
            yield
        finally:
            with suppress(CutOffError):
                await self._line.ask(server.end_work_for(chat))

    async def keep(self) -> None:
        """Ask for something again and again; at the end, end the connection."""
        try:
            while True:
                with suppress(CutOffError):
                    await self._line.open()
                    await self._line.ask(select(1))
                await asyncio.sleep(_PULSE)
        finally:
            await self._line.cut()


def turns_at(database: Database) -> Turns:
    """The turns at a database of either kind."""
    return ServerTurns(database) if database.engine.dialect.name == "postgresql" else OwnTurns()
