"""Days as people write them: "ngày 9 tháng 11 năm 2021", "10/11", "8.11.21", "hôm qua", "thứ sáu tuần sau"."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.syllables import unaccented
from knowledge.tokens import tidy

# Nothing that is dealt with here is older, so an earlier year is a slip.
_FIRST_YEAR = 1945

_DAY = re.compile(
    r"""
    (?<![\w/])(?<![0-9][.-])
    (?:ngay\s?)?(?:(?:mung|mong)\s)?
    (?:
        (?P<iso_year>[0-9]{4})-(?P<iso_month>[0-9]{1,2})-(?P<iso_day>[0-9]{1,2})
      | (?P<day>[0-9]{1,2})
        (?:\s?[./-]\s?|\s?(?:thang|thag|thg|th|t)\.?\s?)
        (?P<month>[0-9]{1,2})
        (?:
            (?:\s?[./,-]\s?|\s?,?\s?nam\s?)(?P<year>[0-9]{4})
          | \s(?P<loose_year>20[0-9]{2})
          | (?:[./-]|\s?nam\s?)(?P<short_year>[0-9]{2})
        )?
      | (?P<near>hom\s(?:nay|qua|kia)|(?:sang|trua|chieu|toi)\s(?:nay|qua))
    )
    (?!\w|[./-][0-9])
    """,
    re.VERBOSE,
)
_DAYS_BACK = {"nay": 0, "qua": 1, "kia": 2}

_AHEAD = re.compile(
    r"""
    (?:
        (?P<soon>(?:(?:ngay|sang|trua|chieu|toi)\s)?mai|ngay\s(?:kia|mot))
      | (?:(?:thu\s?|t)(?P<number>[2-7])|thu\s(?P<word>hai|ba|tu|nam|sau|bay)|chu\snhat|cn)
        (?:\stuan\s(?P<week>nay|sau|toi)|\s(?:nay|toi))?
    )
    (?!\w)
    """,
    re.VERBOSE,
)
_SUNDAY = "cn"
_WEEKDAYS = {
    name: weekday
    for weekday, names in enumerate(("2 hai", "3 ba", "4 tu", "5 nam", "6 sau", "7 bay", _SUNDAY))
    for name in names.split()
}

_LEAD = re.compile(r"(?:(?:han|moi|la|den|het)\b\s?:?\s?)*")
_BETWEEN = " .,;:-–—"
_COURTESY = re.compile(r"(?:a|nha|nhe)?(?: a)?[ .!]*")


@dataclass(frozen=True, slots=True)
class WrittenDay:
    """A day as it stands in a text.

    Attributes:
        start: where it begins in the text.
        end: where it ends.
        year: None if it was left out.
    """

    start: int
    end: int
    day: int
    month: int
    year: int | None

    def dates(self, years: Iterable[int]) -> Iterator[date]:
        """The dates it may be: in its own year, or else in these; those that there are."""
        for year in years if self.year is None else [self.year]:
            if year >= _FIRST_YEAR:
                try:
                    yield date(year, self.month, self.day)
                except ValueError:
                    continue


def written_days(plain: str, today: date) -> Iterator[WrittenDay]:
    """The days in a text without accents, up to today's by their names, in their order."""
    return (_written(match, today) for match in _DAY.finditer(plain))


def read_day(text: str, today: date) -> date | None:
    """A day that is typed alone, such as a new deadline; without a year it is the next such day, today included.

    None if the text is something else or there is no such day. A day that is written out may lie in the past.
    """
    day, rest = split_day(text, today) or (None, "")
    return day if _COURTESY.fullmatch(unaccented(rest)) else None


def split_day(text: str, today: date) -> tuple[date, str] | None:
    """A day at the beginning, read as by `read_day`, and the rest of the text as it was typed."""
    text = tidy(text)
    plain = unaccented(text)
    lead = _LEAD.match(plain)
    start = lead.end() if lead else 0
    day = None
    if ahead := _AHEAD.match(plain, start):
        day = _day_ahead(ahead, today)
        start = ahead.end()
    if match := _DAY.match(plain, _skip(plain, start)):
        named, start = day, match.end()
        years = range(today.year, today.year + 9)
        written = _written(match, today)
        day = next((found for found in written.dates(years) if written.year or found >= today), None)
        # "Thứ Sáu, 20/11/2021" is a slip if that is a Saturday; which of the two is meant, nobody can tell.
        if day and named and day.weekday() != named.weekday():
            return None
    return (day, text[_skip(plain, start) :]) if day else None


def _skip(text: str, start: int) -> int:
    """Where the next word begins."""
    return len(text) - len(text[start:].lstrip(_BETWEEN))


def _written(match: re.Match[str], today: date) -> WrittenDay:
    if near := match["near"]:
        day = today - timedelta(days=_DAYS_BACK[near.split()[-1]])
        return WrittenDay(match.start(), match.end(), day.day, day.month, day.year)
    year = match["iso_year"] or match["year"] or match["loose_year"]
    if short := match["short_year"]:
        year = f"20{short}"
    return WrittenDay(
        match.start(),
        match.end(),
        int(match["iso_day"] or match["day"]),
        int(match["iso_month"] or match["month"]),
        int(year) if year else None,
    )


def _day_ahead(match: re.Match[str], today: date) -> date:
    if soon := match["soon"]:
        return today + timedelta(days=1 if soon.endswith("mai") else 2)
    weekday = _WEEKDAYS[match["number"] or match["word"] or _SUNDAY]
    days = weekday - today.weekday()
    if match["week"]:
        return today + timedelta(days=days if match["week"] == "nay" else days + 7)
    return today + timedelta(days=days if days > 0 else days + 7)
