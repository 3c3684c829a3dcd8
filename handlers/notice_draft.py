"""The card on which a notice is put together: its text, whom it is for, and what would be sent."""

from datetime import datetime, timedelta
from typing import Any

from bot.notices import DRAFT
from bot.store.notice_tables import Audience
from handlers import wording
from handlers.agencies import PAGE
from handlers.buttons import Code, button, two_a_row
from handlers.cards import BACK, Rows, cancel_row, reply
from handlers.notice_words import forms_of, names, said_of
from handlers.people import agency_name
from handlers.replies import Reply
from handlers.services import Services
from handlers.texts import say

KIND = DRAFT

# What the draft waits for: a text, agencies, a time. Otherwise it lies ready.
TEXT, CHOICE, TIME = "text", "choice", "time"

Data = dict[str, Any]


def new_draft(**values: Any) -> Data:
    """A draft without anything."""
    empty: Data = {"said": None, "audience": None, "agencies": [], "at": None, "corrects": None, "file": None}
    return {**empty, "stage": TEXT, **values}


def moment_of(data: Data) -> datetime | None:
    """When it shall go out; None for at once."""
    return datetime.fromisoformat(data["at"]) if data["at"] else None


async def draft_card(services: Services, data: Data, *, problem: str | None = None, page: int = 0) -> Reply:
    """The card of a draft.

    Args:
        services: for names and numbers.
        data: the draft.
        problem: what could not be taken, and what to do.
        page: of the agencies to choose from.
    """
    if data["stage"] == TEXT:
        return _text_card(data, problem)
    if data["stage"] == TIME:
        back = [[button(BACK, Code.NOTICE_PREVIEW)]]
        tomorrow = services.clock.today() + timedelta(days=1)
        return reply(say("notice_time", problem=problem, example=tomorrow), [*back, *cancel_row()])
    if data["corrects"]:
        return await _correction_card(services, data)
    if data["stage"] == CHOICE:
        return await _choice_card(services, data, page)
    if data["audience"] is None:
        return await _audience_card(services)
    return await _preview_card(services, data)


def _text_card(data: Data, problem: str | None) -> Reply:
    rows: Rows = [] if data["corrects"] else [[button("Các thông báo đã gửi", Code.NOTICES, 0)]]
    if data["said"]:
        rows = [[button(BACK, Code.NOTICE_PREVIEW)]]
    html = say("notice_text", corrects=bool(data["corrects"]), problem=problem)
    return reply(html, [*rows, *cancel_row()])


async def _audience_card(services: Services) -> Reply:
    sizes = await services.audiences.sizes(await forms_of(services))
    rows: Rows = [
        [button(f"{name} ({sizes[audience]})", Code.NOTICE_AUDIENCE, audience)]
        for audience, name in wording.AUDIENCES.items()
        if audience is not Audience.CHOSEN
    ]
    rows.append([button(f"{wording.AUDIENCES[Audience.CHOSEN]}…", Code.NOTICE_AUDIENCE, Audience.CHOSEN)])
    return reply(say("notice_audience"), [*rows, [button("Sửa", Code.NOTICE_TEXT)], *cancel_row()])


async def _choice_card(services: Services, data: Data, page: int) -> Reply:
    agencies = list(await forms_of(services))
    pages = -(-len(agencies) // PAGE) or 1
    page = min(page, pages - 1)
    rows: Rows = [
        [
            button(
                f"{'☑' if agency in data['agencies'] else '☐'} {agency_name(services, agency)}",
                Code.NOTICE_TOGGLE, page, agency,
            )
        ]
        for agency in agencies[page * PAGE : (page + 1) * PAGE]
    ]  # fmt: skip
    turn = [button("‹ Trang trước", Code.NOTICE_CHOICE, page - 1)] if page else []
    turn += [button("Trang sau ›", Code.NOTICE_CHOICE, page + 1)] if page + 1 < pages else []
    rows += [turn] if turn else []
    if data["agencies"]:
        rows.append([button(f"Chọn xong ({len(data['agencies'])})", Code.NOTICE_PREVIEW)])
    rows.append([button(BACK, Code.NOTICE_WHOM)])
    return reply(say("notice_choice", chosen=names(services, data["agencies"]), page=page + 1, pages=pages), rows)


async def _preview_card(services: Services, data: Data) -> Reply:
    audience = Audience(data["audience"])
    reach = await services.audiences.reach(audience, await forms_of(services), data["agencies"])
    at = moment_of(data)
    html = say(
        "notice_preview",
        audience=wording.AUDIENCES[audience] if audience is not Audience.CHOSEN else "các cơ quan đã chọn",
        people=len(reach.people),
        agencies=len(reach.agencies),
        reached=len(reach.agencies) - len(reach.without_contact),
        without=names(services, reach.without_contact),
        without_count=len(reach.without_contact),
        cut_off=[(agency_name(services, one), wording.FAILURES[why]) for one, why in reach.cut_off.items()],
        at=at,
    )
    rows: Rows = []
    if reach.people:
        later = [button("Đổi giờ", Code.NOTICE_TIME, 1)] if at else [button("Hẹn giờ", Code.NOTICE_TIME, 1)]
        rows = [[button("Đặt lịch" if at else "Gửi", Code.NOTICE_SEND), *later]]
        rows += [[button("Bỏ giờ hẹn", Code.NOTICE_TIME, 0)]] if at else []
    rows += two_a_row([button("Sửa", Code.NOTICE_TEXT), button("Đổi nơi nhận", Code.NOTICE_WHOM)])
    return reply(html, [*rows, *cancel_row()])


async def _correction_card(services: Services, data: Data) -> Reply:
    changed, anew = await services.notice_versions.foresee(data["corrects"], said_of(data["said"]))
    rows: Rows = [[button("Gửi", Code.NOTICE_SEND), button("Sửa", Code.NOTICE_TEXT)]]
    return reply(say("notice_correction", changed=changed, anew=anew), [*rows, *cancel_row()])
