"""When a notice goes out: reading a typed moment, and the hours in which people are not to be woken."""

import re
from datetime import datetime, time, timedelta

from bot.clock import LOCAL
from knowledge.days import read_day
from knowledge.deadline import is_working_day

# The hours in which notices may go out without a question, and the one in which a postponed one does.
_OPENS, _CLOSES, _MORNING = 7, 21, 8

_TIME = re.compile(r"(?<![\d/.])([01]?\d|2[0-3])\s?(?::|h|g|giờ)\s?([0-5]\d)?(?!\w)", re.IGNORECASE)
_AROUND = re.compile(r"^(?:lúc|vào)?[\s,]*|[\s,]*(?:lúc|vào)?$", re.IGNORECASE)


def read_moment(text: str, now: datetime) -> datetime | None:
    """A moment as people type it: "14:00", "8h30 ngày mai", "16/11/2021 08:00"; without a day the next such time."""
    found = _TIME.search(text)
    if found is None:
        return None
    rest = _AROUND.sub("", f"{text[: found.start()]} {text[found.end() :]}".strip())
    local = now.astimezone(LOCAL)
    day = read_day(rest, local.date()) if rest else local.date()
    if day is None:
        return None
    moment = datetime.combine(day, time(int(found[1]), int(found[2] or 0)), LOCAL)
    return moment + timedelta(days=1) if not rest and moment <= local else moment


def is_quiet(moment: datetime) -> bool:
    """Whether a notice would come at night or on a day off."""
    local = moment.astimezone(LOCAL)
    return not _OPENS <= local.hour < _CLOSES or not is_working_day(local.date())


def next_morning(moment: datetime) -> datetime:
    """08:00 of the next working day; of the same day where its morning is still to come."""
    local = moment.astimezone(LOCAL)
    day = local.date() if local.hour < _OPENS else local.date() + timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(_MORNING), LOCAL)
