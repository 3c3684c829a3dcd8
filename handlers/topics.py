"""The menu of topics: groups, then the questions of a group, page by page."""

from telegram import CallbackQuery, InlineKeyboardMarkup, Message, Update

from handlers.buttons import Code, button, two_a_row
from handlers.messages import answer_in, replace
from handlers.replies import GONE, Reply
from handlers.services import Context
from handlers.texts import say
from knowledge.pack import Pack

# Questions on one page of the menu: what fits a phone's screen.
PAGE = 6


async def on_topics(update: Update, context: Context) -> None:
    """/chude: the front of the menu."""
    if update.effective_message:
        await answer_in(update.effective_message, _front(context.bot_data.pack))


async def on_menu(query: CallbackQuery, context: Context) -> None:
    """Open the menu below; the message above stays as it is."""
    if not isinstance(query.message, Message):
        await query.answer(GONE)
        return
    await answer_in(query.message, _front(context.bot_data.pack))
    await query.answer()


async def on_front(query: CallbackQuery, context: Context) -> None:
    """Back to the front of the menu."""
    await query.answer(None if await replace(query, _front(context.bot_data.pack)) else GONE)


async def on_group(query: CallbackQuery, context: Context, group: int, page: int) -> None:
    """Turn the menu to a page of one of its groups."""
    pack = context.bot_data.pack
    if group >= len(pack.menu):
        await query.answer("Trình đơn này đã cũ. Gõ /chude để mở lại.")
        return
    await query.answer(None if await replace(query, _page(pack, group, page)) else GONE)


def _front(pack: Pack) -> Reply:
    if len(pack.menu) == 1:
        return _page(pack, 0, 0)
    buttons = [button(group.title, Code.GROUP, number, 0) for number, group in enumerate(pack.menu)]
    return Reply(say("topics"), InlineKeyboardMarkup(two_a_row(buttons)))


def _page(pack: Pack, number: int, page: int) -> Reply:
    group = pack.menu[number]
    pages = -(-len(group.topics) // PAGE) or 1
    page = min(page, pages - 1)
    shown = group.topics[page * PAGE : (page + 1) * PAGE]
    rows = [[button(pack.topics[topic].ask, Code.TOPIC, topic)] for topic in shown]
    turn = []
    if page:
        turn.append(button("‹ Trang trước", Code.GROUP, number, page - 1))
    if page + 1 < pages:
        turn.append(button("Trang sau ›", Code.GROUP, number, page + 1))
    rows += [turn] if turn else []
    if len(pack.menu) > 1:
        rows.append([button("‹ Quay lại", Code.FRONT)])
    html = say("topic_group", title=group.title, page=page + 1, pages=pages)
    return Reply(html, InlineKeyboardMarkup(rows))
