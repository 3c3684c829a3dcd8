"""What people say of an answer, and passing a question on to a person."""

from telegram import CallbackQuery, InlineKeyboardMarkup, Message

from bot.store.tables import Rating
from handlers.buttons import Code, button, without
from handlers.messages import replace
from handlers.replies import PASS_ON, Reply
from handlers.services import Context

_NOT_YOURS = "Câu hỏi này của người khác, hoặc đã hết thời gian lưu."


async def on_pass_on(query: CallbackQuery, context: Context, question: int) -> None:
    """Put the question before the coordinator and say so in the same message."""
    if not await context.bot_data.questions.pass_on(question, query.from_user.id):
        await query.answer(_NOT_YOURS)
        return
    await query.answer("Đã ghi lại câu hỏi cho cán bộ điều phối.")
    if isinstance(query.message, Message):
        html = f"{query.message.text_html}\n\n✓ Đã ghi lại câu hỏi cho cán bộ điều phối."
        rows = without(query.message.reply_markup, Code.PASS_ON, Code.PICK, Code.HELPFUL, Code.WRONG)
        await replace(query, Reply(html, InlineKeyboardMarkup(rows) if rows else None))


async def on_helpful(query: CallbackQuery, context: Context, question: int) -> None:
    """Thank, and take the two buttons away."""
    if not await context.bot_data.questions.rate(question, query.from_user.id, Rating.HELPFUL):
        await query.answer(_NOT_YOURS)
        return
    await query.answer("Cảm ơn anh/chị.")
    await _without_rating(query)


async def on_wrong(query: CallbackQuery, context: Context, question: int) -> None:
    """Note it, and offer passing the question on instead."""
    if not await context.bot_data.questions.rate(question, query.from_user.id, Rating.WRONG):
        await query.answer(_NOT_YOURS)
        return
    await query.answer("Đã ghi nhận. Anh/chị có thể chuyển câu hỏi cho cán bộ điều phối.")
    await _without_rating(query, instead=question)


async def _without_rating(query: CallbackQuery, instead: int | None = None) -> None:
    if not isinstance(query.message, Message):
        return
    rated = (Code.HELPFUL, Code.WRONG)
    rows = without(query.message.reply_markup, *rated)
    if instead is not None:
        rows = without(query.message.reply_markup, *rated, Code.PASS_ON)
        rows.append([button(PASS_ON, Code.PASS_ON, instead)])
    await replace(query, Reply(query.message.text_html, InlineKeyboardMarkup(rows) if rows else None))
