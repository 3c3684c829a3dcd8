"""What there is: people, chats, messages, files, the bot's account, and what waits between them. No HTTP."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.sandbox.chats import Chat, Group, PrivateChat, supergroup_id
from bot.sandbox.commands import Commands
from bot.sandbox.errors import bad_request, forbidden
from bot.sandbox.events import Events
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.files import Files
from bot.sandbox.flood import FloodControl
from bot.sandbox.messages import Message
from bot.sandbox.params import read_values
from bot.sandbox.people import BotAccount, Person
from bot.sandbox.queries import InlineQuery, Press, Queries
from bot.sandbox.updates import Updates
from bot.sandbox.webhook import Webhook

__all__ = ["Call", "Person", "World"]

_KEPT_CALLS = 50_000


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Bot API, and how it ended. What broke off without an answer has no error code."""

    method: str
    raw: Mapping[str, Any]
    ok: bool
    error_code: int | None
    at: datetime
    description: str | None = None

    @property
    def params(self) -> dict[str, Any]:
        """The parameters, read (numbers are numbers, JSON is JSON), without uploaded files."""
        return read_values(self.raw)


class World:
    """Everything in the sandbox.

    Args:
        clock: gives every message its time; the control API turns it.
        token: the bot's; what stands before the colon is the bot's id.
        webhook_hosts: where setWebhook may point to. Names of this machine only: a sandbox must not post abroad.
        files_folder: where to keep the contents of files; None keeps them in memory.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        token: str,
        bot_username: str,
        bot_name: str,
        people: Iterable[Person] = (),
        webhook_hosts: Sequence[str] = ("127.0.0.1", "localhost"),
        files_folder: Path | None = None,
    ) -> None:
        self.clock = clock
        self.token = token
        self.bot = BotAccount(id=int(token.partition(":")[0]), username=bot_username, name=bot_name)
        self.commands = Commands()
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files = Files(files_folder)
        self.events = Events()
        self.flood: FloodControl | None = None
        self._faults = Faults()
        self.updates = Updates(self._faults)
        self.webhook = Webhook(self.updates, clock, webhook_hosts)
        self.presses: Queries[Press] = Queries()
        self.inline_queries: Queries[InlineQuery] = Queries()
        self.inline_messages: dict[str, Message] = {}
        self.calls: list[Call] = []
        for person in people:
            self._let_in(person)

    @property
    def faults(self) -> Faults:
        """What shall go wrong: append to it, clear it, or put a new list in its place."""
        return self._faults

    @faults.setter
    def faults(self, faults: Iterable[Fault]) -> None:
        self._faults[:] = faults

    def add_person(self, person: Person) -> Person:
        """Somebody new, with a private chat in which nothing is said yet."""
        self._let_in(person)
        self.tell_people()
        return person

    def add_group(self, id: int, title: str, members: Sequence[Person]) -> Group:  # noqa: A002 - what Telegram calls it
        """A group with the bot in it."""
        group = Group(id=id, title=title, members=list(members))
        self.chats[id] = group
        self.tell_people()
        return group

    @property
    def groups(self) -> list[Group]:
        """The groups that are alive: not those that have become supergroups."""
        return [chat for chat in self.chats.values() if isinstance(chat, Group) and chat.migrated_to is None]

    def migrate(self, group: Group) -> Group:
        """A group becomes a supergroup: its id changes, and who writes to the old one is told so."""
        new = self.add_group(supergroup_id(group.id), group.title, group.members)
        founder = group.members[0]
        told = "Nhóm đã được nâng cấp thành siêu nhóm."
        left = self.post(group, founder, text=told, other={"migrate_to_chat_id": new.id})
        group.migrated_to = new.id
        arrived = self.post(new, founder, text=told, other={"migrate_from_chat_id": group.id})
        for message in (left, arrived):
            self.updates.add("message", message.as_api(), message.chat.id)
        self.tell_people()
        return new

    def open_chat(self, chat_id: int) -> Chat:
        """The chat, if the bot may write there; an ApiError says why not."""
        chat = self.chats.get(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        if isinstance(chat, PrivateChat):
            if chat.person.blocked:
                raise forbidden("bot was blocked by the user")
            if not chat.person.started:
                raise forbidden("bot can't initiate conversation with a user")
        elif isinstance(chat, Group):
            if chat.migrated_to is not None:
                raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
            if chat.bot_status == "kicked":
                raise forbidden(f"bot was kicked from the {chat.kind} chat")
            if chat.bot_status == "left":
                raise forbidden(f"bot is not a member of the {chat.kind} chat")
        return chat

    def post(self, chat: Chat, sender: Person | BotAccount, **content: Any) -> Message:
        """Put a message into a chat: everybody there sees it."""
        message = Message(id=next(chat.numbers), chat=chat, sender=sender, at=self.clock.now(), **content)
        chat.messages[message.id] = message
        if sender is self.bot:
            for person in chat.people:
                person.unread[chat.id] = person.unread.get(chat.id, 0) + 1
        self.events.add("message", message.as_page())
        return message

    def changed(self, message: Message) -> None:
        """Show everybody that a message is different now."""
        self.events.add("edit", message.as_page())

    def delete(self, message: Message) -> None:
        """Take a message away."""
        del message.chat.messages[message.id]
        if message.inline_id is not None:
            self.inline_messages.pop(message.inline_id, None)
        self.events.add("delete", {"chat_id": message.chat.id, "id": message.id})

    def tell_people(self) -> None:
        """Something about the people or groups has changed."""
        self.events.add("people", self.as_page)

    def as_page(self) -> dict[str, Any]:
        """The people and groups, as the chat page lists them."""
        return {
            "people": [person.as_page() for person in self.people.values()],
            "groups": [group.as_page() for group in self.groups],
        }

    def record(self, call: Call) -> None:
        """Write a call down; of very many the older half is forgotten."""
        if len(self.calls) >= _KEPT_CALLS:
            del self.calls[: _KEPT_CALLS // 2]
        self.calls.append(call)

    def called(self, method: str) -> list[Call]:
        """The calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    async def close(self) -> None:
        """End whatever waits: polls, streams of events, deliveries to a webhook."""
        self.events.close()
        self.updates.close()
        await self.webhook.close()

    def _let_in(self, person: Person) -> None:
        self.people[person.id] = person
        self.chats[person.id] = PrivateChat(id=person.id, person=person)
