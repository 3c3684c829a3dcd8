"""When notices go out: moments as people type them, and the hours in which nobody is woken."""

from datetime import datetime

import pytest

from bot.clock import LOCAL
from handlers.notice_time import is_quiet, next_morning, read_moment

# A Monday, and a working day.
NOW = datetime(2021, 11, 8, 8, 0, tzinfo=LOCAL)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("14:00", "2021-11-08T14:00"),
        ("lúc 14:00", "2021-11-08T14:00"),
        ("7h30", "2021-11-09T07:30"),
        ("08:00", "2021-11-09T08:00"),
        ("16/11/2021 08:00", "2021-11-16T08:00"),
        ("08:00 ngày 16/11/2021", "2021-11-16T08:00"),
        ("8h ngày mai", "2021-11-09T08:00"),
        ("14g15 thứ sáu", "2021-11-12T14:15"),
        ("9 giờ 05 ngày 20/11", "2021-11-20T09:05"),
        ("00:00 01/01/2022", "2022-01-01T00:00"),
        ("07:00 08/11/2021", "2021-11-08T07:00"),
    ],
)
def test_a_moment_is_read_as_people_type_it(typed: str, meant: str) -> None:
    assert read_moment(typed, NOW) == _at(meant)


@pytest.mark.parametrize(
    "typed", ["", "sớm nhất có thể", "25:00", "14:75", "16/11/2021", "08:00 31/02/2022", "8", "14:00 abc"]
)
def test_what_is_no_moment_is_none(typed: str) -> None:
    assert read_moment(typed, NOW) is None


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2021-11-08T07:00", False),
        ("2021-11-08T20:59", False),
        ("2021-11-08T21:00", True),
        ("2021-11-09T06:59", True),
        ("2021-11-13T10:00", True),
        ("2022-02-01T10:00", True),
    ],
)
def test_nights_and_days_off_are_quiet(moment: str, quiet: bool) -> None:
    assert is_quiet(_at(moment)) is quiet


@pytest.mark.parametrize(
    ("moment", "morning"),
    [
        ("2021-11-08T21:00", "2021-11-09T08:00"),
        ("2021-11-09T06:59", "2021-11-09T08:00"),
        ("2021-11-12T22:15", "2021-11-15T08:00"),
        ("2021-11-13T03:00", "2021-11-15T08:00"),
        ("2022-02-01T10:00", "2022-02-07T08:00"),
    ],
)
def test_the_next_morning_is_that_of_a_working_day(moment: str, morning: str) -> None:
    assert next_morning(_at(moment)) == _at(morning)
