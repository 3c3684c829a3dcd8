"""Options that several commands share."""

from datetime import datetime

import click

pack = click.option("--pack", metavar="THƯ_MỤC", help="Bộ kiến thức: thư mục, hoặc tên một bộ có sẵn.")


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
