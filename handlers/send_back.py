"""Returning a version: what is missing, until when it is wanted again, and then surely."""

from datetime import date, timedelta
from typing import Any

from telegram import CallbackQuery, Message, User

from bot.states import TO_REVIEW
from bot.store.people_tables import Draft
from bot.submission_records import OvertakenError
from bot.visible import line
from handlers.buttons import Code, button
from handlers.cards import Rows, cancel_row, coordinators_draft, open_card, redraw, reply
from handlers.people import actor, agency_name
from handlers.replies import GONE, Reply
from handlers.review import past_review
from handlers.rights import refused
from handlers.services import Context, Services
from handlers.texts import say
from handlers.versions import SEND_BACK, event_words
from knowledge.days import read_day
from knowledge.deadline import is_working_day

KIND = "send-back"

PARTS = (
    "thiếu chữ ký hoặc dấu",
    "thiếu số, ngày văn bản",
    "chưa đủ nội dung",
    "thiếu tài liệu kèm theo",
    "tệp không đọc được",
    "nhầm cơ quan hoặc nhầm kỳ",
)

# Working days that can be given with one tap.
_DAYS = (3, 5, 10)


async def on_send_back(query: CallbackQuery, context: Context, receipt: int) -> None:
    """Begin to return a version."""
    services, person, message = context.bot_data, query.from_user, query.message
    if await refused(query, services):
        return
    found = await services.submissions.version(receipt)
    if found is None or not isinstance(message, Message):
        await query.answer(GONE)
        return
    standing = await services.submissions.standing(found[0].agency)
    if standing.state not in TO_REVIEW or standing.version is None or standing.version.id != receipt:
        await query.answer(past_review(standing))
        return
    data = {"receipt": receipt, "agency": found[0].agency, "version": found[0].version, "parts": [], "text": ""}
    await open_card(message, person.id, services, KIND, data, _card(services, data))
    await query.answer()


async def on_missing(query: CallbackQuery, context: Context, part: int) -> None:
    """A part is missing, or is not after all."""
    services = context.bot_data
    draft = await coordinators_draft(query, services, KIND)
    if draft is None:
        return
    if part >= len(PARTS):
        await query.answer(GONE)
        return
    parts = set(draft.data["parts"]) ^ {part}
    draft.data = {**draft.data, "parts": sorted(parts)}
    await redraw(query, services, draft, _card(services, draft.data))


async def on_due_in(query: CallbackQuery, context: Context, days: int) -> None:
    """The new due date in working days; 0 leaves the deadline as it is."""
    services = context.bot_data
    draft = await coordinators_draft(query, services, KIND)
    if draft is None:
        return
    if days not in (0, *_DAYS):
        await query.answer(GONE)
        return
    due = working_days_after(services.clock.today(), days).isoformat() if days else None
    draft.data = {**draft.data, "due": due}
    await redraw(query, services, draft, _card(services, draft.data))


async def on_send_back_surely(query: CallbackQuery, context: Context) -> None:
    """Return it."""
    services, person, message = context.bot_data, query.from_user, query.message
    draft = await coordinators_draft(query, services, KIND)
    if draft is None or not isinstance(message, Message):
        return
    reason = _reason(draft.data)
    if not reason:
        await query.answer("Cần lý do: chọn phần còn thiếu hoặc gõ lý do.", show_alert=True)
        return
    due = _due(draft.data)
    if not await services.drafts.drop(person.id):
        await query.answer("Đã trả lại rồi.")
        return
    try:
        await services.submissions.send_back(
            actor(person), draft.data["receipt"], reason, due + timedelta(days=1) if due else None,
            event_words(services), message.message_id,
        )  # fmt: skip
    except OvertakenError as overtaken:
        await query.answer(past_review(overtaken.standing))
    else:
        await query.answer("Đã trả lại.")


async def hear(message: Message, person: User, services: Services, draft: Draft, text: str) -> bool:
    """Take a typed reason, or a day as the new due date."""
    data, problem = dict(draft.data), None
    today = services.clock.today()
    day = read_day(text, today)
    if day is None:
        data["text"] = line(text)
    elif day < today:
        problem = "Ngày này đã qua; anh/chị gõ một ngày từ hôm nay."
    else:
        data["due"] = day.isoformat()
    await open_card(message, person.id, services, KIND, data, _card(services, data, problem))
    return True


def working_days_after(day: date, count: int) -> date:
    """The day that is so many working days after another."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def _card(services: Services, data: dict[str, Any], problem: str | None = None) -> Reply:
    html = say(
        "send_back_form",
        example=services.clock.today() + timedelta(days=7),
        agency=agency_name(services, data["agency"]),
        version=data["version"],
        reason=_reason(data),
        due=_due(data),
        problem=problem,
    )
    rows: Rows = [
        [button(f"{'☑' if number in data['parts'] else '☐'} {part}", Code.MISSING, number)]
        for number, part in enumerate(PARTS)
    ]
    rows.append(
        [
            button(f"+{days} ngày làm việc" if days != _DAYS[0] else f"Hạn +{days} ngày làm việc", Code.DUE_IN, days)
            for days in _DAYS[:2]
        ]
    )
    rows.append([button(f"+{_DAYS[2]} ngày làm việc", Code.DUE_IN, _DAYS[2]), button("Không đặt hạn", Code.DUE_IN, 0)])
    rows.append([button(SEND_BACK, Code.SEND_BACK_SURELY)])
    return reply(html, [*rows, *cancel_row()])


def _reason(data: dict[str, Any]) -> str:
    return "; ".join([*(PARTS[part] for part in data["parts"]), *filter(None, [data["text"]])])


def _due(data: dict[str, Any]) -> date | None:
    return date.fromisoformat(data["due"]) if data.get("due") else None
