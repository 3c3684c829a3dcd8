"""The deadline as a calendar that phones and mail programs read (RFC 5545)."""

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import TRANSP, Alarm, Calendar, Event

from knowledge.deadline import Deadline
from knowledge.handouts import CalendarFile
from knowledge.plan import Plan

# The hours of the plan's province.
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")

_REMINDER_LASTS = timedelta(minutes=30)


def write(handout: CalendarFile, name: str, plan: Plan, deadline: Deadline, made_at: datetime) -> bytes:
    """The calendar as a file.

    Args:
        handout: with every text filled in.
        name: the handout's name.
        plan: whose deadline it is.
        deadline: the deadline itself.
        made_at: the moment that the file says it was made, with its time zone.
    """
    stem = f"{name}-{re.sub(r'[^0-9a-z]+', '-', (plan.number.value or plan.issuer.value).lower())}"
    # A later file moves the events that an earlier one has put into a calendar: the ids hold no day, and the longer the
    # deadline has been extended, the later is the revision.
    revision = max(0, (deadline.before - plan.report.before.value).days)
    last_day = Event.new(
        uid=f"{stem}-last-day@isobot",
        stamp=made_at,
        sequence=revision,
        start=deadline.last_day,
        end=deadline.last_day + timedelta(days=1),
        summary=handout.title,
        description=handout.note,
        transparency=TRANSP.TRANSPARENT,
    )
    # In UTC, so that the file needs no table of time zones.
    starts = datetime.combine(deadline.last_working_day, time(handout.remind_at), LOCAL).astimezone(UTC)
    reminder = Event.new(
        uid=f"{stem}-reminder@isobot",
        stamp=made_at,
        sequence=revision,
        start=starts,
        end=starts + _REMINDER_LASTS,
        summary=handout.reminder,
        description=handout.note,
    )
    alarm = Alarm.new(description=handout.reminder)
    alarm.add("action", "DISPLAY")
    alarm.TRIGGER = timedelta(0)
    reminder.add_component(alarm)
    calendar = Calendar.new(
        prodid="-//isobot//VI", method="PUBLISH", uid=f"{stem}@isobot", subcomponents=[last_day, reminder]
    )
    content: bytes = calendar.to_ical()
    return content
