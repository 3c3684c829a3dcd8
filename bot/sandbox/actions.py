"""What people do: write, send files, press buttons, ask inline, edit, block. The bot hears of it as in life."""

import asyncio
import secrets
from typing import Any

from bot.sandbox.chats import Chat, Group, PrivateChat
from bot.sandbox.entities import detect, slices
from bot.sandbox.errors import ActionError, ApiError
from bot.sandbox.keyboards import read_keyboard
from bot.sandbox.members import as_member
from bot.sandbox.messages import Message
from bot.sandbox.methods.content import marked_text
from bot.sandbox.others import OTHERS
from bot.sandbox.people import Person
from bot.sandbox.queries import InlineQuery, Press, new_query_id
from bot.sandbox.world import World
from knowledge.markup import Marked, tidy

_INLINE_PATIENCE = 10.0
_LONGEST_TEXT = 4096
_LONGEST_CAPTION = 1024
_LONGEST_INLINE = 256


def write(world: World, person: Person, text: str, chat_id: int | None = None, reply_to: int | None = None) -> Message:
    """A person types a text and sends it."""
    chat = _chat(world, person, chat_id)
    return _send(world, person, chat, _typed(text, _LONGEST_TEXT), reply_to=_known(chat, reply_to))


def send_file(
    world: World,
    person: Person,
    name: str,
    content: bytes,
    caption: str = "",
    *,
    as_photo: bool = False,
    chat_id: int | None = None,
) -> Message:
    """A person sends a file, or a picture as a photo."""
    chat = _chat(world, person, chat_id)
    words = _typed(caption, _LONGEST_CAPTION) if caption.strip() else Marked("")
    try:
        file = world.files.add(name, content, as_photo=as_photo)
    except ApiError:
        raise ActionError(400, "Tệp trống, hoặc không phải là ảnh PNG, JPEG hay GIF.") from None
    return _send(world, person, chat, words, file=file)


def send_other(world: World, person: Person, kind: str, chat_id: int | None = None) -> Message:
    """A person sends something that is neither text nor file."""
    chat = _chat(world, person, chat_id)
    if kind not in OTHERS:
        raise ActionError(400, f"Chỉ gửi được: {', '.join(OTHERS)}.")
    other = OTHERS[kind]
    return _send(world, person, chat, Marked(other.shown), other=other.fields(person))


def edit(world: World, person: Person, message_id: int, text: str, chat_id: int | None = None) -> Message:
    """A person edits what they have written."""
    chat = _chat(world, person, chat_id)
    message = chat.messages.get(message_id)
    if message is None or message.sender is not person or message.via_bot is not None or message.other:
        raise ActionError(404, "Không có tin nhắn nào như vậy của anh/chị để sửa.")
    words = _typed(text, _LONGEST_TEXT if message.file is None else _LONGEST_CAPTION)
    message.text, message.entities = words.text, words.entities
    message.edited_at = world.clock.now()
    world.changed(message)
    if _bot_hears(world, message):
        world.updates.add("edited_message", message.as_api(), chat.id)
    return message


def press(
    world: World,
    person: Person,
    message_id: int,
    callback_data: str,
    chat_id: int | None = None,
    *,
    force: bool = False,
) -> Press:
    """A person presses a button. With `force` there need be no such button or message: forged, or long gone."""
    chat = _chat(world, person, chat_id)
    message = chat.messages.get(message_id)
    if not force and (message is None or not message.has_button(callback_data)):
        raise ActionError(409, "Tin nhắn này không còn nút đó.")
    query = world.presses.add(
        Press(id=new_query_id(), person=person, at=world.clock.now(), chat_id=chat.id, message_id=message_id)
    )
    update: dict[str, Any] = {
        "id": query.id,
        "from": person.as_user(),
        "chat_instance": chat.instance,
        "data": callback_data,
    }
    if message is None:
        # What Telegram sends for a message that is too old to look at.
        update["message"] = {"chat": chat.as_chat(), "message_id": message_id, "date": 0}
    elif message.inline_id is not None:
        update["inline_message_id"] = message.inline_id
    else:
        update["message"] = message.as_api()
    world.updates.add("callback_query", update, chat.id)
    return query


async def ask_inline(world: World, person: Person, text: str, offset: str = "") -> dict[str, Any]:
    """A person types `@bot text`; what the bot offers for it."""
    query = world.inline_queries.add(
        InlineQuery(id=new_query_id(), person=person, at=world.clock.now(), text=text[:_LONGEST_INLINE])
    )
    update = {"id": query.id, "from": person.as_user(), "query": query.text, "offset": offset, "chat_type": "sender"}
    world.updates.add("inline_query", update, person.id)
    try:
        answer = await asyncio.wait_for(asyncio.shield(query.answer), _INLINE_PATIENCE)
    except TimeoutError:
        raise ActionError(504, "Trợ lý chưa trả lời.") from None
    return {"query_id": query.id, **answer}


def choose_inline(world: World, person: Person, query_id: str, result_id: str, chat_id: int | None = None) -> Message:
    """A person sends one of the results the bot has offered into a chat."""
    chat = _chat(world, person, chat_id)
    result = _result(world, person, query_id, result_id)
    keyboard = read_keyboard(result.get("reply_markup"))
    message = _send(
        world,
        person,
        chat,
        _result_text(result),
        file=world.files.get(result.get("document_file_id") or result.get("photo_file_id") or ""),
        keyboard=keyboard,
        via_bot=world.bot,
        # Telegram gives the bot a handle on the message only if there are buttons under it.
        inline_id=secrets.token_urlsafe(16) if keyboard else None,
    )
    if message.inline_id is not None:
        world.inline_messages[message.inline_id] = message
    return message


def block(world: World, person: Person, *, blocked: bool) -> None:
    """A person blocks the bot, or unblocks it."""
    if person.blocked == blocked:
        return
    person.blocked = blocked
    _tell_standing(world, person, world.chats[person.id], *(_STANDINGS if blocked else reversed(_STANDINGS)))
    world.tell_people()


def set_bot_status(world: World, person: Person, group: Group, status: str) -> None:
    """A member makes the bot an administrator of a group, or throws it out ("kicked"), or takes it in ("member")."""
    before, group.bot_status = group.bot_status, status
    _tell_standing(world, person, group, before, status)


def read(world: World, person: Person, chat_id: int | None = None) -> None:
    """A person has looked at a chat: nothing in it is new to them."""
    if person.unread.pop(_chat_of_member(world, person, chat_id).id, 0):
        world.tell_people()


_STANDINGS = ("member", "kicked")


def _chat_of_member(world: World, person: Person, chat_id: int | None) -> Chat:
    """A chat that the person is in; without an id, the private one."""
    chat = world.chats.get(person.id if chat_id is None else chat_id)
    if chat is None or person not in chat.people:
        raise ActionError(404, "Anh/chị không ở trong cuộc trò chuyện này.")
    return chat


def _chat(world: World, person: Person, chat_id: int | None) -> Chat:
    """A chat in which the person can do something."""
    chat = _chat_of_member(world, person, chat_id)
    if isinstance(chat, PrivateChat) and person.blocked:
        raise ActionError(409, "Anh/chị đã chặn trợ lý; bỏ chặn trước rồi thử lại.")
    if isinstance(chat, Group) and chat.migrated_to is not None:
        raise ActionError(409, "Nhóm này đã được nâng cấp thành siêu nhóm.")
    return chat


def _known(chat: Chat, reply_to: int | None) -> int | None:
    if reply_to is not None and reply_to not in chat.messages:
        raise ActionError(404, "Không còn tin nhắn để trả lời.")
    return reply_to


def _typed(text: str, limit: int) -> Marked:
    """What a person has typed, with what Telegram finds in it."""
    words = tidy(text)
    if words.is_blank:
        raise ActionError(400, "Tin nhắn trống.")
    if words.length > limit:
        raise ActionError(400, f"Tin nhắn dài quá {limit} ký tự.")
    return Marked(words.text, detect(words.text))


def _send(world: World, person: Person, chat: Chat, words: Marked, **content: Any) -> Message:
    if isinstance(chat, PrivateChat) and not person.started:
        person.started = True
        world.tell_people()
    message = world.post(chat, person, text=words.text, entities=words.entities, **content)
    if _bot_hears(world, message):
        world.updates.add("message", message.as_api(), chat.id)
    return message


def _bot_hears(world: World, message: Message) -> bool:
    """Telegram's privacy mode: in a group the bot is given only what is meant for it."""
    chat = message.chat
    if not isinstance(chat, Group) or chat.bot_status == "administrator":
        return True
    if chat.bot_status != "member":
        return False
    if message.via_bot is world.bot:
        return True
    replied = chat.messages.get(message.reply_to or 0)
    if replied is not None and replied.sender is world.bot:
        return True
    name = f"@{world.bot.username}".lower()
    if any(mention.lower() == name for mention in slices(message.text, message.entities, "mention")):
        return True
    commands = slices(message.text, message.entities, "bot_command")
    return any("@" not in command or command.lower().endswith(name) for command in commands)


def _tell_standing(world: World, person: Person, chat: Chat, before: str, now: str) -> None:
    bot = world.bot.as_user()
    update = {
        "chat": chat.as_chat(),
        "from": person.as_user(),
        "date": int(world.clock.now().timestamp()),
        "old_chat_member": as_member(bot, before),
        "new_chat_member": as_member(bot, now),
    }
    world.updates.add("my_chat_member", update, chat.id)


def _result(world: World, person: Person, query_id: str, result_id: str) -> dict[str, Any]:
    try:
        query = world.inline_queries.find(query_id, world.clock.now())
    except ApiError:
        query = None
    if query is not None and query.person is person and query.answer.done():
        for result in query.answer.result()["results"]:
            if result["id"] == result_id:
                found: dict[str, Any] = result
                return found
    raise ActionError(404, "Kết quả này không còn nữa.")


def _result_text(result: dict[str, Any]) -> Marked:
    """The words of a result; the bot has answered with them, so they are in order."""
    content = result.get("input_message_content")
    if content is not None:
        return marked_text(content["message_text"], content.get("parse_mode") or "", content.get("entities"))
    return marked_text(result.get("caption") or "", result.get("parse_mode") or "", result.get("caption_entities"))
