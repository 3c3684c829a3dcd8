"""What happens when a handler fails: a line in the log, one line to the person, nothing else lost."""

from telegram import Message, Update
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError

from bot import logs
from handlers.messages import answer_in
from handlers.replies import Reply
from handlers.services import Context
from handlers.texts import say

log = logs.of(__name__)


async def on_error(update: object, context: Context) -> None:
    """Note the error with ids only, and tell the person that it was not their fault."""
    error = context.error
    if isinstance(error, Forbidden):
        log.info("blocked by a person", update=_number(update))
        return
    # BadRequest is a NetworkError by class, but it is our own mistake.
    if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
        log.warning("Telegram not reached", update=_number(update), error=error)
        return
    if isinstance(update, Update) and context.bot_data.handled.puts_off(update.update_id, error):
        return
    log.error("update failed", update=_number(update), exc_info=error)
    if not isinstance(update, Update):
        return
    try:
        if update.callback_query:
            await update.callback_query.answer("Có lỗi khi xử lý. Anh/chị thử lại sau ít phút.")
        elif isinstance(update.effective_message, Message):
            await answer_in(update.effective_message, Reply(say("failed"), None))
    except TelegramError as failure:
        log.warning("person not told of a failure", update=_number(update), error=failure)


def _number(update: object) -> int | None:
    return update.update_id if isinstance(update, Update) else None
