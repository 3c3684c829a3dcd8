"""Two hundred people asking at once, through HTTP: `python -m tests.bench.load`.

Telegram and the people live in this process; the bot, or the bare echo bot it is measured beside, in one of its own.
Each person asks a question of the pack's set, and the next one as soon as the answer is there.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

from bot.clock import Clock
from bot.demo import STARTS
from bot.sandbox import actions
from bot.sandbox.chats import Chat
from bot.sandbox.faults import Fault
from bot.sandbox.messages import Message
from bot.sandbox.people import BotAccount, Person
from bot.sandbox.server import create_app, serve
from bot.sandbox.world import World
from knowledge.pack import find
from knowledge.questions import read_questions
from tests.bench import echo
from tests.bench.table import Row, keep

PEOPLE = 200
ROUNDS = 2
NETWORKS = (0.0, 0.05)
# Questions until most templates have been used once, or an echo bot has got going, and seconds that are measured then.
WARM_UP, OF_AN_ECHO, MEASURED = 1_000, 200, 8.0

_ISOBOT = Path(sys.executable).with_name("isobot")
_TOKEN = "1:sandbox"
OURS = "isobot"


@dataclass
class Run:
    """What was measured of one bot.

    Attributes:
        rates: questions answered a second, one for each run.
        costs: seconds of computing a question took the bot, one for each run.
        waits: how long each person waited for each answer, in seconds.
        asking: the share of a core that Telegram and the people took, the largest.
    """

    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    asking: float = 0.0


class _Crowd(World):
    """A Telegram whose people ask on as soon as they are answered."""

    def __init__(self, questions: Sequence[str], **options: Any) -> None:
        super().__init__(**options)
        self.waits: list[float] = []
        self._asked: dict[int, float] = {}
        order = Random(1813)
        self._questions = cycle(order.sample(questions, len(questions)))

    def ask(self, person: Person) -> None:
        """Somebody asks the next question."""
        self._asked[person.id] = time.perf_counter()
        actions.write(self, person, next(self._questions))

    def post(self, chat: Chat, sender: Person | BotAccount, **content: Any) -> Message:
        """An answer leads to the next question."""
        message = super().post(chat, sender, **content)
        if sender is self.bot:
            self.waits.append(time.perf_counter() - self._asked[chat.id])
            # The bot has its reply before Telegram tells it of the next message.
            asyncio.get_running_loop().call_soon(self.ask, self.people[chat.id])
        return message


def rates() -> list[Row]:
    """Our bot and the echo bot by turns, without and with a network between them and Telegram."""
    runs: dict[tuple[float, str], Run] = {}
    for network in NETWORKS:
        for bot in [OURS, *echo.ORDERS] * ROUNDS:
            asyncio.run(measure(bot, network, runs.setdefault((network, bot), Run())))
    return [_row(runs, network, bot) for network, bot in runs]


def _row(runs: dict[tuple[float, str], Run], network: float, bot: str) -> Row:
    run = runs[network, bot]
    rate = statistics.mean(run.rates)
    best = max(statistics.mean(one.rates) for (there, name), one in runs.items() if there == network and name != OURS)
    waits = sorted(run.waits)
    return {
        "bot": bot if bot == OURS else f"echo, {bot}",
        "network, ms": 1000 * network,
        "questions/s": rate,
        "share of best echo, %": 100 * rate / best,
        "p50, ms": 1000 * statistics.median(waits),
        "p99, ms": 1000 * waits[int(len(waits) * 0.99)],
        "computing, ms": 1000 * statistics.mean(run.costs),
        "asking, % of a core": 100 * run.asking,
    }


async def measure(bot: str, network: float, run: Run) -> None:
    """Let people ask a bot, and note what was measured.

    Args:
        bot: ours, or the order in which the echo bot works.
        network: seconds to Telegram.
        run: takes what was measured.
    """
    people = [Person(id=1000 + n, key=f"p{n}", name=f"Người {n}", started=True) for n in range(PEOPLE)]
    world = _Crowd(
        questions(), clock=Clock(STARTS), token=_TOKEN, bot_username="isobot_demo_bot", bot_name="Trợ lý",
        people=people,
    )  # fmt: skip
    if network:
        world.faults.append(Fault("delay", probability=1, seconds=network))
    async with serve(create_app(world)) as url, _running(bot, url) as process:
        # Whoever asks first waits for the bot to start; that is not measured.
        for person in people:
            world.ask(person)
        async with asyncio.timeout(120):
            while len(world.waits) < (WARM_UP if bot == OURS else OF_AN_ECHO):  # noqa: ASYNC110 - the bot is another process
                await asyncio.sleep(0.05)
        world.waits.clear()
        started, asking, answering = time.perf_counter(), time.process_time(), _computed(process.pid)
        await asyncio.sleep(MEASURED)
        took = time.perf_counter() - started
        run.rates.append(len(world.waits) / took)
        run.costs.append((_computed(process.pid) - answering) / len(world.waits))
        run.waits += world.waits
        run.asking = max(run.asking, (time.process_time() - asking) / took)


@asynccontextmanager
async def _running(bot: str, url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("ISOBOT_")}
        settings = {
            "ISOBOT_DATA": folder,
            "ISOBOT_TOKEN": _TOKEN,
            "ISOBOT_API_URL": url,
            "ISOBOT_AT": "2021-11-08T08:00",
        }
        command = [_ISOBOT, "run"] if bot == OURS else [sys.executable, "-m", "tests.bench.echo", url, _TOKEN, bot]
        process = await asyncio.create_subprocess_exec(
            *command, env=kept | settings, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield process
        finally:
            process.terminate()
            await process.wait()


def _computed(process: int) -> float:
    """How many seconds a process has computed so far."""
    user, system = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def questions() -> list[str]:
    return [question.text for question in read_questions(find("binh-phuoc-2021") / "questions.jsonl")]


if __name__ == "__main__":
    keep("load", rates())
