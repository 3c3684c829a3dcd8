"""Doing together what many ask for at the same time."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.together import Together


class Doer:
    """Doubles numbers once it may, and refuses those below zero."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.has_begun, self.may_go_on = asyncio.Event(), asyncio.Event()

    async def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.batches.append(list(numbers))
        self.has_begun.set()
        await self.may_go_on.wait()
        if any(number < 0 for number in numbers):
            raise ValueError(numbers)
        return [2 * number for number in numbers]


async def test_those_who_come_while_one_is_served_are_served_together() -> None:
    doer = Doer()
    together = Together(doer)
    waiting = [asyncio.create_task(together(1))]
    await doer.has_begun.wait()
    waiting += [asyncio.create_task(together(number)) for number in (2, 3, 4)]
    await asyncio.sleep(0)
    doer.may_go_on.set()
    assert await asyncio.gather(*waiting) == [2, 4, 6, 8]
    assert doer.batches == [[1], [2, 3, 4]]


async def test_one_that_fails_fails_alone() -> None:
    doer = Doer()
    doer.may_go_on.set()
    together = Together(doer)
    results = await asyncio.gather(together(1), together(-1), together(3), return_exceptions=True)
    assert (results[0], results[2]) == (2, 6)
    assert isinstance(results[1], ValueError)


async def test_one_who_leaves_takes_nobody_along() -> None:
    doer = Doer()
    together = Together(doer)
    leaving, staying = asyncio.create_task(together(1)), asyncio.create_task(together(2))
    await doer.has_begun.wait()
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    doer.may_go_on.set()
    assert await staying == 4
    assert await together(5) == 10
