"""A document as people refer to it in one line: "BC số 123/BC-SXD ngày 10/11/2021"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from knowledge.days import WrittenDay, written_days
from knowledge.syllables import could_be_syllable, unaccented
from knowledge.tokens import tidy
from knowledge.vietnamese import load_slang

LONGEST_NUMBER = 60
# A day without a year that comes this soon is one that has not come yet, not one of last year.
_SOON = timedelta(days=31)


class Problem(StrEnum):
    """What is odd about the day that was written.

    Attributes:
        FUTURE: it has not come yet. Offices date letters ahead, so a day soon to come is taken, a far one is not.
        NO_SUCH_DAY: no calendar has it.
    """

    FUTURE = "future"
    NO_SUCH_DAY = "no_such_day"


@dataclass(frozen=True, slots=True)
class Reference:
    """A document's number and its day, as far as they were written.

    Attributes:
        number: in capitals and without blanks, at most 60 characters.
        problem: what is odd about the day that was written.
    """

    number: str | None
    day: date | None
    problem: Problem | None = None


# The letters of symbols carry no tone: "3/sở" is no number.
_LETTERS = "a-zđăâêôơư"
# "123/BC", "19/2014/QĐ", and the Party's "123-BC/TU"; the parts that may follow come one by one.
_HEAD = re.compile(
    rf"(?<![\w./-])[0-9]{{1,6}}[a-z]?\s?"
    rf"(?:/\s?(?:[0-9]{{4}}\s?/\s?)?|-\s?[{_LETTERS}]{{2,5}}\s?/\s?)[{_LETTERS}][{_LETTERS}0-9]*(?!\w)",
    re.IGNORECASE,
)
_PART = re.compile(rf"(?P<link>\s?[-–]\s?|[/.&]|\s)(?P<word>[{_LETTERS}][{_LETTERS}0-9]*)(?!\w)", re.IGNORECASE)
_BARE_NUMBER = re.compile(
    r"(?:\b(?:so|bao cao|bc|cong van|cv)\s?:?\s?|^)([0-9]{1,6})(?=\s?(?:[,;]|ngay\b|hom\b|$)|\s[0-9]{1,2}[./-])"
)
# "syt", for Sở Y tế, is made as a syllable is, though no word sounds like it.
_VOWELLESS = re.compile(r"[^aeiou]{2,}[^aeiouy]")
_CHAT = frozenset(map(unaccented, load_slang()))

_QUESTION = re.compile(
    r"(?:khi nao|bao gio|tai sao|vi sao|lam sao)\b.*"
    r"|.*\b(?:cho|xin) (?:\w+ ){0,2}hoi\b.*"
    r"|.*\?[ .!…]*"
    r"|(?:.*[^\w/.&-])?(?:gi|j|nao|dau|chua|khong|ko|k|hong|sao|may|ai|bao gio|bao nhieu|bao lau)"
    r"(?: (?:a|vay|the|nhi|ha))*[ .!…]*"
)


@dataclass(frozen=True, slots=True)
class _Number:
    start: int
    end: int
    text: str


def read_reference(text: str, today: date) -> Reference | None:
    """The number and the day of the document that a text names; of several documents, a report's.

    Without a year the day is the last such day. None if there is neither, or the text is a question.
    """
    text = tidy(text)
    plain = unaccented(text)
    if _QUESTION.fullmatch(plain):
        return None
    numbers = [number for number in _numbers(text) if len(number.text) <= LONGEST_NUMBER]
    for number in numbers:
        plain = plain[: number.start] + "#" * (number.end - number.start) + plain[number.end :]
    days = list(written_days(plain, today))
    if not numbers:
        numbers = [_Number(match.start(1), match.end(1), match[1]) for match in _BARE_NUMBER.finditer(plain)][:1]
    if not numbers and not days:
        return None
    if not numbers:
        return Reference(None, *_dated(days[0], today))
    chosen = next((number for number in numbers if "/BC" in number.text), numbers[0])
    written = _day_of(chosen, numbers, days)
    return Reference(chosen.text, *_dated(written, today)) if written else Reference(chosen.text, None)


def _numbers(text: str) -> Iterator[_Number]:
    end = 0
    while head := _HEAD.search(text, end):
        end = head.end()
        number = re.sub(r"\s", "", head[0])
        while (part := _PART.match(text, end)) and _belongs(part, number, text):
            link = part["link"].strip()
            number += ("-" if link in "-–" else link) + part["word"]
            end = part.end()
        yield _Number(head.start(), end, number.upper())


def _belongs(part: re.Match[str], number: str, text: str) -> bool:
    """Whether what follows is a part of the number, and not the next word of the sentence."""
    link, word = part["link"], part["word"]
    if link in {"-", "–", "/", "&"}:
        return True
    if len(word) == 1 or (link == " " and "-" in number):
        return False
    if word.isupper() and (link == "." or not text.isupper()):
        return True
    plain = unaccented(word)
    return plain not in _CHAT and (_VOWELLESS.fullmatch(plain) is not None or not could_be_syllable(plain))


def _day_of(chosen: _Number, numbers: list[_Number], days: list[WrittenDay]) -> WrittenDay | None:
    """The day behind the number and before the next one; of a number that stands alone, also one before it."""
    end = next((number.start for number in numbers if number.start > chosen.start), None)
    behind = [day for day in days if day.start >= chosen.end and (end is None or day.start < end)]
    if behind:
        return behind[0]
    return days[-1] if days and len(numbers) == 1 else None


def _dated(written: WrittenDay, today: date) -> tuple[date | None, Problem | None]:
    dates = list(written.dates(range(today.year + 1, today.year - 9, -1)))
    ahead = next((day for day in dates if today < day and (written.year or day - today <= _SOON)), None)
    if ahead:
        return ahead if ahead - today <= _SOON else None, Problem.FUTURE
    day = next((day for day in dates if day <= today), None)
    return day, None if day else Problem.NO_SUCH_DAY
