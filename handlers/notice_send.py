"""Sending what the preview shows: at once or at a time, and not at night without a question."""

from datetime import datetime

from telegram import CallbackQuery, Message

from bot.audit import Actor
from bot.notice_ledger import NoticeOvertakenError
from bot.store.notice_tables import Audience
from bot.store.people_tables import Draft
from handlers.buttons import Code, button
from handlers.cards import BACK, coordinators_draft, redraw, reply
from handlers.messages import replace
from handlers.notice_cards import adopt_card, notice_card
from handlers.notice_draft import KIND, Data, moment_of
from handlers.notice_time import is_quiet, next_morning
from handlers.notice_words import forms_of, said_of, words
from handlers.people import actor
from handlers.replies import GONE
from handlers.services import Context, Services
from handlers.texts import say

_SENT_BEFORE = "Thông báo này đã được gửi."
_ON_ITS_WAY = "Thông báo đang được gửi hoặc đã thu hồi. Bấm Tạm dừng trước rồi thử lại sau vài giây."


async def on_send(query: CallbackQuery, context: Context) -> None:
    """Send; at night and on days off ask first."""
    services = context.bot_data
    draft = await _ready_draft(query, services)
    if draft is None:
        return
    now = services.clock.now()
    at = moment_of(draft.data)
    moment = at if at and at > now else now
    if is_quiet(moment):
        morning = next_morning(moment)
        surely = button("Vẫn đặt lịch" if at else "Vẫn gửi", Code.NOTICE_SURELY)
        rows = [[surely], [button(BACK, Code.NOTICE_PREVIEW)]]
        if not draft.data["corrects"]:
            rows.insert(1, [button(f"Gửi lúc {morning:%H:%M ngày %d/%m}", Code.NOTICE_MORNING)])
        await redraw(query, services, draft, reply(say("notice_quiet", moment=moment), rows))
        return
    await _send(query, services, draft.data, at)


async def on_surely(query: CallbackQuery, context: Context) -> None:
    """Send all the same."""
    services = context.bot_data
    draft = await _ready_draft(query, services)
    if draft is not None:
        await _send(query, services, draft.data, moment_of(draft.data))


async def on_morning(query: CallbackQuery, context: Context) -> None:
    """Plan it for the next working morning."""
    services = context.bot_data
    draft = await _ready_draft(query, services)
    if draft is None:
        return
    if draft.data["corrects"]:
        await query.answer(GONE)
        return
    await _send(query, services, draft.data, next_morning(moment_of(draft.data) or services.clock.now()))


async def start_due(services: Services) -> None:
    """Start the scheduled notices whose moment has come."""
    for notice_id in await services.notices.due():
        await services.notices.start(notice_id, await forms_of(services), words, Actor(None, None))


async def _ready_draft(query: CallbackQuery, services: Services) -> Draft | None:
    draft = await coordinators_draft(query, services, KIND)
    if draft is None:
        return None
    data = draft.data
    if data["stage"] or data["said"] is None or not (data["corrects"] or data["audience"]):
        await query.answer(GONE)
        return None
    return draft


async def _send(query: CallbackQuery, services: Services, data: Data, at: datetime | None) -> None:
    person, message = query.from_user, query.message
    if not isinstance(message, Message):
        await query.answer(GONE)
        return
    said = said_of(data["said"])
    later = at if at and at > services.clock.now() else None
    try:
        if notice_id := data["corrects"]:
            before = await services.notices.card_in(notice_id, message.chat_id)
            await services.notice_versions.correct(actor(person), notice_id, said, words, message.message_id)
            await adopt_card(message, services, notice_id, before)
        else:
            forms = await forms_of(services)
            audience = Audience(data["audience"])
            notice = await services.notices.send(
                actor(person), said, audience, data["agencies"], forms, words, message.message_id, later
            )
            notice_id = notice.id
    except NoticeOvertakenError as overtaken:
        await query.answer(_ON_ITS_WAY if overtaken.state else _SENT_BEFORE)
        return
    card = await notice_card(services, notice_id)
    if card:
        await replace(query, card)
    await query.answer("Đã đặt lịch." if later else "Đang gửi.")
