"""What memory is taken after many questions by as many people: `python -m tests.bench.memory`.

The bot's own process and database, with a Telegram that answers at once: it would be the slowest part, and it is not
what is measured. It has to be a process of its own, as fresh as a bot's.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from knowledge.answer import Answerer
from knowledge.pack import load
from tests.bench.instant import Bot, instant
from tests.bench.load import questions
from tests.bench.table import Row, keep

AFTER = (1_000, 10_000, 50_000, 100_000)

# So many people ask at the same time.
_AT_ONCE = 64


async def memory() -> list[Row]:
    """Memory after so many questions, each by somebody else."""
    rows: list[Row] = []
    people = iter(range(1_000, 1_000 + AFTER[-1]))
    started, done = time.perf_counter(), 0
    with tempfile.TemporaryDirectory() as folder:
        async with instant(Answerer(load()), Path(folder)) as bot:
            for after in AFTER:
                asking = iter([next(people) for _ in range(after - done)])
                await asyncio.gather(*(_ask(bot, asking) for _ in range(_AT_ONCE)))
                done = after
                rows.append(
                    {
                        "questions": done,
                        "memory, MB": _resident() / 1e6,
                        "database, MB": _stored(Path(folder)) / 1e6,
                        "seconds": time.perf_counter() - started,
                    }
                )
    return rows


async def _ask(bot: Bot, people: Iterator[int]) -> None:
    asked = questions()
    for person in people:
        await bot.hears(person, Random(person).choice(asked))


def _stored(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("isobot.db*"))


def _resident() -> int:
    """The bytes of this process that lie in memory."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    keep("memory", asyncio.run(memory()))
