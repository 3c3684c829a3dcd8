"""The bot's command menu: lists by scope and language, and which one a person sees."""

import re
from typing import Any

from bot.sandbox.errors import bad_request

_NAME = re.compile(r"[a-z0-9_]{1,32}")
_LONGEST_DESCRIPTION = 256
_MOST_COMMANDS = 100
_SCOPES = frozenset(
    {
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    }
)

Command = dict[str, str]
_Key = tuple[str, int, int, str]


class Commands:
    """What setMyCommands has set."""

    def __init__(self) -> None:
        self._lists: dict[_Key, list[Command]] = {}

    def set(self, commands: Any, scope: Any, language: str) -> None:
        """Set the list of a scope; an ApiError says what Telegram would say to a bad one."""
        if not isinstance(commands, list) or not all(isinstance(command, dict) for command in commands):
            raise bad_request("can't parse commands: expected an Array of BotCommand")
        if len(commands) > _MOST_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self._lists[_key(scope, language)] = [_checked(command) for command in commands]

    def get(self, scope: Any, language: str) -> list[Command]:
        """The list of exactly this scope and language."""
        return self._lists.get(_key(scope, language), [])

    def delete(self, scope: Any, language: str) -> None:
        """Forget the list of this scope and language."""
        self._lists.pop(_key(scope, language), None)

    def shown_to(self, person_id: int | None, language: str = "vi") -> list[Command]:
        """What a person's menu shows in the private chat: the nearest scope that has a list."""
        scopes = [("all_private_chats", 0, 0), ("default", 0, 0)]
        if person_id is not None:
            scopes.insert(0, ("chat", person_id, 0))
        for scope in scopes:
            for spoken in (language, ""):
                if commands := self._lists.get((*scope, spoken)):
                    return commands
        return []


def _key(scope: Any, language: str) -> _Key:
    if scope is None:
        scope = {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: invalid type of scope specified")
    try:
        return scope["type"], int(scope.get("chat_id", 0)), int(scope.get("user_id", 0)), language
    except (TypeError, ValueError):
        raise bad_request("chat not found") from None


def _checked(command: dict[str, Any]) -> Command:
    name = str(command.get("command", "")).removeprefix("/")
    description = str(command.get("description", "")).strip()
    if not _NAME.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 0 < len(description) <= _LONGEST_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}
