"""Questions that ask the same in nearly the same words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.understanding import Understanding

# How much of two questions, weighted by the rarity of their words, must be the same (measured: docs/decisions.md).
ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class _Gist:
    """What two questions are compared by.

    Attributes:
        words: without accents, and how often each is said.
        weights: how much each tells.
        leading: the topic, or the entry on what is not covered, that fits best.
        exact: what must be the same in both: figures ("điều 8.1", "điều 8.6"), and whether an agency is named.
    """

    words: Counter[str]
    weights: dict[str, float]
    leading: str | None
    exact: frozenset[str]

    def weight(self, words: Counter[str]) -> float:
        return sum(self.weights[word] * count for word, count in words.items())

    def is_like(self, other: "_Gist") -> bool:
        if (self.leading, self.exact) != (other.leading, other.exact):
            return False
        shared = self.weight(self.words & other.words)
        return 2 * shared >= ALIKE * (self.weight(self.words) + other.weight(other.words))


def group_alike(texts: Sequence[str], understanding: Understanding) -> list[list[int]]:
    """The numbers of the texts in groups; each group holds what is like its first, in the order of the texts."""
    gists = {text: _gist(text, understanding) for text in dict.fromkeys(texts)}
    groups: list[list[int]] = []
    for number, text in enumerate(texts):
        own = next((group for group in groups if gists[text].is_like(gists[texts[group[0]]])), None)
        if own is None:
            groups.append([number])
        else:
            own.append(number)
    return groups


def _gist(text: str, understanding: Understanding) -> _Gist:
    understood = understanding.understand(text)
    words = Counter(word.plain for word in understood.words)
    return _Gist(
        words=words,
        weights={word.plain: understanding.rarity(word) for word in understood.words},
        leading=understood.found.ranked[0].topic if understood.found.ranked else None,
        exact=frozenset(word for word in words if word.startswith("@") or any(map(str.isdigit, word))),
    )
