"""How people really type: one text → its words in canonical form.

The order matters: NFC and lower case first; document numbers, standards, dates and clauses are set apart before any
guessing; then abbreviations, Telex or VNI leftovers, missing spaces and spelling errors, each only where a word is not
known as it stands.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from pathlib import Path

import yaml
from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.syllables import canonical, could_be_syllable, folded, has_accents
from knowledge.tokens import normalise, shortened, tokens
from knowledge.typing_methods import decode


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text.

    Attributes:
        accented: canonical form with accents, as far as they were typed or are certain.
        plain: canonical form without accents.
        sure: whether the accents are to be relied on (typed, decoded or expanded).
        known: whether the vocabulary knew the word as it was typed.
    """

    accented: str
    plain: str
    sure: bool
    known: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as read: its words, and how much of it was known as typed."""

    words: tuple[Word, ...]
    unknown: tuple[str, ...]

    @property
    def accented_share(self) -> float:
        """The share of words whose accents can be relied on, 0 to 1."""
        return sum(word.sure for word in self.words) / len(self.words) if self.words else 0.0


class Reader:
    """Reads texts with the short forms and the vocabulary of one knowledge base.

    Args:
        short_forms: short form → what it may stand for, likeliest first; forms may be of several words.
    """

    def __init__(self, short_forms: Mapping[str, Sequence[str]]) -> None:
        exact: dict[tuple[str, ...], list[list[Word]]] = {}
        derived: dict[tuple[str, ...], list[list[Word]]] = {}
        for form, meanings in short_forms.items():
            expansions = [[_word(token, sure=True) for token in tokens(normalise(meaning))] for meaning in meanings]
            as_written, *others = _spellings([shortened(token) for token in tokens(normalise(form))])
            exact.setdefault(as_written, expansions)
            for key in others:
                derived.setdefault(key, expansions)
        # "nd" as written means "nội dung", though it could also be "nđ" typed without the bar.
        self._short = derived | exact
        # How long those are that begin with a word, the longest first: most words begin no short form at all.
        self._lengths: dict[str, list[int]] = {}
        for length, first in sorted({(len(form), form[0]) for form in self._short}, reverse=True):
            self._lengths.setdefault(first, []).append(length)
        self._vocabulary: Counter[str] = Counter()
        # The words that stand after a word somewhere in the knowledge base.
        self._followers: defaultdict[str, set[str]] = defaultdict(set)
        self._repairable: list[str] = []
        self._close: dict[str, list[str]] = {}
        # Words as typed that begin no short form and need no guessing: most texts consist of nothing else.
        self._simple: dict[str, Word] = {}

    def learn(self, readings: Iterable[Reading]) -> None:
        """Take the words of the knowledge base as the vocabulary that later texts are repaired to."""
        texts = [[word.plain for word in reading.words] for reading in readings]
        self._vocabulary.update(chain.from_iterable(texts))
        for first, second in chain.from_iterable(map(pairwise, texts)):
            self._followers[first].add(second)
        self._simple = {token: word for token, word in self._simple.items() if word.plain in self._vocabulary}
        self._repairable = [word for word in self._vocabulary if len(word) >= 3 and word.isalpha()]
        self._close.clear()

    def read(self, text: str) -> Reading:
        """The words of a text as people type it."""
        simple_words = self._simple
        typed = list(map(shortened, tokens(normalise(text))))
        words: list[Word] = []
        unknown: list[str] = []
        past = 0
        for position, token in enumerate(typed):
            if position < past:
                continue
            if simple := simple_words.get(token):
                words.append(simple)
                continue
            length, expansions = self._expansions(typed, position)
            past = position + length
            before = words[-1].plain if words else ""
            after = folded(typed[past]) if past < len(typed) else ""
            if expansions:
                words += self._best(expansions, before, after)
                continue
            read = self._read_word(token, before, after)
            if not read[0].known:
                unknown.append(token)
            elif len(read) == 1 and canonical(token) not in self._lengths and not self._vocabulary:
                self._simple[token] = read[0]
            words += read
        return Reading(tuple(words), tuple(unknown))

    def _expansions(self, typed: list[str], position: int) -> tuple[int, list[list[Word]]]:
        """How many words the short form at `position` has, and its meanings; one word and none where there is none."""
        if lengths := self._lengths.get(canonical(typed[position])):
            words = tuple(map(canonical, typed[position : position + lengths[0]]))
            for form in (words[:length] for length in lengths):
                if form in self._short:
                    return len(form), self._short[form]
        return 1, []

    def _best(self, expansions: list[list[Word]], before: str, after: str) -> list[Word]:
        """The meaning whose ends fit the words around it; the likeliest where none fits better."""
        if len(expansions) == 1:
            return expansions[0]

        def fit(meaning: list[Word]) -> int:
            return self._adjoin(before, meaning[0].plain) + self._adjoin(meaning[-1].plain, after)

        return max(expansions, key=fit)

    def _read_word(self, token: str, before: str, after: str) -> list[Word]:
        word = _word(token, sure=has_accents(token))
        if not self._vocabulary or word.plain in self._vocabulary or not token.isalnum():
            return [word]
        if decoded := decode(token):
            return [_word(decoded, sure=True)]
        if token.isdigit():
            return [Word(word.accented, word.plain, word.sure, known=False)]
        if not could_be_syllable(word.plain) and (pieces := self._split(word.plain)):
            return [Word(piece, piece, sure=False) for piece in pieces]
        if repaired := self._repair(word.plain, before, after):
            return [Word(repaired, repaired, sure=False, known=False)]
        return [Word(word.accented, word.plain, word.sure, known=False)]

    def _split(self, plain: str) -> list[str] | None:
        """Known words that make up a glued one ("baocao"), the fewest; None where there are none."""
        if len(plain) < 5 or len(plain) > 40:
            return None
        best: list[list[str] | None] = [None] * (len(plain) + 1)
        best[0] = []
        for end in range(2, len(plain) + 1):
            for start in range(max(0, end - 8), end - 1):
                head = best[start]
                if head is not None and plain[start:end] in self._vocabulary:
                    shortest = best[end]
                    if shortest is None or len(head) + 1 < len(shortest):
                        best[end] = [*head, plain[start:end]]
        return best[-1]

    def _repair(self, plain: str, before: str, after: str) -> str | None:
        """The vocabulary's word one slip of the finger away; None where there is none.

        What could be a word of its own ("bóa") is only taken for another if that one stands beside the same neighbour
        in the knowledge base ("báo cáo"); what cannot be a syllable is taken for the commonest.
        """
        close = self._close_to(plain)
        fitting = [word for word in close if self._adjoin(before, word) or self._adjoin(word, after)]
        if not fitting and len(plain) >= 4 and not could_be_syllable(plain):
            fitting = close
        return max(fitting, key=self._vocabulary.__getitem__, default=None)

    def _adjoin(self, first: str, second: str) -> bool:
        """Whether two words stand beside each other somewhere in the knowledge base."""
        return second in self._followers.get(first, ())

    def _close_to(self, plain: str) -> list[str]:
        if not 3 <= len(plain) <= 20:
            return []
        # Several threads may read at once; what one of them forgets, another shall not look for.
        close = self._close.get(plain)
        if close is None:
            if len(self._close) > 10_000:
                self._close.clear()
            found = process.extract(
                plain, self._repairable, scorer=OSA.distance, processor=None, score_cutoff=1, limit=None
            )
            close = self._close[plain] = [word for word, _, _ in found]
        return close


def load_slang() -> dict[str, list[str]]:
    """The short forms of chat that belong to no subject."""
    path = Path(__file__).with_name("slang.yaml")
    slang: dict[str, list[str]] = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return slang


def _spellings(form: list[str]) -> list[tuple[str, ...]]:
    """The ways a short form is typed: as it stands, with "d" for "đ" and, of several words, without any accents.

    A single word is not stripped of its accents: "rồ" for "rồi" must not make a short form of "ro".
    """
    ways = [tuple(map(canonical, form)), tuple(canonical(token.replace("đ", "d")) for token in form)]
    if len(form) > 1:
        ways.append(tuple(map(folded, form)))
    return list(dict.fromkeys(ways))


@lru_cache(maxsize=65536)
def _word(token: str, *, sure: bool) -> Word:
    return Word(canonical(token), folded(token), sure)
