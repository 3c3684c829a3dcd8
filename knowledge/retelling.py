"""What people ask of one plan, asked of another: its number, days and places put in, or the question left out."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.brief import Brief
from knowledge.provinces import core
from knowledge.syllables import unaccented
from knowledge.tokens import normalise

# Topics in which the year is that of the plan, and not one of the law's or of the standard's.
_OF_THE_PLAN = ("plan.", "report.", "prepare.", "confirm.", "notice.", "link.", "outside.", "bot.", "chat.", "privacy.")

_ABOUT_ITS_DAYS = ("plan.", "report.", "prepare.")
_SHIPPED_YEAR = 2021

# What only the shipped plan's people, places, papers and counts would make anybody ask; without accents.
_ONLY_THERE = re.compile(
    r"dong xoai|phu rieng|binh long|phuoc long|bu dang|bu dop|bu gia|gia map|chon thanh|dong phu|hon quan|loc ninh"
    r"|bu nho|long ha\b|tien thanh|dong nai|vietq|viet q|bao linh|\bbai bao|\btrang bao|\bbp\b|\bbgm\b|\bbu d\b|\bbd\b"
    r"|kh[- ]skhcn|\bskhcn\b.*\bskhdt|skhcn viet tat|muoi lam|muoi bon|\bram thang"
    r"|muoi mot thang muoi mot|\b11/11\b|\btpdx\b"
    r"|\b(?:31|26|17|20|0?9|0?5)\s*(?:co quan|don vi|so|noi|huyen|ubnd|cq|dv|cho)\b"
    r"|\b(?:bay|chin|muoi bay|ba muoi mot|hai muoi sau)\s+(?:co quan|don vi|so|noi|huyen|cho)\b"
)
_YEAR = re.compile(r"(?<![/.\d-])2021\b")
_YEAR_OF_THE_INSPECTION = re.compile(r"(?i)((?:đợt|kỳ|kế hoạch)(?: kiểm tra)?(?: năm)? )2021\b")
_SHORT = re.compile(r"(?i)\b1813(?:\s?/\s?kh(?:[- ]?s?khcn)?)?\b")
_BEFORE = re.compile(r"\b15\s?([/.-])\s?11\b(?:[/.-](?:2021|21)\b)?")
_LAST = re.compile(r"\b14\s?([/.-])\s?11\b(?:[/.-](?:2021|21)\b)?")
_LAST_WORKING = re.compile(r"\b12\s?([/.-])\s?11\b(?:[/.-](?:2021|21)\b)?")
_IN_WORDS = re.compile(r"(?i)\b15(\s+(?:tháng|thang|thag|thg|th|t)\s?)11\b")
_MONTH = re.compile(r"(?i)\b((?:tháng|thang|th|t)\s?)11\b")
_MONTH_IN_WORDS = re.compile(r"(?i)\btháng mười một\b|\bthang muoi mot\b")
_QUARTER = re.compile(r"(?i)\b(?:quý|quy|q)\s?(?:4|iv|bốn|bon)\b(?:\s*(?:năm|nam|/|-)?\s*2021\b)?")
_PROVINCE = re.compile(r"(?i)bình phước|binh phuoc|binhphuoc")
_WEEKDAY = re.compile(r"\b(?:thu (?:hai|sau|bay|[267])|chu nhat|cn|t[267])\b")
_DAY_ALONE = re.compile(r"(?<![/.\d])\b(15|14)\b(?![/.]\d)")
_TOPIC_OF_THE_DAY = "report.before-15"


@dataclass(frozen=True)
class Retelling:
    """Puts another plan's facts into questions about the shipped one."""

    brief: Brief
    last_working_day: date

    def told(self, text: str, topic: str | None) -> str | None:
        """A question as it would be asked of the other plan; None if nobody would.

        Args:
            text: the question.
            topic: what it is about; None where it is out of scope.
        """
        plain = unaccented(normalise(text))
        own = unaccented(normalise(core(self.brief["province"])))
        if _ONLY_THERE.search(plain) or re.search(rf"\b{re.escape(own)}\b", plain):
            return None
        days = any(pattern.search(text) for pattern in (_BEFORE, _LAST, _LAST_WORKING, _IN_WORDS))
        if _WEEKDAY.search(plain) and (days or (topic == _TOPIC_OF_THE_DAY and _DAY_ALONE.search(text))):
            return None
        number = self._number()
        if _SHORT.search(text):
            # Without a number the question goes on without it, if anything is left to ask.
            text = _SHORT.sub(number, text) if number else _SHORT.sub("", re.sub(r"(?i)\s*\bsố\s+(?=1813)", " ", text))
        text = self._days(text, topic)
        text = _PROVINCE.sub(lambda found: _alike(found[0], core(self.brief["province"])), text)
        if topic is None or topic.startswith(_OF_THE_PLAN):
            if _QUARTER.search(text):
                if not self.brief["period"]:
                    return None
                text = _QUARTER.sub(lambda found: _alike(found[0], self.brief["period"]), text)
            text = _YEAR.sub(str(self._before.year), text)
        text = _YEAR_OF_THE_INSPECTION.sub(rf"\g<1>{self._before.year}", text)
        if topic and topic.startswith(_ABOUT_ITS_DAYS) and "2021" in text and self._before.year != _SHIPPED_YEAR:
            return None
        text = " ".join(text.split())
        return text if re.search(r"\w", text) else None

    @property
    def _before(self) -> date:
        day: date = self.brief["deadline"]
        return day

    def _number(self) -> str:
        return str(self.brief["number"] or "").split("/")[0].strip()

    def _days(self, text: str, topic: str | None) -> str:
        last = self._before - timedelta(days=1)
        for pattern, day in ((_BEFORE, self._before), (_LAST, last), (_LAST_WORKING, self.last_working_day)):
            text = pattern.sub(_written(day), text)
        text = _IN_WORDS.sub(lambda found: f"{self._before.day}{found[1]}{self._before.month}", text)
        if topic == _TOPIC_OF_THE_DAY:
            text = _DAY_ALONE.sub(lambda found: str(self._before.day if found[1] == "15" else last.day), text)
        if topic and topic.startswith(("report.", "plan.")):
            text = _MONTH.sub(lambda found: f"{found[1]}{self._before.month}", text)
            text = _MONTH_IN_WORDS.sub(f"tháng {self._before.month}", text)
        return text


def _written(day: date) -> Callable[[re.Match[str]], str]:
    """A day as the one it takes the place of was written: with its separators, with or without a year."""

    def write(found: re.Match[str]) -> str:
        sign = found[1]
        year = f"{sign}{day.year}" if found[0].count(sign) > 1 else ""
        return f"{day.day}{sign}{day.month}{year}"

    return write


def _alike(before: str, after: str) -> str:
    """Without accents or in small letters if what it takes the place of is."""
    if unaccented(normalise(before)) == before.casefold():
        after = unaccented(normalise(after))
    return after.casefold() if before.islower() else after
