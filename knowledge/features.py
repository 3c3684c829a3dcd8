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
    """The features of a question.

    Attributes:
        known, counts: the numbers of those that some text has, and how often they occur in the question.
        unknown: the kinds of those that no text has.
    """

    known: Ints
    counts: NDArray[np.int64]
    unknown: list[float]


class Features:
    """The features of a collection of texts.

    Args:
        words: of all texts, one after the other.
        row: for each word, the number of its text.
        row_count: how many texts there are.

    Attributes:
        rows, numbers, counts: for each feature and each text that has it, how often it occurs there; feature by
            feature, and text by text within each.
        kind: how much each feature counts by its kind.
    """

    def __init__(self, words: Sequence[str], row: NDArray[np.int64], row_count: int) -> None:
        self._words = {word: number for number, word in enumerate(dict.fromkeys(words))}
        flat = np.fromiter(map(self._words.__getitem__, words), np.int64, len(words))
        word, word_rows, word_counts = _counted(flat, row, row_count)
        together = row[1:] == row[:-1]
        codes = (flat[:-1] * len(self._words) + flat[1:])[together]
        code, pair_rows, pair_counts = _counted(codes, row[1:][together], row_count)
        begins = np.diff(code, prepend=-1) != 0
        self._pairs = code[begins]
        pair = np.cumsum(begins) - 1
        self._grams, grams, gram_rows = self._find_grams(flat, row)
        gram, gram_rows, gram_counts = _counted(grams, gram_rows, row_count)
        word_count, pair_count = len(self._words), len(self._pairs)
        self.rows: Ints = np.concatenate((word_rows, pair_rows, gram_rows)).astype(np.int32)
        self.numbers: Ints = np.concatenate((word, word_count + pair, word_count + pair_count + gram)).astype(np.int32)
        self.counts: Floats = np.concatenate((word_counts, pair_counts, gram_counts)).astype(np.float32)
        self.kind: Floats = np.repeat(
            np.asarray([WORD, PAIR, GRAM], np.float32), [word_count, pair_count, len(self._grams)]
        )

    def word(self, word: str) -> int | None:
        """The number of a word."""
        return self._words.get(word)

    def of(self, words: Sequence[str]) -> Said:
        """The features of a question."""
        numbers = [self._words.get(word, -1) for word in words]
        known = [number for number in numbers if number >= 0]
        unknown = [WORD] * (len(numbers) - len(known))
        codes = [first * len(self._words) + second for first, second in pairwise(numbers) if first >= 0 and second >= 0]
        pairs = [len(self._words) + place for place in self._places(codes)]
        known += pairs
        unknown += [PAIR] * (max(len(numbers) - 1, 0) - len(pairs))
        for gram in (gram for word in words for gram in letter_groups(word)):
            if gram in self._grams:
                known.append(len(self._words) + len(self._pairs) + self._grams[gram])
            else:
                unknown.append(GRAM)
        return Said(*np.unique(np.asarray(known, np.int32), return_counts=True), unknown)

    def _places(self, codes: list[int]) -> list[int]:
        """The places of those pairs of words that some text has."""
        wanted = np.asarray(codes, np.int64)
        places = self._pairs.searchsorted(wanted)
        within = places < len(self._pairs)
        places, wanted = places[within], wanted[within]
        found: list[int] = places[self._pairs[places] == wanted].tolist()
        return found

    def _find_grams(
        self, flat: NDArray[np.int64], row: NDArray[np.int64]
    ) -> tuple[dict[str, int], NDArray[np.int64], NDArray[np.int64]]:
        """Number the letter groups; each occurrence of one, and the row it stands in."""
        grams: dict[str, int] = {}
        of_words = [[grams.setdefault(gram, len(grams)) for gram in letter_groups(word)] for word in self._words]
        numbers = np.fromiter(chain.from_iterable(of_words), np.int64)
        counts = np.fromiter(map(len, of_words), np.int64)
        starts = np.cumsum(counts) - counts
        return grams, numbers[stretches(starts[flat], counts[flat])], np.repeat(row, counts[flat])


def stretches(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers from each start on, as many as its length says, one stretch after the other."""
    ends = np.cumsum(lengths)
    return np.repeat(starts - ends + lengths, lengths) + np.arange(ends[-1] if len(ends) else 0)


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
