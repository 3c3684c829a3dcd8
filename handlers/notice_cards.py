"""The coordinators' card of a notice: how far it has come, and what can be done."""

from telegram import Message

from bot.notice_ledger import Progress
from bot.store.ledger_tables import Delivery
from bot.store.notice_tables import Audience, NoticeState
from handlers import wording
from handlers.buttons import Code, button
from handlers.cards import Rows, close_card, reply
from handlers.notice_words import first_line
from handlers.replies import Reply
from handlers.services import Services
from handlers.texts import say

_BAR = 12
_ENDED = frozenset({NoticeState.DONE, NoticeState.STOPPED, NoticeState.RECALLED})


async def notice_card(services: Services, notice_id: int) -> Reply | None:
    """The card of a notice; None if there is no such notice."""
    progress = await services.notices.progress(notice_id)
    return await progress_card(services, progress) if progress else None


async def progress_card(services: Services, progress: Progress) -> Reply:
    """The card that shows a notice's progress."""
    notice = progress.notice
    text = await services.notices.text(notice)
    ended = progress.planned - progress.waiting
    done = int(_BAR * ended / progress.planned) if progress.planned else _BAR
    html = say(
        "notice_card",
        title=wording.NOTICES[notice.state],
        line=first_line(text.html),
        version=notice.version,
        audience=wording.AUDIENCES[notice.audience] if notice.audience is not Audience.CHOSEN else "cơ quan đã chọn",
        at=notice.scheduled_for if notice.state is NoticeState.SCHEDULED else None,
        recalled=notice.state is NoticeState.RECALLED,
        bar="▓" * done + "░" * (_BAR - done),
        percent=100 * ended // progress.planned if progress.planned else 100,
        planned=progress.planned,
        counts={str(state): count for state, count in progress.counts.items()},
        left=_duration(progress.waiting / services.bulk.rate) if notice.state is NoticeState.SENDING else None,
        reasons=[(count, wording.FAILURES[why]) for why, count in progress.reasons.items() if count],
        repeats=progress.repeats,
        unknown=progress.unknown,
    )
    return reply(html, _rows(progress))


def is_final(progress: Progress) -> bool:
    """Whether nothing on the card will change of itself."""
    return progress.notice.state in _ENDED and not progress.waiting


async def adopt_card(message: Message, services: Services, notice_id: int, before: int | None) -> None:
    """Let a message be a notice's card in its chat; the one that was it before loses its buttons."""
    await services.notices.show_at(notice_id, message.chat_id, message.message_id)
    if before and before != message.message_id:
        await close_card(message, before)


def _rows(progress: Progress) -> Rows:
    notice = progress.notice
    stop = button("Dừng hẳn", Code.NOTICE_STOP, notice.id)
    match notice.state:
        case NoticeState.SCHEDULED:
            return [[button("Gửi ngay", Code.NOTICE_NOW, notice.id), stop]]
        case NoticeState.SENDING:
            return [[button("Tạm dừng", Code.NOTICE_PAUSE, notice.id), stop]]
        case NoticeState.RECALLED:
            return [[button("Ai đã đọc", Code.NOTICE_REPORT, notice.id)]]
    rows: Rows = []
    if notice.state is NoticeState.PAUSED:
        rows.append([button("Tiếp tục", Code.NOTICE_RESUME, notice.id), stop])
    rows.append([button("Ai đã đọc", Code.NOTICE_REPORT, notice.id)])
    if notice.state is not NoticeState.PAUSED:
        rows[-1].append(button("Nhắc nơi chưa đọc", Code.NOTICE_REMIND, notice.id))
        if progress.counts[Delivery.UNCERTAIN]:
            rows.append([button("Gửi lại tin chưa rõ", Code.NOTICE_REPEAT, notice.id)])
    if progress.planned:
        rows.append(
            [button("Đính chính", Code.NOTICE_CORRECT, notice.id), button("Thu hồi", Code.NOTICE_RECALL, notice.id)]
        )
    return rows


def _duration(seconds: float) -> str:
    """About how long it still takes."""
    minutes = round(seconds / 60)
    return f"{minutes} phút" if minutes > 1 else f"{max(1, round(seconds))} giây"
