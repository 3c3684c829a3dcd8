"""Options that several commands share."""

import re
from datetime import datetime, timedelta

import click

pack = click.option("--pack", metavar="THƯ_MỤC", help="Bộ kiến thức: thư mục, hoặc tên một bộ có sẵn.")

_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_LONGEST = timedelta(days=366)


class Moment(click.ParamType[datetime]):
    """A local date or date and time: 2021-11-08 or 2021-11-08T08:00."""

    name = "moment"

    def convert(self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read it, or fail with an example."""
        if isinstance(value, datetime):
            return value
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}” không phải là ngày giờ; ví dụ 2021-11-08 hoặc 2021-11-08T08:00.", param, ctx)


class Duration(click.ParamType[timedelta]):
    """A time such as 12h, 7d or 2w."""

    name = "duration"

    def convert(self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Read it, or fail with an example."""
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"([1-9]\d{0,3})([hdw])", value.strip())
        span = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None
        if span is None or span > _LONGEST:
            self.fail(f"“{value}” không phải là thời hạn; ví dụ 12h, 7d hoặc 2w, dài nhất một năm.", param, ctx)
        return span
