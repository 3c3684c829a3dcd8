"""Many are served at once; none waits for nothing, gets another's share, or fails for another."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.store.together import Together


class Counter:
    """Serves numbers doubled, when it is let, and notes who was served together; it refuses unlucky ones."""

    def __init__(self) -> None:
        self.served: list[list[int]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.unlucky: set[int] = set()

    async def serve(self, numbers: Sequence[int]) -> list[int]:
        self.served.append(list(numbers))
        await self.open.wait()
        if bad := self.unlucky.intersection(numbers):
            raise ValueError(f"unlucky: {min(bad)}")
        return [2 * number for number in numbers]


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def together(counter: Counter) -> Together[int, int]:
    return Together(counter.serve)


async def _begun(wanted: int, together: Together[int, int]) -> "asyncio.Task[int]":
    """Somebody who has come to where they wait."""
    task = asyncio.create_task(together(wanted))
    for _ in range(3):
        await asyncio.sleep(0)
    return task


async def test_who_comes_alone_is_served_alone_each_time(counter: Counter, together: Together[int, int]) -> None:
    assert [await together(number) for number in (1, 2)] == [2, 4]
    assert counter.served == [[1], [2]]


async def test_who_comes_while_another_is_served_goes_with_the_next(
    counter: Counter, together: Together[int, int]
) -> None:
    counter.open.clear()
    first = await _begun(1, together)
    others = [await _begun(number, together) for number in (2, 3, 3)]
    assert counter.served == [[1]]
    counter.open.set()
    assert await asyncio.gather(first, *others) == [2, 4, 6, 6]
    assert counter.served == [[1], [2, 3, 3]]


async def test_who_wants_what_cannot_be_done_fails_alone(counter: Counter, together: Together[int, int]) -> None:
    counter.unlucky = {2, 4}
    ended = await asyncio.gather(*(together(number) for number in (1, 2, 3, 4)), return_exceptions=True)
    assert [str(one) for one in ended] == ["2", "unlucky: 2", "6", "unlucky: 4"]
    counter.unlucky.clear()
    assert await together(2) == 4


async def test_who_is_cancelled_takes_nobody_along(counter: Counter, together: Together[int, int]) -> None:
    counter.open.clear()
    first, second = await _begun(1, together), await _begun(2, together)
    third = await _begun(3, together)
    first.cancel()
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    counter.open.set()
    assert await third == 6
    assert second.cancelled()
    assert await together(4) == 8


async def test_when_everything_ends_nobody_is_left_waiting(counter: Counter, together: Together[int, int]) -> None:
    counter.open.clear()
    waiting = [await _begun(number, together) for number in (1, 2)]
    [serving] = [task for task in asyncio.all_tasks() if task.get_name() == "serving together"]
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting[0]
    counter.open.set()
    assert await together(3) == 6
    assert await waiting[1] == 4
