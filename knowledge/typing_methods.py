"""Telex and VNI leftovers: what was typed with the Vietnamese keyboard switched off ("hanj noopj", "ha5n no65p").

Only a word that is no syllable as it stands and is one after decoding is decoded, so English words, abbreviations and
numbers keep their form.
"""

import unicodedata
from functools import lru_cache

from knowledge.syllables import is_syllable

_TELEX_TONES = {"s": "1", "f": "2", "r": "3", "x": "4", "j": "5"}
_DOUBLED = {"a": "â", "e": "ê", "o": "ô"}
_HORNED = {"a": "ă", "o": "ơ", "u": "ư"}
_VNI = {"6": _DOUBLED, "7": {"o": "ơ", "u": "ư"}, "8": {"a": "ă"}, "9": {"d": "đ"}}
_VOWELS = frozenset("aăâeêioôơuưy")

# Where the tone mark of the written language stands is of no matter: callers compare canonical forms, so the mark
# goes on the first vowel that can carry it.
_MARKS = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}


@lru_cache(maxsize=16384)
def decode(word: str) -> str | None:
    """The Vietnamese word that a lower-case `word` stands for, or None if it is no leftover."""
    if len(word) < 2 or len(word) > 12 or not word[0].isalpha():
        return None
    if not word.isascii():
        # Half-decoded words ("hạnj") happen too, but guessing there does more harm than good.
        return None
    keys = _vni(word) if any(char.isdigit() for char in word) else _telex(word)
    if keys is None:
        return None
    letters, tone = keys
    if letters == word or not is_syllable(letters):
        return None
    if word.isalpha() and is_syllable(word):
        return None
    return _with_tone(letters, tone)


def _telex(word: str) -> tuple[str, str] | None:
    letters: list[str] = []
    tone = ""
    for char in word:
        seen_vowel = any(letter in _VOWELS for letter in letters)
        if char in _TELEX_TONES and seen_vowel:
            tone = _TELEX_TONES[char]
        elif char in _DOUBLED and char in letters and _within_rhyme(letters, char):
            letters[_last(letters, char)] = _DOUBLED[char]
        elif char == "d" and letters[:1] == ["d"]:
            letters[0] = "đ"
        elif char == "w":
            if not _add_horn(letters):
                return None
        else:
            letters.append(char)
    return "".join(letters), tone


def _vni(word: str) -> tuple[str, str] | None:
    if sum(map(str.isalpha, word)) == 1:
        # "a4" is a sheet of paper.
        return None
    letters: list[str] = []
    tone = ""
    for char in word:
        if not char.isdigit():
            letters.append(char)
        elif char in "12345":
            tone = char
        elif char == "7" and _add_horn(letters):
            continue
        else:
            change = _VNI.get(char, {})
            targets = [index for index, letter in enumerate(letters) if letter in change]
            if not targets:
                return None
            letters[targets[-1]] = change[letters[targets[-1]]]
    # "đươc" typed "d9u7o7c": a single 7 after "uo" horns both, a second one finds nothing left to do.
    return "".join(letters), tone


def _add_horn(letters: list[str]) -> bool:
    """Horn or breve the last vowel that takes one; "uo" before a final becomes "ươ" at once."""
    for index in range(len(letters) - 1, -1, -1):
        if letters[index] in _HORNED:
            if letters[index] == "o" and index and letters[index - 1] == "u":
                letters[index - 1] = "ư"
            letters[index] = _HORNED[letters[index]]
            return True
    return bool(letters) and any(letter in "ươă" for letter in letters)


def _within_rhyme(letters: list[str], char: str) -> bool:
    """Whether no more than a final consonant or two stand between the vowel and its doubling ("nghieme")."""
    return len(letters) - _last(letters, char) <= 3


def _last(letters: list[str], char: str) -> int:
    return len(letters) - 1 - letters[::-1].index(char)


def _with_tone(letters: str, tone: str) -> str:
    if not tone:
        return letters
    index = next(i for i, letter in enumerate(letters) if letter in _VOWELS)
    marked = letters[: index + 1] + _MARKS[tone] + letters[index + 1 :]
    return unicodedata.normalize("NFC", marked)
