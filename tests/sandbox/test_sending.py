"""What the bot can send, and what Telegram refuses, in the words the library knows."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from telegram import Bot, LinkPreviewOptions, MessageEntity, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Forbidden

from bot.clock import LOCAL
from bot.sandbox import actions
from bot.sandbox.people import Person
from bot.sandbox.world import World
from tests.sandbox.cast import AN, BINH, TOKEN


async def test_a_message_arrives_as_it_was_meant(bot: Bot, world: World) -> None:
    sent = await bot.send_message(AN, "  <b>Hạn</b> là 15/11 😀 <i>nhé</i>\n", ParseMode.HTML)
    assert sent.text == "Hạn là 15/11 😀 nhé"
    assert sent.parse_entities() == {
        MessageEntity("bold", 0, 3): "Hạn",
        MessageEntity("italic", 16, 3): "nhé",
    }
    assert sent.text_html == "<b>Hạn</b> là 15/11 😀 <i>nhé</i>"
    assert sent.chat.id == AN
    assert sent.from_user is not None
    assert sent.from_user.id == 1
    assert world.chats[AN].messages[sent.message_id].text == sent.text


async def test_messages_carry_the_time_of_the_clock(bot: Bot, world: World) -> None:
    world.clock.turn_to(datetime(2021, 11, 15, 17, 0, tzinfo=LOCAL))
    sent = await bot.send_message(AN, "Hết hạn")
    assert timedelta(0) <= sent.date - datetime(2021, 11, 15, 10, 0, tzinfo=UTC) < timedelta(minutes=1)


async def test_the_options_that_change_nothing_here_are_taken(bot: Bot) -> None:
    await bot.send_message(
        AN,
        "https://binhphuoc.gov.vn",
        disable_notification=True,
        protect_content=True,
        message_thread_id=3,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )


async def test_entities_can_be_listed_instead(bot: Bot) -> None:
    sent = await bot.send_message(AN, " abc", entities=[MessageEntity("bold", 1, 3)])
    assert sent.text_html == "<b>abc</b>"


@pytest.mark.parametrize("entities", ['{"type": "bold"}', '[{"type": "bold"}]', "5", "[5]"])
async def test_entities_that_are_none_are_refused(http: httpx.AsyncClient, entities: str) -> None:
    answer = await http.post(f"/bot{TOKEN}/sendMessage", data={"chat_id": AN, "text": "a", "entities": entities})
    assert answer.status_code == 400
    assert answer.json()["description"].startswith("Bad Request: can't parse entities: ")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Message text is empty"),
        (" \n\t", "Message text is empty"),
        ("\u200b", "Message text is empty"),
        ("<b> </b>", "Message text is empty"),
        ("a" * 4097, "Message is too long"),
        ("😀" * 2049, "Message is too long"),
        ("<x>", 'Can\'t parse entities: unsupported start tag "x" at byte offset 0'),
        ("ạ<b>", "Can't parse entities: can't find end tag corresponding to start tag \"b\""),
        ("ạ</b>", "Can't parse entities: unexpected end tag at byte offset 3"),
        ("<b>a</i>", 'Can\'t parse entities: unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    ],
)
async def test_a_text_telegram_would_not_take_is_refused(bot: Bot, text: str, reason: str) -> None:
    with pytest.raises(BadRequest, match=f"^{re.escape(reason)}$"):
        await bot.send_message(AN, text, ParseMode.HTML)


@pytest.mark.parametrize("text", ["a" * 4096, "😀" * 2048, f"<b>{'a' * 4096}</b>", f"{'&lt;' * 4096}"])
async def test_the_limit_counts_what_is_shown(bot: Bot, text: str) -> None:
    await bot.send_message(AN, text, ParseMode.HTML)


@pytest.mark.parametrize(
    ("mode", "reason"),
    [("MarkdownV2", "The sandbox speaks html only, not markdownv2"), ("LaTeX", "Unsupported parse_mode")],
)
async def test_other_markup_than_html_is_refused(bot: Bot, mode: str, reason: str) -> None:
    with pytest.raises(BadRequest, match=reason):
        await bot.send_message(AN, "*a*", mode)


@pytest.mark.parametrize("chat_id", [5, -5, "@nobody"])
async def test_nobody_can_be_written_to_who_does_not_exist(bot: Bot, chat_id: int | str) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(chat_id, "a")


async def test_a_call_has_to_name_a_chat(http: httpx.AsyncClient) -> None:
    answer = await http.post(f"/bot{TOKEN}/sendMessage", data={"text": "a"})
    assert answer.json()["description"] == "Bad Request: chat_id is empty"


async def test_the_bot_cannot_write_first(bot: Bot, world: World, binh: Person) -> None:
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(BINH, "a")
    actions.write(world, binh, "Chào")
    assert (await bot.send_message(BINH, "a")).text == "a"


async def test_who_has_blocked_the_bot_hears_nothing(bot: Bot, world: World, an: Person) -> None:
    actions.block(world, an, blocked=True)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(AN, "a")
    actions.block(world, an, blocked=False)
    await bot.send_message(AN, "a")


async def test_a_reply_brings_along_what_it_replies_to(bot: Bot, world: World, an: Person) -> None:
    question = actions.write(world, an, "Hạn nộp?")
    answer = await bot.send_message(AN, "15/11", reply_parameters=ReplyParameters(question.id))
    assert answer.reply_to_message is not None
    assert answer.reply_to_message.text == "Hạn nộp?"


async def test_a_reply_to_nothing_is_refused_unless_that_does_not_matter(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(AN, "a", reply_parameters=ReplyParameters(99))
    sent = await bot.send_message(AN, "a", reply_to_message_id=99, allow_sending_without_reply=True)
    assert sent.reply_to_message is None


async def test_chat_actions_are_known_or_refused(bot: Bot) -> None:
    assert await bot.send_chat_action(AN, ChatAction.TYPING)
    with pytest.raises(BadRequest, match="Wrong parameter action in request"):
        await bot.send_chat_action(AN, "dancing")


async def test_a_copy_has_the_content_and_nothing_else(bot: Bot, world: World, an: Person) -> None:
    original = actions.write(world, an, "Xem /help")
    copy = await bot.copy_message(AN, AN, original.id)
    copied = world.chats[AN].messages[copy.message_id]
    assert (copied.text, copied.sender, copied.reply_to) == ("Xem /help", world.bot, None)
    assert list(copied.entities) == list(original.entities)


async def test_what_is_not_there_or_cannot_be_copied_is_refused(bot: Bot, world: World, an: Person) -> None:
    with pytest.raises(BadRequest, match="Message to copy not found"):
        await bot.copy_message(AN, AN, 99)
    voice = actions.send_other(world, an, "voice")
    with pytest.raises(BadRequest, match="Message can't be copied"):
        await bot.copy_message(AN, AN, voice.id)


async def test_a_chat_tells_about_itself(bot: Bot) -> None:
    sent = await bot.send_message(AN, "Ghim")
    await bot.pin_chat_message(AN, sent.message_id)
    chat = await bot.get_chat(AN)
    assert (chat.type, chat.first_name, chat.username) == ("private", "Nguyễn Văn An", "an_nguyen")
    assert chat.pinned_message is not None
    assert chat.pinned_message.message_id == sent.message_id
