"""What a text is compared by: its words, its pairs of words, and letter groups inside words of other languages.

Every feature has a number: words first, then pairs, then letter groups.
"""

from collections.abc import Sequence
from functools import cache
from itertools import chain, pairwise
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
        rows, numbers, counts: for each feature and each text that has it, how often it occurs there; feature by
            feature, and text by text within each.
        kind: how much each feature counts by its kind.
    """

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        vocabulary = dict.fromkeys(chain.from_iterable(texts))
        self._words = {word: number for number, word in enumerate(vocabulary)}
        flat = np.fromiter(map(self._words.__getitem__, chain.from_iterable(texts)), np.int64)
        row = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
        word, word_rows, word_counts = _counted(flat, row, len(texts))
        together = row[1:] == row[:-1]
        codes = (flat[:-1] * len(self._words) + flat[1:])[together]
        code, pair_rows, pair_counts = _counted(codes, row[1:][together], len(texts))
        begins = np.diff(code, prepend=-1) != 0
        self._pairs = code[begins]
        pair = np.cumsum(begins) - 1
        self._grams, grams, gram_rows = self._find_grams(flat, row)
        gram, gram_rows, gram_counts = _counted(grams, gram_rows, len(texts))
        words, pairs = len(self._words), len(self._pairs)
        self.rows: Ints = np.concatenate((word_rows, pair_rows, gram_rows)).astype(np.int32)
        self.numbers: Ints = np.concatenate((word, words + pair, words + pairs + gram)).astype(np.int32)
        self.counts: Floats = np.concatenate((word_counts, pair_counts, gram_counts)).astype(np.float32)
        self.kind: Floats = np.repeat(np.asarray([WORD, PAIR, GRAM], np.float32), [words, pairs, len(self._grams)])

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

    def _find_grams(
        self, flat: NDArray[np.int64], row: NDArray[np.int64]
    ) -> tuple[dict[str, int], NDArray[np.int64], NDArray[np.int64]]:
        """Number the letter groups; each occurrence of one, and the row it stands in."""
        grams: dict[str, int] = {}
        of_word = [[grams.setdefault(gram, len(grams)) for gram in letter_groups(word)] for word in self._words]
        has = np.asarray([bool(numbers) for numbers in of_word], bool)
        places = np.flatnonzero(has[flat]) if len(flat) else flat
        numbers = [of_word[word] for word in flat[places]]
        rows = np.repeat(row[places], [len(group) for group in numbers])
        return grams, np.asarray([number for group in numbers for number in group], np.int64), rows


def _counted(
    features: NDArray[np.int64], rows: NDArray[np.int64], row_count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Each feature with each row it occurs in, in this order, and how often it occurs there."""
    unique, counts = np.unique(features * row_count + rows, return_counts=True)
    return *np.divmod(unique, row_count), counts


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
