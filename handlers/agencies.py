"""Choosing an agency: typed behind a command, or from a list, page by page."""

from collections.abc import Awaitable, Callable
from enum import StrEnum

from telegram import CallbackQuery, Message, Update, User

from handlers.buttons import Code, button
from handlers.cards import Rows, reply
from handlers.messages import answer_in, replace
from handlers.people import agency_name, is_coordinator
from handlers.replies import GONE, Reply
from handlers.rights import refused
from handlers.services import Context, Services
from handlers.texts import say

PAGE = 12

NOT_YOURS = "Việc này dành cho đầu mối của cơ quan hoặc cán bộ điều phối."


class Purpose(StrEnum):
    """What an agency is chosen for."""

    CONFIRM = "k"
    RECORD = "g"
    VIEW = "v"
    INVITE = "i"
    EXTEND = "h"
    RECEIPTS = "b"
    LOG = "n"


TITLES = {
    Purpose.CONFIRM: "Xác nhận nộp báo cáo",
    Purpose.RECORD: "Ghi nhận thay cơ quan",
    Purpose.VIEW: "Tình trạng cơ quan",
    Purpose.INVITE: "Mời đầu mối",
    Purpose.EXTEND: "Gia hạn",
    Purpose.RECEIPTS: "Biên nhận",
    Purpose.LOG: "Nhật ký",
}

# What is done with the agency that was chosen.
Use = Callable[[Message, User, Services, str], Awaitable[None]]


def typed(services: Services, text: str) -> list[str]:
    """The agencies that a text can mean; none if it names none, several if it is not clear."""
    return [agency for agency in services.answerer.understanding.agencies(text) if agency in _choosable(services)]


async def offer(message: Message, services: Services, purpose: Purpose, among: list[str] | None = None) -> None:
    """Show the list to choose from: all agencies, or those that were meant."""
    await answer_in(message, await _page(services, purpose, 0, among))


async def with_own(update: Update, context: Context, purpose: Purpose, use: Use) -> None:
    """Do something with the agency named behind a command, or one's own; offer a choice where that is not one.

    Coordinators may name any agency, and choose from all of them.
    """
    message, person, services = update.effective_message, update.effective_user, context.bot_data
    if message is None or person is None:
        return
    own = await services.contacts.agencies_of(person.id)
    coordinates = await is_coordinator(services, person.id)
    named = [agency for agency in typed(services, " ".join(context.args or ())) if coordinates or agency in own]
    choices = named or own
    if len(choices) == 1:
        await use(message, person, services, choices[0])
    elif choices or coordinates:
        await offer(message, services, purpose, choices or None)
    else:
        await answer_in(message, Reply(say("not_linked"), None))


async def on_page(query: CallbackQuery, context: Context, purpose: str, page: int) -> None:
    """Turn a page of the list."""
    services = context.bot_data
    if await refused(query, services):
        return
    if purpose not in set(Purpose):
        await query.answer(GONE)
        return
    await query.answer(None if await replace(query, await _page(services, Purpose(purpose), page, None)) else GONE)


async def may_see(services: Services, person_id: int, agency: str) -> bool:
    """Whether a person may see and do what concerns an agency: its contacts and the coordinators."""
    return (await services.askers.known(person_id, person_id)).may_see(agency)


async def _page(services: Services, purpose: Purpose, page: int, among: list[str] | None) -> Reply:
    ids = among or _choosable(services)
    pages = -(-len(ids) // PAGE) or 1
    page = min(page, pages - 1)
    states, reached = await services.submissions.states(), await services.contacts.reached()
    rows: Rows = []
    for agency in ids[page * PAGE : (page + 1) * PAGE]:
        mark = "○ " if agency not in reached and agency not in states else ""
        rows.append([button(f"{mark}{agency_name(services, agency)}", Code.CHOOSE, purpose, agency)])
    turn = []
    if page:
        turn.append(button("‹ Trang trước", Code.AGENCIES, purpose, page - 1))
    if page + 1 < pages:
        turn.append(button("Trang sau ›", Code.AGENCIES, purpose, page + 1))
    rows += [turn] if turn else []
    if purpose is Purpose.EXTEND and among is None:
        rows.insert(0, [button("Tất cả cơ quan", Code.EXTEND_ALL)])
    if purpose is Purpose.INVITE and among is None:
        rows.append([button("Mời cán bộ điều phối", Code.INVITE_COORDINATOR)])
    return reply(say("pick_agency", title=TITLES[purpose], page=page + 1, pages=pages), rows)


def _choosable(services: Services) -> list[str]:
    """The agencies of the plan, then those that people speak of and the source does not place; the lead is none."""
    return [agency.id for agency in services.pack.agencies.everyone.values() if not agency.is_lead]
