"""The menu of topics: groups, then the questions of a group, page by page."""

from telegram import CallbackQuery, InlineKeyboardMarkup, Message, Update

from handlers.buttons import Code, button, code_of, two_a_row
from handlers.messages import answer_in, replace
from handlers.replies import Reply
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
    """Show the front of the menu: in the menu's own message, below anything else."""
    await query.answer()
    reply = _front(context.bot_data.pack)
    if isinstance(query.message, Message) and _is_menu(query.message):
        await replace(query, reply)
    elif isinstance(query.message, Message):
        await answer_in(query.message, reply)


async def on_group(query: CallbackQuery, context: Context, group: int, page: int) -> None:
    """Turn the menu to a page of one of its groups."""
    pack = context.bot_data.pack
    if group >= len(pack.menu):
        await query.answer("Trình đơn này đã cũ. Gõ /chude để mở lại.")
        return
    await query.answer()
    await replace(query, _page(pack, group, page))


def _is_menu(message: Message) -> bool:
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return {code_of(one) for row in rows for one in row} <= {Code.MENU, Code.GROUP, Code.TOPIC}


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
        rows.append([button("‹ Quay lại", Code.MENU)])
    html = say("topic_group", title=group.title, page=page + 1, pages=pages)
    return Reply(html, InlineKeyboardMarkup(rows))
