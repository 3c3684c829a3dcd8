"""The whole real bot in the sandbox: started, killed, left alone until it is quiet."""

import asyncio
import logging
import shutil
import sqlite3
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.app import build, running
from bot.clock import Clock
from bot.sandbox.chats import Chat
from bot.sandbox.faults import Fault, UpdateFault
from bot.sandbox.people import BotAccount, Person
from bot.sandbox.server import create_app
from bot.sandbox.world import World
from bot.settings import Settings
from bot.store.database import open_database
from bot.store.seat import Seat
from handlers.services import App
from knowledge.answer import Answerer
from tests.simulation.adversary import OF_UPDATES, Adversary, Harm, Mishap
from tests.simulation.disk import Disk
from tests.simulation.wire import Accepted, Wire

HA, DUNG, BINH, CHAU, MINH, AN = 1, 2, 3, 4, 5, 6
PEOPLE = {HA: "Lê Thu Hà", DUNG: "Phan Dũng", BINH: "Trần Thị Bình", CHAU: "Lê Châu", MINH: "Điểu Minh", AN: "Vũ An"}

# By then whatever was put off has been tried again, in seconds of the loop.
_FOREVER = 1200.0
# How long people wait for an answer before they go on.
_PATIENCE = 8.0
_GLANCE = 0.25

# Messages a second of notices: so few that people can pause one on its way.
_RATE = 0.15

# Which of the sandbox's faults an update meets with.
_FAULTS: dict[Harm, UpdateFault] = {Harm.DROP: "drop", Harm.DUPLICATE: "duplicate", Harm.REORDER: "reorder"}
_UNDONE = """
    SELECT 'message' AS what, outgoing.id, claimed_at, lane
    FROM outgoing LEFT JOIN notices ON notices.id = notice_id
    WHERE outgoing.state = 'waiting' AND (lane = 'reply' OR notices.state <> 'paused' OR claimed_at IS NOT NULL)
    UNION ALL
    SELECT 'card', notice_id, NULL, NULL
    FROM notice_cards JOIN notices ON notices.id = notice_id
    WHERE NOT is_final AND state NOT IN ('scheduled', 'paused')
"""


@dataclass(frozen=True)
class Begun:
    """What a campaign begins with: the bot's folder, what lies in the chats and how it came there, and the moment."""

    folder: Path
    bot: BotAccount
    people: dict[int, Person]
    chats: dict[int, Chat]
    accepted: list[Accepted]
    moment: datetime


class House:
    """One bot on one file, at one Telegram, with one adversary."""

    def __init__(self, folder: Path, answerer: Answerer, clock: Clock, disk: Disk) -> None:
        people = [Person(id=number, key=str(number), name=name, started=True) for number, name in PEOPLE.items()]
        self.clock = clock
        self.world = World(clock=clock, token="1:simulated", bot_username="isobot", bot_name="Trợ lý", people=people)
        self.adversary = Adversary()
        self.wire = Wire(create_app(self.world), self.adversary)
        self.file = folder / "isobot.db"
        # What people wrote and pressed while no harm was done: message and chat, or the number of a query.
        self.asked: list[tuple[int, int] | str] = []
        # What each press carried, by the number of its query.
        self.pressed: dict[str, str] = {}
        self._answerer = answerer
        self._disk = disk
        self._settings = Settings(
            token=SecretStr("1:simulated"), api_url="http://127.0.0.1", data=folder, coordinators=frozenset({HA}),
            send_rate=_RATE, proxy=None, database_url=None, _env_file=None,
        )  # type: ignore[call-arg]  # fmt: skip
        self._life: asyncio.Task[None] | None = None
        self._application: App | None = None
        self._seat: Seat | None = None
        self._lock: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None

    def keep(self, folder: Path) -> Begun:
        """What is there, to begin with it again."""
        folder.mkdir()
        for name in ("isobot.db", "receipts.key"):
            shutil.copy(self.file.with_name(name), folder)
        world = self.world
        return Begun(folder, world.bot, world.people, world.chats, self.wire.accepted, self.clock.now())

    def begin_with(self, begun: Begun) -> None:
        """Go on where another one was."""
        shutil.copytree(begun.folder, self.file.parent, dirs_exist_ok=True)
        world = self.world
        world.bot, world.people, world.chats = deepcopy((begun.bot, begun.people, begun.chats))
        self.wire.accepted += begun.accepted
        self.clock.turn_to(begun.moment)

    async def start(self) -> None:
        """Start the bot, as often as it takes."""
        while self._application is None:
            self.adversary.revive()
            self._disk.insert(self.file, self.adversary)
            up = asyncio.Event()
            self._life = asyncio.create_task(self._live(up), name="life")
            ends = [asyncio.create_task(event.wait()) for event in (up, self.adversary.dead)]
            await asyncio.wait([self._life, *ends], return_when=asyncio.FIRST_COMPLETED)
            for end in ends:
                end.cancel()
            if not up.is_set() or self.adversary.dead.is_set():
                await self.kill()
                await asyncio.sleep(1)

    async def kill(self) -> None:
        """End the bot as the end of a process does: nothing that it does from now on has an effect."""
        self.adversary.kill()
        self._disk.tear_out()
        logging.disable(logging.CRITICAL)
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            # What they do last of all, they may finish: that gives back what they hold, and has no effect.
            await asyncio.sleep(0.1)
        logging.disable(logging.NOTSET)
        if self._seat:
            await self._seat.leave()
        self._application = self._life = self._seat = None

    async def stop(self) -> None:
        """End the bot as one asks it to."""
        if self._life:
            self._life.cancel()
            await asyncio.wait([self._life], timeout=60)
        await self.kill()

    async def meet(self, mishap: Mishap) -> None:
        """Let the adversary do some harm from now on."""
        if mishap.harm in OF_UPDATES:
            self.world.faults.append(Fault(_FAULTS[mishap.harm], times=mishap.times))
        elif mishap.harm is Harm.LOCKED:
            self._hold_lock(float(mishap.after))
        else:
            self.adversary.arm(mishap)

    def leave_room(self, pages: int | None) -> None:
        """Let the bot's file grow by so many pages and no more; None for as many as it likes."""
        has = self.rows("PRAGMA page_count")[0]["page_count"]
        self._disk.limit(None if pages is None else has + pages)

    @property
    def is_calm(self) -> bool:
        """Whether nobody does any harm."""
        return self.adversary.is_calm and not self.world.faults and self._lock is None

    async def wait(self) -> None:
        """Let the bot work as long as a person would wait; it is started again if it was killed."""
        await self._until_quiet(_PATIENCE)

    async def settle(self) -> bool:
        """Do no more harm, and leave the bot alone until it has nothing left to do; False if it goes on for ever."""
        self.adversary.calm()
        self.world.faults.clear()
        self.world.updates.release()
        return await self._until_quiet(_FOREVER)

    def rows(self, query: str) -> list[dict[str, Any]]:
        """What the file holds."""
        if self._reader is None:
            self._reader = sqlite3.connect(self.file)
            self._reader.row_factory = sqlite3.Row
        return [dict(row) for row in self._reader.execute(query)]

    async def state(self) -> str:
        """Why the bot is not quiet, as far as can be seen from here."""
        tasks = sorted(task.get_name() for task in asyncio.all_tasks())
        rows = self.rows("SELECT id, chat_id, state, lane, replaces, claimed_at, created_at FROM outgoing")
        return f"undone: {self.undone()}\nupdates: {len(self.world.updates)}\ntasks: {tasks}\nledger: {rows[-8:]}"

    def leave(self) -> None:
        """Look at the file no more."""
        if self._reader:
            self._reader.close()
            self._reader = None

    def undone(self) -> list[dict[str, Any]]:
        """What the bot still has to do."""
        return self.rows(_UNDONE)

    async def _until_quiet(self, seconds: float) -> bool:
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while loop.time() < end:
            # Whoever can do something now does it before this comes back.
            await asyncio.sleep(_GLANCE)
            if self._life is None or self._life.done() or self.adversary.dead.is_set():
                await self.kill()
                await self.start()
            elif self._is_quiet():
                return True
        return False

    def _is_quiet(self) -> bool:
        application = self._application
        if application is None or len(self.world.updates) or self._lock:
            return False
        services = application.bot_data
        is_busy = application.update_queue._unfinished_tasks  # type: ignore[attr-defined]
        if is_busy or services.outbox.filled.is_set() or not services.deliverer.idle.is_set():
            return False
        return not self.undone()

    async def _live(self, up: asyncio.Event) -> None:
        async with open_database(self._settings.sqlalchemy_url) as database:
            application = build(self._settings, self._answerer, database, self.clock)
            self._seat = application.bot_data.seat
            async with running(application):
                self._application = application
                up.set()
                await asyncio.Event().wait()

    def _hold_lock(self, seconds: float) -> None:
        """Let somebody else write, and take their time."""
        if self._lock:
            return
        self._lock = sqlite3.connect(self.file, timeout=0, isolation_level=None)
        try:
            self._lock.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            self._release()
        else:
            asyncio.get_running_loop().call_later(seconds, self._release)

    def _release(self) -> None:
        if self._lock:
            self._lock.close()
            self._lock = None
