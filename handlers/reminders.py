"""Reminders: what an agency's contacts are told as the deadline comes near, and muting that for oneself."""

from telegram import CallbackQuery, InlineKeyboardMarkup, Message

from bot.outbox import Letter
from bot.states import State
from bot.submission_records import Standing
from handlers import wording
from handlers.agencies import NOT_YOURS, Purpose
from handlers.buttons import Code, button, two_a_row, without
from handlers.cards import letter
from handlers.messages import replace_buttons
from handlers.people import actor, agency_name
from handlers.services import Context, Services
from handlers.texts import say
from knowledge.deadline import Deadline

MUTE, UNMUTE = "Tắt nhắc", "Bật nhắc"

# What the report has to say, where the pack has a topic for it.
_CONTENT_TOPIC = "report.content"


async def send_reminders(services: Services) -> None:
    """Remind those for whom it is time."""
    await services.reminders.send_due(await inspected(services), lambda standing: _letter(services, standing))


async def inspected(services: Services) -> list[str]:
    """The agencies that the plan inspects, and others that somebody has been linked to."""
    listed = {agency.id: None for agency in services.pack.agencies.listed if not agency.is_lead}
    return list(listed | dict.fromkeys(sorted(await services.contacts.reached())))


async def on_mute(query: CallbackQuery, context: Context, agency: str) -> None:
    """No more reminders about an agency for the one who presses."""
    services = context.bot_data
    if not await services.contacts.mute(actor(query.from_user), agency, muted=True):
        await query.answer(NOT_YOURS)
        return
    await query.answer("Đã tắt nhắc cho riêng anh/chị. Bật lại: /donvi.")
    if isinstance(query.message, Message):
        await replace_buttons(query, InlineKeyboardMarkup(without(query.message.reply_markup, Code.MUTE)))


def _letter(services: Services, standing: Standing) -> Letter:
    give = wording.giving(standing.version)
    html = say(
        "reminder",
        agency=agency_name(services, standing.agency),
        due=Deadline(standing.due_before, services.clock.today()) if standing.due_before else None,
        returned=standing.step.reason if standing.step and standing.state is State.RETURNED else None,
        withdrawn=standing.state is State.WITHDRAWN,
        version=standing.version.version if standing.version else None,
        give=give,
    )
    buttons = [button(give, Code.CHOOSE, Purpose.CONFIRM, standing.agency)]
    if _CONTENT_TOPIC in services.pack.topics:
        buttons.append(button("Báo cáo gồm gì?", Code.TOPIC, _CONTENT_TOPIC))
    return letter(html, two_a_row([*buttons, button(MUTE, Code.MUTE, standing.agency)]))
