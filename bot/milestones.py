"""When an agency is reminded of its deadline: on which days, and until when a late reminder is of use.

Working days are the business of whoever asks: a calendar comes as a function.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.clock import LOCAL
from bot.store.reminder_tables import Milestone

# Whether offices work on a day.
Works = Callable[[date], bool]

# Reminders and digests leave at this hour, and late ones not after the other.
FROM, TO = time(8), time(21)

_DAY = timedelta(days=1)

# In working days from the last day; the last day itself stands between them.
_BEFORE = {Milestone.BEFORE_14: 14, Milestone.BEFORE_7: 7, Milestone.BEFORE_3: 3, Milestone.BEFORE_1: 1}
_AFTER = {Milestone.AFTER_1: 1, Milestone.AFTER_5: 5}


@dataclass(frozen=True, slots=True)
class Planned:
    """One milestone of a deadline.

    Attributes:
        day: a working day.
        until: the first day on which the reminder is of no use any more.
    """

    milestone: Milestone
    day: date
    until: date

    @property
    def moment(self) -> datetime:
        """When it is due."""
        return datetime.combine(self.day, FROM, LOCAL)


def milestones(before: date, works: Works) -> list[Planned]:
    """The milestones of a deadline, in order.

    Where the last day is no working day, its reminder leaves on the last one before it; of milestones that fall on one
    day only the nearest to the deadline is left. A reminder is of use until the next one is due, and one from before
    the deadline until that has passed.

    Args:
        before: the day before which the report is due.
        works: which days are working days.
    """
    last = before - _DAY
    days = {_working_day(last, -count, works): milestone for milestone, count in _BEFORE.items()}
    days[last if works(last) else _working_day(last, -1, works)] = Milestone.LAST_DAY
    days |= {_working_day(last, count, works): milestone for milestone, count in _AFTER.items()}
    planned = []
    for (day, milestone), following in zip(days.items(), [*list(days)[1:], None], strict=True):
        until = following or day + _DAY
        planned.append(Planned(milestone, day, min(until, before) if day < before else until))
    return planned


def may_leave(moment: datetime, until: date, works: Works) -> bool:
    """Whether a reminder that is due may leave now: by day, and on a working day where one is left for it."""
    today = moment.astimezone(LOCAL).date()
    left = (today + days * _DAY for days in range(1, (until - today).days))
    return by_day(moment) and (works(today) or not any(map(works, left)))


def by_day(moment: datetime) -> bool:
    """Whether people may be written to unasked, as to the hour."""
    return FROM <= moment.astimezone(LOCAL).time() < TO


def _working_day(day: date, count: int, works: Works) -> date:
    """The working day that is so many after a day, or before it where the count is negative."""
    step = _DAY if count > 0 else -_DAY
    left = abs(count)
    while left:
        day += step
        left -= works(day)
    return day
