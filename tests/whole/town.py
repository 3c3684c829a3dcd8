"""The demo as a town: the running bot, and people who talk to it over HTTP."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from bot.demo import Demo
from bot.sandbox import actions
from bot.sandbox.chats import Group
from bot.sandbox.messages import Message
from bot.sandbox.people import Person
from bot.sandbox.world import World
from bot.store.all_tables import Base
from handlers.buttons import Code
from knowledge.agencies import Agency
from tests.stores import Store
from tests.whole import records

# Nothing in these tests takes this long, unless it never comes.
PATIENCE = 10.0

NEWCOMER, AT_SO_XAY_DUNG, AT_BU_DANG, COORDINATOR = 1001, 1002, 1003, 1004
BOT = "@isobot_demo_bot"

# Without what the clock alone writes: from when on a new coordinator has digests, and that the bot is alive.
TABLES = [table for table in Base.metadata.tables if table not in {"digests", "heartbeats", "running"}]


async def until(holds: Callable[[], object], every: float = 0.002) -> None:
    """Let the loop run until something holds; it is asked `every` so many seconds."""
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 - what is waited for is on the bot's side, where no test has an event
            await asyncio.sleep(every)


@dataclass(frozen=True)
class Pressed:
    """What a pressed button led to: the answers to the press, and the bot's new messages."""

    toasts: list[str]
    replies: list[Message]


@dataclass(frozen=True)
class Town:
    """A running demo, its folder and its database, and a client of its control API."""

    demo: Demo
    folder: Path
    http: httpx.AsyncClient
    store: Store
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _given: set[str] = field(default_factory=set)

    @property
    def world(self) -> World:
        return self.demo.world

    def person(self, id: int) -> "Someone":  # noqa: A002 - what Telegram calls it
        return Someone(self, self.world.people[id])

    def someone(self, name: str = "Phạm Thị Dân") -> "Someone":
        """Somebody who has the bot open, and of whom the bot knows nothing."""
        number = next(self._numbers)
        person = Person(id=5000 + number, key=f"someone-{number}", name=name, started=True)
        return Someone(self, self.world.add_person(person))

    def fresh_agency(self) -> Agency:
        """An agency that no other test of this town has taken, and nobody acts for."""
        taken = self._given | {row["agency"] for row in self.rows("contacts")}
        known = self.demo.application.bot_data.pack.agencies.everyone.values()
        agency = next(one for one in known if not one.is_lead and one.id not in taken)
        self._given.add(agency.id)
        return agency

    def group(self, *members: "Someone", hears_all: bool = False) -> Group:
        """A group with the bot in it; as its administrator the bot hears what is not meant for it, too."""
        people = [one.person for one in members]
        group = self.world.add_group(-7000 - next(self._numbers), "Nhóm thử", people)
        if hears_all:
            actions.set_bot_status(self.world, people[0], group, "administrator")
        return group

    async def awake(self) -> None:
        """Wait until the bot has done what was due when it started; the digests come last."""
        await until(lambda: self.rows("digests"), every=0.02)

    async def settle(self) -> None:
        """Wait until the bot has nothing left to do."""
        await until(lambda: not len(self.world.updates))
        async with asyncio.timeout(PATIENCE):
            await self.demo.application.update_queue.join()
            await self.demo.application.bot_data.deliverer.settled()

    async def post(self, path: str, **body: Any) -> Any:
        """Do something at the control API; what it refuses is a fault of the test."""
        response = await self.http.post(f"/sandbox/{path}", json=body)
        assert response.is_success, response.text
        return response.json()

    async def turn_clock(self, to: str) -> None:
        await self.post("clock", to=to)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """What a table holds, read from the database itself."""
        return self.store.read(table)

    def remembered(self) -> dict[str, list[dict[str, Any]]]:
        """Everything the database holds."""
        return {table: self.rows(table) for table in TABLES}

    def faults(self) -> list[str]:
        """What is wrong with the records, now that the bot has nothing left to do."""
        return records.faults(self.store, self.demo.application.bot_data.pack.agencies.everyone)

    def questions_of(self, one: "Someone") -> list[dict[str, Any]]:
        return [row for row in self.rows("questions") if row["person_id"] == one.id]


@dataclass(frozen=True)
class Someone:
    """Somebody in the town; what they do waits until the bot has done its part."""

    town: Town
    person: Person

    @property
    def id(self) -> int:
        return self.person.id

    @property
    def last(self) -> int:
        """The number of the newest message in their private chat, whoever sent it."""
        return max(self.town.world.chats[self.id].messages, default=0)

    def heard(self, chat_id: int | None = None, after: int = 0) -> list[Message]:
        """The bot's messages in a chat, the private one if none is named."""
        world = self.town.world
        messages = world.chats[self.id if chat_id is None else chat_id].messages.values()
        return [message for message in messages if message.sender is world.bot and message.id > after]

    async def writes(self, text: str, **options: Any) -> int:
        """Send a text without waiting for anything; returns the message's number."""
        number: int = (await self.town.post(f"people/{self.id}/messages", text=text, **options))["id"]
        return number

    async def says(self, text: str, **options: Any) -> list[Message]:
        """Send a text; what the bot says to it."""
        number = await self.writes(text, **options)
        await self.town.settle()
        return self.heard(options.get("chat_id"), after=number)

    async def asks(self, text: str, **options: Any) -> Message:
        """Send a text that has to be answered with one message."""
        replies = await self.says(text, **options)
        assert len(replies) == 1, f"{text!r} was answered with {[reply.text for reply in replies]}"
        return replies[0]

    async def sends(self, kind: str) -> list[Message]:
        """Send something that is not text."""
        number = (await self.town.post(f"people/{self.id}/others", kind=kind))["id"]
        await self.town.settle()
        return self.heard(after=number)

    async def gives(self, name: str, content: bytes, caption: str = "", **options: Any) -> list[Message]:
        """Send a document; what the bot says to it."""
        response = await self.town.http.post(
            f"/sandbox/people/{self.id}/files", files={"file": (name, content)}, data={"caption": caption, **options}
        )
        assert response.is_success, response.text
        await self.town.settle()
        return self.heard(after=response.json()["id"])

    async def presses(self, message: Message, label: str) -> Pressed:
        """Press the button with this label."""
        return await self.forces(message.id, data_of(message, label), chat_id=message.chat.id, force=False)

    async def forces(self, message_id: int, data: str, chat_id: int | None = None, *, force: bool = True) -> Pressed:
        """Press a button that need not be there."""
        world = self.town.world
        event, last = world.events.last, max(world.chats[chat_id or self.id].messages, default=0)
        body = {"message_id": message_id, "callback_data": data, "chat_id": chat_id, "force": force}
        query = (await self.town.post(f"people/{self.id}/presses", **body))["query_id"]
        await self.town.settle()
        toasts = [one.data for one in world.events.since(event) if one.kind == "toast" and isinstance(one.data, dict)]
        texts = [toast["text"] for toast in toasts if toast["query_id"] == query]
        return Pressed(texts, self.heard(chat_id, after=last))


def labels(message: Message) -> list[str]:
    """What stands on the buttons under a message."""
    return [button["text"] for row in message.keyboard for button in row]


def data_of(message: Message, label: str) -> str:
    """What the button with this label carries."""
    found = [button["callback_data"] for row in message.keyboard for button in row if button["text"] == label]
    assert len(found) == 1, f"there is not one button {label!r} in {labels(message)}"
    return str(found[0])


def labels_of(message: Message, code: Code) -> list[str]:
    """What stands on the buttons of one kind."""
    buttons = [button for row in message.keyboard for button in row]
    return [button["text"] for button in buttons if str(button.get("callback_data")).split(":")[0] == code]


def marked(message: Message, kind: str) -> list[str]:
    """The stretches of a message that are bold, italic or the like."""
    units = message.text.encode("utf-16-le")
    spans = [(one.offset, one.offset + one.length) for one in message.entities if one.type == kind]
    return [units[2 * start : 2 * end].decode("utf-16-le") for start, end in spans]
