"""Updates: what waits for the bot, and how the bot comes for it."""

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bot.sandbox.errors import conflict
from bot.sandbox.faults import Faults

_LONGEST_WAIT = 50.0
_MOST_AT_ONCE = 100
# Telegram sends these only to bots that name them.
_ON_REQUEST_ONLY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, slots=True)
class Update:
    """One thing the bot should hear of."""

    id: int
    kind: str
    payload: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The Bot API's Update."""
        return {"update_id": self.id, self.kind: self.payload}

    @property
    def queue(self) -> tuple[str, int]:
        """What a webhook is given one after another: a chat's messages, and what a person presses or looks up."""
        if "chat" in self.payload:
            return "chat", self.payload["chat"]["id"]
        return self.kind, self.payload["from"]["id"]


class Updates:
    """The queue of updates, confirmed by the offset of the next request, as Telegram does it.

    Ids begin at the present second, so that a bot that remembers them sees no old ones after a restart of the sandbox.
    """

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._pending: deque[Update] = deque()
        self._next_id = int(time.time())
        self._allowed: frozenset[str] | None = None
        self._arrived = asyncio.Event()
        self._poller: asyncio.Future[None] | None = None
        self._held: tuple[str, dict[str, Any]] | None = None
        self._closed = False

    def __len__(self) -> int:
        return len(self._pending)

    @property
    def allowed(self) -> list[str] | None:
        """The kinds the bot has asked for; None: the usual ones."""
        return None if self._allowed is None else sorted(self._allowed)

    def allow(self, kinds: Iterable[str]) -> None:
        """From now on the bot hears of these kinds only; no kinds at all means the usual ones."""
        self._allowed = frozenset(kinds) or None

    def add(self, kind: str, payload: dict[str, Any], chat_id: int | None = None) -> None:
        """Queue an update, unless the bot does not want its kind."""
        if kind in _ON_REQUEST_ONLY if self._allowed is None else kind not in self._allowed:
            return
        if self._faults.strike("drop", chat_id):
            return
        held, self._held = self._held, None
        if held is None and self._faults.strike("reorder", chat_id):
            self._held = (kind, payload)
            return
        times = 2 if self._faults.strike("duplicate", chat_id) else 1
        self._pending.extend([Update(self._next_id, kind, payload)] * times)
        self._next_id += 1
        self._let_go(held)
        self._wake()

    def release(self) -> None:
        """Queue what is held back."""
        held, self._held = self._held, None
        self._let_go(held)
        self._wake()

    def confirm(self, offset: int) -> None:
        """Forget all updates below this id; a negative offset keeps only so many of the latest."""
        if offset < 0:
            while len(self._pending) > -offset:
                self._pending.popleft()
        else:
            while self._pending and self._pending[0].id < offset:
                self._pending.popleft()

    def clear(self) -> None:
        """Forget all updates that wait."""
        self._pending.clear()

    def first(self, limit: int = _MOST_AT_ONCE) -> list[Update]:
        """The oldest updates that wait."""
        return list(islice(self._pending, limit))

    def pending(self) -> list[Update]:
        """Everything that waits, oldest first."""
        return list(self._pending)

    def drop(self, update: Update) -> None:
        """Forget an update that has been delivered; a repetition of it waits on."""
        if update in self._pending:
            self._pending.remove(update)

    async def arrival(self) -> None:
        """Wait until another update comes."""
        await self._arrived.wait()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Update]:
        """A getUpdates request: what waits, or what comes within so many real seconds.

        Only the latest of several requests is served; an older one ends as Telegram ends it.
        """
        self.end_poll("terminated by other getUpdates request; make sure that only one bot instance is running")
        self.confirm(offset)
        if not self._pending and seconds > 0 and not self._closed:
            await self._wait(min(seconds, _LONGEST_WAIT))
        return self.first(min(max(limit, 1), _MOST_AT_ONCE))

    def end_poll(self, reason: str) -> None:
        """End the request that waits, if one does, with a conflict."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(conflict(reason))
        self._poller = None

    def close(self) -> None:
        """Let whoever waits go at once."""
        self._closed = True
        self._wake()

    def _let_go(self, held: tuple[str, dict[str, Any]] | None) -> None:
        if held is not None:
            self._pending.append(Update(self._next_id, *held))
            self._next_id += 1

    async def _wait(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        poller = self._poller = loop.create_future()
        timer = loop.call_later(seconds, _finish, poller)
        try:
            await poller
        finally:
            timer.cancel()
            if self._poller is poller:
                self._poller = None

    def _wake(self) -> None:
        if self._poller is not None:
            _finish(self._poller)
        self._arrived.set()
        self._arrived = asyncio.Event()


def _finish(poller: asyncio.Future[None]) -> None:
    if not poller.done():
        poller.set_result(None)
