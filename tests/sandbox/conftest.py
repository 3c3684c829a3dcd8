"""A sandbox on a free port of this machine, and the two who talk to it: the page's HTTP client and the real bot."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime

import httpx
import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.clock import LOCAL, Clock
from bot.sandbox import actions
from bot.sandbox.server import create_app, serve
from bot.sandbox.world import Person, World
from tests.sandbox.cast import AN, BINH, QUICK, TOKEN, Until


@pytest.fixture
def world() -> World:
    """Two people, of whom the first has started the bot."""
    world = World(
        clock=Clock(datetime(2021, 11, 8, 8, 0, tzinfo=LOCAL)),
        token=TOKEN,
        bot_username="isobot_demo_bot",
        bot_name="Trợ lý ISO 9001",
        people=[
            Person(id=AN, key="newcomer", name="Nguyễn Văn An", username="an_nguyen", note="Người mới"),
            Person(id=BINH, key="contact", name="Trần Thị Bình"),
        ],
    )
    actions.write(world, world.people[AN], "/start")
    world.updates.clear()
    return world


@pytest.fixture
def an(world: World) -> Person:
    """Somebody who has started the bot."""
    return world.people[AN]


@pytest.fixture
def binh(world: World) -> Person:
    """Somebody who has not."""
    return world.people[BINH]


@pytest.fixture
async def url(world: World) -> AsyncIterator[str]:
    """Where the sandbox is served."""
    async with serve(create_app(world)) as address:
        yield address


@pytest.fixture
async def http(url: str) -> AsyncIterator[httpx.AsyncClient]:
    """What the page speaks with."""
    async with httpx.AsyncClient(base_url=url, trust_env=False, verify=False) as client:
        yield client


@pytest.fixture
async def bot(url: str) -> AsyncIterator[Bot]:
    """The real library, pointed at the sandbox."""
    requests = [HTTPXRequest(httpx_kwargs=QUICK) for _ in range(2)]
    async with Bot(TOKEN, f"{url}/bot", f"{url}/file/bot", request=requests[0], get_updates_request=requests[1]) as bot:
        yield bot


@pytest.fixture
def spans_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without this the library warns whenever somebody asks for the time to wait."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def until(world: World) -> Until:
    """Wait until something holds, looking again whenever something has happened."""

    async def wait(holds: Callable[[], bool]) -> None:
        number = world.events.last
        async with asyncio.timeout(10):
            while not holds():
                async for event in world.events.follow(number):
                    number = event.number
                    break

    return wait
