"""Methods about the bot itself: its account, its descriptions, its commands."""

from typing import Any

from bot.sandbox.commands import Command
from bot.sandbox.errors import bad_request
from bot.sandbox.params import Params
from bot.sandbox.world import World

_LONGEST_NAME = 64
_LONGEST_DESCRIPTION = 512
_LONGEST_SHORT_DESCRIPTION = 120


def get_me(world: World, _: Params) -> dict[str, Any]:
    """Who the bot is."""
    return world.bot.as_me()


def do_nothing(_: World, __: Params) -> bool:
    """`close` and `logOut`: the sandbox has no instance to move away from."""
    return True


def set_my_commands(world: World, params: Params) -> bool:
    """Set the command menu of a scope."""
    world.commands.set(params.structure("commands"), params.structure("scope"), params.text("language_code"))
    _tell(world)
    return True


def get_my_commands(world: World, params: Params) -> list[Command]:
    """The command menu of a scope."""
    return world.commands.get(params.structure("scope"), params.text("language_code"))


def delete_my_commands(world: World, params: Params) -> bool:
    """Forget the command menu of a scope."""
    world.commands.delete(params.structure("scope"), params.text("language_code"))
    _tell(world)
    return True


def set_my_name(world: World, params: Params) -> bool:
    """The name people see."""
    world.bot.name = _short_enough(params.text("name"), _LONGEST_NAME) or world.bot.name
    _tell(world)
    return True


def get_my_name(world: World, _: Params) -> dict[str, str]:
    """The name people see."""
    return {"name": world.bot.name}


def set_my_description(world: World, params: Params) -> bool:
    """What an empty chat with the bot shows."""
    world.bot.description = _short_enough(params.text("description"), _LONGEST_DESCRIPTION)
    _tell(world)
    return True


def get_my_description(world: World, _: Params) -> dict[str, str]:
    """What an empty chat with the bot shows."""
    return {"description": world.bot.description}


def set_my_short_description(world: World, params: Params) -> bool:
    """What the bot's profile shows."""
    world.bot.short_description = _short_enough(params.text("short_description"), _LONGEST_SHORT_DESCRIPTION)
    _tell(world)
    return True


def get_my_short_description(world: World, _: Params) -> dict[str, str]:
    """What the bot's profile shows."""
    return {"short_description": world.bot.short_description}


def set_chat_menu_button(world: World, params: Params) -> bool:
    """What the button beside the text field does."""
    button = params.structure("menu_button")
    world.bot.menu_button = button if isinstance(button, dict) else {"type": "default"}
    return True


def get_chat_menu_button(world: World, _: Params) -> dict[str, Any]:
    """What the button beside the text field does."""
    return world.bot.menu_button


def _tell(world: World) -> None:
    """The page reads anew what it shows of the bot."""
    world.events.add("commands", {"commands": world.commands.shown_to(None)})


def _short_enough(text: str, limit: int) -> str:
    if len(text) > limit:
        raise bad_request("the text is too long")
    return text
