"""The stream of events."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
from telegram import Bot
from telegram.constants import ChatAction

from bot.sandbox import actions
from bot.sandbox.events import Events
from bot.sandbox.people import Person
from bot.sandbox.world import World
from tests.sandbox.cast import AN

Received = tuple[int, str, Any]


async def events_of(response: httpx.Response) -> AsyncIterator[Received]:
    """The events of a stream, as a browser reads them."""
    fields: dict[str, str] = {}
    async for line in response.aiter_lines():
        name, _, value = line.partition(": ")
        if name:
            fields[name] = value
        elif "data" in fields:
            yield int(fields["id"]), fields["event"], json.loads(fields["data"])
            fields = {}


async def take(http: httpx.AsyncClient, number: int, since: int, **headers: str) -> list[Received]:
    """The next events after one."""
    received: list[Received] = []
    async with (
        asyncio.timeout(10),
        http.stream("GET", "/sandbox/events", params={"since": since}, headers=headers) as response,
    ):
        assert response.headers["content-type"].startswith("text/event-stream")
        async for event in events_of(response):
            received.append(event)
            if len(received) == number:
                break
    return received


async def test_everything_that_happens_is_told(
    http: httpx.AsyncClient, bot: Bot, world: World, an: Person, binh: Person
) -> None:
    begin = world.events.last
    actions.write(world, binh, "Chào")
    await bot.send_chat_action(AN, ChatAction.TYPING)
    sent = await bot.send_message(AN, "a")
    await bot.edit_message_text("b", AN, sent.message_id)
    await bot.delete_message(AN, sent.message_id)
    await bot.set_my_commands([("start", "Bắt đầu")])
    await http.post("/sandbox/clock", json={"by_seconds": 60})
    events = await take(http, 8, begin)
    assert [number for number, _, _ in events] == list(range(begin + 1, begin + 9))
    assert [kind for _, kind, _ in events] == [
        "people",
        "message",
        "typing",
        "message",
        "edit",
        "delete",
        "commands",
        "clock",
    ]
    people, greeting, typing, message, edit, gone, commands, clock = [data for _, _, data in events]
    assert [person["started"] for person in people["people"]] == [True, True]
    assert greeting["from"] == binh.id
    assert typing == {"chat_id": AN, "action": "typing"}
    assert (message["text"], edit["text"], edit["id"]) == ("a", "b", message["id"])
    assert gone == {"chat_id": AN, "id": message["id"]}
    assert commands["commands"] == [{"command": "start", "description": "Bắt đầu"}]
    assert clock["now"].startswith("2021-11-08T08:01")


async def test_a_stream_goes_on_as_things_happen(http: httpx.AsyncClient, world: World, an: Person) -> None:
    async with asyncio.timeout(10), http.stream("GET", "/sandbox/events") as response:
        events = events_of(response)
        for text in ("một", "hai"):
            actions.write(world, an, text)
            _, kind, data = await anext(events)
            assert (kind, data["text"]) == ("message", text)


async def test_a_stream_is_taken_up_where_it_broke_off(http: httpx.AsyncClient, world: World, an: Person) -> None:
    begin = world.events.last
    for text in ("một", "hai", "ba"):
        actions.write(world, an, text)
    assert [data["text"] for _, _, data in await take(http, 2, begin + 1)] == ["hai", "ba"]
    header = {"Last-Event-ID": str(begin + 2)}
    assert [data["text"] for _, _, data in await take(http, 1, begin, **header)] == ["ba"]


async def test_who_comes_too_late_is_told_to_look_anew(http: httpx.AsyncClient, world: World, an: Person) -> None:
    for number in range(2100):
        actions.write(world, an, str(number))
    last = world.events.last
    assert await take(http, 1, 0) == [(last, "reload", {})]
    assert await take(http, 1, last + 50) == [(last, "reload", {})], "an event of an earlier run"
    assert len(world.events.since(last - 2000)) == 2000


async def test_a_stream_ends_when_the_sandbox_is_closed() -> None:
    events = Events()
    events.add("clock", {})
    followed = asyncio.create_task(anext(events.follow(1), None))
    await asyncio.sleep(0)
    events.close()
    assert await followed is None
