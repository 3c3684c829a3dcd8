"""Cards of a dialogue: one message that shows a draft, and the buttons that change it."""

from collections.abc import Mapping
from typing import Any

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.error import TelegramError

from bot.outbox import Letter
from bot.store.people_tables import Draft
from handlers.buttons import Code, button
from handlers.messages import answer_in, log, replace
from handlers.replies import Reply
from handlers.rights import refused
from handlers.services import Services

PAST = "Bước này đã qua. Gõ lệnh để bắt đầu lại nếu cần."
CANCEL = "Huỷ"
BACK = "‹ Quay lại"

Rows = list[list[InlineKeyboardButton]]


def letter(html: str, rows: Rows | None = None) -> Letter:
    """A message for the ledger."""
    return Letter(html, tuple(tuple((one.text, str(one.callback_data)) for one in row) for row in rows or ()))


def reply(html: str, rows: Rows | None = None) -> Reply:
    """A message to be sent at once."""
    return Reply(html, InlineKeyboardMarkup(rows) if rows else None)


def cancel_row() -> Rows:
    """The way out of a dialogue."""
    return [[button(CANCEL, Code.CANCEL)]]


def ask_once_more(html: str, surely: InlineKeyboardButton) -> Reply:
    """A question before something that cannot be undone: the button that does it says what it does."""
    return reply(html, [[surely], [button(BACK, Code.LEAVE_BE)]])


async def open_card(
    message: Message, person_id: int, services: Services, kind: str, data: Mapping[str, Any], shown: Reply
) -> None:
    """Keep what a person is in the middle of, and show it in a new message, whatever they were in before."""
    before = await services.drafts.of(person_id)
    await services.drafts.keep(person_id, kind, data, before.message_id if before else None)
    await show_card(message, person_id, services, shown)


async def show_card(message: Message, person_id: int, services: Services, shown: Reply) -> None:
    """Show a person's draft in a new message; the card that showed it before loses its buttons."""
    draft = await services.drafts.of(person_id)
    sent = await answer_in(message, shown)
    await services.drafts.show_at(person_id, sent.message_id)
    if draft and draft.message_id:
        await close_card(message, draft.message_id)


async def close_card(message: Message, card: int) -> None:
    """Take the buttons from an old card; that it is gone already does no harm."""
    try:
        await message.get_bot().edit_message_reply_markup(message.chat_id, card)
    except TelegramError as error:
        log.info("buttons of a card stay", card=card, error=error)


async def pressed_draft(query: CallbackQuery, services: Services, kind: str) -> Draft | None:
    """The presser's draft, if the button stands under its card; otherwise they are told that it is past."""
    draft = await services.drafts.of(query.from_user.id)
    if draft is None or draft.kind != kind or not shows(query, draft):
        await query.answer(PAST)
        return None
    return draft


async def coordinators_draft(query: CallbackQuery, services: Services, kind: str) -> Draft | None:
    """The same for a dialogue that only coordinators have: whether the presser still is one is asked anew."""
    draft = await pressed_draft(query, services, kind)
    return None if draft and await refused(query, services) else draft


def shows(query: CallbackQuery, draft: Draft) -> bool:
    """Whether the pressed message is the draft's card."""
    return isinstance(query.message, Message) and draft.message_id in (None, query.message.message_id)


async def redraw(query: CallbackQuery, services: Services, draft: Draft, shown: Reply) -> None:
    """Keep a changed draft and show it on its own card, or below where the card is gone."""
    message = query.message
    if not isinstance(message, Message):
        return
    await services.drafts.keep(draft.person_id, draft.kind, draft.data, message.message_id)
    if not await replace(query, shown):
        await show_card(message, draft.person_id, services, shown)
    await query.answer()
