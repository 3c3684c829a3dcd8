"""The bot stops and starts again: what it remembers is in the file, what people sent meanwhile waits at Telegram."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from bot.app import build, running
from bot.assembly import StartError
from bot.clock import Clock
from bot.demo import STARTS, Demo
from bot.sandbox.people import Person
from bot.sandbox.server import create_app, serve
from bot.sandbox.world import World
from bot.settings import Settings
from bot.store import seat
from bot.store.database import open_database
from knowledge.answer import Answerer
from tests.stores import Store
from tests.whole.town import COORDINATOR, NEWCOMER, Someone, Town, labels, until

Run = Callable[[], AbstractAsyncContextManager[Town]]


@pytest.fixture
async def run(answerer: Answerer, store: Store, tmp_path: Path) -> AsyncIterator[Run]:
    """Each call starts the bot anew, at the same Telegram and on the same file."""
    clock = Clock(STARTS)
    people = [
        Person(id=NEWCOMER, key="an", name="An", started=True),
        Person(id=COORDINATOR, key="ha", name="Hà", started=True),
    ]
    world = World(clock=clock, token="1:sandbox", bot_username="isobot_demo_bot", bot_name="Trợ lý", people=people)
    async with serve(create_app(world)) as url, httpx.AsyncClient(base_url=url, trust_env=False) as http:
        settings = Settings(
            token=SecretStr("1:sandbox"), api_url=url, data=tmp_path, coordinators=frozenset({COORDINATOR}),
            proxy=None, database_url=SecretStr(store.url),
        )  # fmt: skip

        @asynccontextmanager
        async def start() -> AsyncIterator[Town]:
            async with open_database(settings.sqlalchemy_url) as database:
                application = build(settings, answerer, database, clock)
                async with running(application):
                    town = Town(Demo(url, world, application), tmp_path, http, store)
                    await town.awake()
                    yield town

        yield start


async def test_questions_outlive_a_restart(run: Run) -> None:
    async with run() as town:
        an = town.person(NEWCOMER)
        await an.presses(await an.asks("thời tiết hôm nay"), "Chuyển câu hỏi")
        remembered = town.remembered()
    async with run() as town:
        assert town.remembered() == remembered
        assert "thời tiết hôm nay" in (await town.person(COORDINATOR).asks("/hopthu")).text


async def test_buttons_from_before_a_restart_work_after_it(run: Run) -> None:
    async with run() as town:
        answer = await town.person(NEWCOMER).asks("hạn nộp báo cáo là ngày nào")
    async with run() as town:
        an = town.person(NEWCOMER)
        await an.presses(answer, "Hữu ích")
        assert "Hữu ích" not in labels(answer)
        assert [row["rating"] for row in town.questions_of(an)] == ["helpful"]


async def test_what_is_asked_while_the_bot_is_down_is_answered_when_it_is_back(run: Run) -> None:
    async with run() as town:
        an = town.person(NEWCOMER)
    await an.writes("hạn nộp báo cáo là ngày nào")
    async with run():
        await until(an.heard)
    assert ["15/11/2021" in reply.text for reply in an.heard()] == [True]


async def test_nothing_is_answered_twice_after_a_restart(run: Run) -> None:
    async with run() as town:
        an: Someone = town.person(NEWCOMER)
        await an.asks("/han")
    async with run() as town:
        await town.person(NEWCOMER).says("/chude")
    assert len(an.heard()) == 2


async def test_the_menus_are_set_anew_at_each_start(run: Run) -> None:
    for _ in range(2):
        async with run() as town:
            town.world.calls.clear()
    async with run() as town:
        scopes = [call.params["scope"]["type"] for call in town.world.called("setMyCommands")]
        assert scopes == ["all_private_chats", "all_group_chats", "chat"]


async def test_stopping_confirms_what_was_handled(run: Run) -> None:
    async with run() as town:
        await town.person(NEWCOMER).asks("/han")
        world = town.world
    assert len(world.updates) == 0


async def test_a_second_bot_on_the_same_file_does_not_start(
    run: Run, database_kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database_kind != "sqlite":
        pytest.skip("on a server several bots may run")
    monkeypatch.setattr(seat, "_HANDOVER", 0.05)
    async with run() as town:
        with pytest.raises(StartError, match="Một bot khác đang chạy"):
            async with run():
                pass
        assert "15/11/2021" in (await town.person(NEWCOMER).asks("/han")).text, "the first one goes on"
