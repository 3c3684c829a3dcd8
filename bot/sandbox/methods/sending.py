"""Methods that put something new into a chat."""

from typing import Any

from bot.sandbox.errors import bad_request
from bot.sandbox.files import StoredFile
from bot.sandbox.methods.content import caption_of, chat_of, deliver, text_of
from bot.sandbox.params import Params
from bot.sandbox.world import World
from knowledge.markup import Marked

_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


def send_message(world: World, params: Params) -> dict[str, Any]:
    """A text."""
    chat = chat_of(world, params)
    return deliver(world, params, chat, text_of(params)).as_api()


def send_document(world: World, params: Params) -> dict[str, Any]:
    """A file as it is."""
    chat = chat_of(world, params)
    caption = caption_of(params)
    file = _file(world, params, "document")
    if file.is_photo:
        raise bad_request("type of file mismatch")
    return deliver(world, params, chat, caption, file).as_api()


def send_photo(world: World, params: Params) -> dict[str, Any]:
    """A picture."""
    chat = chat_of(world, params)
    caption = caption_of(params)
    file = _file(world, params, "photo")
    if not file.is_photo:
        raise bad_request("type of file mismatch")
    return deliver(world, params, chat, caption, file).as_api()


def copy_message(world: World, params: Params) -> dict[str, Any]:
    """The same content once more, without a trace of where it comes from."""
    chat = chat_of(world, params)
    original = chat_of(world, params, "from_chat_id").messages.get(params.number("message_id"))
    if original is None:
        raise bad_request("message to copy not found")
    if original.other:
        raise bad_request("message can't be copied")
    marked = Marked(original.text, tuple(original.entities))
    if original.file is not None and "caption" in params:
        marked = caption_of(params)
    return {"message_id": deliver(world, params, chat, marked, original.file).id}


def send_chat_action(world: World, params: Params) -> bool:
    """Show that the bot is typing, or getting a file ready."""
    chat = chat_of(world, params)
    action = params.text("action").lower()
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.events.add("typing", {"chat_id": chat.id, "action": action})
    return True


def _file(world: World, params: Params, name: str) -> StoredFile:
    """A file that comes with the call, or one that Telegram has already."""
    upload = params.upload(name)
    if upload is not None:
        return world.files.add(upload.name, upload.content, as_photo=name == "photo")
    reference = params.text(name)
    if not reference:
        raise bad_request(f"there is no {name} in the request")
    if reference.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")  # the sandbox reaches for nothing outside
    file = world.files.get(reference)
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return file
