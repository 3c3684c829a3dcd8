"""Long polling, as Telegram does it."""

import asyncio
import time

import httpx
import pytest
from telegram import Bot
from telegram.error import Conflict

from bot.sandbox import actions
from bot.sandbox.faults import Fault
from bot.sandbox.people import Person
from bot.sandbox.world import World
from tests.sandbox.cast import AN, TOKEN


def say(world: World, *texts: str) -> None:
    """Nguyễn Văn An writes."""
    for text in texts:
        actions.write(world, world.people[AN], text)


async def heard(bot: Bot, offset: int | None = None, limit: int | None = None) -> list[str]:
    """The texts that wait for the bot."""
    updates = await bot.get_updates(offset=offset, limit=limit)
    return [update.message.text or "" for update in updates if update.message]


async def test_updates_wait_until_they_are_confirmed(bot: Bot, world: World) -> None:
    say(world, "một", "hai", "ba")
    first, second, third = await bot.get_updates()
    assert [second.update_id, third.update_id] == [first.update_id + 1, first.update_id + 2]
    assert await heard(bot) == ["một", "hai", "ba"]
    assert await heard(bot, offset=second.update_id) == ["hai", "ba"]
    assert await heard(bot) == ["hai", "ba"], "what is confirmed is gone"
    assert await heard(bot, offset=third.update_id + 1) == []


async def test_a_negative_offset_keeps_the_latest(bot: Bot, world: World) -> None:
    say(world, "một", "hai", "ba")
    assert await heard(bot, offset=-2) == ["hai", "ba"]
    assert await heard(bot) == ["hai", "ba"]


async def test_a_limit_is_kept(bot: Bot, world: World) -> None:
    say(world, *(str(number) for number in range(120)))
    assert len(await heard(bot)) == 100
    assert await heard(bot, limit=2) == ["0", "1"]
    assert len(await heard(bot, limit=0)) == 1


async def test_a_poll_ends_as_soon_as_something_comes(world: World) -> None:
    begin = time.monotonic()
    poll = asyncio.create_task(world.updates.poll(0, 100, 30))
    await asyncio.sleep(0)
    assert not poll.done()
    say(world, "chào")
    assert [update.payload["text"] for update in await poll] == ["chào"]
    assert time.monotonic() - begin < 5


async def test_a_poll_ends_empty_when_its_time_is_over(http: httpx.AsyncClient) -> None:
    begin = time.monotonic()
    answer = await http.post(f"/bot{TOKEN}/getUpdates", data={"timeout": "0.2"})
    assert answer.json()["result"] == []
    assert 0.2 <= time.monotonic() - begin < 5


async def test_of_two_polls_the_older_one_is_ended(bot: Bot, http: httpx.AsyncClient, world: World) -> None:
    path, params = f"/bot{TOKEN}/getUpdates", {"timeout": "30"}
    polls = [asyncio.create_task(http.post(path, data=params)) for _ in range(2)]
    (older,), (newer,) = await asyncio.wait(polls, return_when=asyncio.FIRST_COMPLETED)
    assert older.result().status_code == 409
    assert older.result().json()["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    say(world, "chào")
    assert len((await newer).json()["result"]) == 1


async def test_a_poll_that_is_ended_is_a_conflict_to_the_library(bot: Bot, world: World) -> None:
    world.faults.append(Fault(kind="error", method="getUpdates", status=409, description="Conflict: terminated"))
    with pytest.raises(Conflict):
        await bot.get_updates()


async def test_only_kinds_that_are_asked_for_are_kept(bot: Bot, world: World, an: Person) -> None:
    await bot.get_updates(allowed_updates=["my_chat_member"])
    say(world, "chào")
    actions.block(world, an, blocked=True)
    (update,) = await bot.get_updates()
    assert update.my_chat_member is not None
    assert update.my_chat_member.new_chat_member.status == "kicked"
    assert update.my_chat_member.old_chat_member.status == "member"
    actions.block(world, an, blocked=False)
    assert len(await bot.get_updates()) == 2, "the kinds are remembered"
    await bot.get_updates(allowed_updates=[])
    say(world, "chào")
    assert len(await bot.get_updates()) == 3, "no kinds means the usual ones again"


async def test_some_kinds_come_on_request_only(bot: Bot, world: World) -> None:
    world.updates.add("message_reaction", {})
    world.updates.add("chat_member", {})
    assert await bot.get_updates() == ()
    await bot.get_updates(allowed_updates=["poll", "chat_member"])
    world.updates.add("chat_member", {})
    assert len(world.updates) == 1


async def test_blocking_twice_is_blocking_once(bot: Bot, world: World, an: Person) -> None:
    actions.block(world, an, blocked=True)
    actions.block(world, an, blocked=True)
    assert len(await bot.get_updates()) == 1
