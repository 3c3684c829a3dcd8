"""Methods that change or remove what is already there."""

from datetime import timedelta
from typing import Any

from bot.sandbox.chats import PrivateChat
from bot.sandbox.errors import bad_request
from bot.sandbox.keyboards import read_keyboard
from bot.sandbox.messages import Keyboard, Message
from bot.sandbox.methods.content import caption_of, chat_of, text_of
from bot.sandbox.params import Params
from bot.sandbox.world import World
from knowledge.markup import Marked

_DELETABLE = timedelta(hours=48)


def edit_message_text(world: World, params: Params) -> dict[str, Any] | bool:
    """Other words. Buttons that are not given again are gone."""
    message = _to_edit(world, params)
    if message.file is not None or message.other:
        raise bad_request("there is no text in the message to edit")
    return _edit(world, params, message, text_of(params))


def edit_message_caption(world: World, params: Params) -> dict[str, Any] | bool:
    """Other words under a file."""
    message = _to_edit(world, params)
    if message.file is None:
        raise bad_request("there is no caption in the message to edit")
    return _edit(world, params, message, caption_of(params))


def edit_message_reply_markup(world: World, params: Params) -> dict[str, Any] | bool:
    """Other buttons."""
    message = _to_edit(world, params)
    return _edit(world, params, message, None)


def delete_message(world: World, params: Params) -> bool:
    """Take a message away, for everybody."""
    chat = chat_of(world, params)
    message = chat.messages.get(params.number("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    is_administrator = getattr(chat, "bot_status", "") == "administrator"
    is_allowed = message.sender is world.bot or isinstance(chat, PrivateChat) or is_administrator
    if not is_allowed or world.clock.now() - message.at > _DELETABLE:
        raise bad_request("message can't be deleted")
    world.delete(message)
    return True


def pin_chat_message(world: World, params: Params) -> bool:
    """Keep a message at the top of its chat."""
    message = chat_of(world, params).messages.get(params.number("message_id"))
    if message is None:
        raise bad_request("message to pin not found")
    message.pinned = True
    world.changed(message)
    return True


def unpin_chat_message(world: World, params: Params) -> bool:
    """Let go of a pinned message; without an id, of the newest."""
    messages = chat_of(world, params).messages
    if "message_id" in params:
        message = messages.get(params.number("message_id"))
    else:
        message = next((message for message in reversed(messages.values()) if message.pinned), None)
    if message is None:
        raise bad_request("message to unpin not found")
    message.pinned = False
    world.changed(message)
    return True


def _to_edit(world: World, params: Params) -> Message:
    """The message to edit, if it is the bot's."""
    if inline_id := params.text("inline_message_id"):
        if inline_id not in world.inline_messages:
            raise bad_request("MESSAGE_ID_INVALID")
        return world.inline_messages[inline_id]
    message = chat_of(world, params).messages.get(params.number("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender is not world.bot:
        raise bad_request("message can't be edited")
    return message


def _edit(world: World, params: Params, message: Message, marked: Marked | None) -> dict[str, Any] | bool:
    keyboard = read_keyboard(params.structure("reply_markup"), inline_only=True)
    if keyboard == message.keyboard and (marked is None or _same(message, marked)):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    _apply(world, message, marked, keyboard)
    return True if "inline_message_id" in params else message.as_api()


def _same(message: Message, marked: Marked) -> bool:
    return message.text == marked.text and tuple(message.entities) == marked.entities


def _apply(world: World, message: Message, marked: Marked | None, keyboard: Keyboard) -> None:
    message.keyboard = keyboard
    if marked is not None:
        message.text, message.entities = marked.text, marked.entities
        # Other buttons alone do not make a message an edited one.
        message.edited_at = world.clock.now()
    world.changed(message)
