"""An inverted index over short texts: words, pairs of words, and letter groups inside words of other languages.

Built and asked with numpy only. One index holds one view of the texts (accented, or without accents).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.features import Features, Floats, Ints, Said, stretches

# How much a feature that a topic does not have is believed in all the same; found by trying.
SMOOTHING = 0.1


class Postings:
    """For each feature, the rows that have it and with what weight.

    Args:
        rows, features: feature by feature.
        weightings: one or more ways to weight them.
    """

    def __init__(self, rows: Ints, features: Ints, row_count: int, feature_count: int, *weightings: Floats) -> None:
        self._rows = rows
        self._weightings = weightings
        self._starts = np.concatenate(([0], np.cumsum(np.bincount(features, minlength=feature_count))))
        self._row_count = row_count

    def scores(self, features: Ints, weights: Floats) -> list[Floats]:
        """The scalar product of a sparse vector with every row, by each weighting."""
        starts = self._starts[features]
        lengths = self._starts[features + 1] - starts
        where = stretches(starts, lengths)
        rows, weighted = self._rows[where], np.repeat(weights, lengths)
        return [
            np.bincount(rows, weighting[where] * weighted, self._row_count).astype(np.float32)
            for weighting in self._weightings
        ]


class Likeness(NamedTuple):
    """How like a question each owner's texts are; one number an owner.

    Attributes:
        nearest: cosine with its nearest text.
        centre: cosine with all its texts together.
        likelihood: logarithm of how likely its texts' words are to make the question (naive Bayes), up to a constant.
    """

    nearest: Floats
    centre: Floats
    likelihood: Floats


class Index:
    """Texts grouped by owner, to be compared with a question.

    Args:
        words: of all texts, one after the other; texts of one owner stand together.
        lengths: how many words each text has.
        owners: the owner's number of each text, ascending from 0 without gaps.
        foreign: for each owner, whether its texts belong to another subject.
    """

    def __init__(
        self, words: Sequence[str], lengths: Sequence[int], owners: Sequence[int], foreign: NDArray[np.bool_]
    ) -> None:
        text_count = len(lengths)
        self._features = Features(words, np.repeat(np.arange(text_count), lengths), text_count)
        rows, features, counts = self._features.rows, self._features.numbers, self._features.counts
        feature_count = len(self._features.kind)
        owner = np.asarray(owners, np.int32)
        owner_count = len(foreign)
        self._idf = _rarity(features, text_count, feature_count)
        self._unknown_idf = float(np.log1p(text_count)) + 1.0

        weights = (1 + np.log(counts)) * self._idf[features] * self._features.kind[features]
        weights = _normalised(rows, weights, text_count)
        self._texts = Postings(rows, features, text_count, feature_count, weights)
        self._starts = np.searchsorted(owner, np.arange(owner_count))

        # Feature by feature the owners ascend as the rows do, so the texts of one owner stand together.
        of_text = owner[rows]
        none = np.int32(-1)
        begins = np.flatnonzero(np.diff(features, prepend=none) | np.diff(of_text, prepend=none))
        summed = np.add.reduceat(weights, begins, dtype=np.float64)
        of_owner, feature = of_text[begins], features[begins]
        self._only_foreign = np.bincount(feature, ~foreign[of_owner], feature_count) == 0
        centres = _normalised(of_owner, summed, owner_count)
        believed = np.log1p(summed / SMOOTHING).astype(np.float32)
        self._owners = Postings(of_owner, feature, owner_count, feature_count, centres, believed)
        mass = np.bincount(of_owner, summed, owner_count) + SMOOTHING * feature_count
        self._log_mass = np.log(mass).astype(np.float32)

    def said(self, words: Sequence[str]) -> Said:
        """The features of a question."""
        return self._features.of(words)

    def compare(self, said: Said) -> Likeness:
        """How like a question each owner's texts are."""
        features, counts, unsaid = said
        if not len(features):
            empty = np.zeros(len(self._starts), np.float32)
            return Likeness(empty, empty, empty)
        weights = (1 + np.log(counts)) * self._idf[features] * self._features.kind[features]
        # What no text says makes the question longer, and so every text less like it.
        excess = np.square(np.asarray(unsaid) * self._unknown_idf).sum()
        weights = (weights / np.sqrt(np.square(weights).sum() + excess)).astype(np.float32)
        [texts] = self._texts.scores(features, weights)
        centres, believed = self._owners.scores(features, weights)
        return Likeness(np.maximum.reduceat(texts, self._starts), centres, believed - weights.sum() * self._log_mass)

    def strangeness(self, said: Said) -> tuple[float, float]:
        """How much of what is said, weighted by rarity, no text says, and how much only foreign texts say (0 to 1)."""
        features, _, unsaid = said
        weights = self._idf[features] * self._features.kind[features]
        unknown = sum(unsaid) * self._unknown_idf
        total = float(weights.sum()) + unknown
        if not total:
            return 1.0, 0.0
        return unknown / total, float(weights[self._only_foreign[features]].sum()) / total

    def knows(self, word: str) -> bool:
        """Whether some text has this word."""
        return self._features.word(word) is not None

    def rarity(self, word: str) -> float:
        """How rare a word is among the texts; the highest for a word that none of them uses."""
        number = self._features.word(word)
        return self._unknown_idf if number is None else float(self._idf[number])


def _rarity(features: Ints, text_count: int, feature_count: int) -> Floats:
    """Inverse text frequency: a feature that few texts have tells more than one that many have."""
    frequency = np.bincount(features, minlength=feature_count)
    return (np.log((1 + text_count) / (1 + frequency)) + 1).astype(np.float32)


def _normalised(rows: Ints, weights: NDArray[Any], row_count: int) -> Floats:
    norms = np.sqrt(np.bincount(rows, np.square(weights), row_count))
    norms[norms == 0] = 1
    return (weights / norms[rows]).astype(np.float32)
