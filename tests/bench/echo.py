"""A bare echo bot, as python-telegram-bot's own examples write it: what our bot's speed is measured beside.

Run as `python -m tests.bench.echo URL TOKEN ORDER`, where ORDER is one of `ORDERS`.
"""

import sys

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

# How updates are worked on: one by one as is PTB's default, or as many at once as answer the most with its HTTP client.
ORDERS: dict[str, bool | int] = {"one by one": False, "16 at once": 16}


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
        .concurrent_updates(ORDERS[order])
        .connection_pool_size(64)
        .job_queue(None)
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, echo))
    application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:])
