"""What somebody is told, once, of whom more comes than any person types or taps."""

from telegram import Message, Update
from telegram.error import TelegramError

from bot import logs
from handlers.ask import addressed
from handlers.messages import answer_in
from handlers.replies import Reply
from handlers.texts import say

log = logs.of(__name__)


async def tell(update: Update) -> None:
    """Say that not all of it is taken; in a group only to who meant the bot."""
    message = update.effective_message
    try:
        if update.callback_query:
            await update.callback_query.answer("Anh/chị bấm nhanh quá. Chờ nửa phút rồi bấm lại giúp.")
        elif isinstance(message, Message) and _is_for_us(message):
            await answer_in(message, Reply(say("too_fast"), None))
    except TelegramError as error:
        log.info("flooder not told", error=str(error))


def _is_for_us(message: Message) -> bool:
    bot = message.get_bot()
    return (message.text or "").startswith("/") or addressed(message, bot.username, bot.id) is not None
