"""Faults: each does what it says, as often as it should, to whom it should."""

import time
from datetime import timedelta

import httpx
import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.sandbox import actions
from bot.sandbox.faults import Fault
from bot.sandbox.people import Person
from bot.sandbox.world import World
from tests.sandbox.cast import AN


def texts(world: World) -> list[str]:
    """What the bot has said."""
    return [message.text for message in world.chats[AN].messages.values() if message.sender is world.bot]


async def test_an_error_is_answered_and_nothing_done(bot: Bot, world: World) -> None:
    world.faults.append(Fault(kind="error", method="sendMessage", status=502, description="Bad Gateway"))
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(AN, "a")
    assert texts(world) == []
    await bot.send_message(AN, "b")
    assert texts(world) == ["b"], "once is enough"


async def test_a_dropped_connection_has_done_nothing(bot: Bot, world: World) -> None:
    world.faults.append(Fault(kind="drop_before", method="sendMessage"))
    with pytest.raises(NetworkError) as dropped:
        await bot.send_message(AN, "a")
    assert not isinstance(dropped.value, BadRequest)
    assert isinstance(dropped.value.__cause__, httpx.TransportError)
    assert texts(world) == []
    (call,) = world.called("sendMessage")
    assert (call.ok, call.error_code) == (False, None)
    await bot.send_message(AN, "b")


async def test_a_lost_reply_has_done_everything(bot: Bot, world: World) -> None:
    world.faults.append(Fault(kind="lost_reply", method="sendMessage"))
    with pytest.raises(NetworkError):
        await bot.send_message(AN, "a")
    assert texts(world) == ["a"]
    assert world.called("sendMessage")[0].ok


async def test_a_lost_refusal_is_lost_too(bot: Bot, world: World) -> None:
    world.faults.append(Fault(kind="lost_reply", method="sendMessage"))
    with pytest.raises(NetworkError) as lost:
        await bot.send_message(AN, "")
    assert not isinstance(lost.value, BadRequest)


async def test_a_delay_is_followed_by_the_usual(bot: Bot, world: World) -> None:
    world.faults = [
        Fault(kind="delay", method="sendMessage", seconds=0.05),
        Fault(kind="delay", method="sendMessage", seconds=0.05),
        Fault(kind="error", method="sendMessage"),
    ]
    begin = time.monotonic()
    with pytest.raises(NetworkError):
        await bot.send_message(AN, "a")
    assert time.monotonic() - begin >= 0.1


@pytest.mark.usefixtures("spans_of_time")
async def test_too_many_requests_can_be_feigned(bot: Bot, world: World) -> None:
    world.faults.append(Fault(kind="retry_after", method="sendMessage", seconds=2.5))
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(AN, "a")
    assert refused.value.retry_after == timedelta(seconds=3)


async def test_a_fault_keeps_to_its_method_and_chat(bot: Bot, world: World, binh: Person) -> None:
    actions.write(world, binh, "/start")
    world.faults = [
        Fault("error", method="sendDocument"),
        Fault(kind="error", method="sendmessage", chat_id=binh.id, times=2),
    ]
    await bot.send_message(AN, "a")
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.send_message(binh.id, "a")
    await bot.send_message(binh.id, "a")


async def test_every_method_means_all_but_polling(bot: Bot, world: World) -> None:
    world.faults.append(Fault(kind="error"))
    await bot.get_updates()
    with pytest.raises(NetworkError):
        await bot.get_me()
    world.faults.append(Fault(kind="error", method="getUpdates"))
    with pytest.raises(NetworkError):
        await bot.get_updates()


def test_chance_is_repeatable_and_goes_on() -> None:
    def strikes() -> list[bool]:
        fault = Fault(kind="error", probability=0.3, seed=7)
        return [fault.strikes(None) for _ in range(1000)]

    assert strikes() == strikes()
    assert 250 < sum(strikes()) < 350
    limited = Fault(kind="error", probability=0.5, times=3)
    assert sum(limited.strikes(None) for _ in range(100)) == 3


async def test_an_update_comes_twice(bot: Bot, world: World, an: Person) -> None:
    world.faults.append(Fault(kind="duplicate", chat_id=AN))
    actions.write(world, an, "một")
    actions.write(world, an, "hai")
    updates = await bot.get_updates()
    assert [update.message.text for update in updates if update.message] == ["một", "một", "hai"]
    assert updates[0].update_id == updates[1].update_id
    assert await bot.get_updates(offset=updates[0].update_id + 1) == updates[2:]


async def test_an_update_comes_after_the_next_one(bot: Bot, world: World, an: Person) -> None:
    world.faults.append(Fault(kind="reorder"))
    for text in ("một", "hai", "ba"):
        actions.write(world, an, text)
    updates = await bot.get_updates()
    assert [update.message.text for update in updates if update.message] == ["hai", "một", "ba"]
    assert [update.update_id for update in updates] == sorted(update.update_id for update in updates)


async def test_an_update_that_is_held_back_can_be_let_go(bot: Bot, world: World, an: Person) -> None:
    world.faults.append(Fault(kind="reorder"))
    actions.write(world, an, "một")
    assert await bot.get_updates() == ()
    world.updates.release()
    assert [update.message.text for update in await bot.get_updates() if update.message] == ["một"]


async def test_an_update_never_comes(bot: Bot, world: World, an: Person) -> None:
    world.faults.append(Fault(kind="drop", chat_id=AN))
    for text in ("một", "hai"):
        actions.write(world, an, text)
    assert [update.message.text for update in await bot.get_updates() if update.message] == ["hai"]


async def address_of(bot: Bot, content: bytes) -> str:
    """Where a file lies that the bot has sent."""
    sent = await bot.send_document(AN, content)
    assert sent.document is not None
    path = (await bot.get_file(sent.document.file_id)).file_path
    assert path is not None
    return path


async def test_a_download_is_cut_after_so_many_bytes(bot: Bot, world: World, http: httpx.AsyncClient) -> None:
    address = await address_of(bot, b"0123456789")
    world.faults.append(Fault("cut_download", bytes=4))
    came = b""

    async def download() -> None:
        nonlocal came
        async with http.stream("GET", address) as response:
            assert response.headers["Content-Length"] == "10"
            async for chunk in response.aiter_raw():
                came += chunk

    with pytest.raises(httpx.RemoteProtocolError):
        await download()
    assert came == b"0123"
    assert (await http.get(address)).content == b"0123456789", "once is enough"


async def test_a_download_comes_slowly(bot: Bot, world: World, http: httpx.AsyncClient) -> None:
    address = await address_of(bot, b"0123456789")
    world.faults.append(Fault("slow_download", bytes=4, seconds=0.1, times=2))
    begin = time.monotonic()
    assert (await http.get(address)).content == b"0123456789"
    assert time.monotonic() - begin >= 0.1
    with pytest.raises(httpx.ReadTimeout):
        await http.get(address, timeout=0.02)


async def test_faults_of_downloads_spare_calls_and_faults_of_calls_spare_downloads(
    bot: Bot, world: World, http: httpx.AsyncClient
) -> None:
    address = await address_of(bot, b"a")
    world.faults = [Fault("cut_download"), Fault("error", method="sendMessage")]
    await bot.get_me()
    with pytest.raises(httpx.RemoteProtocolError):
        await http.get(address)
    assert (await http.get(address)).content == b"a"
    with pytest.raises(NetworkError):
        await bot.send_message(AN, "a")
