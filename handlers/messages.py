"""Sending and changing messages the way this bot does it."""

from telegram import CallbackQuery, Message, ReplyParameters
from telegram.constants import ChatType
from telegram.error import BadRequest

from handlers.replies import Reply

_NOTHING_TO_CHANGE = ("message is not modified", "message to edit not found", "message can't be edited")


async def answer_in(message: Message, reply: Reply) -> None:
    """Send a reply to the chat of `message`; in a group it points at the message it answers."""
    quoted = None
    if message.chat.type != ChatType.PRIVATE:
        quoted = ReplyParameters(message.message_id, allow_sending_without_reply=True)
    await message.get_bot().send_message(
        message.chat_id,
        reply.html,
        reply_markup=reply.markup,
        reply_parameters=quoted,
        message_thread_id=message.message_thread_id if message.is_topic_message else None,
    )


async def replace(query: CallbackQuery, reply: Reply) -> None:
    """Turn the message under a pressed button into `reply`.

    A second tap on the same button changes nothing; a message that is gone or too old is left alone.
    """
    try:
        await query.edit_message_text(reply.html, reply_markup=reply.markup)
    except BadRequest as error:
        if not any(reason in error.message.lower() for reason in _NOTHING_TO_CHANGE):
            raise
