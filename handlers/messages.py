"""Sending and changing messages the way this bot does it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from telegram import CallbackQuery, InlineKeyboardMarkup, Message, ReplyParameters
from telegram.constants import ChatAction, ChatType
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut

from bot import logs
from bot.flood import seconds_to_wait
from handlers.replies import Reply
from knowledge.documents import Document

log = logs.of(__name__)

T = TypeVar("T")
Markup = InlineKeyboardMarkup | None

# How often a reply is tried, and how long the bot waits for Telegram at most, in seconds.
_TRIES = 3
_PATIENCE = 10.0

_UNCHANGED = "message is not modified"
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")


async def answer_in(message: Message, reply: Reply) -> Message:
    """Send a reply to the chat of `message`, in a group pointing at the message it answers; the message sent."""
    bot = message.get_bot()
    return await patiently(
        lambda: bot.send_message(
            message.chat_id,
            reply.html,
            reply_markup=reply.markup,
            reply_parameters=_quoted(message),
            message_thread_id=_thread(message),
        )
    )


async def show_upload(message: Message, what: ChatAction = ChatAction.UPLOAD_DOCUMENT) -> None:
    """Show in the chat of `message` that a file is on its way; it matters little if this fails."""
    with suppress(TelegramError):
        await message.get_bot().send_chat_action(message.chat_id, what, message_thread_id=_thread(message))


async def send_file(message: Message, document: Document) -> None:
    """Send a file to the chat of `message`; in a group it points at the message under which it was asked for."""
    bot = message.get_bot()
    await patiently(
        lambda: bot.send_document(
            message.chat_id,
            document.content,
            caption=document.caption,
            filename=document.name,
            # The caption is no HTML, whatever the rule for other messages.
            parse_mode=None,
            reply_parameters=_quoted(message),
            message_thread_id=_thread(message),
        )
    )


async def send_picture(message: Message, picture: bytes, reply: Reply) -> None:
    """Send a picture to the chat of `message` with a reply as its caption."""
    bot = message.get_bot()
    await patiently(lambda: bot.send_photo(message.chat_id, picture, caption=reply.html, reply_markup=reply.markup))


async def send_stored(message: Message, path: Path, name: str) -> None:
    """Send a stored file to the chat of `message` under the name it came with."""
    bot = message.get_bot()
    await patiently(lambda: bot.send_document(message.chat_id, path, filename=name, parse_mode=None))


async def send_as_notice(message: Message, html: str, file_id: str | None, is_photo: bool, markup: Markup) -> None:
    """Send to the chat of `message` what a notice would look like, with the file that Telegram has, if any."""
    bot, chat_id = message.get_bot(), message.chat_id
    if file_id is None:
        await patiently(lambda: bot.send_message(chat_id, html, reply_markup=markup))
    elif is_photo:
        await patiently(lambda: bot.send_photo(chat_id, file_id, html, reply_markup=markup))
    else:
        await patiently(lambda: bot.send_document(chat_id, file_id, html, reply_markup=markup))


async def replace(query: CallbackQuery, reply: Reply) -> bool:
    """Turn the message under a pressed button into `reply`; False if the message is gone or too old."""
    return await _edited(lambda: query.edit_message_text(reply.html, reply_markup=reply.markup))


async def replace_buttons(query: CallbackQuery, markup: InlineKeyboardMarkup | None) -> bool:
    """Change the buttons of the message that was pressed and leave its text alone; False if it is gone or too old."""
    return await _edited(lambda: query.edit_message_reply_markup(markup))


async def patiently(send: Callable[[], Awaitable[T]]) -> T:
    """Send, and again if Telegram was busy or not reached.

    A reply that comes twice does less harm than a question left in silence; what is sent to many goes another way.

    Raises:
        TelegramError: it did not succeed in several tries, or never will.
    """
    for waited in range(1, _TRIES):
        try:
            return await send()
        except (BadRequest, TimedOut):
            # Our own mistake, or it may have arrived already.
            raise
        except RetryAfter as busy:
            await asyncio.sleep(min(seconds_to_wait(busy), _PATIENCE))
        except NetworkError as failure:
            log.info("Telegram not reached, trying again", error=failure)
            await asyncio.sleep(waited / 10)
    return await send()


async def _edited(edit: Callable[[], Awaitable[object]]) -> bool:
    try:
        await patiently(edit)
    except BadRequest as error:
        # A second tap on the same button finds its work done.
        if _UNCHANGED in error.message.lower():
            return True
        if any(reason in error.message.lower() for reason in _GONE):
            return False
        raise
    return True


def _quoted(message: Message) -> ReplyParameters | None:
    if message.chat.type == ChatType.PRIVATE:
        return None
    return ReplyParameters(message.message_id, allow_sending_without_reply=True)


def _thread(message: Message) -> int | None:
    return message.message_thread_id if message.is_topic_message else None
