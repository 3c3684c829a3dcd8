"""What happens in the sandbox, numbered, for whoever looks on: the chat page's stream of events."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

_KEPT = 2000


# What is costly to tell is given as a function, and told only when somebody looks on.
Data = dict[str, Any] | Callable[[], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Event:
    """Something the page should show."""

    number: int
    kind: str
    data: Data

    def as_stream(self) -> str:
        """The event as a stream of server-sent events writes it."""
        data = self.data() if callable(self.data) else self.data
        return f"id: {self.number}\nevent: {self.kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


class Events:
    """The latest events. Older ones are forgotten: who comes so late has to look at the whole state again."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._events: deque[Event] = deque(maxlen=kept)
        self._happened = asyncio.Event()
        self._closed = False
        self.last = 0

    def add(self, kind: str, data: Data) -> None:
        """Something has happened."""
        self.last += 1
        self._events.append(Event(self.last, kind, data))
        self._wake()

    def since(self, number: int) -> list[Event]:
        """What has happened after event `number`; it begins with a "reload" if some of that is forgotten.

        A number from the future is from before a restart of the sandbox, and so means "reload" too.
        """
        missed = self.last - number
        if missed == 0:
            return []
        if not 0 < missed <= len(self._events):
            return [Event(self.last, "reload", {})]
        return list(islice(self._events, len(self._events) - missed, None))

    async def follow(self, number: int) -> AsyncIterator[Event]:
        """All events after `number`, as they come, until the sandbox is closed."""
        while not self._closed:
            happened = self._happened
            for event in self.since(number):
                yield event
                number = event.number
            if happened is self._happened:
                await happened.wait()

    def close(self) -> None:
        """End all streams at once."""
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        happened, self._happened = self._happened, asyncio.Event()
        happened.set()
