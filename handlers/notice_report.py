"""Who has read a notice, agency by agency; writing to those who have not; correcting and recalling it."""

from telegram import CallbackQuery, Message

from bot.notice_ledger import NoticeOvertakenError
from bot.notice_reading import AgencyReport, Reached, Report
from bot.notice_versions import AT_REST
from bot.store.notice_tables import Audience
from handlers import wording
from handlers.buttons import Code, button
from handlers.cards import Rows, ask_once_more, reply
from handlers.messages import answer_in, replace
from handlers.notice_cards import adopt_card, notice_card
from handlers.notice_draft import TEXT, new_draft
from handlers.notice_words import first_line
from handlers.notices import begin
from handlers.people import actor, agency_name
from handlers.replies import GONE, Reply
from handlers.rights import refused
from handlers.services import Context, Services
from handlers.texts import say

_PAGE = 15

_NOT_AT_REST = "Thông báo đang được gửi hoặc đã thu hồi. Bấm Tạm dừng trước rồi thử lại sau vài giây."


async def on_report(query: CallbackQuery, context: Context, notice: int) -> None:
    """Who has read it, below."""
    services, message = context.bot_data, query.message
    if await refused(query, services):
        return
    page = await _page(services, notice, 0)
    if page is None or not isinstance(message, Message):
        await query.answer(GONE)
        return
    await answer_in(message, page)
    await query.answer()


async def on_report_page(query: CallbackQuery, context: Context, notice: int, number: int) -> None:
    """Turn a page of the report, or look at it anew."""
    services = context.bot_data
    if await refused(query, services):
        return
    page = await _page(services, notice, number)
    await query.answer(None if page and await replace(query, page) else GONE)


async def on_remind(query: CallbackQuery, context: Context, notice: int) -> None:
    """Begin a notice to the agencies that have not read this one."""
    services, message = context.bot_data, query.message
    if await refused(query, services):
        return
    report = await services.notice_reading.report(notice)
    if report is None or not isinstance(message, Message):
        await query.answer(GONE)
        return
    if not report.unread:
        await query.answer("Cơ quan nào cũng đã đọc." if report.agencies else "Thông báo này không gửi cho cơ quan.")
        return
    html = say("notice_reminder", line=first_line(report.text.html), at=report.text.at)
    said = {"html": html, "file_id": None, "file_kind": None}
    data = new_draft(said=said, audience=str(Audience.CHOSEN), agencies=list(report.unread), stage=None)
    await begin(message, query.from_user, services, data)
    await query.answer()


async def on_correct(query: CallbackQuery, context: Context, notice: int) -> None:
    """Ask for the text that takes the place of this one; its file stays unless another is sent."""
    services, message = context.bot_data, query.message
    if await refused(query, services):
        return
    found = await services.notices.get(notice)
    if found is None or not isinstance(message, Message):
        await query.answer(GONE)
        return
    if found.state not in AT_REST:
        await query.answer(_NOT_AT_REST)
        return
    text = await services.notices.text(found)
    file = {"file_id": text.file_id, "file_kind": text.file_kind and str(text.file_kind)}
    await begin(message, query.from_user, services, new_draft(corrects=notice, file=file, stage=TEXT))
    await query.answer()


async def on_recall(query: CallbackQuery, context: Context, notice: int) -> None:
    """Ask once more."""
    services, message = context.bot_data, query.message
    if await refused(query, services):
        return
    found = await services.notices.get(notice)
    if found is None or not isinstance(message, Message):
        await query.answer(GONE)
        return
    line = first_line((await services.notices.text(found)).html)
    surely = button("Thu hồi thông báo", Code.NOTICE_RECALL_SURELY, notice)
    await answer_in(message, ask_once_more(say("notice_recall_sure", line=line), surely))
    await query.answer()


async def on_recall_surely(query: CallbackQuery, context: Context, notice: int) -> None:
    """Recall it; this message shows how that goes."""
    services, message = context.bot_data, query.message
    if await refused(query, services):
        return
    if not isinstance(message, Message):
        await query.answer(GONE)
        return
    try:
        await services.notice_versions.recall(actor(query.from_user), notice)
    except NoticeOvertakenError as overtaken:
        await query.answer(_NOT_AT_REST if overtaken.state else GONE)
        return
    before = await services.notices.card_in(notice, message.chat_id)
    card = await notice_card(services, notice)
    if card:
        await replace(query, card)
    await adopt_card(message, services, notice, before)
    await query.answer("Đang thu hồi.")


async def _page(services: Services, notice: int, number: int) -> Reply | None:
    report = await services.notice_reading.report(notice)
    if report is None:
        return None
    entries = sorted(report.agencies, key=lambda one: list(Reached).index(one.reached))
    pages = -(-len(entries) // _PAGE) or 1
    number = min(number, pages - 1)
    html = say(
        "notice_report",
        line=first_line(report.text.html),
        version=report.notice.version,
        total=len(report.agencies),
        read=report.count(Reached.READ),
        reached=report.count(Reached.READ, Reached.SENT),
        others=len(report.others),
        others_read=sum(one.reached is Reached.READ for one in report.others),
        lines=[_line(services, one) for one in entries[number * _PAGE : (number + 1) * _PAGE]],
        page=number + 1,
        pages=pages,
    )
    return reply(html, _rows(report, number, pages))


def _line(services: Services, one: AgencyReport) -> dict[str, object]:
    mark, word = wording.REACHED[one.reached]
    return {
        "mark": mark,
        "agency": agency_name(services, one.agency or ""),
        "word": wording.FAILURES[one.reason] if one.reason else word,
        "who": one.who if one.reached in (Reached.READ, Reached.SENT) else None,
        "at": one.at if one.reached in (Reached.READ, Reached.SENT) else None,
    }


def _rows(report: Report, number: int, pages: int) -> Rows:
    notice = report.notice.id
    rows: Rows = []
    turn = [button("‹ Trang trước", Code.NOTICE_REPORT_PAGE, notice, number - 1)] if number else []
    turn += [button("Trang sau ›", Code.NOTICE_REPORT_PAGE, notice, number + 1)] if number + 1 < pages else []
    rows += [turn] if turn else []
    rows.append([button("Cập nhật", Code.NOTICE_REPORT_PAGE, notice, number)])
    if report.unread:
        rows[-1].append(button("Nhắc nơi chưa đọc", Code.NOTICE_REMIND, notice))
    return rows
