"""Claiming messages of the ledger, so that none stays claimed by a bot that ends in the middle of it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any

from bot.store.ledger_tables import Outgoing

Rows = Sequence[Outgoing]


async def claimed(claim: Coroutine[Any, Any, Rows], give_back: Callable[[Rows], Awaitable[None]]) -> Rows:
    """What was claimed. The claim is made to its end: cut off, nobody would know whether it was committed.

    Args:
        claim: makes the claim.
        give_back: what is done with it where the caller is cancelled meanwhile and will send nothing.
    """
    claiming = asyncio.create_task(claim)
    try:
        return await asyncio.shield(claiming)
    except asyncio.CancelledError:
        # What fails now was not claimed, or the next bot finds it.
        with suppress(Exception):
            await give_back(await claiming)
        raise
