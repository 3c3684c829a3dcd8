"""The bot is killed between every two steps of a confirmation: it goes on with the next tap, nothing is lost."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.audit import Audit
from bot.clock import Clock
from bot.contacts import Contacts
from bot.coordinators import Coordinators
from bot.demo import STARTS
from bot.outbox import Outbox
from bot.sandbox import actions
from bot.sandbox.faults import Fault
from bot.sandbox.messages import Message
from bot.sandbox.people import Person
from bot.sandbox.server import create_app, serve
from bot.sandbox.world import World
from bot.states import State
from bot.store.database import open_database
from bot.store.ledger_tables import Delivery
from tests.stores import Row, Store
from tests.whole import papers, records
from tests.whole.town import until

TOKEN = "1:sandbox"
START = 30  # seconds, on a busy machine

# Most of a start is importing: done once, and every bot is a fork, a process of its own that `isobot run` runs in.
NURSERY = """
import os, signal, sys
import bot.cli.run
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in sys.stdin:
    if os.fork() == 0:
        print(os.getpid(), flush=True)
        sys.argv = ["isobot", "run"]
        bot.cli.main()
"""

AGENCY = "so-xay-dung"
AGENCIES = f"agencies:\n  - {{id: {AGENCY}, name: Sở Xây dựng, level: province, form: onsite, source: stated}}\n"
TOPICS = "- {id: one, ask: Một câu hỏi?, phrasings: [một câu hỏi], answer: Một câu trả lời.}\n"

CUC = Person(id=1, key="cuc", name="Hoàng Thị Cúc", started=True)
TAM = Person(id=2, key="tam", name="Lý Văn Tám", started=True)
COORDINATOR = Person(id=3, key="ha", name="Lê Thu Hà", started=True)


@dataclass(frozen=True)
class Stage:
    """A Telegram that lives on, the database that the bot remembers in, and the bot as a process that does not."""

    world: World
    store: Store
    nursery: asyncio.subprocess.Process

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[None]:
        """The bot runs until the block ends; then it is killed as by a power cut."""
        assert self.nursery.stdin
        assert self.nursery.stdout
        self.nursery.stdin.write(b"\n")
        async with asyncio.timeout(START):
            process = int(await self.nursery.stdout.readline())
            assert "@isobot_demo_bot" in (await self.nursery.stdout.readline()).decode()
        yield
        os.kill(process, signal.SIGKILL)
        await until(lambda: not Path(f"/proc/{process}").exists())

    async def card(self, person: Person, words: str) -> Message:
        """The one message with buttons in a person's chat, once it says this and the bot has heard everything."""
        await until(
            lambda: not len(self.world.updates) and [words in one.text for one in self._cards(person)] == [True]
        )
        return self._cards(person)[0]

    def heard(self, person: Person) -> list[str]:
        messages = self.world.chats[person.id].messages.values()
        return [message.text for message in messages if message.sender is self.world.bot]

    def claimed(self) -> set[int]:
        """To whom something is on its way."""
        return {row["chat_id"] for row in self.rows("outgoing") if row["claimed_at"] and not row["ended_at"]}

    def press(self, person: Person, message: Message, label: str) -> None:
        buttons = [button for row in message.keyboard for button in row if button["text"] == label]
        actions.press(self.world, person, message.id, buttons[0]["callback_data"])

    def waits(self) -> bool:
        """Whether anything is still to be sent."""
        return any(row["state"] == Delivery.WAITING for row in self.rows("outgoing"))

    def rows(self, table: str) -> list[Row]:
        return self.store.read(table)

    def _cards(self, person: Person) -> list[Message]:
        return [message for message in self.world.chats[person.id].messages.values() if message.keyboard]


@pytest.fixture
async def stage(store: Store, tmp_path: Path) -> AsyncIterator[Stage]:
    (tmp_path / "pack" / "topics").mkdir(parents=True)
    (tmp_path / "pack" / "topics" / "one.yaml").write_text(TOPICS, "utf-8")
    (tmp_path / "pack" / "agencies.yaml").write_text(AGENCIES, "utf-8")
    clock = Clock(STARTS)
    async with open_database(store.url) as database:
        audit, coordinators = Audit(database, clock), Coordinators(database, frozenset())
        contacts = Contacts(database, clock, Outbox(clock), audit, coordinators)
        for person in (CUC, TAM):
            await contacts.link(person.id, AGENCY, person.name)
    world = World(
        clock=clock, token=TOKEN, bot_username="isobot_demo_bot", bot_name="Trợ lý", people=[CUC, TAM, COORDINATOR]
    )
    async with serve(create_app(world)) as url:
        kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("ISOBOT_")}
        environment = {
            **kept, "ISOBOT_TOKEN": TOKEN, "ISOBOT_API_URL": url, "ISOBOT_PACK": str(tmp_path / "pack"),
            "ISOBOT_DATA": str(tmp_path / "data"), "ISOBOT_DATABASE_URL": store.url,
            "ISOBOT_COORDINATORS": str(COORDINATOR.id), "ISOBOT_AT": "2021-11-08T08:00",
        }  # fmt: skip

        nursery = await asyncio.create_subprocess_exec(
            sys.executable, "-c", NURSERY, cwd=tmp_path, env=environment,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        yield Stage(world, store, nursery)
        nursery.kill()
        await nursery.wait()


async def test_killed_between_every_two_steps_it_goes_on_with_the_next_tap(stage: Stage) -> None:
    world = stage.world
    async with stage.bot():
        actions.write(world, CUC, "/xacnhan")
        card = await stage.card(CUC, "Báo cáo đã được gửi bằng cách nào?")
    stage.press(CUC, card, "Email")
    async with stage.bot():
        await stage.card(CUC, "Cách gửi: Email")
    actions.write(world, CUC, "123/BC-SXD ngày 5/11/2021")
    async with stage.bot():
        await stage.card(CUC, "123/BC-SXD ngày 05/11/2021")
    actions.send_file(world, CUC, "bao-cao.pdf", papers.pdf())
    async with stage.bot():
        card = await stage.card(CUC, "• bao-cao.pdf")

        # Two messages are on their way when the bot is killed; the one to the other contact cannot leave.
        world.faults.append(Fault("delay", method="sendMessage", chat_id=COORDINATOR.id, seconds=0.5))
        world.faults.append(Fault("delay", method="editMessageText", chat_id=CUC.id, seconds=0.5))
        failing = Fault("error", method="sendMessage", chat_id=TAM.id, times=99, status=502)
        world.faults.append(failing)
        stage.press(CUC, card, "Xác nhận")
        await until(lambda: failing.times != 99 and stage.claimed() == {CUC.id, COORDINATOR.id})
    assert [row["after"] for row in stage.rows("steps")] == [State.CONFIRMED]
    assert [row["state"] for row in stage.rows("outgoing")] == [Delivery.WAITING] * 3
    world.faults.clear()

    async with stage.bot():
        receipt = await stage.card(CUC, "Biên nhận số 1")
        await until(lambda: stage.heard(TAM))
        review = await stage.card(COORDINATOR, "Xác nhận nộp báo cáo")
        await until(lambda: not stage.waits())
    assert stage.heard(TAM) == [receipt.text]
    cards = [text for text in stage.heard(COORDINATOR) if not text.startswith("Trợ lý đã chạy lại")]
    assert len(cards) == 1, "what may have arrived is not sent again"
    rows = [row for row in stage.rows("outgoing") if row["subject"] != "restart"]
    assert sorted(row["state"] for row in rows) == [
        Delivery.SENT, Delivery.SENT, Delivery.UNCERTAIN,
    ]  # fmt: skip

    stage.press(COORDINATOR, review, "Tiếp nhận")
    async with stage.bot():
        await until(lambda: any("báo cáo đã được tiếp nhận" in text for text in stage.heard(CUC)))
        await until(lambda: not stage.waits())

    assert len(stage.rows("versions")) == len(stage.rows("version_files")) == 1
    steps = sorted(stage.rows("steps"), key=lambda row: row["number"])
    assert [row["after"] for row in steps] == [State.CONFIRMED, State.ACCEPTED]
    assert sum("đã được tiếp nhận" in text for text in stage.heard(CUC)) == 1
    assert sum("đã được tiếp nhận" in text for text in stage.heard(TAM)) == 1
    assert records.faults(stage.store, [AGENCY]) == []
