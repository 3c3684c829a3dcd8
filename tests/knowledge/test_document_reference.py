"""References to documents, as people type them on a phone."""

import time
import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.document_reference import LONGEST_NUMBER, Problem, Reference, read_reference

TODAY = date(2021, 11, 12)

WRITTEN = [
    ("BC số 123/BC-SXD ngày 10/11/2021", "123/BC-SXD", "2021-11-10"),
    ("123/bc-sxd 10/11", "123/BC-SXD", "2021-11-10"),
    ("số 45 /BC-UBND, ngày 9 tháng 11 năm 2021", "45/BC-UBND", "2021-11-09"),
    ("Công văn 12/CV-SXD 8.11.21", "12/CV-SXD", "2021-11-08"),
    ("so 123/BC-SXD ngay 10-11-2021", "123/BC-SXD", "2021-11-10"),
    ("SO 123/BC-SXD NGAY 10/11/2021", "123/BC-SXD", "2021-11-10"),
    ("Số: 123/BC-SXD; 10/11/2021.", "123/BC-SXD", "2021-11-10"),
    ("123/BC-SXD(10/11/2021)", "123/BC-SXD", "2021-11-10"),
    ("123/BC-SXD - ngay 9/11/2021", "123/BC-SXD", "2021-11-09"),
    ("123/BC-SXD–10/11/21", "123/BC-SXD", "2021-11-10"),
    ("123/BC SXD", "123/BC-SXD", None),
    ("123/bc sxd ngay 9/11", "123/BC-SXD", "2021-11-09"),
    ("123/bc syt ngay 9/11", "123/BC-SYT", "2021-11-09"),
    ("báo cáo 123 / BC - SXD ngày 9/11", "123/BC-SXD", "2021-11-09"),
    ("45/BC-UBND huyện Bù Đăng ngày 9/11", "45/BC-UBND", "2021-11-09"),
    ("45/bc ubnd huyen bu dang", "45/BC-UBND", None),
    ("123/BC của Sở Xây dựng", "123/BC", None),
    ("123/bc ng 9/11", "123/BC", "2021-11-09"),
    ("19/2014/QĐ-TTg", "19/2014/QĐ-TTG", None),
    ("15/2021/tt-bkhcn ngày 9/11", "15/2021/TT-BKHCN", "2021-11-09"),
    ("77/BC-UBND-KSTT", "77/BC-UBND-KSTT", None),
    ("08/BC-VP.UBND 05/11/2021", "08/BC-VP.UBND", "2021-11-05"),
    ("123/BC-SXD.Em gửi ạ", "123/BC-SXD", None),
    ("12/BC-SNN&PTNT", "12/BC-SNN&PTNT", None),
    ("123a/BC-SXD", "123A/BC-SXD", None),
    ("123-BC/TU 1.11.2021", "123-BC/TU", "2021-11-01"),
    ("5/đa-sxd", "5/ĐA-SXD", None),
    ("em gửi báo cáo số 123/BC-SXD ngày 10/11/2021 ạ", "123/BC-SXD", "2021-11-10"),
    ("ngày 10/11/2021 bên em có BC 123/BC-SXD", "123/BC-SXD", "2021-11-10"),
    ("theo Kế hoạch 1813/KH-SKHCN ngày 25/10/2021, gửi 123/BC-SXD ngày 9/11", "123/BC-SXD", "2021-11-09"),
    ("123/BC-SXD ngày 9/11 thực hiện Kế hoạch 1813/KH-SKHCN ngày 25/10/2021", "123/BC-SXD", "2021-11-09"),
    ("theo Kế hoạch 1813/KH-SKHCN ngày 25/10/2021, gửi 123/BC-SXD", "123/BC-SXD", None),
    ("123/BC-SXD hôm nay", "123/BC-SXD", "2021-11-12"),
    ("sáng nay, 123/bc-sxd", "123/BC-SXD", "2021-11-12"),
    ("BC 123 hom qua", "123", "2021-11-11"),
    ("123/BC-SXD hôm kia", "123/BC-SXD", "2021-11-10"),
    ("123/BC-SXD, chị Mai ký", "123/BC-SXD", None),
    ("số 123", "123", None),
    ("123", "123", None),
    ("123, 10/11/2021", "123", "2021-11-10"),
    ("10/11/2021", None, "2021-11-10"),
    ("2021-11-10", None, "2021-11-10"),
    ("ngày mùng 9 tháng 11", None, "2021-11-09"),
    ("9 thg 11 2021", None, "2021-11-09"),
    ("9 t11 năm 21", None, "2021-11-09"),
    ("10/11", None, "2021-11-10"),
    ("12/11", None, "2021-11-12"),
    ("31/12", None, "2020-12-31"),
    ("29/2", None, "2020-02-29"),
]


@pytest.mark.parametrize(("text", "number", "day"), WRITTEN)
def test_a_reference_is_read_as_it_is_typed(text: str, number: str | None, day: str | None) -> None:
    expected = Reference(number, date.fromisoformat(day) if day else None)
    assert read_reference(text, TODAY) == expected
    assert read_reference(unicodedata.normalize("NFD", text), TODAY) == expected
    assert read_reference(f"  {text.replace(' ', '   ')}\n", TODAY) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("31/11", Problem.NO_SUCH_DAY),
        ("ngày 30 tháng 2 năm 2021", Problem.NO_SUCH_DAY),
        ("29/2/2021", Problem.NO_SUCH_DAY),
        ("10/13/2021", Problem.NO_SUCH_DAY),
        ("10/11/0021", Problem.NO_SUCH_DAY),
        ("10/11/2201", Problem.FUTURE),
    ],
)
def test_a_day_that_cannot_be_is_a_problem_and_the_number_is_kept(text: str, problem: Problem) -> None:
    assert read_reference(text, TODAY) == Reference(None, None, problem)
    assert read_reference(f"123/BC-SXD {text}", TODAY) == Reference("123/BC-SXD", None, problem)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "em gửi rồi nhé",
        "hạn nộp là ngày nào",
        "kế hoạch 1813/KH-SKHCN là gì",
        "ke hoach 1813/kh-skhcn la gi vay a",
        "1813/KH-SKHCN ở đâu",
        "báo cáo số 123/BC-SXD ngày 10/11/2021 được không ạ?",
        "123/BC-SXD nộp chưa",
        "123/BC-SXD ngày 10/11?",
        "cho em hỏi về 1813/KH-SKHCN với",
        "khi nào kiểm tra theo 1813/KH-SKHCN",
        "3/sở",
        "5 bản",
        "0912.345.678",
        "ISO 9001:2015",
    ],
)
def test_what_is_no_reference_is_none(text: str) -> None:
    assert read_reference(text, TODAY) is None


def test_a_number_has_at_most_sixty_characters() -> None:
    longest = "123/BC-" + "X" * (LONGEST_NUMBER - 7)
    assert read_reference(longest, TODAY) == Reference(longest, None)
    assert read_reference(longest + "X", TODAY) is None


def test_around_new_year_a_day_without_a_year_is_the_nearest() -> None:
    assert read_reference("30/12", date(2022, 1, 3)) == Reference(None, date(2021, 12, 30))
    assert read_reference("2/1", date(2021, 12, 30)) == Reference(None, date(2022, 1, 2), Problem.FUTURE)


@pytest.mark.parametrize(
    ("text", "day"),
    [("13/11/2021", date(2021, 11, 13)), ("13/11", date(2021, 11, 13)), ("12 tháng 12", date(2021, 12, 12))],
)
def test_a_day_soon_to_come_is_taken_and_said_to_be_odd(text: str, day: date) -> None:
    assert read_reference(f"123/BC-SXD {text}", TODAY) == Reference("123/BC-SXD", day, Problem.FUTURE)


DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
PIECES = st.lists(
    st.sampled_from(
        "123/BC-SXD 45 / BC - UBND & . – , : 10/11 9 tháng 11 năm 2021 21 hôm nay qua 123 -BC/TU bc số ngày 31/11 ĐƯ "
        "sxd SYT syt VP.UBND ng ạ ſ İ ǰ K ² ٣ \u0301 \u202e 2021-11-10 /".split(" ")
    ),
    max_size=12,
)
SEPARATORS = st.sampled_from(["", " ", "  ", "-", "/", "\n"])
MIXED = st.builds(lambda pieces, separator: separator.join(pieces), PIECES, SEPARATORS)
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(st.one_of(MIXED, ANYTHING), DAYS)
def test_what_was_read_reads_the_same_when_it_is_written_out(text: str, today: date) -> None:
    reference = read_reference(text, today)
    if reference is None:
        return
    assert reference.number or reference.day or reference.problem
    assert not (reference.day and reference.problem)
    assert reference.day is None or reference.day <= today
    if reference.number:
        assert len(reference.number) <= LONGEST_NUMBER
        assert reference.number == reference.number.upper()
        assert not any(map(str.isspace, reference.number))
    parts = [reference.number, f"ngày {reference.day:%d/%m/%Y}" if reference.day else None]
    written = " ".join(part for part in parts if part)
    if written:
        assert read_reference(written, today) == Reference(reference.number, reference.day)


@given(DAYS, st.integers(0, 333), st.sampled_from(["%d/%m", "%d.%m", "%d-%m", "ngày %d tháng %m"]))
def test_a_day_without_its_year_is_the_last_such_day(today: date, back: int, form: str) -> None:
    day = today - timedelta(days=back)
    assert read_reference(f"123/BC-SXD {day.strftime(form)}", today) == Reference("123/BC-SXD", day)


@pytest.mark.parametrize("text", ["1/a-" * 400, "cho " * 400, "123/BC " * 300, "1 /" * 500, "a" * 5000, "1/1/" * 400])
def test_a_long_text_takes_no_time(text: str) -> None:
    before = time.process_time()
    read_reference(text, TODAY)
    assert time.process_time() - before < 0.5
