"""A bare echo bot, as python-telegram-bot's own examples write it: what our bot's speed is measured beside.

Run as `python -m tests.bench.echo URL TOKEN ORDER`, where ORDER is one of `ORDERS`.
"""

import sys
from typing import Any

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bot.allowance import Allowance
from bot.bulk import MOST_AT_ONCE
from bot.order import AT_ONCE, ChatOrder


def _our_order() -> ChatOrder:
    async def tell(_: Update) -> None:
        """Nobody is too fast."""

    return ChatOrder(lambda _kind, _seconds: None, Allowance(), tell)


# How updates are worked on: one by one as is PTB's default, sixteen at once in any order, or by our own processor.
ORDERS: dict[str, Any] = {"one by one": lambda: False, "16 at once": lambda: AT_ONCE, "ours": _our_order}


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Say the same."""
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)


def main(url: str, token: str, order: str) -> None:
    """Run until told to end."""
    application = (
        Application.builder()
        .token(token)
        .base_url(f"{url}/bot")
        .concurrent_updates(ORDERS[order]())
        .connection_pool_size(2 * AT_ONCE + MOST_AT_ONCE)
        .job_queue(None)
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, echo))
    application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:])
