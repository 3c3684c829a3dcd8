"""Who there is: people, and the bot itself."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, kw_only=True, eq=False)
class Person:
    """Somebody one can play at the chat page.

    Args:
        key: a short name for scripts and for the address of the page.
        note: who this is in the story, shown under the name ("Người mới").
        started: has written to the bot before; a bot cannot write first.
    """

    id: int
    key: str
    name: str
    username: str | None = None
    note: str = ""
    started: bool = False
    blocked: bool = False
    unread: dict[int, int] = field(default_factory=dict)  # messages of the bot, by chat

    def as_user(self) -> dict[str, Any]:
        """The Bot API's User. The whole name is the first name: Vietnamese order has the family name first."""
        user: dict[str, Any] = {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": "vi"}
        if self.username:
            user["username"] = self.username
        return user

    def as_page(self) -> dict[str, Any]:
        """What the chat page knows of them."""
        return {
            "id": self.id,
            "key": self.key,
            "name": self.name,
            "username": self.username,
            "note": self.note,
            "started": self.started,
            "blocked": self.blocked,
            "unread": self.unread.get(self.id, 0),
            "unread_groups": {chat_id: count for chat_id, count in self.unread.items() if chat_id < 0 and count},
        }


@dataclass(slots=True, kw_only=True, eq=False)
class BotAccount:
    """The bot as Telegram knows it: its account and what it says about itself."""

    id: int
    username: str
    name: str
    description: str = ""
    short_description: str = ""
    menu_button: dict[str, Any] = field(default_factory=lambda: {"type": "default"})

    def as_user(self) -> dict[str, Any]:
        """The Bot API's User."""
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}

    def as_me(self) -> dict[str, Any]:
        """The Bot API's User as getMe gives it."""
        return {
            **self.as_user(),
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": True,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
