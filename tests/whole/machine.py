"""The bot as a machine among others: what it serves, and a time of its own that passes when it is told to."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from bot.app import build, running
from bot.clock import Clock
from bot.demo import STARTS, Demo
from bot.sandbox.people import Person
from bot.sandbox.server import create_app, serve
from bot.sandbox.world import World
from bot.settings import Address, Settings
from bot.store.database import open_database
from bot.watchdog import Watchdog
from knowledge.answer import Answerer
from knowledge.pack import load
from tests.stores import FileStore
from tests.whole.town import NEWCOMER, Someone, Town

TOKEN, SECRET = "1:sandbox", "bi-mat_1813"

# A pack of one question: quickly read.
TEA = """
- id: tea
  ask: Phòng trà ở đâu?
  phrasings: [phòng trà ở đâu, uống trà chỗ nào]
  answer: Phòng trà ở <b>tầng 2</b>.
"""
QUESTION, ANSWER = "phòng trà ở đâu", "Phòng trà ở tầng 2."


@dataclass
class Seconds:
    """Seconds that pass when they are told to."""

    passed: float = 0.0

    def __call__(self) -> float:
        return self.passed


@dataclass(frozen=True)
class Machine:
    """A running bot, seen from outside.

    Attributes:
        seconds: the machine's own time, which stands still.
        http: a client of what the bot serves.
        hook: the path of the webhook.
    """

    town: Town
    seconds: Seconds
    http: httpx.AsyncClient
    hook: str

    @property
    def world(self) -> World:
        return self.town.world

    @property
    def an(self) -> Someone:
        return self.town.person(NEWCOMER)

    async def health(self) -> tuple[int, dict[str, Any]]:
        """What /healthz answers."""
        response = await self.http.get("/healthz")
        return response.status_code, response.json()

    async def why(self, part: str) -> str | None:
        """What is wrong with a part; nothing, if /healthz says so as a whole."""
        status, said = await self.health()
        assert (status == 200) is said["ok"] is all(one["ok"] for one in said.values() if isinstance(one, dict))
        why: str | None = said[part]["why"]
        return why

    async def measures(self) -> dict[tuple[str, ...], float]:
        """What /metrics tells, by name and the values of the labels in their order."""
        response = await self.http.get("/metrics")
        assert response.is_success
        families = text_string_to_metric_families(response.text)
        samples = [sample for family in families for sample in family.samples]
        return {(sample.name, *sample.labels.values()): sample.value for sample in samples}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def tea_room(folder: Path) -> Answerer:
    """Knows where tea is to be had."""
    topics = folder / "pack" / "topics"
    topics.mkdir(parents=True)
    (topics / "tea.yaml").write_text(TEA, "utf-8")
    return Answerer(load(folder / "pack"))


@asynccontextmanager
async def telegram() -> AsyncIterator[tuple[str, World]]:
    """A Telegram on this machine with one person at it."""
    an = Person(id=NEWCOMER, key="an", name="An", started=True)
    world = World(clock=Clock(STARTS), token=TOKEN, bot_username="isobot_demo_bot", bot_name="Trợ lý", people=[an])
    world.webhook.first_pause = 0.001
    async with serve(create_app(world)) as url:
        yield url, world


@asynccontextmanager
async def machine(
    url: str, world: World, folder: Path, answerer: Answerer, *, port: int, by_webhook: bool,
    watchdog: Watchdog | None = None,
) -> AsyncIterator[Machine]:  # fmt: skip
    """The bot, started at a Telegram."""
    at = f"http://127.0.0.1:{port}"
    settings = Settings(
        token=SecretStr(TOKEN), api_url=url, data=folder / "data", proxy=None, database_url=None,
        coordinators=frozenset(), listen=Address("127.0.0.1", port),
        webhook_url=f"{at}/telegram/hook" if by_webhook else None,
        webhook_secret=SecretStr(SECRET) if by_webhook else None,
    )  # fmt: skip
    seconds = Seconds()
    client = httpx.AsyncClient(base_url=at, trust_env=False, verify=False)
    sandbox = httpx.AsyncClient(base_url=url, trust_env=False, verify=False)
    async with open_database(settings.sqlalchemy_url) as database, client as http, sandbox as page:
        application = build(settings, answerer, database, world.clock, seconds)
        async with running(application, watchdog):
            town = Town(Demo(url, world, application), settings.data, page, FileStore(settings.data / "isobot.db"))
            yield Machine(town, seconds, http, "/telegram/hook")
