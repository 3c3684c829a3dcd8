"""The deadline: "before a day" in calendar days and in working days."""

from dataclasses import dataclass
from datetime import date, timedelta

import holidays

# The calendar of public holidays whose working days count.
COUNTRY = "VN"

# Made at once: the library reads the calendars of all countries for it, which the first to ask should not wait for.
_CALENDAR = holidays.country_holidays(COUNTRY)


@dataclass(frozen=True, slots=True)
class Deadline:
    """What "before `before`" means on the day `today`.

    Args:
        before: the day before which something is due; it is itself too late.
        today: the day on which one asks.
    """

    before: date
    today: date

    @property
    def last_day(self) -> date:
        """The last day that is still in time."""
        return self.before - timedelta(days=1)

    @property
    def last_working_day(self) -> date:
        """The last working day that is still in time."""
        day = self.last_day
        while not is_working_day(day):
            day -= timedelta(days=1)
        return day

    @property
    def days_left(self) -> int:
        """Days from today to the last day; 0 on the last day, negative after it."""
        return (self.last_day - self.today).days

    @property
    def working_days_left(self) -> int:
        """Working days from today to the last day, today counted if it is one; 0 after it."""
        days = (self.today + timedelta(days=step) for step in range(self.days_left + 1))
        return sum(map(is_working_day, days))

    @property
    def today_works(self) -> bool:
        """Whether today is a working day."""
        return is_working_day(self.today)

    @property
    def is_last_day(self) -> bool:
        """Whether today is the last day."""
        return self.today == self.last_day

    @property
    def passed(self) -> bool:
        """Whether today is too late."""
        return self.today > self.last_day

    @property
    def days_late(self) -> int:
        """Days since the last day; 0 while still in time."""
        return max(0, -self.days_left)


def is_working_day(day: date) -> bool:
    """Whether public offices work on this day."""
    return _CALENDAR.is_working_day(day)
