"""What happens when a handler fails: a line in the log, one line to the person, nothing else lost."""

import logging

from telegram import Message, Update
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError

from handlers.messages import answer_in
from handlers.replies import Reply
from handlers.services import Context
from handlers.texts import say

log = logging.getLogger(__name__)


async def on_error(update: object, context: Context) -> None:
    """Note the error with ids only, and tell the person that it was not their fault."""
    error = context.error
    if isinstance(error, Forbidden):
        log.info("a person has blocked the bot or left the chat")
        return
    update_id = update.update_id if isinstance(update, Update) else None
    # BadRequest is a NetworkError by class, but it is our own mistake.
    if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
        log.warning("Telegram was not reached while handling update %s: %s", update_id, error)
        return
    log.error("update %s failed", update_id, exc_info=error)
    if not isinstance(update, Update):
        return
    try:
        if update.callback_query:
            await update.callback_query.answer("Có lỗi khi xử lý. Anh/chị thử lại sau ít phút.")
        elif isinstance(update.effective_message, Message):
            await answer_in(update.effective_message, Reply(say("failed"), None))
    except TelegramError as failure:
        log.warning("could not tell the person of update %s that it failed: %s", update_id, failure)
