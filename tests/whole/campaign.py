"""A campaign: the bot on one database, at one Telegram, started and stopped as a test likes, by days of its clock."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from bot import app
from bot.clock import LOCAL, Clock
from bot.demo import Demo
from bot.sandbox.messages import Message
from bot.sandbox.people import Person
from bot.sandbox.server import create_app, serve
from bot.sandbox.world import World
from bot.settings import Settings
from bot.store.database import open_database
from handlers.services import Services
from handlers.ticks import tick
from knowledge.answer import Answerer
from tests.stores import Store
from tests.whole.town import COORDINATOR, Someone, Town, labels, until

# A Monday in October, when the invitations go out.
STARTS = "2021-10-18 09:00"

BINH, MINH, CHAU, DUNG = 2001, 2002, 2003, 2004
PEOPLE = {BINH: "Trần Thị Bình", MINH: "Điểu Minh", CHAU: "Lê Châu", DUNG: "Phan Dũng", COORDINATOR: "Lê Thu Hà"}


_REMINDER = re.compile(r"^[^\n]+: (còn \d+ ngày|hôm nay là ngày|trễ hạn)[^\n]* nộp báo cáo")


def moment(local: str) -> datetime:
    """A local moment like "2021-11-10 08:00"."""
    return datetime.fromisoformat(local).replace(tzinfo=LOCAL)


@dataclass
class Campaign:
    """The world that stays, and the bot that comes and goes."""

    world: World
    clock: Clock
    settings: Settings
    store: Store
    answerer: Answerer
    http: httpx.AsyncClient
    ticks: list[datetime]
    _running: AsyncExitStack = field(default_factory=AsyncExitStack)
    _town: Town | None = None

    @property
    def town(self) -> Town:
        assert self._town is not None, "the bot is not running"
        return self._town

    async def start(self) -> None:
        """Start the bot; it has ticked once when this returns."""
        started = self.clock.now()
        database = await self._running.enter_async_context(open_database(self.settings.sqlalchemy_url))
        application = app.build(self.settings, self.answerer, database, self.clock)
        await self._running.enter_async_context(app.running(application))
        demo = Demo(str(self.http.base_url), self.world, application)
        self._town = Town(demo, self.settings.data, self.http, self.store)
        await self._ticked(started)

    async def stop(self) -> None:
        await self._running.aclose()
        self._town = None

    async def turn_to(self, local: str) -> None:
        """Turn the clock; what is due then has been done, and sent, when this returns."""
        self.clock.turn_to(moment(local))
        if self._town:
            await self._ticked(moment(local))

    async def _ticked(self, since: datetime) -> None:
        await until(lambda: self.ticks and self.ticks[-1] >= since)
        await self.town.settle()

    def person(self, number: int) -> Someone:
        return self.town.person(number)

    async def link(self, number: int, agency: str) -> None:
        """Invite somebody for an agency, by its name; they agree."""
        invitation = await self.person(COORDINATOR).asks(f"/moi {agency}")
        code = invitation.text.split("start=")[1].split()[0]
        await self.person(number).presses(await self.person(number).asks(f"/start {code}"), "Đồng ý")

    async def give(self, number: int, reminder: Message, label: str = "Xác nhận đã nộp") -> None:
        """Confirm from under a reminder."""
        person = self.person(number)
        card = (await person.presses(reminder, label)).replies[-1]
        if "Trục liên thông" in labels(card):
            await person.presses(card, "Trục liên thông")
        await person.presses(card, "Xác nhận")

    def reminders_of(self, number: int) -> list[Message]:
        return [message for message in self.person(number).heard() if _REMINDER.search(message.text)]

    def days_of(self, number: int) -> list[str]:
        """When somebody was reminded."""
        return [f"{message.at.astimezone(LOCAL):%d/%m}" for message in self.reminders_of(number)]

    def digests(self, number: int = COORDINATOR) -> list[Message]:
        return [message for message in self.person(number).heard() if message.text.startswith("Tình hình sáng")]

    def milestones(self, agency: str) -> dict[str, str]:
        """What became of each milestone of an agency."""
        rows = [row for row in self.town.rows("reminders") if row["agency"] == agency]
        return {row["milestone"]: row["why"] or row["outcome"] for row in rows}


@asynccontextmanager
async def open_campaign(
    answerer: Answerer, folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch, at: str = STARTS
) -> AsyncIterator[Campaign]:
    """A campaign with the bot not yet running, and people who have it open."""
    ticks: list[datetime] = []

    async def observed(services: Services) -> None:
        began = services.clock.now()
        await tick(services)
        ticks.append(began)

    monkeypatch.setattr(app, "tick", observed)
    clock = Clock(moment(at))
    people = [Person(id=number, key=str(number), name=name, started=True) for number, name in PEOPLE.items()]
    world = World(clock=clock, token="1:sandbox", bot_username="isobot_demo_bot", bot_name="Trợ lý", people=people)
    async with serve(create_app(world)) as url, httpx.AsyncClient(base_url=url, trust_env=False) as http:
        settings = Settings(
            token=SecretStr("1:sandbox"), api_url=url, data=folder, coordinators=frozenset({COORDINATOR}), proxy=None,
            database_url=SecretStr(store.url),
        )  # fmt: skip
        campaign = Campaign(world, clock, settings, store, answerer, http, ticks)
        try:
            yield campaign
        finally:
            await campaign.stop()
