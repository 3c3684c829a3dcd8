"""The roof: puts the rooms together into a running bot."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import cast

from telegram import LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ContextTypes, Defaults

from bot.clock import Clock
from bot.contacts import Contacts
from bot.conversations import Conversations
from bot.order import AT_ONCE, ChatOrder
from bot.questions import Questions
from bot.settings import Settings
from bot.store.database import Database
from handlers.commands import set_menus
from handlers.registry import register
from handlers.services import App, Services
from handlers.ticks import tick
from knowledge.answer import Answerer

log = logging.getLogger(__name__)

# How often the bot asks what is due, by the clock.
_TICK = timedelta(minutes=1)


class StartError(Exception):
    """The bot cannot start; the message says why and what to do, in Vietnamese."""


def build(settings: Settings, answerer: Answerer, database: Database, clock: Clock) -> App:
    """A bot that is ready to be run."""
    services = Services(
        clock=clock,
        answerer=answerer,
        questions=Questions(database, clock),
        contacts=Contacts(database, clock),
        conversations=Conversations(database, clock),
        coordinators=settings.coordinators,
    )
    builder = (
        Application.builder()
        .token(settings.token.get_secret_value())
        .base_url(f"{settings.api_url}/bot")
        .base_file_url(f"{settings.api_url}/file/bot")
        .defaults(Defaults(parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)))
        .context_types(ContextTypes(bot_data=cast("type[Services]", lambda: services)))
        .concurrent_updates(ChatOrder())
        .connection_pool_size(2 * AT_ONCE)
        .job_queue(None)
    )
    if settings.proxy:
        builder = builder.proxy(settings.proxy).get_updates_proxy(settings.proxy)
    application: App = builder.build()
    register(application)
    return application


@asynccontextmanager
async def running(application: App) -> AsyncIterator[None]:
    """Run the bot by long polling until the block ends.

    Raises:
        StartError: Telegram refuses the token, or cannot be reached.
    """
    updater = application.updater
    if updater is None:
        raise RuntimeError("the application was built without an updater")
    try:
        await application.initialize()
        await set_menus(application.bot, application.bot_data.coordinators)
    except InvalidToken:
        raise StartError("Telegram không nhận mã bot trong ISOBOT_TOKEN. Lấy lại mã từ @BotFather.") from None
    except TelegramError as error:
        cure = "Xem lại mạng, ISOBOT_API_URL, ISOBOT_PROXY."
        raise StartError(f"Không kết nối được máy chủ Bot API ({error}). {cure}") from None
    ticking = asyncio.create_task(_tick_on(application.bot_data), name="ticks")
    try:
        await application.start()
        await updater.start_polling(allowed_updates=_heard(), bootstrap_retries=-1)
        yield
    finally:
        ticking.cancel()
        if updater.running:
            await updater.stop()
        if application.running:
            await application.stop()
        await application.shutdown()


def _heard() -> list[str]:
    return [Update.MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY]


async def _tick_on(services: Services) -> None:
    """Do what is due, then wait for the next minute of the clock; one failure does not end the ticking."""
    while True:
        next_tick = services.clock.now() + _TICK
        try:
            await tick(services)
        except Exception:
            log.exception("a tick failed; the next one tries again")
        await services.clock.sleep_until(next_tick)
