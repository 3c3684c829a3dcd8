"""Where messages lie: the private chat a person has with the bot, and groups."""

import zlib
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.sandbox.messages import Message
from bot.sandbox.people import Person

# Telegram's own ranges: a basic group's id is small and negative, a supergroup's begins with -100.
_FIRST_SUPERGROUP = -1_000_000_000_000


@dataclass(slots=True, kw_only=True, eq=False)
class Chat:
    """A chat and its messages, oldest first."""

    id: int
    messages: dict[int, Message] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def instance(self) -> str:
        """The Bot API's chat_instance: a number that stands for the chat without giving it away."""
        return str(zlib.crc32(str(self.id).encode()))

    @property
    def people(self) -> list[Person]:
        """Who reads here, besides the bot."""
        raise NotImplementedError

    def as_chat(self) -> dict[str, Any]:
        """The Bot API's Chat."""
        raise NotImplementedError


@dataclass(slots=True, kw_only=True, eq=False)
class PrivateChat(Chat):
    """The conversation of one person with the bot; its id is the person's."""

    person: Person

    @property
    def people(self) -> list[Person]:
        """The person."""
        return [self.person]

    def as_chat(self) -> dict[str, Any]:
        """The Bot API's Chat."""
        chat: dict[str, Any] = {"id": self.id, "type": "private", "first_name": self.person.name}
        if self.person.username:
            chat["username"] = self.person.username
        return chat


@dataclass(slots=True, kw_only=True, eq=False)
class Group(Chat):
    """A group with the bot in it.

    Args:
        bot_status: "member", "administrator", "left" or "kicked".
        migrated_to: the supergroup this group has become; nothing can be sent here any more.
    """

    title: str
    members: list[Person]
    bot_status: str = "member"
    migrated_to: int | None = None

    @property
    def people(self) -> list[Person]:
        """The members, without the bot."""
        return self.members

    @property
    def kind(self) -> str:
        """Either "group" or "supergroup", which Telegram tells by the id."""
        return "supergroup" if self.id < _FIRST_SUPERGROUP else "group"

    def as_chat(self) -> dict[str, Any]:
        """The Bot API's Chat."""
        return {"id": self.id, "type": self.kind, "title": self.title}

    def as_page(self) -> dict[str, Any]:
        """What the chat page knows of it."""
        return {"id": self.id, "title": self.title, "members": [member.id for member in self.members]}


def supergroup_id(group_id: int) -> int:
    """The id a group takes when it becomes a supergroup."""
    return _FIRST_SUPERGROUP + group_id
