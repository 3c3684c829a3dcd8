"""Methods that look at a chat."""

from typing import Any

from bot.sandbox.chats import Group
from bot.sandbox.errors import bad_request
from bot.sandbox.members import as_member
from bot.sandbox.methods.content import chat_of
from bot.sandbox.params import Params
from bot.sandbox.world import World


def get_chat(world: World, params: Params) -> dict[str, Any]:
    """What Telegram tells of a chat."""
    chat = chat_of(world, params)
    full = {
        **chat.as_chat(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }
    pinned = next((message for message in reversed(chat.messages.values()) if message.pinned), None)
    if pinned is not None:
        full["pinned_message"] = pinned.as_api()
    return full


def get_chat_member(world: World, params: Params) -> dict[str, Any]:
    """Somebody's standing in a chat."""
    chat = chat_of(world, params)
    user_id = params.number("user_id")
    if user_id == world.bot.id:
        return as_member(world.bot.as_user(), chat.bot_status if isinstance(chat, Group) else "member")
    person = world.people.get(user_id)
    if person is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return as_member(person.as_user(), "member" if person in chat.people else "left")
