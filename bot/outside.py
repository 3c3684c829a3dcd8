"""What connects a running bot with the world: how updates come, what others see of it, who watches over it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from bot.delivery import Deliverer
from bot.handled import Handled
from bot.heartbeats import Heartbeats
from bot.listener import Listener
from bot.liveness import Liveness
from bot.metrics import Metrics
from bot.order import ChatOrder
from bot.polling import Polling
from bot.reminders import Reminders
from bot.settings import Settings
from bot.store.turns import Turns
from bot.updates import AnyApplication, Updates
from bot.vitals import Vitals
from bot.watchdog import Watchdog
from bot.webhook import Webhook


class Outside:
    """The outside of one bot.

    Args:
        settings: say whether updates are asked for or brought, and where to listen.
        metrics: count what passes.
        vitals: ask the database how the bot is.
        order: in which updates are handled.
        deliverer: sends what is in the ledger.
        reminders: know what is due.
        heartbeats: carry to other programs that somebody else uses the token, too.
        turns: let one process at a time work for a chat.
        handled: knows which updates were handled before.
        now: seconds of a clock that never goes back.
    """

    def __init__(
        self, settings: Settings, metrics: Metrics, vitals: Vitals, order: ChatOrder, deliverer: Deliverer,
        reminders: Reminders, heartbeats: Heartbeats, turns: Turns, handled: Handled,
        now: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.order = order
        self.polling = Polling(heartbeats.conflict, now)
        self._updates: Updates = self.polling
        routes = []
        if settings.webhook_url and settings.webhook_secret:
            secret = settings.webhook_secret.get_secret_value()
            self._updates = webhook = Webhook(settings.webhook_url, secret, metrics, turns, handled, now)
            routes.append(webhook.route)
        self.liveness = Liveness(self._updates, self.order, deliverer, vitals, now)
        self._listener = Listener(settings.listens_at, self.liveness, metrics, vitals, reminders, routes)

    @asynccontextmanager
    async def connected(
        self, application: AnyApplication, allowed: Sequence[str], watchdog: Watchdog
    ) -> AsyncIterator[None]:
        """Have the application given updates until the block ends.

        Raises:
            OSError: the place to listen cannot be had.
            TelegramError: Telegram does not take the webhook.
        """
        async with self._listener.open():
            try:
                await self._updates.start(application, allowed)
                watching = asyncio.create_task(self.liveness.watch(watchdog.feed, watchdog.period), name="watch")
                watchdog.ready()
                try:
                    yield
                finally:
                    watchdog.stopping()
                    watching.cancel()
                    await asyncio.gather(watching, return_exceptions=True)
            finally:
                await self._updates.stop()
