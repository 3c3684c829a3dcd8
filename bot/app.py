"""The roof: what was put together is run."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any, cast

from telegram import LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ContextTypes, Defaults, ExtBot

from bot import logs
from bot.account import open_account
from bot.assembly import StartError, assemble
from bot.bulk import MOST_AT_ONCE
from bot.clock import Clock
from bot.leadership import lead
from bot.order import AT_ONCE
from bot.settings import Settings
from bot.store.database import Database
from bot.store.seat import Seat
from bot.watchdog import Watchdog
from bot.wire import UpdatesWire, Wire
from handlers import annex
from handlers.commands import set_menus
from handlers.learn import hand_over
from handlers.notice_progress import keep_cards
from handlers.registry import register
from handlers.reload import keep_watching
from handlers.services import App, Services
from handlers.ticks import tick
from knowledge.answer import Answerer

log = logs.of(__name__)

# How often the bot asks what is due, by the clock.
_TICK = timedelta(minutes=1)

# Seconds after which what was changed through another process counts here, too.
_KEEPING_UP = 2.0


def build(
    settings: Settings, answerer: Answerer, database: Database, clock: Clock,
    now: Callable[[], float] = time.monotonic,
) -> App:  # fmt: skip
    """A bot that is ready to be run.

    Args:
        settings: what to run on.
        answerer: what it knows.
        database: what it remembers.
        clock: the time it lives in.
        now: seconds of a clock that never goes back, for what depends on the machine and not on the day.

    Raises:
        StartError: the data folder cannot be used.
    """
    services = assemble(settings, answerer, database, clock, now)
    account = open_account(
        settings.token.get_secret_value(),
        settings.api_url,
        Wire(services.metrics.called, 2 * AT_ONCE + MOST_AT_ONCE, settings.proxy_url),
        UpdatesWire(services.outside.polling.heard, 1, settings.proxy_url),
        Defaults(parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)),
    )
    application: App = (
        Application.builder()
        .application_class(_Forgetful)
        .bot(account)
        .context_types(ContextTypes(bot_data=cast("type[Services]", lambda: services)))
        .concurrent_updates(services.outside.order)
        .job_queue(None)
        .build()
    )
    register(application)
    return application


class _Forgetful(Application[Any, Any, Any, Any, Any, Any]):
    """Forgets who wrote: the library notes everybody's number for its own persistence, which is not used here."""

    def _mark_for_persistence_update(self, **_: object) -> None:
        """Note nothing."""


async def export(settings: Settings, answerer: Answerer, database: Database, clock: Clock) -> bytes:
    """The board as a workbook, without a running bot.

    Raises:
        StartError: the data folder cannot be used.
    """
    services = assemble(settings, answerer, database, clock)
    try:
        await services.in_force.refresh()
        return (await annex.export(services)).content
    finally:
        await services.attachments.close()


@asynccontextmanager
async def running(application: App, watchdog: Watchdog | None = None) -> AsyncIterator[None]:
    """Run the bot until the block ends.

    Args:
        application: what `build` has made.
        watchdog: who is told that the bot is well.

    Raises:
        StartError: Telegram refuses the token or the webhook, or cannot be reached; the place to listen is taken;
            another bot runs on the same file.
    """
    async with (
        _seated(application.bot_data.seat),
        _introduced(application),
        _at_work(application, watchdog or Watchdog()),
    ):
        yield


@asynccontextmanager
async def _seated(seat: Seat) -> AsyncIterator[None]:
    """Where only one bot may run, it is this one."""
    if not seat.is_shared and not await seat.take():
        raise StartError("Một bot khác đang chạy trên cơ sở dữ liệu này. Dừng bot đó trước, hoặc dùng PostgreSQL.")
    try:
        yield
    finally:
        await seat.leave()


@asynccontextmanager
async def _introduced(application: App) -> AsyncIterator[None]:
    """Telegram and the bot know each other."""
    try:
        await _introduce(application)
        yield
    finally:
        await application.shutdown()
        # An application that could not be initialised leaves its connections open.
        await application.bot.shutdown()
        await application.bot_data.attachments.close()


async def _introduce(application: App) -> None:
    services = application.bot_data
    try:
        await application.initialize()
        await set_menus(application.bot, services)
        await hand_over(services, services.pack)
        await services.in_force.refresh()
    except InvalidToken:
        raise StartError("Telegram không nhận mã bot trong ISOBOT_TOKEN. Lấy lại mã từ @BotFather.") from None
    except TelegramError as error:
        cure = "Xem lại mạng, ISOBOT_API_URL, ISOBOT_PROXY."
        raise StartError(f"Không kết nối được máy chủ Bot API ({error}). {cure}") from None


@asynccontextmanager
async def _at_work(application: App, watchdog: Watchdog) -> AsyncIterator[None]:
    services = application.bot_data
    log.info("pack in force", version=services.pack.version)
    await services.heartbeats.begin()
    working = [
        asyncio.create_task(lead(services.seat, partial(_work_alone, services, application.bot)), name="leading"),
        asyncio.create_task(_keep_up(services), name="keeping up"),
        asyncio.create_task(services.heartbeats.run(), name="heartbeat"),
        asyncio.create_task(keep_watching(services), name="pack"),
    ]
    try:
        await application.start()
        async with _connected(application, watchdog):
            yield
    finally:
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        if application.running:
            await application.stop()
        await services.heartbeats.end()


@asynccontextmanager
async def _connected(application: App, watchdog: Watchdog) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(application.bot_data.outside.connected(application, _heard(), watchdog))
        except OSError as error:
            raise StartError(f"Không mở được cổng trong ISOBOT_LISTEN ({error.strerror}). Chọn cổng khác.") from None
        except TelegramError as error:
            cure = "Xem lại ISOBOT_WEBHOOK_URL."
            raise StartError(f"Telegram không nhận webhook ({error}). {cure}") from None
        yield


async def _work_alone(services: Services, bot: ExtBot[None]) -> None:
    """What one process at a time does, beginning with what the one before it has left."""
    await services.deliverer.settle_interrupted()
    await services.restarts.look()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(services.deliverer.run(bot), name="deliveries")
        tasks.create_task(services.bulk.run(bot), name="notices")
        tasks.create_task(keep_cards(services, bot), name="notice cards")
        tasks.create_task(_tick_on(services), name="ticks")


async def _keep_up(services: Services) -> None:
    """Take in what other processes have changed of the knowledge in force."""
    while True:
        await asyncio.sleep(_KEEPING_UP)
        try:
            await services.in_force.refresh()
        except Exception:
            log.exception("what is in force not looked up, trying again")


def _heard() -> list[str]:
    return [Update.MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY]


async def _tick_on(services: Services) -> None:
    """Do what is due, then wait for the next minute of the clock; one failure does not end the ticking."""
    while True:
        next_tick = services.clock.now() + _TICK
        try:
            await tick(services)
        except Exception:
            log.exception("tick failed, the next one tries again")
        await services.clock.sleep_until(next_tick)
