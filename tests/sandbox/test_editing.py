"""Changing, deleting and pinning what is there."""

from datetime import timedelta

import httpx
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.sandbox import actions
from bot.sandbox.people import Person
from bot.sandbox.world import World
from tests.sandbox.cast import AN, TOKEN

BUTTONS = InlineKeyboardMarkup([[InlineKeyboardButton("Hạn", callback_data="han")]])


async def test_a_message_is_changed_in_place(bot: Bot, world: World) -> None:
    sent = await bot.send_message(AN, "Một", reply_markup=BUTTONS)
    edited = await bot.edit_message_text("<b>Hai</b>", AN, sent.message_id, parse_mode=ParseMode.HTML)
    assert isinstance(edited, Message)
    assert edited.text_html == "<b>Hai</b>"
    assert edited.edit_date is not None
    assert edited.reply_markup is None, "buttons that are not given again are gone"
    assert len(world.chats[AN].messages) == 2


async def test_nothing_new_is_refused(bot: Bot) -> None:
    sent = await bot.send_message(AN, "<b>Một</b>", ParseMode.HTML, reply_markup=BUTTONS)
    with pytest.raises(BadRequest, match=r"^Message is not modified: specified new message content"):
        await bot.edit_message_text("<b>Một</b>", AN, sent.message_id, parse_mode=ParseMode.HTML, reply_markup=BUTTONS)
    with pytest.raises(BadRequest, match=r"^Message is not modified"):
        await bot.edit_message_reply_markup(AN, sent.message_id, reply_markup=BUTTONS)
    # The same words with another look, or with other buttons, are something new.
    await bot.edit_message_text("Một", AN, sent.message_id, reply_markup=BUTTONS)
    await bot.edit_message_text("Một", AN, sent.message_id)


async def test_other_buttons_do_not_mark_a_message_as_edited(bot: Bot, world: World) -> None:
    sent = await bot.send_message(AN, "Một")
    edited = await bot.edit_message_reply_markup(AN, sent.message_id, reply_markup=BUTTONS)
    assert isinstance(edited, Message)
    assert edited.reply_markup == BUTTONS
    assert world.chats[AN].messages[sent.message_id].as_page()["edited"] is False


async def test_only_what_is_there_and_of_the_bot_is_edited(bot: Bot, world: World, an: Person) -> None:
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("a", AN, 99)
    written = actions.write(world, an, "của tôi")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("a", AN, written.id)
    with pytest.raises(BadRequest, match="Message_id_invalid"):
        await bot.edit_message_text("a", inline_message_id="none")


async def test_a_text_has_no_caption_and_a_file_no_text(bot: Bot) -> None:
    text = await bot.send_message(AN, "a")
    file = await bot.send_document(AN, b"content", caption="a", filename="a.txt")
    with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
        await bot.edit_message_caption(AN, text.message_id, caption="b")
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("b", AN, file.message_id)
    edited = await bot.edit_message_caption(AN, file.message_id, caption="b")
    assert isinstance(edited, Message)
    assert edited.caption == "b"


async def test_an_edit_takes_inline_buttons_only(http: httpx.AsyncClient, bot: Bot) -> None:
    sent = await bot.send_message(AN, "a")
    params = {"chat_id": AN, "message_id": sent.message_id, "text": "b", "reply_markup": {"force_reply": True}}
    answer = await http.post(f"/bot{TOKEN}/editMessageText", json=params)
    assert answer.json()["description"] == "Bad Request: inline keyboard expected"


async def test_messages_of_the_last_two_days_can_be_deleted(bot: Bot, world: World, an: Person) -> None:
    theirs, own = actions.write(world, an, "a"), await bot.send_message(AN, "b")
    assert await bot.delete_message(AN, theirs.id)
    assert await bot.delete_message(AN, own.message_id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(AN, own.message_id)
    old = await bot.send_message(AN, "c")
    world.clock.turn_by(timedelta(hours=49))
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(AN, old.message_id)


async def test_messages_are_pinned_and_let_go(bot: Bot, world: World) -> None:
    first, second = await bot.send_message(AN, "a"), await bot.send_message(AN, "b")
    for sent in (first, second):
        await bot.pin_chat_message(AN, sent.message_id)
    messages = world.chats[AN].messages
    await bot.unpin_chat_message(AN)
    assert [messages[sent.message_id].pinned for sent in (first, second)] == [True, False]
    await bot.unpin_chat_message(AN, first.message_id)
    with pytest.raises(BadRequest, match="Message to unpin not found"):
        await bot.unpin_chat_message(AN)
    with pytest.raises(BadRequest, match="Message to pin not found"):
        await bot.pin_chat_message(AN, 99)
