"""Other ways to find a topic, as people would build them: the peers our search is measured beside."""

import sqlite3
from collections.abc import Sequence
from typing import Protocol

import bm25s
import numpy as np
from rapidfuzz import fuzz, process, utils
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_union

from knowledge.pack import Pack
from knowledge.understanding import Understanding


class Engine(Protocol):
    """Finds topics for a question."""

    def best(self, text: str, count: int) -> list[str]:
        """The best topics, best first."""
        ...


Phrasings = Sequence[tuple[str, str]]


class Ours:
    """The search of this project."""

    def __init__(self, pack: Pack) -> None:
        self._understanding = Understanding(pack)

    def best(self, text: str, count: int) -> list[str]:
        """The best topics, best first."""
        return [entry.topic for entry in self._understanding.understand(text).found.ranked[:count]]


class Rapidfuzz:
    """rapidfuzz over all phrasings, with its own preparation of texts."""

    def __init__(self, phrasings: Phrasings, *, whole: bool) -> None:
        self._topics = [topic for topic, _ in phrasings]
        self._texts = [utils.default_process(text) for _, text in phrasings]
        self._scorer = fuzz.WRatio if whole else fuzz.token_set_ratio

    def best(self, text: str, count: int) -> list[str]:
        """The topics of the phrasings most alike."""
        found = process.extract(utils.default_process(text), self._texts, scorer=self._scorer, limit=10 * count)
        return list(dict.fromkeys(self._topics[number] for _, _, number in found))[:count]


class Bm25:
    """BM25 over all phrasings (bm25s)."""

    def __init__(self, phrasings: Phrasings) -> None:
        self._topics = [topic for topic, _ in phrasings]
        self._index = bm25s.BM25()
        self._index.index([utils.default_process(text).split() for _, text in phrasings], show_progress=False)

    def best(self, text: str, count: int) -> list[str]:
        """The topics of the phrasings ranked best."""
        words = [word for word in utils.default_process(text).split() if word in self._index.vocab_dict]
        if not words:
            return []
        found, _ = self._index.retrieve([words], k=min(10 * count, len(self._topics)), show_progress=False)
        return list(dict.fromkeys(self._topics[number] for number in found[0]))[:count]


class NearestTfidf:
    """The nearest phrasing by TF-IDF on letter groups inside words and on words (scikit-learn), accents folded."""

    def __init__(self, phrasings: Phrasings) -> None:
        self._topics = [topic for topic, _ in phrasings]
        self._vectors = make_union(
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, strip_accents="unicode"),
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, strip_accents="unicode"),
        )
        self._texts = self._vectors.fit_transform([text for _, text in phrasings])

    def best(self, text: str, count: int) -> list[str]:
        """The topics of the nearest phrasings."""
        likeness = (self._texts @ self._vectors.transform([text]).T).toarray().ravel()
        order = np.argsort(-likeness)[: 10 * count]
        return list(dict.fromkeys(self._topics[number] for number in order))[:count]


class FullText:
    """SQLite's full-text index, which folds accents by itself (all but đ)."""

    def __init__(self, phrasings: Phrasings) -> None:
        self._database = sqlite3.connect(":memory:")
        self._database.execute(
            "CREATE VIRTUAL TABLE phrasings USING fts5(topic UNINDEXED, text, tokenize='unicode61 remove_diacritics 2')"
        )
        self._database.executemany("INSERT INTO phrasings VALUES (?, ?)", phrasings)

    def best(self, text: str, count: int) -> list[str]:
        """The topics of the phrasings ranked best by BM25."""
        words = utils.default_process(text).split()
        if not words:
            return []
        query = " OR ".join(f'"{word}"' for word in words)
        rows = self._database.execute(
            "SELECT topic FROM phrasings WHERE phrasings MATCH ? ORDER BY rank LIMIT ?", (query, 10 * count)
        )
        return list(dict.fromkeys(topic for (topic,) in rows))[:count]
