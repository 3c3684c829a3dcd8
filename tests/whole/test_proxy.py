"""Behind a proxy: the Bot API server has a name that only the proxy knows, and everything goes through it."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.app import build, running
from bot.assembly import StartError
from bot.clock import Clock
from bot.demo import STARTS, Demo
from bot.sandbox.people import Person
from bot.sandbox.server import create_app, serve
from bot.sandbox.world import World
from bot.serving import listening
from bot.settings import Settings
from bot.store.database import open_database
from knowledge.answer import Answerer
from tests.stores import Store
from tests.whole import papers
from tests.whole.town import COORDINATOR, NEWCOMER, Someone, Town

API = "http://api.telegram.invalid"
USER, PASSWORD = "kin", "một-hai"
LET_IN = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


class Proxy:
    """An HTTP proxy that lets in who knows its password, and knows where the Bot API server is."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.passed: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request, wanted = Request(scope, receive), scope["raw_path"].decode()
        if request.headers.get("proxy-authorization") != LET_IN:
            await Response(status_code=407)(scope, receive, send)
            return
        assert wanted.startswith(f"{API}/")
        path = wanted.removeprefix(API)
        self.passed.append(path)
        async with httpx.AsyncClient(trust_env=False, verify=False, timeout=30) as client:
            answer = await client.request(
                request.method, f"{self.server}{path}", content=await request.body(),
                headers={"content-type": request.headers.get("content-type", "")},
            )  # fmt: skip
        await Response(answer.content, answer.status_code, media_type=answer.headers["content-type"])(
            scope, receive, send
        )


@asynccontextmanager
async def _town(answerer: Answerer, store: Store, folder: Path, password: str) -> AsyncIterator[tuple[Town, Proxy]]:
    """A town whose bot reaches Telegram through the proxy only."""
    clock = Clock(STARTS)
    people = [
        Person(id=NEWCOMER, key="an", name="Nguyễn Văn An", started=True),
        Person(id=COORDINATOR, key="ha", name="Hà", started=True),
    ]
    world = World(clock=clock, token="1:sandbox", bot_username="isobot_demo_bot", bot_name="Trợ lý", people=people)
    async with serve(create_app(world)) as url, httpx.AsyncClient(base_url=url, trust_env=False) as http:
        proxy = Proxy(url)
        async with listening(proxy, "127.0.0.1", 0) as at:
            address = at.replace("//", f"//{USER}:{quote(password)}@")
            settings = Settings(
                token=SecretStr("1:sandbox"), api_url=API, proxy=SecretStr(address), data=folder,
                database_url=SecretStr(store.url), coordinators=frozenset({COORDINATOR}),
            )  # fmt: skip
            async with open_database(settings.sqlalchemy_url) as database:
                application = build(settings, answerer, database, clock)
                async with running(application):
                    town = Town(Demo(url, world, application), folder, http, store)
                    await town.awake()
                    yield town, proxy


async def test_questions_answers_and_files_go_through_the_proxy(
    answerer: Answerer, store: Store, tmp_path: Path
) -> None:
    async with _town(answerer, store, tmp_path, PASSWORD) as (town, proxy):
        an: Someone = town.person(NEWCOMER)
        await town.demo.application.bot_data.contacts.link(an.id, "so-xay-dung", "An")
        assert "15/11/2021" in (await an.asks("hạn nộp báo cáo")).text
        [card] = await an.gives("bao-cao.pdf", papers.pdf("bao cao"))
        assert "bao-cao.pdf" in card.text
        for called in ("getUpdates", "sendMessage", "getFile"):
            assert f"/bot1:sandbox/{called}" in proxy.passed
        assert [path for path in proxy.passed if path.startswith("/file/bot1:sandbox/")]


async def test_a_proxy_that_refuses_the_password_is_named_in_one_line(
    answerer: Answerer, store: Store, tmp_path: Path
) -> None:
    with pytest.raises(StartError, match="ISOBOT_PROXY") as told:
        async with _town(answerer, store, tmp_path, "sai"):
            pass
    assert "sai" not in str(told.value)
