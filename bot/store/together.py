"""Doing for all who wait what would be done for each: one trip to the database where there would be many."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Wanted = TypeVar("Wanted")
Got = TypeVar("Got")


class Together(Generic[Wanted, Got]):
    """Serves those who wait all at once, and then those who have come meanwhile; the first to come waits for nobody.

    Where that fails each is served alone, so that nobody fails for what another wanted.

    Args:
        serve: gives some what they want, in their order.
    """

    def __init__(self, serve: Callable[[Sequence[Wanted]], Awaitable[Sequence[Got]]]) -> None:
        self._serve = serve
        self._waiting: dict[asyncio.Future[Got], Wanted] = {}
        self._serving: asyncio.Task[None] | None = None

    async def __call__(self, wanted: Wanted) -> Got:
        """What one gets.

        Raises:
            Exception: whatever serving them raises.
        """
        place: asyncio.Future[Got] = asyncio.get_running_loop().create_future()
        self._waiting[place] = wanted
        # A task of its own: whoever is served with others may be cancelled, and the others not with them.
        if self._serving is None or self._serving.done():
            self._serving = asyncio.create_task(self._serve_all(), name="serving together")
        return await place

    async def _serve_all(self) -> None:
        while self._waiting:
            places, self._waiting = self._waiting, {}
            try:
                await self._serve_some(places)
            finally:
                for place in places:
                    place.cancel()

    async def _serve_some(self, places: dict[asyncio.Future[Got], Wanted]) -> None:
        try:
            got = await self._serve(list(places.values()))
        except Exception as error:  # noqa: BLE001 - it is passed on to whoever waits
            if len(places) > 1:
                for place, wanted in places.items():
                    await self._serve_some({place: wanted})
                return
            [place] = places
            if not place.done():
                place.set_exception(error)
        else:
            for place, one in zip(places, got, strict=True):
                if not place.done():
                    place.set_result(one)
