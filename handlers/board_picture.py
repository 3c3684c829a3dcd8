"""The board as a picture for a phone: a bar for each group, and the versions handed in over time against the deadline.

All lines run straight across or up, so nothing needs smoothing. A phone shows the picture at a third of its size.
"""

from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bot.board import Board, Group
from bot.clock import LOCAL
from handlers import wording
from knowledge.deadline import Deadline
from knowledge.plan import Plan
from knowledge.templates import short_date

_FONTS = Path(__file__).with_name("fonts")
_BOLD, _PLAIN = "BeVietnamPro-Bold.ttf", "BeVietnamPro-Medium.ttf"

_WIDTH, _MARGIN = 1080, 56
_INK, _FAINT, _LINE, _PAPER = "#1f2933", "#66727f", "#d5dae0", "#ffffff"
_CURVE, _AREA, _DUE = "#0b6bcb", "#cfe4f9", "#c62828"
# Told apart by people who do not see all colours, too; each bar has its word and number beside it anyway.
_COLOURS = {
    Group.SILENT: "#9aa5b1",
    Group.RETURNED: "#e8871e",
    Group.CONFIRMED: "#0b6bcb",
    Group.ACCEPTED: "#1b8a5a",
    Group.WAIVED: "#cbb8e6",
    Group.LATE: "#c62828",
    Group.UNREACHABLE: "#52606d",
}

_BARS_TOP, _BAR, _BAR_STEP, _WORDS = 216, 44, 68, 440
_PLOT_LEFT, _PLOT_HEIGHT = 120, 330
# The curve begins at least so long before the last day.
_SHOWN_BEFORE = timedelta(days=14)


def draw(board: Board, plan: Plan | None, due: Deadline | None, at: datetime) -> bytes:
    """The picture as a PNG file.

    Args:
        board: what it shows.
        plan: whose number stands in the heading.
        due: everybody's deadline, as of the day of `at`.
        at: the moment of the board.
    """
    groups = [group for group in Group if group is not Group.WAIVED or board.of(group)]
    plot_top = _BARS_TOP + _BAR_STEP * len(groups) + 148
    image = Image.new("RGB", (_WIDTH, plot_top + _PLOT_HEIGHT + 100), _PAPER)
    pen = ImageDraw.Draw(image)
    local = at.astimezone(LOCAL)
    heading = f"{board.handed_in}/{len(board.entries)} cơ quan đã có xác nhận"
    pen.text((_MARGIN, 44), heading, _INK, _font(_BOLD, 50))
    about = f"{plan.called} · " if plan else ""
    pen.text((_MARGIN, 122), f"{about}{local:%H:%M ngày %d/%m/%Y}", _FAINT, _font(_PLAIN, 34))
    _bars(pen, board, groups)
    pen.text((_MARGIN, plot_top - 116), "Số cơ quan đã có xác nhận, theo ngày", _INK, _font(_BOLD, 36))
    _Plot(pen, board, due, local.date(), plot_top).draw()
    content = BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


def _bars(pen: ImageDraw.ImageDraw, board: Board, groups: list[Group]) -> None:
    longest = _WIDTH - _MARGIN - _WORDS - 124
    for place, group in enumerate(groups):
        top = _BARS_TOP + _BAR_STEP * place
        middle = top + _BAR / 2
        count = len(board.of(group))
        word = wording.GROUPS[group][1].split(",")[0].capitalize()
        pen.text((_MARGIN, middle), word, _INK, _font(_PLAIN, 36), anchor="lm")
        length = round(longest * count / max(1, len(board.entries)))
        # Not even one agency of thousands is left without a trace.
        end = _WORDS + max(length, 6 if count else 0)
        pen.rectangle((_WORDS, top, _WORDS + longest, top + _BAR), "#f1f3f5")
        if count:
            pen.rectangle((_WORDS, top, end, top + _BAR), _COLOURS[group])
        pen.text((_WIDTH - _MARGIN, middle), str(count), _INK, _font(_BOLD, 40), anchor="rm")


class _Plot:
    """The curve with its axes."""

    def __init__(self, pen: ImageDraw.ImageDraw, board: Board, due: Deadline | None, today: date, top: int) -> None:
        self._pen = pen
        self._curve = board.curve
        self._today = today
        self._last_day = due.last_day if due else None
        self._most = max(1, len(board.entries))
        self._top, self._bottom = top, top + _PLOT_HEIGHT
        named = [today, *(day for day, _ in board.curve)]
        self._first = min(*named, (self._last_day or today) - _SHOWN_BEFORE)
        # A clock that was turned back shows a day before the last change.
        self._known_to = max(named) + timedelta(days=1)
        self._end = max(self._known_to, due.before if due else self._known_to)

    def draw(self) -> None:
        """Grid, curve, deadline, days."""
        for count in sorted({0, round(self._most / 2), self._most}):
            height = self._y(count)
            self._pen.line((_PLOT_LEFT, height, _WIDTH - _MARGIN, height), _LINE, 2)
            self._pen.text((_PLOT_LEFT - 16, height), str(count), _FAINT, _font(_PLAIN, 32), anchor="rm")
        self._steps()
        if self._last_day:
            self._deadline(self._last_day)
        self._days()

    def _steps(self) -> None:
        """Each number holds until the next change, the last one until today."""
        before = self._y(0)
        following = [*self._curve[1:], (self._known_to, 0)]
        for (day, count), (end, _) in zip(self._curve, following, strict=False):
            left, right, height = self._x(day), self._x(end), self._y(count)
            self._pen.rectangle((left, height, right, self._bottom), _AREA)
            self._pen.line((left, before, left, height), _CURVE, 6)
            self._pen.line((left, height, right, height), _CURVE, 6)
            before = height

    def _deadline(self, last_day: date) -> None:
        """A dashed line at the end of the last day; its words on the side where there is room."""
        at = self._x(last_day + timedelta(days=1))
        for top in range(self._top - 20, self._bottom, 20):
            self._pen.line((at, top, at, top + 11), _DUE, 5)
        on_left = at > _WIDTH / 2
        text = f"Hạn {short_date(last_day)}"
        place = (at - 14 if on_left else at + 14, self._top - 22)
        self._pen.text(place, text, _DUE, _font(_BOLD, 34), anchor="rm" if on_left else "lm")

    def _days(self) -> None:
        """The first day and today below the axis."""
        font, height = _font(_PLAIN, 32), self._bottom + 36
        today = self._x(self._today + timedelta(days=1))
        self._pen.line((today, self._bottom, today, self._bottom + 12), _INK, 4)
        words = f"hôm nay {short_date(self._today)}"
        left = max(_PLOT_LEFT, min(today, _WIDTH - _MARGIN) - font.getlength(words))
        self._pen.text((left, height), words, _INK, font, anchor="lm")
        first = short_date(self._first)
        if left > _PLOT_LEFT + font.getlength(first) + 20:
            self._pen.text((_PLOT_LEFT, height), first, _FAINT, font, anchor="lm")

    def _x(self, day: date) -> float:
        """Where a day begins."""
        share = (day - self._first) / (self._end - self._first)
        return _PLOT_LEFT + share * (_WIDTH - _MARGIN - _PLOT_LEFT)

    def _y(self, count: int) -> float:
        return self._bottom - count / self._most * _PLOT_HEIGHT


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / name, size)
