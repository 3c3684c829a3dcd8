"""The matrix of clauses of the two editions, page by page."""

from telegram import CallbackQuery, InlineKeyboardMarkup, Message

from handlers.buttons import Code, button
from handlers.messages import answer_in, replace
from handlers.replies import GONE, Reply
from handlers.services import Context
from handlers.texts import say
from knowledge.matrix import Certainty, Matrix

# Rows on one page: what fits a phone's screen.
PAGE = 10


async def on_table(query: CallbackQuery, context: Context) -> None:
    """Open the table below; the answer above stays."""
    matrix = context.bot_data.pack.matrix
    if matrix is None or not isinstance(query.message, Message):
        await query.answer(GONE)
        return
    await answer_in(query.message, _page(matrix, 0))
    await query.answer()


async def on_table_page(query: CallbackQuery, context: Context, page: int) -> None:
    """Turn a page of the table."""
    matrix = context.bot_data.pack.matrix
    turned = matrix is not None and await replace(query, _page(matrix, page))
    await query.answer(None if turned else GONE)


def _page(matrix: Matrix, page: int) -> Reply:
    pages = -(-len(matrix.rows) // PAGE)
    page = min(page, pages - 1)
    rows = matrix.rows[page * PAGE : (page + 1) * PAGE]
    new_only = matrix.new_only if page == pages - 1 else ()
    html = say(
        "matrix_page",
        rows=rows,
        new_only=new_only,
        guessed=Certainty.KNOWN in [*(row.certainty for row in rows), *(clause.certainty for clause in new_only)],
        page=page + 1,
        pages=pages,
    )
    turn = []
    if page:
        turn.append(button("‹ Trang trước", Code.TABLE_PAGE, page - 1))
    if page + 1 < pages:
        turn.append(button("Trang sau ›", Code.TABLE_PAGE, page + 1))
    return Reply(html, InlineKeyboardMarkup([turn]) if turn else None)
