"""A notice to many people who want news, sent by `isobot run` in a process of its own that can be killed."""

import asyncio
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bot.clock import Clock
from bot.demo import STARTS
from bot.sandbox import actions
from bot.sandbox.messages import Message
from bot.sandbox.people import Person
from bot.sandbox.server import create_app, serve
from bot.sandbox.world import World
from bot.store.database import open_database
from bot.store.notice_tables import Subscriber

ISOBOT = Path(sys.executable).with_name("isobot")
TOKEN = "1:sandbox"
HA, AN, FIRST = 1, 2, 10_000
TEXT = "Họp lúc 14:00"

TEA = """
- id: tea
  ask: Phòng trà ở đâu?
  phrasings: [phòng trà ở đâu, uống trà chỗ nào]
  answer: Phòng trà ở <b>tầng 2</b>.
"""


@dataclass(frozen=True)
class Campaign:
    """A Telegram on this machine, people who want news, and a bot to be started."""

    world: World
    folder: Path
    environment: dict[str, str]
    count: int

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """Run the bot; at the end it is killed where it still runs."""
        process = await asyncio.create_subprocess_exec(
            ISOBOT, "run", cwd=self.folder, env=self.environment,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def send(self) -> Message:
        """Write a notice and send it to everybody who wants news; its card."""
        ha = self.world.people[HA]
        actions.write(self.world, ha, "/thongbao")
        await self.until(lambda: len(self.heard(HA)) == 1)
        actions.write(self.world, ha, TEXT)
        await self.until(lambda: len(self.heard(HA)) == 3)
        card = self.heard(HA)[-1]
        for data, sign in (("na:subscribers", f"{self.count} người"), ("ns", f"{self.count} tin")):
            actions.press(self.world, ha, card.id, data)
            await self.until(lambda sign=sign: sign in card.text)  # type: ignore[misc]
        return card

    def heard(self, person: int) -> list[Message]:
        """The bot's messages to a person."""
        return [one for one in self.world.chats[person].messages.values() if one.sender is self.world.bot]

    def got(self) -> dict[int, int]:
        """How often each person got the notice."""
        people = range(FIRST, FIRST + self.count)
        return {person: len([one for one in self.heard(person) if one.text == TEXT]) for person in people}

    def arrived(self) -> int:
        """How many messages of the notice there are."""
        return sum(len(self.world.chats[person].messages) for person in range(FIRST, FIRST + self.count))

    def rows(self, table: str) -> list[dict[str, Any]]:
        """What a table holds, read from the file itself."""
        with closing(sqlite3.connect(self.folder / "data" / "isobot.db")) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]

    async def send_with_kills(self, moments: Sequence[int]) -> Message:
        """Send the notice; the bot is killed when so many messages have arrived, and started again. Its card."""
        card = None
        for moment in moments:
            async with self.bot() as process:
                card = card or await self.send()
                await self.until(lambda moment=moment: self.arrived() >= moment, every=0.001)  # type: ignore[misc]
                process.kill()
        async with self.bot():
            card = card or await self.send()
            await self.until(self.is_out)
            await self.until(lambda: all(row["is_final"] for row in self.rows("notice_cards")))
        return card

    def is_out(self) -> bool:
        """Whether the notice is done and nothing of it waits."""
        is_done = [row["state"] for row in self.rows("notices")] == ["done"]
        return is_done and not any(row["state"] == "waiting" for row in self.rows("outgoing"))

    @staticmethod
    async def until(holds: Callable[[], object], seconds: float = 60, every: float = 0.005) -> None:
        """Wait until something holds in the sandbox or in the bot's file."""
        async with asyncio.timeout(seconds):
            while not holds():  # noqa: ASYNC110 - the bot is another process
                await asyncio.sleep(every)


@asynccontextmanager
async def campaign(folder: Path, count: int, rate: float, pack: str | None = None) -> AsyncIterator[Campaign]:
    """Prepare a campaign.

    Args:
        folder: for the data, and for a small pack where none is named.
        count: people who want news.
        rate: messages a second.
        pack: what the bot knows.
    """
    people = [
        Person(id=HA, key="ha", name="Lê Thu Hà", started=True),
        Person(id=AN, key="an", name="Nguyễn Văn An", started=True),
        *(Person(id=FIRST + n, key=f"p{n}", name=f"Người {n}", started=True) for n in range(count)),
    ]
    clock = Clock(STARTS)
    world = World(clock=clock, token=TOKEN, bot_username="isobot_demo_bot", bot_name="Trợ lý", people=people)
    topics = folder / "pack" / "topics"
    topics.mkdir(parents=True)
    (topics / "tea.yaml").write_text(TEA, "utf-8")
    url = f"sqlite+aiosqlite:///{folder / 'data' / 'isobot.db'}"
    async with open_database(url) as database, database.session() as session:
        await session.execute(
            insert(Subscriber), [{"person_id": FIRST + n, "since": clock.now()} for n in range(count)]
        )
    async with serve(create_app(world)) as url:
        kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("ISOBOT_")}
        settings = {
            "ISOBOT_PACK": pack or str(folder / "pack"),
            "ISOBOT_DATA": str(folder / "data"),
            "ISOBOT_TOKEN": TOKEN,
            "ISOBOT_API_URL": url,
            "ISOBOT_COORDINATORS": str(HA),
            "ISOBOT_SEND_RATE": str(rate),
            "ISOBOT_AT": "2021-11-08T08:00",
        }
        yield Campaign(world, folder, {**kept, **settings}, count)
