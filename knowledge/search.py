"""A question → the topics it may mean, best first, with what the confidence is judged by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.features import Floats, Said
from knowledge.index import Index, Likeness
from knowledge.vietnamese import Reading, Word

# The nearest phrasing and all phrasings together count the same; how likely the topic's words are counts twice that.
# Measured on unseen questions: likeness alone is right 3 to 5 points less often.
LIKELIHOOD_SHARE = 2.0

# At most this much of the score comes from the accented view; less the fewer accents were typed.
ACCENTED_SHARE = 0.5

# A lead of this many standard deviations is a clear one.
FAR = 4.0

# How many topics a search returns.
BEST = 12


@dataclass(frozen=True, slots=True)
class Ranked:
    """One topic's standing for a question: its share of the belief in all topics, 0 to 1."""

    topic: str
    share: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a question's best match, as numbers between 0 and 1 wherever possible.

    Attributes:
        values: in the order of `FEATURES`.
    """

    values: tuple[float, ...]


FEATURES = (
    "nearest",  # likeness of the best topic's nearest phrasing
    "centre",  # likeness of all its phrasings together
    "margin",  # by how much it leads the second topic, all in all
    "nearest_margin",  # the same, of the nearest phrasing alone (negative: another topic's is nearer)
    "centre_margin",  # the same, of all phrasings together
    "outside",  # by how much the best outside entry leads it (negative: is behind it)
    "outside_nearest",  # the same, of the nearest phrasing alone
    "covered",  # rarity-weighted share of the question's words that the topic uses
    "unknown",  # share of the question's words that nobody uses, as typed
    "unsaid",  # rarity-weighted share of its words and pairs of words that no entry says
    "foreign",  # the same, of those that only outside entries say
    "length",  # of the question: short ones say little
    "agreement",  # in how many of two other views the same topic is best
)

# A question of this many words is long; beyond it length tells nothing more.
LONG = 12


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of a search.

    Attributes:
        ranked: topics and entries on what is not covered, best first.
        inside: the topics alone, best first.
        evidence: what the confidence is judged by.
    """

    ranked: tuple[Ranked, ...]
    inside: tuple[Ranked, ...]
    evidence: Evidence

    @property
    def outside_leads(self) -> bool:
        """Whether what is not covered fits the question better than any topic."""
        return not self.inside or self.ranked[0] != self.inside[0]


NOTHING = Found((), (), Evidence((0.0,) * len(FEATURES)))


class Search:
    """Finds topics by their phrasings.

    Args:
        phrasings: topic id → its phrasings as read, agencies marked.
        outside: ids of the entries that describe what is not covered.
    """

    def __init__(self, phrasings: Mapping[str, Sequence[Sequence[Word]]], outside: frozenset[str]) -> None:
        # A phrasing without a single word cannot be found by anything.
        readable = {topic: [words for words in group if words] for topic, group in phrasings.items()}
        readable = {topic: group for topic, group in readable.items() if group}
        self._topics = list(readable)
        self._numbers = {topic: number for number, topic in enumerate(self._topics)}
        lengths = [len(words) for group in readable.values() for words in group]
        owners = [number for number, group in enumerate(readable.values()) for _ in group]
        self._is_outside = np.asarray([topic in outside for topic in self._topics])
        said = [word for group in readable.values() for words in group for word in words]
        self._plain = Index([word.plain for word in said], lengths, owners, self._is_outside)
        self._accented = Index([word.accented for word in said], lengths, owners, self._is_outside)
        self._words_of = [{word.plain for words in group for word in words} for group in readable.values()]

    def find(self, reading: Reading, words: Sequence[Word], favoured: Mapping[str, float]) -> Found:
        """Rank the topics for a question.

        Args:
            reading: the question as read.
            words: its words with agencies marked.
            favoured: topics that what was said before speaks for, and by how many standard deviations.
        """
        if self._is_outside.all() or not any(self._plain.knows(word.plain) for word in words):
            return NOTHING
        said = self._plain.said([word.plain for word in words])
        likeness = self._compare(said, words, reading.accented_share)
        scores = _standard(likeness.nearest + likeness.centre) + LIKELIHOOD_SHARE * _standard(likeness.likelihood)
        for topic, bonus in favoured.items():
            if topic in self._numbers:
                scores[self._numbers[topic]] += bonus
        order = np.argsort(-scores, kind="stable")
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        inside = order[~self._is_outside[order]]
        return Found(
            ranked=tuple(Ranked(self._topics[number], float(shares[number])) for number in order[:BEST]),
            inside=tuple(Ranked(self._topics[number], float(shares[number])) for number in inside[:BEST]),
            evidence=self._evidence(reading, words, said, likeness, scores, order),
        )

    def rarity(self, word: str) -> float:
        """How much a word without accents tells: the more, the fewer phrasings have it."""
        return self._plain.rarity(word)

    def _compare(self, said: Said, words: Sequence[Word], accented_share: float) -> Likeness:
        plain = self._plain.compare(said)
        share = ACCENTED_SHARE * accented_share
        if not share:
            return plain
        accented = self._accented.compare(self._accented.said([word.accented for word in words]))
        return Likeness(*((1 - share) * one + share * other for one, other in zip(plain, accented, strict=True)))

    def _evidence(
        self, reading: Reading, words: Sequence[Word], said: Said, likeness: Likeness, scores: Floats,
        order: NDArray[np.intp],
    ) -> Evidence:  # fmt: skip
        inside = order[~self._is_outside[order]]
        outside = order[self._is_outside[order]]
        best = int(inside[0])
        likest = np.where(self._is_outside, -1, likeness.nearest)
        closest = np.where(self._is_outside, -1, likeness.centre)
        plain = [word.plain for word in words]
        rarities = [self._plain.rarity(word) for word in plain]
        used = sum(rarity for word, rarity in zip(plain, rarities, strict=True) if word in self._words_of[best])
        return Evidence(
            (
                float(likeness.nearest[best]),
                float(likeness.centre[best]),
                _bounded(scores[best] - scores[inside[1]]) if len(inside) > 1 else 1.0,
                _lead(np.where(self._is_outside, 0, likeness.nearest), best),
                _lead(np.where(self._is_outside, 0, likeness.centre), best),
                _bounded(scores[outside[0]] - scores[best]) if len(outside) else -1.0,
                float(likeness.nearest[outside].max() - likeness.nearest[best]) if len(outside) else -1.0,
                used / (sum(rarities) or 1.0),
                len(reading.unknown) / (len(words) or 1),
                *self._plain.strangeness(said),
                min(len(words), LONG) / LONG,
                float(np.argmax(likest) == best) + float(np.argmax(closest) == best),
            )
        )


def _bounded(lead: float) -> float:
    """A lead in standard deviations between -1 and 1: beyond a few of them more means nothing more."""
    return float(np.tanh(lead / FAR))


def _lead(values: Floats, number: int) -> float:
    """By how much one value is ahead of the best other."""
    others = np.delete(values, number)
    return float(values[number] - (others.max() if len(others) else 0.0))


def _standard(values: Floats) -> Floats:
    """The values as distances from their mean in standard deviations, so that different measures can be added."""
    spread = values.std()
    return (values - values.mean()) / spread if spread else np.zeros_like(values)
