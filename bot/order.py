"""The order in which updates are worked on: one after another within a chat, chats beside one another."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot import logs
from bot.allowance import Allowance, Ruling

log = logs.of(__name__)

# The more there are at once, the more of them go to the database together. With 50 ms of network to Telegram half as
# many answer a fifth fewer questions a second, and twice as many a sixth more (measured on 2 cores).
AT_ONCE = 64

# Updates that may wait here; one person's flood must wait in its own queue, not fill everybody's.
_WAITING = 4096

_KINDS = (Update.MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY)


class ChatOrder(BaseUpdateProcessor):
    """Keeps the order within each chat, which python-telegram-bot's own concurrent processing does not.

    Args:
        handled: told of what kind each update was, and how many seconds it took.
        allowance: what exceeds it is dropped as it comes, before it waits anywhere.
        tell: says so to the sender, once a flood.
        now: seconds of a clock that never goes back.
    """

    def __init__(
        self, handled: Callable[[str, float], None], allowance: Allowance,
        tell: Callable[[Update], Awaitable[None]], now: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        super().__init__(_WAITING)
        self._handled = handled
        self._allowance = allowance
        self._tell = tell
        self._now = now
        self._moved_at = now()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._queues: dict[int, tuple[asyncio.Lock, int]] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for the chat's turn, then for a free place."""
        admitted = self._admitted(update, coroutine)
        if admitted is None:
            return
        chat = chat_of(update)
        if self.current_concurrent_updates == 1:
            self._moved_at = self._now()
        async with self._turn(chat), self._slots:
            began = self._now()
            await admitted
            self._moved_at = self._now()
        seconds, kind = self._moved_at - began, _kind_of(update)
        self._handled(kind, seconds)
        number = update.update_id if isinstance(update, Update) else None
        log.info("update handled", id=number, kind=kind, chat=chat, ms=round(1000 * seconds))

    @property
    def idle_for(self) -> float:
        """Seconds for which nothing came to an end though there is something to do."""
        return self._now() - self._moved_at if self.current_concurrent_updates else 0.0

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to put away."""

    def _admitted(self, update: object, coroutine: Awaitable[Any]) -> Awaitable[Any] | None:
        """What is to be done; for somebody who sends too fast that they are told so, or nothing."""
        if not isinstance(update, Update) or update.effective_sender is None:
            return coroutine
        # Inline queries come by the letter: who types one has an allowance for that beside the other.
        ruling = self._allowance.take((update.effective_sender.id, update.inline_query is None))
        if ruling is Ruling.GRANTED:
            return coroutine
        if isinstance(coroutine, Coroutine):
            coroutine.close()
        return self._tell(update) if ruling is Ruling.REFUSED_FIRST else None

    @asynccontextmanager
    async def _turn(self, chat: int | None) -> AsyncIterator[None]:
        if chat is None:
            yield
            return
        lock, waiting = self._queues.get(chat, (asyncio.Lock(), 0))
        self._queues[chat] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._queues[chat]
            if waiting == 1:
                del self._queues[chat]
            else:
                self._queues[chat] = (lock, waiting - 1)


def chat_of(update: object) -> int | None:
    """The chat that an update belongs to; a person's own where it names none."""
    if not isinstance(update, Update):
        return None
    if update.effective_chat:
        return update.effective_chat.id
    return update.effective_user.id if update.effective_user else None


def _kind_of(update: object) -> str:
    return next((kind for kind in _KINDS if getattr(update, kind, None)), "other")
