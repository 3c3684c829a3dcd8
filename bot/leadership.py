"""Leading: what only one process does at a time, and going on with it when that one is gone."""

import asyncio
from collections.abc import Awaitable, Callable

from bot import logs
from bot.store.lifeline import CutOffError
from bot.store.seat import Seat

log = logs.of(__name__)

# Seconds between two signs of life, and between two attempts to take over.
_PULSE = 1.0


async def lead(seat: Seat, work: Callable[[], Awaitable[None]]) -> None:
    """Do the leader's work whenever this process has the seat, until cancelled.

    Args:
        seat: that decides who leads.
        work: which is cancelled when the seat is lost.
    """
    try:
        while True:
            try:
                if await seat.take():
                    log.info("leading")
                    await _while_held(seat, work)
            except* CutOffError as lost:
                log.warning("leading no more", error=lost.exceptions[0].__cause__)
                await seat.leave()
            except* Exception:
                log.exception("leading failed, trying again")
                await seat.leave()
            await asyncio.sleep(_PULSE)
    finally:
        await seat.leave()


async def _while_held(seat: Seat, work: Callable[[], Awaitable[None]]) -> None:
    working = asyncio.ensure_future(work())
    try:
        while not working.done():
            await seat.keep()
            await asyncio.wait({working}, timeout=_PULSE)
        await working
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
