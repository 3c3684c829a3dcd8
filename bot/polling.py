"""Long polling: the bot asks Telegram for updates."""

import time
from collections.abc import Callable, Sequence

from telegram.error import TelegramError

from bot import logs
from bot.updates import AnyApplication, Part

log = logs.of(__name__)

# Seconds without an answer after which polling counts as dead: a request waits ten seconds for updates, and after a
# failure the library pauses up to thirty.
_PATIENCE = 60


class Polling:
    """Asks for updates until stopped, and knows whether they are given.

    Args:
        conflict: is told when somebody else asks with the same token.
        now: seconds of a clock that never goes back.
    """

    def __init__(self, conflict: Callable[[], None], now: Callable[[], float] = time.monotonic) -> None:
        self._tell_conflict = conflict
        self._now = now
        self._answered_at = now()
        self._conflict_at: float | None = None
        self._failure: str | None = None
        self._application: AnyApplication | None = None

    def heard(self, method: str, failure: str | None) -> None:
        """A request for updates has ended: the only sign of life there is, since `getMe` works without it."""
        if failure is None:
            self._answered_at = self._now()
        elif failure == "conflict":
            self._conflict_at = self._now()
            self._tell_conflict()
        self._failure = failure
        if failure:
            log.warning("no updates given", method=method, kind=failure)

    async def start(self, application: AnyApplication, allowed: Sequence[str]) -> None:
        """Begin to ask; a webhook that is left over is deleted first."""
        if application.updater is None:
            raise RuntimeError("the application was built without an updater")
        self._application = application
        # What failed is in the log already.
        await application.updater.start_polling(
            allowed_updates=allowed, bootstrap_retries=-1, error_callback=_nothing_more
        )

    async def stop(self) -> None:
        """Ask no more, and confirm what was given."""
        if self._application and self._application.updater and self._application.updater.running:
            try:
                await self._application.updater.stop()
            except TelegramError as error:
                # A token that Telegram refuses ended the asking long ago, and is heard of only now.
                log.warning("polling had ended before", error=error)

    async def flow(self) -> Part:
        """Whether requests are answered. Between two bots with one token each gets a part of the updates."""
        age = self._now() - self._answered_at
        if self._conflict_at is not None and self._now() - self._conflict_at <= _PATIENCE:
            return Part(ok=False, age=age, why="conflict")
        if age > _PATIENCE:
            return Part(ok=False, age=age, why=self._failure or "silent")
        return Part(ok=True, age=age)


def _nothing_more(_: TelegramError) -> None:
    return
