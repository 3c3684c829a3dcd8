"""The sheets of the workbook: which columns each has, and what stands in its rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from bot.annex import Annex
from bot.board import Board, Entry
from bot.clock import LOCAL
from bot.notice_reading import AgencyReport, Reached
from bot.store.notice_tables import Audience
from bot.store.submission_tables import Step, Version
from bot.store.tables import Outcome, Rating
from bot.visible import visible
from handlers import wording
from handlers.notice_words import first_line
from handlers.people import agency_name
from handlers.services import Services
from handlers.versions import due_of
from knowledge.sheets import Column, Value

_OUTCOMES = {
    Outcome.DECLINE: "chưa trả lời được",
    Outcome.CHOOSE: "hỏi lại",
    Outcome.ANSWER: "đã trả lời",
}
_UNNAMED = "không rõ tên"
_RATINGS = {Rating.HELPFUL: "hữu ích", Rating.WRONG: "chưa đúng"}

Rows = Iterable[tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Part:
    """A sheet without its heading."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[Services, Board, Annex], Rows]
    fixed: int = 0


def _board_rows(services: Services, board: Board, _: Annex) -> Rows:
    return (_board_row(services, number, entry) for number, entry in enumerate(board.entries, 1))


def _board_row(services: Services, number: int, entry: Entry) -> tuple[Value, ...]:
    agency = services.pack.agencies.everyone.get(entry.agency)
    confirmed, step = entry.confirmed, entry.step
    return (
        number,
        agency_name(services, entry.agency),
        wording.LEVELS[agency.level] if agency else None,
        wording.form(agency) if agency else None,
        wording.STATES[entry.state][1],
        confirmed.version if confirmed else None,
        confirmed.document_number if confirmed else None,
        confirmed.document_day if confirmed else None,
        _local(confirmed.confirmed_at) if confirmed else None,
        entry.due_before,
        entry.days_late or None,
        ", ".join(name or _UNNAMED for name in entry.contacts) or "chưa có",
        "có" if entry.is_reachable else "không",
        wording.act(step.before, step.after) if step else None,
        _local(step.at) if step else None,
    )


def _version_rows(services: Services, _: Board, annex: Annex) -> Rows:
    for version, files in annex.versions:
        due = due_of(version)
        yield (
            version.id,
            agency_name(services, version.agency),
            version.version,
            services.receipts.code(version, files),
            version.document_number,
            version.document_day,
            wording.WAYS[version.way],
            _local(version.confirmed_at),
            version.due_before,
            due.days_late or None if due else None,
            version.person_name,
            _recorded_by(version),
            "\n".join(f"{visible(file.name)} ({wording.size(file.size)})" for file in files) or None,
        )


def _recorded_by(version: Version) -> str | None:
    return (version.recorded_by_name or "cán bộ điều phối") if version.on_behalf else None


def _step_rows(services: Services, _: Board, annex: Annex) -> Rows:
    return (_step_row(services, number, step) for number, step in enumerate(annex.steps, 1))


def _step_row(services: Services, number: int, step: Step) -> tuple[Value, ...]:
    return (
        number,
        _local(step.at),
        agency_name(services, step.agency),
        wording.act(step.before, step.after),
        step.version,
        step.person_name,
        step.reason,
    )


def _notice_rows(services: Services, _: Board, annex: Annex) -> Rows:
    numbers = count(1)
    for report in annex.notices:
        line = first_line(report.text.html)
        for one in (*report.agencies, *report.others):
            yield (next(numbers), report.notice.id, report.text.version, line, *_notice_cells(services, one))


def _notice_cells(services: Services, one: AgencyReport) -> tuple[Value, ...]:
    is_read = one.reached is Reached.READ
    return (
        agency_name(services, one.agency) if one.agency else wording.AUDIENCES[Audience.SUBSCRIBERS],
        wording.reached(one.reached, one.reason),
        _local(one.sent_at) if one.sent_at else None,
        # No names are stored of subscribers.
        ", ".join(name or _UNNAMED for name in one.names) or None if one.agency else None,
        one.who or (_UNNAMED if one.agency else None) if is_read else None,
        _local(one.at) if is_read and one.at else None,
    )


def _question_rows(services: Services, _: Board, annex: Annex) -> Rows:
    order = list(_OUTCOMES)
    asked = sorted(annex.questions, key=lambda one: order.index(one.outcome))
    for number, one in enumerate(asked, 1):
        topic = services.pack.topics.get(one.topic) if one.topic else None
        yield (
            number,
            _local(one.asked_at),
            visible(one.text),
            _OUTCOMES[one.outcome],
            topic.ask if topic else None,
            agency_name(services, one.agency) if one.agency else None,
            _RATINGS[one.rating] if one.rating else None,
            _local(one.passed_on_at) if one.passed_on_at else None,
        )


def _local(moment: datetime) -> datetime:
    """A moment as clocks on the wall show it: workbooks know no time zones."""
    return moment.astimezone(LOCAL).replace(tzinfo=None, microsecond=0)


PARTS = (
    Part(
        "Bảng theo dõi",
        "Bảng theo dõi xác nhận nộp báo cáo",
        (
            Column("TT", 6, is_centred=True),
            Column("Cơ quan", 30),
            Column("Cấp", 8, is_centred=True),
            Column("Hình thức", 12, is_centred=True),
            Column("Trạng thái", 15),
            Column("Bản", 6, is_centred=True),
            Column("Số văn bản", 16),
            Column("Ngày văn bản", 13, is_centred=True),
            Column("Xác nhận lúc", 18, is_centred=True),
            Column("Nộp trước ngày", 13, is_centred=True),
            Column("Trễ (ngày)", 8, is_centred=True),
            Column("Đầu mối", 20),
            Column("Liên lạc được", 9, is_centred=True),
            Column("Bước cuối", 14),
            Column("Lúc", 18, is_centred=True),
        ),
        _board_rows,
        fixed=2,
    ),
    Part(
        "Xác nhận",
        "Các bản xác nhận nộp báo cáo",
        (
            Column("Biên nhận số", 10, is_centred=True),
            Column("Cơ quan", 30),
            Column("Bản", 6, is_centred=True),
            Column("Mã kiểm tra", 18, is_centred=True),
            Column("Số văn bản", 16),
            Column("Ngày văn bản", 13, is_centred=True),
            Column("Cách gửi", 15),
            Column("Xác nhận lúc", 18, is_centred=True),
            Column("Nộp trước ngày", 13, is_centred=True),
            Column("Trễ (ngày)", 8, is_centred=True),
            Column("Người xác nhận", 20),
            Column("Ghi nhận thay", 20),
            Column("Tệp", 34),
        ),
        _version_rows,
        fixed=2,
    ),
    Part(
        "Các bước",
        "Các bước xử lý",
        (
            Column("TT", 6, is_centred=True),
            Column("Lúc", 18, is_centred=True),
            Column("Cơ quan", 34),
            Column("Việc", 22),
            Column("Bản", 6, is_centred=True),
            Column("Người thực hiện", 22),
            Column("Lý do", 44),
        ),
        _step_rows,
    ),
    Part(
        "Thông báo",
        "Các thông báo và nơi đã nhận, đã đọc",
        (
            Column("TT", 6, is_centred=True),
            Column("Thông báo số", 10, is_centred=True),
            Column("Bản", 6, is_centred=True),
            Column("Nội dung", 44),
            Column("Cơ quan", 30),
            Column("Kết quả", 22),
            Column("Gửi lúc", 18, is_centred=True),
            Column("Người nhận", 22),
            Column("Người đọc", 20),
            Column("Đọc lúc", 18, is_centred=True),
        ),
        _notice_rows,
    ),
    Part(
        "Câu hỏi",
        "Các câu hỏi, theo kết quả trả lời",
        (
            Column("TT", 6, is_centred=True),
            Column("Hỏi lúc", 18, is_centred=True),
            Column("Câu hỏi", 60),
            Column("Kết quả", 14),
            Column("Chủ đề", 40),
            Column("Cơ quan", 26),
            Column("Đánh giá", 11, is_centred=True),
            Column("Chuyển lúc", 18, is_centred=True),
        ),
        _question_rows,
    ),
)
