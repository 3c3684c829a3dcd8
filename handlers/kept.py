"""What is kept about people, why and for how long: said once, for /riengtu and for docs/privacy.md."""

from datetime import date, timedelta
from typing import NamedTuple

from bot.conversations import REMEMBERED
from bot.drafts import KEPT as DRAFT_KEPT
from bot.retention import AUTHOR_KEPT, BACKUPS_KEPT, MESSAGE_KEPT, RECORDS_KEPT, TRACKS_KEPT
from knowledge.templates import full_date


class Kept(NamedTuple):
    """One kind of data: what it is, what for, until when."""

    what: str
    purpose: str
    until: str


class Note(NamedTuple):
    """What else there is to know."""

    about: str
    text: str


def until(last_day: date | None, today: date) -> str:
    """Until when records tell who and what was asked.

    Args:
        last_day: on which those of the plan do; None where there is no plan.
        today: after that day, what is new is kept only as long as it takes to answer.
    """
    if last_day is None:
        return f"{RECORDS_KEPT.days} ngày"
    return f"đến hết {full_date(last_day)}" if today <= last_day else f"{AUTHOR_KEPT.days} ngày"


def kept(records: str) -> list[Kept]:
    """Every kind of data.

    Args:
        records: until when records tell who, and what was asked.
    """
    return [
        Kept(
            "Câu hỏi đã gõ",
            "để trả lời và soạn thêm câu còn thiếu",
            f"người hỏi {AUTHOR_KEPT.days} ngày, nội dung {records}",
        ),
        Kept(
            "Họ tên trên Telegram, mã số Telegram, cơ quan của đầu mối và cán bộ điều phối",
            "để biết ai làm thay cơ quan và gửi tin đúng người",
            "đến khi huỷ liên kết, bàn giao hoặc xoá",
        ),
        Kept(
            "Ai đã xác nhận, tiếp nhận, trả lại, gia hạn, mời, gửi thông báo",
            "để biết việc do ai làm",
            f"họ tên, mã số {records}; việc, cơ quan, thời gian giữ cùng hồ sơ",
        ),
        Kept(
            "Tin trợ lý chủ động gửi, kể cả thông báo và lúc bấm Đã đọc",
            "để biết tin nào đã tới",
            f"nội dung {MESSAGE_KEPT.days} ngày, người nhận {records}",
        ),
        Kept("Đăng ký nhận thông báo chung", "để gửi thông báo", "đến khi thôi nhận hoặc xoá"),
        Kept("Việc đang dở", "để làm tiếp khi bị ngắt", f"{_hours(DRAFT_KEPT)} giờ"),
        Kept("Chủ đề vừa hỏi", "để hiểu câu hỏi nối tiếp", f"{_minutes(REMEMBERED)} phút"),
        Kept(
            "Tên người được mời; số lần gõ mã mời sai",
            "để không mời trùng; để chặn dò mã",
            f"tên đến khi mã được dùng hoặc hết hạn; số lần {TRACKS_KEPT.days} ngày",
        ),
    ]


NOTES = (
    Note("Không lưu", "số điện thoại, danh bạ, vị trí, ảnh đại diện."),
    Note(
        "Hồ sơ của cơ quan",
        "số và ngày văn bản, tệp đã nộp, lý do trả lại, nội dung thông báo, câu hỏi đã đưa vào bộ kiến thức không của "
        "riêng ai nên được giữ lại, không kèm người.",
    ),
    Note(
        "Ai xem được",
        "cán bộ điều phối xem tên đầu mối, nhật ký và câu hỏi trợ lý chưa trả lời được, không kèm người hỏi; đầu mối "
        "cùng cơ quan xem ai đã xác nhận. Người vận hành máy chủ đọc được cơ sở dữ liệu.",
    ),
    Note("Bản sao lưu", f"hết hạn sau {BACKUPS_KEPT.days} ngày; điều đã xoá còn ở đó đến lúc ấy."),
    Note("Nhật ký máy chủ", "chỉ ghi số hiệu, kể cả mã số Telegram; không ghi họ tên hay nội dung."),
    Note(
        "Xoá dữ liệu",
        "xoá ngay liên kết, họ tên, mã số, việc đang dở và nội dung những câu hỏi còn ghi người hỏi. Câu hỏi cũ hơn "
        "không còn biết của ai nên không tìm lại được. Tin trong ứng dụng do Telegram giữ; anh/chị tự xoá.",
    ),
)


def _hours(span: timedelta) -> int:
    return int(span.total_seconds() // 3600)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
