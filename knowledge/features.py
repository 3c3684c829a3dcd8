"""What a text is compared by: its words, its pairs of words, and letter groups inside words of other languages.

Every feature has a number: words first, then pairs, then letter groups.
"""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.syllables import could_be_syllable, folded

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

# How much each kind counts beside the others; found by trying (see docs/decisions.md).
WORD, PAIR, GRAM = 1.0, 0.5, 0.4
SHORTEST_GRAM, LONGEST_GRAM = 3, 5


class Said(NamedTuple):
    """The features of a question: the numbers of those that some text has, and the kinds of those that none has."""

    known: Ints
    unknown: list[float]


class Features:
    """The features of a collection of texts.

    Attributes:
        rows, numbers, counts: for each text and each of its features, how often it occurs there.
        kind: how much each feature counts by its kind.
    """

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        words: dict[str, int] = {}
        flat = np.asarray([words.setdefault(word, len(words)) for text in texts for word in text], np.int64)
        row = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
        self._words = words
        together = row[1:] == row[:-1]
        self._pairs, pair = np.unique((flat[:-1] * len(words) + flat[1:])[together], return_inverse=True)
        self._grams, gram_rows, gram = self._count_grams(flat, row)
        grams_begin = len(words) + len(self._pairs)
        features = np.concatenate((flat, len(words) + pair, grams_begin + gram))
        rows = np.concatenate((row, row[1:][together], gram_rows))
        total = grams_begin + len(self._grams)
        unique, counts = np.unique(rows * total + features, return_counts=True)
        self.rows: Ints = (unique // total).astype(np.int32)
        self.numbers: Ints = (unique % total).astype(np.int32)
        self.counts: Floats = counts.astype(np.float32)
        self.kind: Floats = np.repeat(
            np.asarray([WORD, PAIR, GRAM], np.float32), [len(words), len(self._pairs), len(self._grams)]
        )

    def word(self, word: str) -> int | None:
        """The number of a word."""
        return self._words.get(word)

    def of(self, words: Sequence[str]) -> Said:
        """The features of a question."""
        numbers = [self._words.get(word, -1) for word in words]
        known = [number for number in numbers if number >= 0]
        unknown = [WORD] * (len(numbers) - len(known))
        for first, second in pairwise(numbers):
            pair = self._pair(first, second) if first >= 0 and second >= 0 else None
            if pair is None:
                unknown.append(PAIR)
            else:
                known.append(pair)
        for gram in (gram for word in words for gram in letter_groups(word)):
            if gram in self._grams:
                known.append(len(self._words) + len(self._pairs) + self._grams[gram])
            else:
                unknown.append(GRAM)
        return Said(np.asarray(known, np.int32), unknown)

    def _pair(self, first: int, second: int) -> int | None:
        code = first * len(self._words) + second
        place = int(np.searchsorted(self._pairs, code))
        return len(self._words) + place if place < len(self._pairs) and self._pairs[place] == code else None

    def _count_grams(
        self, flat: NDArray[np.int64], row: NDArray[np.int64]
    ) -> tuple[dict[str, int], NDArray[np.int64], NDArray[np.int64]]:
        """Number the letter groups; the rows they occur in, and which occurs there."""
        grams: dict[str, int] = {}
        of_word = [[grams.setdefault(gram, len(grams)) for gram in letter_groups(word)] for word in self._words]
        has = np.asarray([bool(numbers) for numbers in of_word], bool)
        places = np.flatnonzero(has[flat]) if len(flat) else flat
        numbers = [of_word[word] for word in flat[places]]
        rows = np.repeat(row[places], [len(group) for group in numbers])
        return grams, rows, np.asarray([number for group in numbers for number in group], np.int64)


@cache
def letter_groups(word: str) -> tuple[str, ...]:
    """Letter groups of a word that is no Vietnamese syllable: they tie "flights" to "flight".

    A syllable has nothing inside it that means anything, and its groups only blur the search.
    """
    if not word.isalpha() or could_be_syllable(folded(word)):
        return ()
    edged = f"<{word}>"
    return tuple(
        edged[start : start + length]
        for length in range(SHORTEST_GRAM, LONGEST_GRAM + 1)
        for start in range(len(edged) - length + 1)
    )
