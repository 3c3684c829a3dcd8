"""Days that lie ahead, as a coordinator types them for a new deadline."""

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.days import read_day, split_day
from knowledge.tokens import tidy

TODAY = date(2021, 11, 12)  # a Friday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20/11/2021", "2021-11-20"),
        ("20/11", "2021-11-20"),
        ("20.11", "2021-11-20"),
        ("20-11-21", "2021-11-20"),
        ("20 tháng 11", "2021-11-20"),
        ("ngay 20 thang 11 nam 2021", "2021-11-20"),
        ("2021-11-20", "2021-11-20"),
        ("12/11", "2021-11-12"),
        ("11/11", "2022-11-11"),
        ("29/2", "2024-02-29"),
        ("1/11/2021", "2021-11-01"),
        ("hôm nay", "2021-11-12"),
        ("mai", "2021-11-13"),
        ("ngày mai", "2021-11-13"),
        ("sáng mai", "2021-11-13"),
        ("ngày kia", "2021-11-14"),
        ("thứ sáu tuần sau", "2021-11-19"),
        ("thu 6 tuan toi", "2021-11-19"),
        ("thứ hai", "2021-11-15"),
        ("thứ hai tới", "2021-11-15"),
        ("thứ Tư này", "2021-11-17"),
        ("thứ sáu", "2021-11-19"),
        ("t6", "2021-11-19"),
        ("chủ nhật", "2021-11-14"),
        ("CN tuần sau", "2021-11-21"),
        ("thứ hai tuần này", "2021-11-08"),
        ("Thứ Sáu, ngày 19/11/2021", "2021-11-19"),
        ("thứ sáu 19/11", "2021-11-19"),
        ("hạn mới: 20/11", "2021-11-20"),
        ("đến hết ngày 20/11/2021 ạ.", "2021-11-20"),
        ("20/11 nhé", "2021-11-20"),
    ],
)
def test_a_day_is_read_as_it_is_typed(text: str, day: str) -> None:
    assert read_day(text, TODAY) == date.fromisoformat(day)
    assert read_day(unicodedata.normalize("NFD", text.upper()), TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "31/11",
        "29/2/2022",
        "20/13",
        "trước 20/11",  # the day before it
        "thứ sáu, 20/11/2021",  # a Saturday
        "20/11 hoặc 22/11",
        "20/11/2021-25/11/2021",
        "20/11 vì dịch",
        "tuần sau",
        "cuối tháng",
        "Mai Lan",
        "2021",
        "t6x",
    ],
)
def test_what_is_no_day_alone_is_none(text: str) -> None:
    assert read_day(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "day", "rest"),
    [
        ("20/11/2021 vì dịch COVID-19", "2021-11-20", "vì dịch COVID-19"),
        ("20/11: vì dịch", "2021-11-20", "vì dịch"),
        ("20/11 - Vì dịch (theo CV 12/CV-SXD).", "2021-11-20", "Vì dịch (theo CV 12/CV-SXD)."),
        ("thứ sáu tuần sau do bão số 9", "2021-11-19", "do bão số 9"),
        ("thứ sáu sau cuộc họp", "2021-11-19", "sau cuộc họp"),
        ("Thứ Sáu, 19/11/2021, vì họp", "2021-11-19", "vì họp"),
        ("mai vi hop", "2021-11-13", "vi hop"),
        ("đến 20/11", "2021-11-20", ""),
    ],
)
def test_what_follows_a_day_is_its_reason_as_typed(text: str, day: str, rest: str) -> None:
    assert split_day(text, TODAY) == (date.fromisoformat(day), rest)


@pytest.mark.parametrize("text", ["vì dịch", "vì dịch, 20/11", "31/11 vì dịch", "20/11vì dịch"])
def test_a_text_that_does_not_begin_with_a_day_is_not_split(text: str) -> None:
    assert split_day(text, TODAY) is None


DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
PIECES = st.lists(
    st.sampled_from("thứ sáu t7 cn tuần sau tới 20/11 31 / . 29/2 mai ngày kia hạn : ạ ǰ ß ² 2021 vì dịch".split())
).map(" ".join)


@given(DAYS, DAYS)
def test_a_day_that_is_written_out_is_that_day_whatever_today_is(day: date, today: date) -> None:
    assert read_day(f"{day:%d/%m/%Y}", today) == day
    assert split_day(f"{day:%d/%m/%y} vì dịch" if 2000 <= day.year < 2100 else f"{day} vì dịch", today) == (
        day,
        "vì dịch",
    )


@given(DAYS, st.integers(0, 364), st.sampled_from(["%d/%m", "%d.%m", "ngày %d tháng %m"]))
def test_a_day_without_its_year_is_the_next_such_day(today: date, ahead: int, form: str) -> None:
    day = today + timedelta(days=ahead)
    assert read_day(day.strftime(form), today) == day


@given(st.one_of(st.text(max_size=100), PIECES), DAYS)
def test_whatever_is_typed_the_reason_is_the_end_of_it(text: str, today: date) -> None:
    if read := split_day(text, today):
        assert tidy(text).endswith(read[1])
