"""Letting an agency off: the reason in words, and then surely."""

from telegram import CallbackQuery, Message, User

from bot.states import OWING
from bot.store.people_tables import Draft
from bot.submission_records import OvertakenError
from bot.visible import line
from handlers.buttons import Code, button
from handlers.cards import Rows, cancel_row, coordinators_draft, open_card, reply
from handlers.people import actor, agency_name
from handlers.replies import GONE, Reply
from handlers.rights import refused
from handlers.services import Context, Services
from handlers.texts import say
from handlers.versions import event_words

KIND = "waive"

_CHANGED = "Tình trạng đã thay đổi. Gõ /tinhtrang để xem lại."


async def on_waive(query: CallbackQuery, context: Context, agency: str) -> None:
    """Begin: ask for the reason."""
    services, person, message = context.bot_data, query.from_user, query.message
    if await refused(query, services):
        return
    if agency not in services.pack.agencies.everyone or not isinstance(message, Message):
        await query.answer(GONE)
        return
    standing = await services.submissions.standing(agency)
    if standing.state not in OWING:
        await query.answer(_CHANGED)
        return
    data = {"agency": agency, "known": standing.number, "reason": ""}
    await open_card(message, person.id, services, KIND, data, _card(services, agency, ""))
    await query.answer()


async def hear(message: Message, person: User, services: Services, draft: Draft, text: str) -> bool:
    """Take the typed reason."""
    data = {**draft.data, "reason": line(text)}
    await open_card(message, person.id, services, KIND, data, _card(services, data["agency"], data["reason"]))
    return True


async def on_waive_surely(query: CallbackQuery, context: Context) -> None:
    """Let the agency off."""
    services, person, message = context.bot_data, query.from_user, query.message
    draft = await coordinators_draft(query, services, KIND)
    if draft is None or not isinstance(message, Message):
        return
    data = draft.data
    if not data["reason"] or not await services.drafts.drop(person.id):
        await query.answer("Cần lý do: anh/chị gõ lý do trước.", show_alert=True)
        return
    try:
        await services.submissions.waive(
            actor(person), data["agency"], data["known"], data["reason"], event_words(services), message.message_id
        )
    except OvertakenError:
        await query.answer(_CHANGED)
    else:
        await query.answer("Đã ghi nhận miễn nộp.")


def _card(services: Services, agency: str, reason: str) -> Reply:
    rows: Rows = [[button("Miễn nộp", Code.WAIVE_SURELY)]] if reason else []
    html = say("waive_form", agency=agency_name(services, agency), reason=reason)
    return reply(html, [*rows, *cancel_row()])
