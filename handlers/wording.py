"""The one word for each thing, as people read it: states, ways of sending, files, acts."""

from datetime import date

from bot.board import Group
from bot.notice_reading import Reached
from bot.states import State, Way
from bot.store.ledger_tables import Act, Delivery, Failure
from bot.store.notice_tables import Audience, NoticeState
from bot.store.submission_tables import Version
from knowledge.agencies import Agency, Form, Level, Standing
from knowledge.deadline import Deadline
from knowledge.templates import full_date

STATES: dict[State, tuple[str, str]] = {
    State.NOT_OPENED: ("○", "chưa có đầu mối"),
    State.LINKED: ("◔", "đã liên kết"),
    State.CONFIRMED: ("●", "đã xác nhận"),
    State.ACCEPTED: ("✅", "đã tiếp nhận"),
    State.RETURNED: ("↩️", "trả lại, chờ bổ sung"),
    State.AMENDED: ("●", "đã bổ sung"),
    State.WITHDRAWN: ("—", "đã rút"),
    State.WAIVED: ("—", "được miễn"),
}

GROUPS: dict[Group, tuple[str, str]] = {
    Group.SILENT: ("○", "chưa xác nhận"),
    Group.RETURNED: STATES[State.RETURNED],
    Group.CONFIRMED: STATES[State.CONFIRMED],
    Group.ACCEPTED: STATES[State.ACCEPTED],
    Group.WAIVED: STATES[State.WAIVED],
    Group.LATE: ("⚠️", "trễ hạn"),
    Group.UNREACHABLE: ("", "không liên lạc được"),
}

LEVELS: dict[Level, str] = {Level.PROVINCE: "cấp tỉnh", Level.DISTRICT: "cấp huyện", Level.COMMUNE: "cấp xã"}
FORMS: dict[Form, str] = {Form.ONSITE: "tại trụ sở", Form.DOSSIER: "qua hồ sơ"}
_SURENESS = {Standing.INFERRED: " (suy ra)", Standing.TO_BE_CONFIRMED: " (chờ xác nhận)"}

WAYS: dict[Way, str] = {
    Way.NETWORK: "Trục liên thông",
    Way.EMAIL: "Email",
    Way.PAPER: "Bản giấy",
    Way.FILES: "Tệp gửi kèm",
}

ACTS: dict[State, str] = {
    State.NOT_OPENED: "bỏ miễn nộp",
    State.CONFIRMED: "xác nhận",
    State.ACCEPTED: "tiếp nhận",
    State.RETURNED: "trả lại",
    State.AMENDED: "bổ sung",
    State.WITHDRAWN: "rút xác nhận",
    State.WAIVED: "miễn nộp",
}

# What a coordinator is told of an act that has no card of its own.
TOLD: dict[Act, str] = {
    Act.ACCEPTED: "báo cáo đã được tiếp nhận",
    Act.ACCEPTANCE_UNDONE: "việc tiếp nhận vừa được hoàn tác",
    Act.WITHDRAWN: "đã rút xác nhận",
    Act.WAIVED: "được miễn nộp",
    Act.WAIVER_LIFTED: "không còn được miễn nộp",
}

# Every act as the log names it.
LOGGED: dict[Act, str] = {
    Act.INVITED: "mời đầu mối",
    Act.REVOKED: "thu hồi mã mời",
    Act.LINKED: "trở thành đầu mối",
    Act.UNLINKED: "thôi làm đầu mối",
    Act.HANDED_OVER: "bàn giao, thôi làm đầu mối",
    Act.COORDINATOR_ADDED: "trở thành cán bộ điều phối",
    Act.CONFIRMED: "xác nhận đã nộp",
    Act.RECORDED: "ghi nhận thay cơ quan",
    Act.AMENDED: "bổ sung",
    Act.ACCEPTED: "tiếp nhận",
    Act.ACCEPTANCE_UNDONE: "hoàn tác tiếp nhận",
    Act.RETURNED: "trả lại",
    Act.WITHDRAWN: "rút xác nhận",
    Act.WAIVED: "miễn nộp",
    Act.WAIVER_LIFTED: "bỏ miễn nộp",
    Act.EXTENDED: "gia hạn",
    Act.FORGOTTEN: "xoá dữ liệu về mình",
    Act.ROSTER_IMPORTED: "nhập danh sách cơ quan",
    Act.MUTED: "tắt nhắc hạn",
    Act.UNMUTED: "bật nhắc hạn",
    Act.ANSWERED: "trả lời câu hỏi ở hộp thư",
    Act.NOTICE_SCHEDULED: "hẹn gửi thông báo",
    Act.NOTICE_SENT: "gửi thông báo",
    Act.NOTICE_PAUSED: "tạm dừng thông báo",
    Act.NOTICE_RESUMED: "gửi tiếp thông báo",
    Act.NOTICE_STOPPED: "dừng hẳn thông báo",
    Act.NOTICE_REPEATED: "gửi lại tin chưa rõ",
    Act.NOTICE_CORRECTED: "đính chính thông báo",
    Act.NOTICE_RECALLED: "thu hồi thông báo",
    Act.CONTINGENCY_ON: "chuyển sang phương án dịch",
    Act.CONTINGENCY_OFF: "trở lại kế hoạch chính",
    Act.PACK_RELOADED: "nạp bộ kiến thức mới",
    Act.PACK_REFUSED: "bộ kiến thức có lỗi, giữ bản trước",
}

# The same act where it is about no agency.
_OF_NO_AGENCY: dict[Act, str] = {
    Act.INVITED: "mời cán bộ điều phối",
    Act.REVOKED: "thu hồi mã mời cán bộ điều phối",
    Act.EXTENDED: "gia hạn cho tất cả cơ quan",
}

# The kinds by which the log can be filtered: a short name for buttons, what it is called, and its acts.
KINDS: dict[str, tuple[str, frozenset[Act]]] = {
    "n": ("Nộp báo cáo", frozenset({Act.CONFIRMED, Act.RECORDED, Act.AMENDED, Act.WITHDRAWN})),
    "x": ("Xử lý", frozenset({Act.ACCEPTED, Act.ACCEPTANCE_UNDONE, Act.RETURNED, Act.WAIVED, Act.WAIVER_LIFTED})),
    "d": (
        "Điều hành",
        frozenset(
            {
                Act.EXTENDED,
                Act.ANSWERED,
                Act.CONTINGENCY_ON,
                Act.CONTINGENCY_OFF,
                Act.PACK_RELOADED,
                Act.PACK_REFUSED,
            }
        ),
    ),
    "t": ("Thông báo", frozenset(act for act in Act if act.startswith("notice-"))),
    "p": (
        "Con người",
        frozenset(
            {
                Act.INVITED,
                Act.REVOKED,
                Act.LINKED,
                Act.UNLINKED,
                Act.HANDED_OVER,
                Act.COORDINATOR_ADDED,
                Act.FORGOTTEN,
                Act.ROSTER_IMPORTED,
                Act.MUTED,
                Act.UNMUTED,
            }
        ),
    ),
}

DELIVERIES: dict[Delivery, str] = {
    Delivery.WAITING: "đang gửi",
    Delivery.SENT: "đã gửi",
    Delivery.FAILED: "không gửi được",
    Delivery.UNCERTAIN: "chưa rõ",
    Delivery.SKIPPED: "bỏ qua",
}

AUDIENCES: dict[Audience, str] = {
    Audience.ALL: "Tất cả cơ quan",
    Audience.ONSITE: "Kiểm tra tại trụ sở",
    Audience.DOSSIER: "Kiểm tra qua hồ sơ",
    Audience.OWING: "Chưa xác nhận",
    Audience.RETURNED: "Bị trả lại",
    Audience.CHOSEN: "Chọn cơ quan",
    Audience.SUBSCRIBERS: "Người đăng ký nhận tin",
}

NOTICES: dict[NoticeState, str] = {
    NoticeState.SCHEDULED: "Đã hẹn gửi",
    NoticeState.SENDING: "Đang gửi",
    NoticeState.PAUSED: "Đang tạm dừng",
    NoticeState.STOPPED: "Đã dừng hẳn",
    NoticeState.DONE: "Đã gửi xong",
    NoticeState.RECALLED: "Đã thu hồi",
}

# Why a message could not be sent, or was not.
FAILURES: dict[Failure, str] = {
    Failure.BLOCKED: "đã chặn trợ lý",
    Failure.UNREACHABLE: "chưa mở trợ lý hoặc tài khoản không còn",
    Failure.REFUSED: "Telegram không nhận tin",
    Failure.TIMED_OUT: "mất kết nối lúc gửi",
    Failure.INTERRUPTED: "trợ lý dừng lúc đang gửi",
    Failure.OUTDATED: "đã có bản đính chính",
    Failure.STOPPED: "đã dừng trước khi gửi",
    Failure.TOO_OLD: "quá 48 giờ nên Telegram không cho xoá",
}

REACHED: dict[Reached, tuple[str, str]] = {
    Reached.READ: ("👁", "đã đọc"),
    Reached.SENT: ("✓", "đã gửi"),
    Reached.UNCERTAIN: ("?", "chưa rõ"),
    Reached.WAITING: ("…", "chờ gửi"),
    Reached.FAILED: ("✗", "không gửi được"),
    Reached.SKIPPED: ("✗", "bỏ qua"),
    Reached.NOBODY: ("✗", "chưa có đầu mối"),
}

_KILO = 1024


def act(before: State, after: State) -> str:
    """What was done that led from a state to the next."""
    return "hoàn tác tiếp nhận" if before is State.ACCEPTED else ACTS[after]


def logged(done: Act, *, of_agency: bool) -> str:
    """An act as the log names it."""
    return LOGGED[done] if of_agency else _OF_NO_AGENCY.get(done, LOGGED[done])


def state(value: State) -> str:
    """A state with its mark: "● đã xác nhận"."""
    mark, word = STATES[value]
    return f"{mark} {word}"


def form(agency: Agency) -> str:
    """How an agency is inspected, and how surely that is known."""
    return f"{FORMS[agency.form]}{_SURENESS.get(agency.source, '')}" if agency.form else "nguồn chưa nêu"


def reached(how_far: Reached, reason: Failure | None) -> str:
    """How far a notice came, and why no farther: "không gửi được: đã chặn trợ lý"."""
    word = REACHED[how_far][1]
    return f"{word}: {FAILURES[reason]}" if reason else word


def giving(version: Version | None) -> str:
    """What an agency does next that owes a version, after this one."""
    return "Bổ sung" if version else "Xác nhận đã nộp"


def document(number: str | None, day: date | None) -> str:
    """A document as it is cited: "123/BC-SXD ngày 10/11/2021"."""
    if number is None and day is None:
        return "chưa ghi số, ngày"
    return " ".join(filter(None, (number or "chưa ghi số,", f"ngày {full_date(day)}" if day else None)))


def document_of(version: Version) -> str:
    """The document that a version is about."""
    return document(version.document_number, version.document_day)


def size(count: int) -> str:
    """A number of bytes: "345 KB", "1,2 MB"."""
    if count < _KILO * _KILO:
        return f"{max(1, round(count / _KILO))} KB"
    return f"{count / _KILO / _KILO:.1f} MB".replace(".", ",")


def punctuality(due: Deadline) -> str:
    """In time, or how late, on the day of `due`."""
    return f"trễ hạn {due.days_late} ngày" if due.passed else "đúng hạn"
