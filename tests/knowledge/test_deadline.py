"""What "before a day" means, in calendar days and in working days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.deadline import Deadline, is_working_day

BEFORE = date(2021, 11, 15)


@pytest.mark.parametrize(
    ("day", "left", "working", "late", "is_last"),
    [
        (8, 6, 5, 0, False),
        (9, 5, 4, 0, False),
        (10, 4, 3, 0, False),
        (11, 3, 2, 0, False),
        (12, 2, 1, 0, False),
        (13, 1, 0, 0, False),
        (14, 0, 0, 0, True),
        (15, -1, 0, 1, False),
        (16, -2, 0, 2, False),
    ],
)
def test_each_day_around_the_deadline_counts_as_it_should(
    day: int, left: int, working: int, late: int, is_last: bool
) -> None:
    deadline = Deadline(BEFORE, date(2021, 11, day))
    assert deadline.days_left == left
    assert deadline.working_days_left == working
    assert deadline.days_late == late
    assert deadline.is_last_day is is_last
    assert deadline.passed is (late > 0)


def test_the_last_day_in_time_is_the_one_before_and_may_be_a_sunday() -> None:
    deadline = Deadline(BEFORE, date(2021, 11, 8))
    assert deadline.last_day == date(2021, 11, 14)
    assert deadline.last_working_day == date(2021, 11, 12)


def test_years_later_the_deadline_has_passed_and_nothing_is_left() -> None:
    deadline = Deadline(BEFORE, date(2022, 11, 14))
    assert deadline.passed
    assert deadline.days_late == 365
    assert deadline.working_days_left == 0


@pytest.mark.parametrize(
    "day",
    [
        date(2021, 1, 1),
        date(2021, 4, 21),  # the Hùng kings
        date(2021, 4, 30),
        date(2021, 9, 2),
        date(2022, 1, 31),  # Tet
        date(2022, 2, 1),
        date(2022, 2, 4),
        date(2022, 5, 2),  # for 30 April and 1 May, a weekend that year
        date(2022, 5, 3),
        date(2021, 11, 13),
        date(2021, 11, 14),
    ],
)
def test_holidays_and_weekends_are_no_working_days(day: date) -> None:
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [date(2021, 11, 8), date(2021, 11, 12), date(2021, 9, 1), date(2021, 2, 17)])
def test_ordinary_weekdays_are_working_days(day: date) -> None:
    assert is_working_day(day)


@pytest.mark.parametrize(
    ("before", "last_working_day"),
    [
        (date(2021, 9, 3), date(2021, 9, 1)),
        (date(2022, 5, 4), date(2022, 4, 29)),
        (date(2022, 2, 7), date(2022, 1, 28)),
        (date(2022, 1, 2), date(2021, 12, 31)),
    ],
)
def test_the_last_working_day_is_looked_for_across_a_holiday(before: date, last_working_day: date) -> None:
    assert Deadline(before, date(2021, 8, 1)).last_working_day == last_working_day


def test_working_days_before_a_holiday_do_not_count_the_holiday() -> None:
    assert Deadline(date(2022, 5, 4), date(2022, 4, 28)).days_left == 5
    assert Deadline(date(2022, 5, 4), date(2022, 4, 28)).working_days_left == 2


DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(DAYS, st.integers(-40, 40))
def test_days_left_late_and_passed_never_contradict_each_other(before: date, distance: int) -> None:
    deadline = Deadline(before, before - timedelta(days=distance))
    assert deadline.passed is (distance < 1)
    assert deadline.passed is (deadline.days_late > 0)
    assert deadline.is_last_day is (deadline.days_left == 0)
    assert 0 <= deadline.working_days_left <= max(0, deadline.days_left + 1)
    assert is_working_day(deadline.last_working_day)
    assert deadline.last_working_day <= deadline.last_day
    assert (deadline.working_days_left > 0) is (deadline.today <= deadline.last_working_day)
