"""Inline mode: `@bot words` in any chat, and what becomes of the result."""

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResult,
    InlineQueryResultArticle,
    InlineQueryResultCachedDocument,
    InlineQueryResultLocation,
    InlineQueryResultsButton,
    InputTextMessageContent,
)
from telegram.error import BadRequest

from bot.sandbox import actions
from bot.sandbox.errors import ActionError
from bot.sandbox.people import Person
from bot.sandbox.world import World
from tests.sandbox.cast import AN

BUTTONS = InlineKeyboardMarkup([[InlineKeyboardButton("Hạn", callback_data="han")]])


def article(id_: str = "1", text: str = "<b>15/11</b>", **options: Any) -> InlineQueryResultArticle:
    """An answer to choose."""
    return InlineQueryResultArticle(id_, "Hạn nộp", InputTextMessageContent(text, "HTML"), **options)


async def offer(bot: Bot, world: World, person: Person, results: Sequence[InlineQueryResult]) -> dict[str, Any]:
    """A person asks, the bot offers; what the person sees."""
    asked = asyncio.create_task(actions.ask_inline(world, person, "hạn"))
    await world.updates.arrival()
    update = (await bot.get_updates())[-1]
    assert update.inline_query is not None
    await update.inline_query.answer(results, next_offset="50")
    await bot.get_updates(offset=update.update_id + 1)
    return await asked


async def test_a_question_is_answered_over_the_page(bot: Bot, world: World, http: httpx.AsyncClient) -> None:
    asked = asyncio.create_task(http.post(f"/sandbox/people/{AN}/inline", json={"query": "hạn", "offset": "5"}))
    (update,) = await bot.get_updates(timeout=10)
    query = update.inline_query
    assert query is not None
    assert (query.query, query.offset, query.from_user.id) == ("hạn", "5", AN)
    await query.answer([article()], button=InlineQueryResultsButton("Liên kết", start_parameter="lk"))
    answer = (await asked).json()
    assert answer["query_id"] == query.id
    assert answer["results"][0]["title"] == "Hạn nộp"
    assert answer["button"] == {"text": "Liên kết", "start_parameter": "lk"}
    chosen = await http.post(f"/sandbox/people/{AN}/inline/choose", json={"query_id": query.id, "result_id": "1"})
    assert (chosen.json()["text"], chosen.json()["via_bot"]) == ("15/11", True)


async def test_a_chosen_result_is_a_message_of_the_person_via_the_bot(bot: Bot, world: World, an: Person) -> None:
    answer = await offer(bot, world, an, [article()])
    assert answer["next_offset"] == "50"
    message = actions.choose_inline(world, an, answer["query_id"], "1")
    assert (message.text, message.sender, message.via_bot) == ("15/11", an, world.bot)
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.via_bot is not None
    assert update.message.via_bot.id == 1


async def test_in_a_group_the_bot_hears_of_its_own_results(bot: Bot, world: World, an: Person) -> None:
    group = world.add_group(-5, "Nhóm", [an])
    answer = await offer(bot, world, an, [article()])
    actions.choose_inline(world, an, answer["query_id"], "1", group.id)
    assert len(await bot.get_updates()) == 1


async def test_buttons_under_a_result_are_pressed_and_edited_by_the_inline_id(
    bot: Bot, world: World, an: Person
) -> None:
    answer = await offer(bot, world, an, [article(reply_markup=BUTTONS)])
    message = actions.choose_inline(world, an, answer["query_id"], "1")
    actions.press(world, an, message.id, "han")
    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    assert query.message is None
    assert query.inline_message_id is not None
    assert await query.edit_message_text("Đã xem") is True
    assert message.text == "Đã xem"
    await bot.delete_message(AN, message.id)
    with pytest.raises(BadRequest, match="Message_id_invalid"):
        await query.edit_message_text("Lại nữa")


async def test_a_file_can_be_a_result(bot: Bot, world: World, an: Person) -> None:
    sent = await bot.send_document(AN, b"a", filename="a.txt")
    assert sent.document is not None
    result = InlineQueryResultCachedDocument("1", "Biểu mẫu", sent.document.file_id, caption="Đây")
    answer = await offer(bot, world, an, [result])
    message = actions.choose_inline(world, an, answer["query_id"], "1")
    assert message.file is not None
    assert (message.file.name, message.text) == ("a.txt", "Đây")


async def test_no_result_is_chosen_that_was_not_offered(bot: Bot, world: World, an: Person, binh: Person) -> None:
    answer = await offer(bot, world, an, [article()])
    for person, query_id, result_id in ((an, answer["query_id"], "2"), (an, "5", "1"), (binh, answer["query_id"], "1")):
        with pytest.raises(ActionError, match="Kết quả này không còn nữa"):
            actions.choose_inline(world, person, query_id, result_id)


async def test_a_silent_bot_is_not_waited_for_forever(
    world: World, an: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "_INLINE_PATIENCE", 0.01)
    with pytest.raises(ActionError, match="Trợ lý chưa trả lời"):
        await actions.ask_inline(world, an, "hạn")


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        ([article("a" * 65)], "Result_id_invalid"),
        ([article(), article()], "Result_id_duplicate"),
        ([article(text="<b>")], "Can't parse entities"),
        ([article(text=" ")], "Message_empty"),
        ([InlineQueryResultArticle("1", " ", InputTextMessageContent("a"))], "Article_title_empty"),
        (
            [InlineQueryResultLocation("1", 1.0, 1.0, "Đây")],
            "The sandbox knows articles, documents and photos, not 'location'",
        ),
        (
            [article(reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="a" * 65)]]))],
            "Button_data_invalid",
        ),
    ],
)
async def test_results_telegram_would_not_take_are_refused(
    bot: Bot, world: World, an: Person, results: list[InlineQueryResult], reason: str
) -> None:
    asked = asyncio.create_task(actions.ask_inline(world, an, "hạn"))
    await world.updates.arrival()
    query = (await bot.get_updates())[0].inline_query
    assert query is not None
    with pytest.raises(BadRequest, match=f"(?i){reason}"):
        await query.answer(results)
    await query.answer([])
    assert (await asked)["results"] == []
    # A second answer changes nothing any more.
    await query.answer([article()])


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        ({}, "can't parse inline query results: expected an Array of InlineQueryResult"),
        ([{"type": "article", "id": str(number)} for number in range(51)], "RESULTS_TOO_MUCH"),
        (
            [{"type": "article", "id": "1", "title": "a"}],
            "can't parse inline query result: message content is not specified",
        ),
    ],
)
async def test_what_is_no_list_of_results_is_refused(
    http: httpx.AsyncClient, world: World, an: Person, results: Any, reason: str
) -> None:
    asked = asyncio.create_task(actions.ask_inline(world, an, "hạn"))
    await world.updates.arrival()
    (update,) = world.updates.first()
    params = {"inline_query_id": update.payload["id"], "results": results}
    answer = await http.post("/bot1:sandbox/answerInlineQuery", json=params)
    assert answer.json()["description"] == f"Bad Request: {reason}"
    asked.cancel()
