"""Runs the benchmarks, prints them as tables and keeps them in bench/results/."""

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from knowledge.answer import Answerer, Asker
from knowledge.evaluate import FOLDS
from knowledge.pack import Pack, load
from knowledge.topics import Topic
from tests.bench import notices
from tests.bench.peers import Bm25, Engine, FullText, NearestTfidf, Ours, Phrasings, Rapidfuzz
from tests.bench.table import Row, keep

# Each of these in a process of its own, as fresh as the bot's; `python -m tests.bench.load` runs one alone.
ALONE = ("load", "memory", "big")

SIZES = (1_000, 10_000, 100_000)


def main() -> None:
    """Everything, in a quarter of an hour."""
    # First, while the process is as fresh as the bot's own at its start.
    keep("shipped", shipped())
    pack = load()
    keep("accuracy", accuracy(pack))
    keep("speed", speed(pack))
    keep("notices", notices.rates())
    keep("kills", notices.kills())
    for name in ALONE:
        subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], check=True)


def accuracy(pack: Pack) -> list[Row]:
    """The right topic first, and among three, for phrasings held out: one fold for everybody."""
    kept = {
        topic.id: topic.model_copy(
            update={"phrasings": tuple(text for n, text in enumerate(topic.phrasings) if n % FOLDS) or topic.phrasings}
        )
        for topic in pack.topics.values()
    }
    asked = [(topic.id, text) for topic in pack.topics.values() for text in topic.phrasings[::FOLDS]]
    engines = engines_for(replace(pack, topics=kept))
    rows: list[Row] = []
    for name, engine in engines.items():
        found = [(right, engine.best(text, 3)) for right, text in asked]
        first = sum(best[:1] == [right] for right, best in found) / len(asked)
        three = sum(right in best for right, best in found) / len(asked)
        rows.append({"engine": name, "questions": len(asked), "first, %": 100 * first, "in three, %": 100 * three})
    return rows


def speed(pack: Pack) -> list[Row]:
    """The median time of one question over bases of growing size."""
    rows: list[Row] = []
    for size in SIZES:
        large = grown(pack, size)
        asked = [text for topic in pack.topics.values() for text in topic.phrasings[:1]]
        asked = random.Random(size).sample(asked, 30 if size < SIZES[-1] else 10)
        engines = engines_for(large)
        times = {name: median_ms(partial(engine.best, count=3), asked) for name, engine in engines.items()}
        whole = times["rapidfuzz WRatio"]
        rows += [
            {"engine": name, "phrasings": size, "median, ms": spent, "share of WRatio's": spent / whole}
            for name, spent in times.items()
        ]
    return rows


def shipped() -> list[Row]:
    """The shipped pack: made ready, and answering."""
    started = time.perf_counter()
    pack = load()
    answerer = Answerer(pack)
    ready = time.perf_counter() - started
    assert pack.plan
    asker = Asker(pack.plan.known_since)
    asked = [text for topic in pack.topics.values() for text in topic.phrasings[::5]]
    spent = sorted(timed(lambda text: answerer.ask(text, asker), text) for text in asked)
    return [
        {
            "engine": "isobot",
            "ready, s": ready,
            "median, ms": statistics.median(spent),
            "p99, ms": spent[int(len(spent) * 0.99)],
            "questions": len(asked),
        }
    ]


def engines_for(pack: Pack) -> dict[str, Engine]:
    """Our search and its peers over the same phrasings."""
    phrasings: Phrasings = [(topic.id, text) for topic in pack.topics.values() for text in topic.phrasings]
    return {
        "isobot": Ours(pack),
        "TF-IDF nearest": NearestTfidf(phrasings),
        "BM25": Bm25(phrasings),
        "SQLite FTS5": FullText(phrasings),
        "rapidfuzz token_set_ratio": Rapidfuzz(phrasings, whole=False),
        "rapidfuzz WRatio": Rapidfuzz(phrasings, whole=True),
    }


def grown(pack: Pack, size: int) -> Pack:
    """A pack of `size` phrasings: the shipped ones with words swapped among themselves, forty a topic."""
    chance = random.Random(7)
    texts = [text.split() for topic in pack.topics.values() for text in topic.phrasings]
    words = sorted({word for text in texts for word in text})
    topics: dict[str, Topic] = {}
    for number in range(size // 40):
        phrasings = []
        for text in chance.choices(texts, k=40):
            mixed = [chance.choice(words) if chance.random() < 0.3 else word for word in text]
            phrasings.append(" ".join(mixed))
        name = f"generated.{number}"
        topics[name] = Topic(id=name, ask=name, phrasings=tuple(phrasings), answer=name)
    return replace(pack, topics=topics)


def median_ms(ask: Callable[[str], object], asked: Sequence[str]) -> float:
    """The median time of one call, in milliseconds."""
    return statistics.median(timed(ask, text) for text in asked)


def timed(ask: Callable[[str], object], text: str) -> float:
    """The time of one call, in milliseconds."""
    started = time.perf_counter()
    ask(text)
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
