"""The days on which an agency is reminded, and until when a late reminder is of use."""

from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import LOCAL
from bot.milestones import Planned, may_leave, milestones
from bot.store.reminder_tables import Milestone
from knowledge.deadline import is_working_day

PLAN = date(2021, 11, 15)  # a Monday: the last day is a Sunday


def _days(before: date) -> dict[str, date]:
    return {str(one.milestone): one.day for one in milestones(before, is_working_day)}


def _day(day: int, month: int = 11) -> date:
    return date(2021, month, day)


def test_the_plans_last_day_is_a_sunday_so_the_friday_before_it_is_the_one_told_of_it() -> None:
    assert _days(PLAN) == {
        "14-before": _day(26, 10), "7-before": _day(4), "3-before": _day(10), "last-day": _day(12),
        "1-after": _day(15), "5-after": _day(19),
    }  # fmt: skip


def test_a_last_day_that_is_a_working_day_has_all_seven() -> None:
    days = _days(date(2021, 11, 20))
    assert days == {
        "14-before": _day(1), "7-before": _day(10), "3-before": _day(16), "1-before": _day(18), "last-day": _day(19),
        "1-after": _day(22), "5-after": _day(26),
    }  # fmt: skip


def test_holidays_are_no_working_days() -> None:
    # Tết 2022 is kept from Monday, 31/01 to Friday, 04/02.
    days = _days(date(2022, 2, 9))
    assert days["last-day"] == date(2022, 2, 8)
    assert days["1-before"] == date(2022, 2, 7)
    assert days["3-before"] == date(2022, 1, 27)


def _each(before: date) -> Iterator[tuple[Planned, Planned]]:
    planned = milestones(before, is_working_day)
    yield from pairwise(planned)


@given(st.dates(date(2021, 1, 1), date(2027, 12, 31)))
def test_whatever_the_deadline_they_are_working_days_one_a_day_in_order_and_each_is_of_use_until_the_next(
    before: date,
) -> None:
    for one, after in _each(before):
        assert is_working_day(one.day)
        assert list(Milestone).index(one.milestone) < list(Milestone).index(after.milestone)
        assert one.day < one.until <= after.day
        assert (one.day < before) == (one.milestone not in (Milestone.AFTER_1, Milestone.AFTER_5))
        assert one.until <= before or one.day >= before


@pytest.mark.parametrize(
    ("moment", "until", "expected"),
    [
        ("2021-11-10 07:59", _day(12), False),
        ("2021-11-10 08:00", _day(12), True),
        ("2021-11-10 20:59", _day(12), True),
        ("2021-11-10 21:00", _day(12), False),
        ("2021-11-06 09:00", _day(10), False),  # a Saturday; Monday is early enough
        ("2021-11-13 09:00", PLAN, True),  # a Saturday; Monday would be too late
        ("2021-11-13 22:00", PLAN, False),
    ],
)
def test_a_late_reminder_leaves_by_day_and_waits_for_a_working_day_if_one_is_left(
    moment: str, until: date, expected: bool
) -> None:
    assert may_leave(datetime.fromisoformat(f"{moment}+07:00"), until, is_working_day) is expected


def test_they_are_due_at_eight_in_the_morning() -> None:
    assert {one.moment.astimezone(LOCAL).time() for one in milestones(PLAN, is_working_day)} == {time(8)}
