"""What somebody says of another plan, each answer read and checked by itself."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from knowledge.deadline import is_working_day
from knowledge.phrasings import as_written
from knowledge.plan import Detail

_LONGEST = 600
_LONGEST_NAME = 300
_MOST_AGENCIES = 1000

_DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_PERIOD = re.compile(r"(?i)(?P<what>quý|tháng)\s+(?P<number>\w+)\s*(?:năm\s*|/\s*)?(?P<year>20\d\d)")
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}


class AnswerError(Exception):
    """An answer that cannot be taken; says why and how to mend it, in one line."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to be said of a plan.

    Attributes:
        key: its name in a file of answers.
        asks: the question as shown.
        read: what an answer means; raises AnswerError.
        required: whether there is no plan without it.
        missing: what the source does not state if nothing is said, in words; empty where that is of no interest.
    """

    key: str
    asks: str
    read: Callable[[str], Any]
    required: bool = False
    missing: str = ""


def _text(answer: str) -> str:
    text = as_written(answer)
    if len(text) > _LONGEST:
        raise AnswerError(f"dài {len(text)} ký tự, quá {_LONGEST}; viết ngắn lại")
    if not re.search(r"\w", text):
        raise AnswerError("không có chữ nào; gõ lại")
    return text


def _name(answer: str) -> str:
    text = _text(answer)
    if len(text) > _LONGEST_NAME:
        raise AnswerError(f"dài {len(text)} ký tự, quá {_LONGEST_NAME}; viết ngắn lại")
    return text


def _province(answer: str) -> str:
    text = _name(answer)
    if not text.casefold().startswith(("tỉnh ", "thành phố ")):
        raise AnswerError("thiếu chữ “tỉnh” hoặc “thành phố” ở đầu, ví dụ tỉnh Lâm Đồng")
    return text


def _day(answer: str) -> date:
    try:
        if found := _DAY.fullmatch(answer.strip()):
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(answer.strip())
    except ValueError:
        raise AnswerError(f"“{answer.strip()}” không phải là ngày; gõ như 15/5/2024") from None


def _deadline(answer: str) -> date:
    day = _day(answer)
    if not date(2000, 1, 1) < day < date(2100, 1, 1):
        raise AnswerError("năm không hợp lệ; gõ như 15/5/2024")
    return day


def _several(answer: str) -> tuple[str, ...]:
    return tuple(_name(part) for part in answer.split(";") if part.strip())


def _count(answer: str) -> int:
    text = answer.strip()
    if not text.isdecimal() or int(text) > _MOST_AGENCIES:
        raise AnswerError(f"“{text}” không phải là số cơ quan; gõ một số từ 0 đến {_MOST_AGENCIES}")
    return int(text)


def _list_file(answer: str) -> Path:
    file = Path(answer.strip().strip("\"'")).expanduser()
    if not file.is_file():
        raise AnswerError(f"không có tệp {file}; gõ đường dẫn tệp CSV hoặc XLSX")
    return file.absolute()


QUESTIONS = (
    Question("number", "Số, ký hiệu kế hoạch (ví dụ 25/KH-UBND)", _name, missing="số, ký hiệu kế hoạch"),
    Question("title", "Tên kế hoạch (ví dụ Kiểm tra việc áp dụng ISO 9001:2015 năm 2024)", _name, required=True),
    Question("issuer", "Cơ quan ban hành", _name, required=True),
    Question("province", "Tỉnh, thành phố (ví dụ tỉnh Lâm Đồng)", _province, required=True),
    Question("signed", "Ngày ký", _day, missing="ngày ký kế hoạch"),
    Question(Detail.SIGNER, "Người ký", _text, missing="người ký kế hoạch"),
    Question("lead", "Cơ quan chủ trì (Enter: là cơ quan ban hành)", _name),
    Question("partners", "Cơ quan phối hợp, cách nhau bằng dấu chấm phẩy", _several, missing="cơ quan phối hợp"),
    Question("period", "Thời gian kiểm tra (ví dụ Quý II năm 2024)", _name, missing="thời gian kiểm tra"),
    Question("deadline", "Báo cáo gửi trước ngày nào (ngày này là trễ; ví dụ 15/5/2024)", _deadline, required=True),
    Question("recipient", "Nơi nhận báo cáo (Enter: là cơ quan chủ trì)", _name),
    Question("agencies", "Tệp danh sách cơ quan, CSV hoặc XLSX, cột Cơ quan, Cấp, Hình thức", _list_file),
    Question("onsite", "Có bao nhiêu cơ quan kiểm tra tại trụ sở (Enter: bằng số trong danh sách)", _count),
    Question("dossier", "Có bao nhiêu cơ quan kiểm tra qua hồ sơ (Enter: bằng số trong danh sách)", _count),
    Question("random_units", "Kiểm tra ngẫu nhiên thêm những nơi nào", _text, missing="nơi kiểm tra ngẫu nhiên"),
    Question("epidemic", "Chuyển sang kiểm tra qua hồ sơ nếu", _text, missing="phương án khi có dịch bệnh"),
    Question(Detail.PURPOSE, "Mục đích", _text, missing="mục đích"),
    Question(Detail.CONTENT, "Nội dung kiểm tra", _text, missing="nội dung kiểm tra"),
    Question(Detail.LEGAL_BASIS, "Căn cứ pháp lý", _text, missing="căn cứ pháp lý"),
    Question(Detail.TEAM, "Trưởng đoàn, thành viên Đoàn", _text, missing="trưởng đoàn, thành viên Đoàn kiểm tra"),
    Question(Detail.SCHEDULE, "Lịch kiểm tra từng cơ quan", _text, missing="lịch kiểm tra từng cơ quan"),
    Question(Detail.SCORING, "Cách chấm điểm, xếp loại", _text, missing="chấm điểm, xếp loại"),
    Question(Detail.BUDGET, "Kinh phí", _text, missing="kinh phí"),
    Question(Detail.CHANNEL, "Cách gửi báo cáo (trục liên thông, email, bản giấy)", _text, missing="cách gửi báo cáo"),
    Question(Detail.TEMPLATE, "Mẫu, đề cương báo cáo", _text, missing="mẫu, đề cương báo cáo"),
    Question(Detail.REPORT_SIGNER, "Ai ký báo cáo", _text, missing="người ký báo cáo"),
    Question("use", "Nơi nhận làm gì với báo cáo (ví dụ tổng hợp cho Đoàn)", _text, missing="báo cáo dùng làm gì"),
    Question(Detail.LATE, "Xử lý khi nộp trễ", _text, missing="hậu quả khi nộp trễ"),
    Question(Detail.CONTACT, "Điện thoại, email, người liên hệ", _text, missing="đầu mối liên hệ"),
    Question(Detail.DOCUMENT, "Chỗ lấy bản kế hoạch", _text, missing="chỗ lấy bản kế hoạch"),
    Question("source", "Anh/chị lấy các dữ kiện này từ đâu (ví dụ bản kế hoạch có chữ ký)", _text),
)
_BY_KEY = {question.key: question for question in QUESTIONS}


@dataclass(frozen=True)
class Brief:
    """What was said: the meaning of each answer that was given."""

    said: Mapping[str, Any]

    def __getitem__(self, key: str) -> Any:
        """The meaning of an answer; None where nothing was said."""
        return self.said.get(key)

    @property
    def lead(self) -> str:
        """Who leads: the issuer unless another is named."""
        return str(self["lead"] or self["issuer"])

    @property
    def recipient(self) -> str:
        """Who is to get the reports: who leads unless another is named."""
        return str(self["recipient"] or self.lead)

    @property
    def missing(self) -> list[str]:
        """What the source does not state, as far as was asked."""
        return [question.missing for question in QUESTIONS if question.missing and self[question.key] is None]


def read_answers(answers: Mapping[str, str]) -> Brief:
    """What all answers mean.

    Raises:
        AnswerError: with every answer that cannot be taken, a line each.
    """
    faults = [f"{key}: không có mục này; dùng một trong {', '.join(_BY_KEY)}" for key in answers if key not in _BY_KEY]
    said = {}
    for question in QUESTIONS:
        answer = answers.get(question.key, "")
        if not answer.strip():
            if question.required:
                faults.append(f"{question.key}: còn thiếu; ghi {question.asks}")
            continue
        try:
            said[question.key] = question.read(answer)
        except AnswerError as error:
            faults.append(f"{question.key}: {error}")
    if faults:
        raise AnswerError("\n".join(faults))
    return Brief(said)


def read_file(file: Path) -> dict[str, str]:
    """The answers in a YAML file, as they would be typed.

    Raises:
        AnswerError: it is no such file.
    """
    try:
        content = yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError):
        raise AnswerError(f"{file}: không đọc được; kiểm tra đường dẫn, lưu lại bằng UTF-8") from None
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f", dòng {mark.line + 1}" if mark else ""
        raise AnswerError(f"{file}{place}: sai cú pháp YAML; mỗi dòng viết như “title: …”") from None
    if not isinstance(content, dict):
        raise AnswerError(f"{file}: không có câu trả lời nào; mỗi dòng viết như “title: …”")
    answers = {str(key): _as_typed(value) for key, value in content.items()}
    if listed := answers.get("agencies", "").strip():
        # A list is named as seen from the file that names it.
        answers["agencies"] = str(file.parent / Path(listed).expanduser())
    return answers


def period_days(period: str) -> tuple[date, date] | None:
    """The first and the last day of "Quý II năm 2024" or "tháng 5/2024"; None if it is written otherwise."""
    found = _PERIOD.fullmatch(period.strip())
    if found is None:
        return None
    said, year = found["number"].upper(), int(found["year"])
    number = _ROMAN.get(said) or (int(said) if said.isdecimal() else 0)
    is_quarter = found["what"].casefold() == "quý"
    if not 1 <= number <= (4 if is_quarter else 12):
        return None
    first, last = (3 * number - 2, 3 * number) if is_quarter else (number, number)
    after = date(year + last // 12, last % 12 + 1, 1)
    return date(year, first, 1), date.fromordinal(after.toordinal() - 1)


def remark(question: Question, meaning: object) -> str:
    """What is worth a second look in an answer that can be taken; empty if nothing is."""
    if question.key == "deadline" and isinstance(meaning, date):
        last = date.fromordinal(meaning.toordinal() - 1)
        return "" if is_working_day(last) else f"Ngày cuối còn hợp hạn là {last:%d/%m/%Y}, không phải ngày làm việc."
    return ""


def _as_typed(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(map(_as_typed, value))
    return value.isoformat() if isinstance(value, date) else str(value)
