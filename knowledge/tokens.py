"""Text → tokens: one form of every character, then words, document numbers, standards, dates and clauses."""

import re
import unicodedata
from functools import cache, lru_cache

# A question longer than this is a pasted document; what matters stands at its ends, and time must not run away.
LONGEST = 1500

_TOKEN = re.compile(
    r"""
    (?=\d)(?:
        (?P<number>\d+(?:/\d{4})?/[a-zđ][\w&-]*)             # 1813/kh-skhcn, 19/2014/qđ-ttg
      | (?P<standard>\d{3,5}[:-](?:2000|2008|2015|20\d\d)\b)  # 9001:2015
      | (?P<date>\b\d{1,2}\s?[/-]\s?\d{1,2}(?:\s?[/-]\s?\d{2,4})?(?![\d/])|\b\d{1,2}\.\d{1,2}\.(?:20)?\d{2}\b
          |\b\d{1,2}\s+(?:tháng|thang|thag|t|th)\s?\d{1,2}(?:\s+năm\s+\d{4})?\b)
      | (?P<clause>\d+(?:\.\d+)+)                            # 9.3, 8.5.3
    )
    | (?P<word>[^\W_]+(?:[&/][^\W_]+)*)
    """,
    re.VERBOSE,
)
_STRETCHED = re.compile(r"([^\W\d])\1{2,}")
_PLAIN_WORD = re.compile(r"[^\W_]+")
_SIGN = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")
_NUMERIC_OR_JOINED = re.compile(r"[\d&/]")
_LOOSE_MARK = re.compile("[\u0300-\u036f]")
_DIGITS = re.compile(r"\d+")
_FIGURES_GLUED = re.compile(r"(?<=[^\W\d_])(?=\d{3,})")


def normalise(text: str) -> str:
    """NFC, lower case, no control or format characters, single spaces."""
    return tidy(text[:LONGEST].casefold())


def tidy(text: str) -> str:
    """NFC, no control or format characters, single spaces; capitals stay."""
    text = unicodedata.normalize("NFC", text[:LONGEST]).strip()
    if text.isprintable() and "  " not in text and not _LOOSE_MARK.search(text):
        return text
    for char in filter(_is_noise, set(text)):
        text = text.replace(char, " ")
    return " ".join(text.split())


def tokens(text: str) -> list[str]:
    """The words of normalised text, in order; numbers of documents, standards, dates and clauses in one piece each.

    Where there is nothing but emoji, they are the words. A document number is followed by its leading number alone,
    since people shorten "1813/KH-SKHCN" to "1813".
    """
    # Most texts are nothing but words of letters, and this is the quickest way to find them.
    words = text.replace(",", " ").replace("?", " ").split()
    if "".join(words).isalpha():
        return words
    if not _NUMERIC_OR_JOINED.search(text):
        return _PLAIN_WORD.findall(text) or _SIGN.findall(text)
    found: list[str] = []
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup, match.group()
        if kind == "number":
            found += [token, token.split("/", 1)[0]]
        elif kind == "standard":
            found += _DIGITS.findall(token)
        elif kind == "date":
            found += _date(token)
        elif kind == "word" and not token.isalpha():
            found += _FIGURES_GLUED.split(token)
        else:
            found.append(token)
    return found


@lru_cache(maxsize=65536)
def shortened(token: str) -> str:
    """A word without stretched letters: "nhaaa" is "nha"; figures keep theirs."""
    return _STRETCHED.sub(r"\1", token)


@cache
def _is_noise(char: str) -> bool:
    """Control, format, private, surrogate and unassigned characters, and marks that nothing carries."""
    return char < " " or (not char.isascii() and unicodedata.category(char)[0] in "CM")


def _date(token: str) -> list[str]:
    """A day and month (and year) as "15/11"; what cannot be a date is given back as plain numbers."""
    numbers = _DIGITS.findall(token)
    day, month = int(numbers[0]), int(numbers[1])
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return numbers
    return [f"{day}/{month}", *(numbers[2:] if len(numbers) > 2 and len(numbers[2]) == 4 else [])]
