"""Buttons pressed and answered."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from telegram import Bot, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.error import BadRequest

from bot.sandbox import actions
from bot.sandbox.errors import ActionError
from bot.sandbox.people import Person
from bot.sandbox.queries import Press, Queries, new_query_id
from bot.sandbox.world import World
from tests.sandbox.cast import AN

BUTTONS = InlineKeyboardMarkup([[InlineKeyboardButton("Hạn", callback_data="han")]])
TOO_OLD = "Query is too old and response timeout expired or query id is invalid"


async def pressed(bot: Bot) -> CallbackQuery:
    """The press that waits for the bot."""
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    return update.callback_query


async def test_a_press_reaches_the_bot_and_its_answer_the_person(
    bot: Bot, world: World, http: httpx.AsyncClient
) -> None:
    sent = await bot.send_message(AN, "Chọn", reply_markup=BUTTONS)
    answer = await http.post(
        f"/sandbox/people/{AN}/presses", json={"message_id": sent.message_id, "callback_data": "han"}
    )
    query = await pressed(bot)
    assert (query.id, query.data, query.from_user.id) == (answer.json()["query_id"], "han", AN)
    assert isinstance(query.message, Message)
    assert query.message.message_id == sent.message_id
    assert query.chat_instance
    before = world.events.last
    assert await query.answer("Ngày 15/11", show_alert=True)
    (toast,) = world.events.since(before)
    assert toast.kind == "toast"
    assert toast.data == {
        "query_id": query.id,
        "person_id": AN,
        "chat_id": AN,
        "message_id": sent.message_id,
        "text": "Ngày 15/11",
        "alert": True,
        "url": None,
    }


async def test_an_answer_without_words_stops_the_spinning(bot: Bot, world: World, an: Person) -> None:
    sent = await bot.send_message(AN, "Chọn", reply_markup=BUTTONS)
    actions.press(world, an, sent.message_id, "han")
    before = world.events.last
    await (await pressed(bot)).answer()
    (toast,) = world.events.since(before)
    data: Any = toast.data
    assert (data["text"], data["alert"]) == ("", False)


async def test_answering_twice_does_no_harm(bot: Bot, world: World, an: Person) -> None:
    sent = await bot.send_message(AN, "Chọn", reply_markup=BUTTONS)
    actions.press(world, an, sent.message_id, "han")
    query = await pressed(bot)
    await query.answer()
    await query.answer()


async def test_an_answer_that_comes_too_late_is_refused(bot: Bot, world: World, an: Person) -> None:
    sent = await bot.send_message(AN, "Chọn", reply_markup=BUTTONS)
    actions.press(world, an, sent.message_id, "han")
    query = await pressed(bot)
    world.clock.turn_by(timedelta(minutes=16))
    with pytest.raises(BadRequest, match=TOO_OLD):
        await query.answer()


async def test_an_answer_to_nothing_is_refused(bot: Bot) -> None:
    with pytest.raises(BadRequest, match=TOO_OLD):
        await bot.answer_callback_query("123")


async def test_an_answer_has_at_most_two_hundred_characters(bot: Bot, world: World, an: Person) -> None:
    sent = await bot.send_message(AN, "Chọn", reply_markup=BUTTONS)
    query = actions.press(world, an, sent.message_id, "han")
    with pytest.raises(BadRequest, match="Message_too_long"):
        await bot.answer_callback_query(query.id, "a" * 201)


async def test_there_has_to_be_such_a_button(bot: Bot, world: World, an: Person) -> None:
    sent = await bot.send_message(AN, "Chọn", reply_markup=BUTTONS)
    for message_id, data in ((sent.message_id, "khac"), (99, "han")):
        with pytest.raises(ActionError, match="Tin nhắn này không còn nút đó"):
            actions.press(world, an, message_id, data)


async def test_a_forged_press_needs_no_button(bot: Bot, world: World, an: Person) -> None:
    sent = await bot.send_message(AN, "Chọn")
    actions.press(world, an, sent.message_id, "giả", force=True)
    assert (await pressed(bot)).data == "giả"


async def test_a_message_long_gone_is_inaccessible(bot: Bot, world: World, an: Person) -> None:
    actions.press(world, an, 99, "han", force=True)
    message = (await pressed(bot)).message
    assert message is not None
    assert not message.is_accessible
    assert (message.message_id, message.chat.id) == (99, AN)


async def test_who_has_blocked_the_bot_cannot_press(bot: Bot, world: World, an: Person) -> None:
    sent = await bot.send_message(AN, "Chọn", reply_markup=BUTTONS)
    actions.block(world, an, blocked=True)
    with pytest.raises(ActionError, match="Anh/chị đã chặn trợ lý"):
        actions.press(world, an, sent.message_id, "han")


def test_of_very_many_queries_the_oldest_are_forgotten(world: World, an: Person) -> None:
    queries: Queries[Press] = Queries()
    presses = [
        Press(id=new_query_id(), person=an, at=world.clock.now(), chat_id=AN, message_id=1) for _ in range(10_001)
    ]
    for press in presses:
        queries.add(press)
    assert queries.find(presses[1].id, world.clock.now()) is presses[1]
    with pytest.raises(Exception, match="query is too old"):
        queries.find(presses[0].id, world.clock.now())


async def test_presses_of_many_people_stay_apart(bot: Bot, world: World, an: Person, binh: Person) -> None:
    actions.write(world, binh, "/start")
    sent = await asyncio.gather(*(bot.send_message(id_, "Chọn", reply_markup=BUTTONS) for id_ in (an.id, binh.id)))
    await bot.get_updates(offset=-1)
    for person, message in zip((an, binh), sent, strict=True):
        actions.press(world, person, message.message_id, "han")
    queries = [update.callback_query for update in await bot.get_updates() if update.callback_query]
    assert [query.from_user.id for query in queries] == [an.id, binh.id]
