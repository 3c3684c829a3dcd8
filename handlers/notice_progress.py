"""Keeps the coordinators' cards of notices up to date, each edited at most once in a while."""

import asyncio

from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ExtBot

from bot import logs
from bot.store.notice_tables import NoticeCard
from handlers.notice_cards import is_final, progress_card
from handlers.services import Services

log = logs.of(__name__)

# Seconds between two edits of a card.
PERIOD = 3.0

_UNCHANGED = "message is not modified"


async def keep_cards(services: Services, bot: ExtBot[None]) -> None:
    """Keep the cards up to date until cancelled. That one shows the end is a row, so none is forgotten by a restart."""
    shown: dict[tuple[int, int, int], str] = {}
    while True:
        try:
            for card in await services.notices.open_cards():
                await _keep(services, bot, card, shown)
        except Exception:
            log.exception("cards of notices not kept up to date, trying again")
        await asyncio.sleep(PERIOD)


async def _keep(
    services: Services, bot: ExtBot[None], card: NoticeCard, shown: dict[tuple[int, int, int], str]
) -> None:
    progress = await services.notices.progress(card.notice_id)
    if progress is None:
        return
    reply = await progress_card(services, progress)
    key = (card.notice_id, card.chat_id, card.message_id)
    if shown.get(key) != reply.html:
        try:
            await bot.edit_message_text(reply.html, card.chat_id, card.message_id, reply_markup=reply.markup)
        except (BadRequest, Forbidden) as error:
            if _UNCHANGED not in error.message.lower():
                log.info("card of a notice gone", notice=card.notice_id, chat=card.chat_id, error=error)
                await services.notices.close_card(card, progress.notice)
                return
        except TelegramError as error:
            log.info("card of a notice waits", notice=card.notice_id, error=error)
            return
        shown[key] = reply.html
    if is_final(progress):
        del shown[key]
        await services.notices.close_card(card, progress.notice)
