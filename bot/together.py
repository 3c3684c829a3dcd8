"""Doing together what many ask for at the same time: while one batch is done, the next one gathers.

A transaction costs a hundred times what a row in it does. With one question at a time nothing is different.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Together(Generic[T, R]):
    """Does something for each one who waits.

    Args:
        do: does it for some of them, in one transaction; returns a result for each, in order.
    """

    def __init__(self, do: Callable[[Sequence[T]], Awaitable[Sequence[R]]]) -> None:
        self._do = do
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._working: asyncio.Task[None] | None = None

    async def __call__(self, one: T) -> R:
        """Have it done for one; the result is there once the transaction is committed."""
        result: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, result))
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        return await result

    async def _work(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._settle(batch)
        finally:
            self._working = None

    async def _settle(self, batch: list[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            results = await self._do([one for one, _ in batch])
        except Exception as error:  # noqa: BLE001 - whatever it was, it is raised where somebody waits
            if len(batch) == 1:
                _end(batch[0][1], error)
                return
            # What one of them did wrong is not the others' fault.
            for alone in batch:
                await self._settle([alone])
            return
        for (_, future), result in zip(batch, results, strict=True):
            _end(future, result)


def _end(future: "asyncio.Future[R]", outcome: R | Exception) -> None:
    """Hand over an outcome, unless nobody waits for it any more."""
    if future.done():
        return
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
