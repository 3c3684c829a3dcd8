"""What people say of an answer, and passing a question on to a person."""

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.store.tables import Rating
from handlers.buttons import Code, button, without
from handlers.messages import replace, replace_buttons
from handlers.replies import PASS_ON, Reply
from handlers.services import Context

_PASSED_ON = "Đã ghi lại câu hỏi cho cán bộ điều phối. Có trả lời, trợ lý nhắn anh/chị trong trò chuyện riêng."
_NOT_YOURS = "Câu hỏi này của người khác, hoặc đã hết thời gian lưu."


async def on_pass_on(query: CallbackQuery, context: Context, question: int) -> None:
    """Put the question before the coordinator and say so in the same message."""
    asked = await context.bot_data.questions.pass_on(question, query.from_user.id)
    if asked is None:
        await query.answer(_NOT_YOURS)
        return
    if isinstance(query.message, Message) and _PASSED_ON not in (query.message.text or ""):
        html = f"{query.message.text_html}\n\n✓ {_PASSED_ON}"
        rows = without(query.message.reply_markup, Code.PASS_ON, Code.PICK, Code.HELPFUL, Code.WRONG)
        await replace(query, Reply(html, InlineKeyboardMarkup(rows) if rows else None))
    await query.answer(_PASSED_ON)


async def on_helpful(query: CallbackQuery, context: Context, question: int) -> None:
    """Thank, and take the two buttons away."""
    asked = await context.bot_data.questions.rate(question, query.from_user.id, Rating.HELPFUL)
    if asked is None:
        await query.answer(_NOT_YOURS)
        return
    await _without_rating(query)
    await query.answer("Cảm ơn anh/chị.")


async def on_wrong(query: CallbackQuery, context: Context, question: int) -> None:
    """Note it, and offer passing the question on instead."""
    asked = await context.bot_data.questions.rate(question, query.from_user.id, Rating.WRONG)
    if asked is None:
        await query.answer(_NOT_YOURS)
        return
    if asked.passed_on_at:
        await _without_rating(query)
        await query.answer("Đã ghi nhận. Câu hỏi này đã được ghi lại cho cán bộ điều phối.")
        return
    await _without_rating(query, button(PASS_ON, Code.PASS_ON, question))
    await query.answer("Đã ghi nhận. Anh/chị có thể chuyển câu hỏi cho cán bộ điều phối.")


async def _without_rating(query: CallbackQuery, instead: InlineKeyboardButton | None = None) -> None:
    if not isinstance(query.message, Message):
        return
    rows = without(query.message.reply_markup, Code.HELPFUL, Code.WRONG)
    if instead:
        rows = [*without(InlineKeyboardMarkup(rows), Code.PASS_ON), [instead]]
    await replace_buttons(query, InlineKeyboardMarkup(rows) if rows else None)
