"""What those do who get notices: saying that they have read one, and wanting news or not."""

from telegram import CallbackQuery, Message

from bot.notice_reading import Read
from handlers.buttons import Code, without
from handlers.cards import reply
from handlers.messages import replace_buttons
from handlers.notice_words import have_read_rows
from handlers.services import Context

SUBSCRIBE = "Nhận thông báo"
UNSUBSCRIBE = "Thôi nhận thông báo"

_TOLD = {
    Read.NOTED: "Đã ghi nhận anh/chị đã đọc.",
    Read.BEFORE: "Đã ghi nhận từ trước.",
    Read.OUTDATED: "Thông báo này đã có bản đính chính; anh/chị xem bản mới.",
    Read.NOT_THEIRS: "Nút này dành cho người nhận thông báo.",
}


async def on_read(query: CallbackQuery, context: Context, notice: int, version: int) -> None:
    """A recipient has read a notice."""
    services, message = context.bot_data, query.message
    message_id = message.message_id if isinstance(message, Message) else None
    outcome = await services.notice_reading.acknowledge(notice, version, query.from_user.id, message_id)
    if outcome is not Read.NOT_THEIRS:
        await replace_buttons(query, reply("", have_read_rows(notice, version)).markup)
    await query.answer(_TOLD[outcome])


async def on_sample(query: CallbackQuery, context: Context) -> None:
    """The button on the preview of a notice."""
    await query.answer("Đây là bản xem trước.")


async def on_subscribe(query: CallbackQuery, context: Context) -> None:
    """A visitor wants to be sent notices."""
    await context.bot_data.subscribers.add(query.from_user.id)
    await _put_away(query, Code.SUBSCRIBE)
    await query.answer("Anh/chị sẽ nhận thông báo chung. Thôi nhận: /riengtu.")


async def on_unsubscribe(query: CallbackQuery, context: Context) -> None:
    """They do not want that any more."""
    await context.bot_data.subscribers.remove(query.from_user.id)
    await _put_away(query, Code.UNSUBSCRIBE)
    await query.answer("Anh/chị không nhận thông báo chung nữa.")


async def _put_away(query: CallbackQuery, code: Code) -> None:
    """Take the pressed button from its message."""
    if isinstance(query.message, Message):
        rows = without(query.message.reply_markup, code)
        await replace_buttons(query, reply("", rows).markup)
