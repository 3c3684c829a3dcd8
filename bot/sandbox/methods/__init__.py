"""What the bot may ask for: the Bot API's methods, by the names Telegram gives them."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.methods import account, answering, chats, editing, receiving, sending
from bot.sandbox.params import Params
from bot.sandbox.world import World

Method = Callable[[World, Params], Any | Awaitable[Any]]

_METHODS: dict[str, Method] = {
    "getMe": account.get_me,
    "close": account.do_nothing,
    "logOut": account.do_nothing,
    "setMyCommands": account.set_my_commands,
    "getMyCommands": account.get_my_commands,
    "deleteMyCommands": account.delete_my_commands,
    "setMyName": account.set_my_name,
    "getMyName": account.get_my_name,
    "setMyDescription": account.set_my_description,
    "getMyDescription": account.get_my_description,
    "setMyShortDescription": account.set_my_short_description,
    "getMyShortDescription": account.get_my_short_description,
    "setChatMenuButton": account.set_chat_menu_button,
    "getChatMenuButton": account.get_chat_menu_button,
    "getUpdates": receiving.get_updates,
    "setWebhook": receiving.set_webhook,
    "deleteWebhook": receiving.delete_webhook,
    "getWebhookInfo": receiving.get_webhook_info,
    "getFile": receiving.get_file,
    "sendMessage": sending.send_message,
    "sendDocument": sending.send_document,
    "sendPhoto": sending.send_photo,
    "copyMessage": sending.copy_message,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "pinChatMessage": editing.pin_chat_message,
    "unpinChatMessage": editing.unpin_chat_message,
    "answerCallbackQuery": answering.answer_callback_query,
    "answerInlineQuery": answering.answer_inline_query,
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
}
_BY_LOWER_CASE = {name.lower(): (name, method) for name, method in _METHODS.items()}


def find(name: str) -> tuple[str, Method] | None:
    """A method and its proper name; Telegram does not mind upper and lower case."""
    return _BY_LOWER_CASE.get(name.lower())
