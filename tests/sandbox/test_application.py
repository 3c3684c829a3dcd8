"""The real library, as the bot uses it: an Application that polls, hears and answers."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.sandbox import actions
from bot.sandbox.faults import Fault
from bot.sandbox.people import Person
from bot.sandbox.world import World
from tests.sandbox.cast import AN, TOKEN, Until

Context = ContextTypes.DEFAULT_TYPE


async def start(update: Update, context: Context) -> None:
    """Greet, with a button."""
    assert update.message is not None
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Hạn", callback_data="han")]])
    code = " ".join(context.args or [])
    await update.message.reply_html(f"<b>Chào</b> {code}", reply_markup=markup)


async def echo(update: Update, _: Context) -> None:
    """Say the same."""
    assert update.message is not None
    await update.message.reply_text(update.message.text or "")


async def show(update: Update, _: Context) -> None:
    """Answer a press, and put the answer where the button was."""
    assert update.callback_query is not None
    await update.callback_query.answer("Đây")
    await update.callback_query.edit_message_text("15/11")


async def note(update: Update, context: Context) -> None:
    """Remember who has blocked the bot."""
    assert update.my_chat_member is not None
    context.bot_data["blocked_by"] = update.my_chat_member.from_user.id


Started = Application[Any, Any, Any, Any, Any, Any]


@pytest.fixture
async def application(url: str) -> AsyncIterator[Started]:
    """A small bot, running."""
    application = Application.builder().token(TOKEN).base_url(f"{url}/bot").base_file_url(f"{url}/file/bot").build()
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CallbackQueryHandler(show))
    application.add_handler(ChatMemberHandler(note))
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, echo))
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling()
        yield application
        await application.updater.stop()
        await application.stop()


@pytest.mark.usefixtures("application")
async def test_a_conversation(world: World, an: Person, until: Until) -> None:
    messages = world.chats[AN].messages
    actions.write(world, an, "/start ABC")
    await until(lambda: len(messages) == 3)
    assert messages[3].text == "Chào ABC"
    actions.press(world, an, 3, "han")
    await until(lambda: messages[3].text == "15/11")
    actions.write(world, an, "Cảm ơn")
    await until(lambda: len(messages) == 5)
    assert messages[5].text == "Cảm ơn"
    assert not [call for call in world.calls if not call.ok]


async def test_who_blocks_the_bot_is_known(application: Started, world: World, an: Person, until: Until) -> None:
    actions.block(world, an, blocked=True)
    actions.block(world, an, blocked=False)
    actions.write(world, an, "a")
    await until(lambda: len(world.chats[AN].messages) == 3)
    assert application.bot_data == {"blocked_by": AN}


@pytest.mark.usefixtures("application")
async def test_nothing_is_lost_when_polling_breaks_down(world: World, an: Person, until: Until) -> None:
    world.faults = [
        Fault(kind="lost_reply", method="getUpdates"),
        Fault(kind="error", method="getUpdates", status=502, description="Bad Gateway"),
    ]
    actions.write(world, an, "một")
    actions.write(world, an, "hai")
    await until(lambda: len(world.chats[AN].messages) == 5)
    assert [message.text for message in world.chats[AN].messages.values()][-2:] == ["một", "hai"]
