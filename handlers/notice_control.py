"""What a coordinator does to a notice on its way: pausing, going on, stopping; and the list of all notices."""

from collections.abc import Awaitable, Callable

from telegram import CallbackQuery, Message

from bot.audit import Actor
from bot.notice_ledger import NoticeOvertakenError
from handlers import wording
from handlers.buttons import Code, button
from handlers.cards import Rows, reply
from handlers.messages import answer_in, replace
from handlers.notice_cards import adopt_card, notice_card
from handlers.notice_words import first_line, forms_of, words
from handlers.people import actor
from handlers.replies import GONE, Reply
from handlers.rights import refused
from handlers.services import Context, Services
from handlers.texts import say

_PAGE = 8


async def on_pause(query: CallbackQuery, context: Context, notice: int) -> None:
    """Send nothing more for now."""
    await _order(query, context.bot_data, notice, context.bot_data.notices.pause, "Đã tạm dừng.")


async def on_resume(query: CallbackQuery, context: Context, notice: int) -> None:
    """Go on."""
    await _order(query, context.bot_data, notice, context.bot_data.notices.resume, "Đang gửi tiếp.")


async def on_stop(query: CallbackQuery, context: Context, notice: int) -> None:
    """Send nothing more."""
    await _order(query, context.bot_data, notice, context.bot_data.notices.stop, "Đã dừng hẳn.")


async def on_repeat(query: CallbackQuery, context: Context, notice: int) -> None:
    """Send again what may have arrived or not."""
    told = "Đang gửi lại; người nhận có thể thấy hai lần."
    await _order(query, context.bot_data, notice, context.bot_data.notices.repeat_uncertain, told)


async def on_now(query: CallbackQuery, context: Context, notice: int) -> None:
    """Start a scheduled notice without waiting for its moment."""
    services = context.bot_data

    async def start(who: Actor, notice_id: int) -> None:
        if not await services.notices.start(notice_id, await forms_of(services), words, who):
            notice_now = await services.notices.get(notice_id)
            raise NoticeOvertakenError(notice_now.state if notice_now else None)

    await _order(query, services, notice, start, "Đang gửi.")


async def on_notices(query: CallbackQuery, context: Context, page: int) -> None:
    """The notices so far: below what is being written, or the next page in the same message."""
    services, message = context.bot_data, query.message
    if await refused(query, services):
        return
    shown = await _list(services, page)
    draft = await services.drafts.of(query.from_user.id)
    if isinstance(message, Message) and draft and draft.message_id == message.message_id:
        await answer_in(message, shown)
        await query.answer()
        return
    await query.answer(None if await replace(query, shown) else GONE)


async def on_open(query: CallbackQuery, context: Context, notice: int) -> None:
    """Show how a notice goes, in the message of the list."""
    services, message = context.bot_data, query.message
    if await refused(query, services):
        return
    card = await notice_card(services, notice)
    if card is None or not isinstance(message, Message) or not await replace(query, card):
        await query.answer(GONE)
        return
    await adopt_card(message, services, notice, await services.notices.card_in(notice, message.chat_id))
    await query.answer()


async def _order(
    query: CallbackQuery, services: Services, notice: int, do: Callable[[Actor, int], Awaitable[None]], told: str
) -> None:
    """Do something to a notice and show on the pressed card what came of it."""
    if await refused(query, services):
        return
    try:
        await do(actor(query.from_user), notice)
    except NoticeOvertakenError as overtaken:
        if overtaken.state is None:
            await query.answer(GONE)
            return
        told = f"Không đổi được: {wording.NOTICES[overtaken.state].lower()}."
    card = await notice_card(services, notice)
    if card:
        await replace(query, card)
    await query.answer(told)


async def _list(services: Services, page: int) -> Reply:
    found = await services.notices.newest(_PAGE + 1, page * _PAGE)
    rows: Rows = [
        [button(f"{wording.NOTICES[notice.state]} · {first_line(text.html)}", Code.NOTICE_OPEN, notice.id)]
        for notice, text in found[:_PAGE]
    ]
    turn = [button("‹ Trang trước", Code.NOTICES, page - 1)] if page else []
    turn += [button("Trang sau ›", Code.NOTICES, page + 1)] if len(found) > _PAGE else []
    return reply(say("notice_list", any=bool(found)), [*rows, turn] if turn else rows)
