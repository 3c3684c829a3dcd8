"""What the sending and editing methods have in common: where to, which words, which buttons, in reply to what."""

from collections.abc import Sequence
from typing import Any

from bot.sandbox.chats import Chat
from bot.sandbox.entities import detect
from bot.sandbox.errors import bad_request, too_many_requests
from bot.sandbox.files import StoredFile
from bot.sandbox.keyboards import read_keyboard
from bot.sandbox.messages import Message
from bot.sandbox.params import Params
from bot.sandbox.world import World
from knowledge.markup import Entity, Marked, MarkupError, parse, tidy

_LONGEST_TEXT = 4096
_LONGEST_CAPTION = 1024
_LONGEST_TOAST = 200


def chat_of(world: World, params: Params, name: str = "chat_id") -> Chat:
    """The chat a call is about, if the bot may write there."""
    if not params.text(name):
        raise bad_request(f"{name} is empty")
    return world.open_chat(params.number(name))


def text_of(params: Params) -> Marked:
    """The text of a message, marked up, with what Telegram finds in it of itself."""
    marked = _marked(params, "text", "entities")
    if marked.is_blank:
        raise bad_request("message text is empty")
    if marked.length > _LONGEST_TEXT:
        raise bad_request("message is too long")
    return marked


def caption_of(params: Params) -> Marked:
    """The caption of a file; there need be none."""
    marked = _marked(params, "caption", "caption_entities")
    if marked.length > _LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return marked


def toast_of(params: Params) -> str:
    """The text shown to whoever has pressed a button."""
    text = params.text("text")
    if len(text) > _LONGEST_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    return text


def reply_of(params: Params, chat: Chat) -> int | None:
    """The message replied to; None if it is gone and the bot does not mind."""
    reply = params.structure("reply_parameters")
    if not isinstance(reply, dict):
        return None
    message_id = reply.get("message_id")
    if isinstance(message_id, int) and message_id in chat.messages:
        return message_id
    if reply.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def deliver(world: World, params: Params, chat: Chat, marked: Marked, file: StoredFile | None = None) -> Message:
    """Post what the bot sends, once everything about it is in order and the limits on sending allow it."""
    keyboard = read_keyboard(params.structure("reply_markup"))
    reply_to = reply_of(params, chat)
    if world.flood is not None and (wait := world.flood.admit(chat.id)):
        raise too_many_requests(wait)
    return world.post(
        chat,
        world.bot,
        text=marked.text,
        entities=marked.entities,
        keyboard=keyboard,
        file=file,
        reply_to=reply_to,
    )


def marked_text(text: str, parse_mode: str, entities: Any) -> Marked:
    """A text as the Bot API takes it: with markup, or with its entities listed, or plain."""
    mode = parse_mode.lower()
    if mode not in ("", "none", "html"):
        if mode in ("markdown", "markdownv2"):
            raise bad_request(f"the sandbox speaks HTML only, not {parse_mode}")
        raise bad_request("unsupported parse_mode")
    if mode == "html":
        try:
            marked = parse(text)
        except MarkupError as error:
            raise bad_request(f"can't parse entities: {error}") from None
    else:
        marked = tidy(text, _listed(entities))
    return Marked(marked.text, detect(marked.text, marked.entities))


def _marked(params: Params, name: str, entities: str) -> Marked:
    return marked_text(params.text(name), params.text("parse_mode"), params.structure(entities))


def _listed(entities: Any) -> tuple[Entity, ...]:
    if entities is None:
        return ()
    if not isinstance(entities, Sequence):
        raise bad_request("can't parse entities: expected an Array of MessageEntity")
    try:
        return tuple(
            Entity(entry["type"], int(entry["offset"]), int(entry["length"]), entry.get("url"), entry.get("language"))
            for entry in entities
        )
    except (TypeError, KeyError, ValueError, AttributeError):
        raise bad_request("can't parse entities: can't parse MessageEntity") from None
