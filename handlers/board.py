"""/bang: where all agencies stand on one card with a picture, and lists of them by what they have in common."""

import asyncio

from telegram import CallbackQuery, InlineKeyboardButton, Message, Update
from telegram.constants import ChatAction

from bot.board import Board, Entry, Group
from bot.states import State
from handlers import wording
from handlers.agencies import PAGE, Purpose
from handlers.buttons import Code, button, two_a_row
from handlers.cards import Rows, reply
from handlers.messages import answer_in, replace, send_picture, show_upload
from handlers.people import agency_name
from handlers.replies import GONE, Reply, label
from handlers.rights import refused
from handlers.services import Context, Services
from handlers.texts import say
from knowledge.deadline import Deadline


async def board_of(services: Services) -> Board:
    """The board of this moment."""
    return await services.boards.draw_up(agency.id for agency in services.pack.agencies.listed)


def unnamed(services: Services) -> list[str]:
    """The agencies that the plan counts and the source does not name, a line for each kind."""
    return [
        f"Còn {places.count} cơ quan{' ' + wording.LEVELS[places.level] if places.level else ''}"
        f" ({wording.FORMS[places.form]}) nguồn chưa nêu tên."
        for places in services.pack.agencies.expected
    ]


async def on_board(update: Update, context: Context) -> None:
    """/bang: the board."""
    message, services = update.effective_message, context.bot_data
    if message is None:
        return
    # It takes a moment to import and to draw, in which other chats shall not wait.
    from handlers.board_picture import draw  # noqa: PLC0415

    await show_upload(message, ChatAction.UPLOAD_PHOTO)
    board = await board_of(services)
    due = await _due(services)
    picture = await asyncio.to_thread(draw, board, services.pack.plan, due, services.clock.now())
    await send_picture(message, picture, _card(services, board, due))


async def on_list(query: CallbackQuery, context: Context, group: str) -> None:
    """Open the list of a group below; the board stays."""
    services, message = context.bot_data, query.message
    if await refused(query, services):
        return
    if group not in set(Group) or not isinstance(message, Message):
        await query.answer(GONE)
        return
    await answer_in(message, await _list(services, Group(group), 0))
    await query.answer()


async def on_page(query: CallbackQuery, context: Context, group: str, page: int) -> None:
    """Turn a page of a list."""
    services = context.bot_data
    if await refused(query, services):
        return
    turned = group in set(Group) and await replace(query, await _list(services, Group(group), page))
    await query.answer(None if turned else GONE)


async def _due(services: Services) -> Deadline | None:
    before = await services.deadlines.of(None)
    return Deadline(before, services.clock.today()) if before else None


def _card(services: Services, board: Board, due: Deadline | None) -> Reply:
    counts = {group: len(board.of(group)) for group in Group}
    shown = [group for group in Group if counts[group] or group is not Group.WAIVED]
    html = say(
        "board",
        board=board,
        at=services.clock.now(),
        due=due,
        lines=[(*wording.GROUPS[group], counts[group]) for group in shown],
        unnamed=unnamed(services),
    )
    lists = [
        button(f"{wording.GROUPS[group][1].capitalize()} ({counts[group]})", Code.BOARD_LIST, group)
        for group in shown
        if counts[group]
    ]
    return reply(html, [*two_a_row(lists), [button("Xuất Excel", Code.EXPORT)]])


async def _list(services: Services, group: Group, page: int) -> Reply:
    entries = (await board_of(services)).of(group)
    pages = -(-len(entries) // PAGE) or 1
    page = min(page, pages - 1)
    rows: Rows = [[_choice(services, entry)] for entry in entries[page * PAGE : (page + 1) * PAGE]]
    turn: list[InlineKeyboardButton] = []
    if page:
        turn.append(button("‹ Trang trước", Code.BOARD_PAGE, group, page - 1))
    if page + 1 < pages:
        turn.append(button("Trang sau ›", Code.BOARD_PAGE, group, page + 1))
    html = say(
        "board_list",
        word=wording.GROUPS[group][1],
        count=len(entries),
        at=services.clock.now(),
        page=page + 1,
        pages=pages,
    )
    return reply(html, [*rows, turn] if turn else rows)


def _choice(services: Services, entry: Entry) -> InlineKeyboardButton:
    """An agency as a button to its page, with what hinders it."""
    hindered = [f"trễ {entry.days_late} ngày"] if entry.days_late else []
    # That nobody is linked is what the mark says.
    if not entry.is_reachable and entry.contacts:
        hindered.append("không liên lạc được")
    elif not entry.contacts and entry.state is not State.NOT_OPENED:
        hindered.append("chưa có đầu mối")
    text = " · ".join([agency_name(services, entry.agency), *hindered])
    return button(label(f"{wording.STATES[entry.state][0]} {text}"), Code.CHOOSE, Purpose.VIEW, entry.agency)
