"""Delivery to a webhook: each chat in order, with the secret, again and again until it says yes."""

import asyncio
import contextlib
import socket
from collections import deque
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot, Update
from telegram.error import BadRequest, Conflict

from bot.sandbox import actions
from bot.sandbox.errors import ApiError
from bot.sandbox.people import Person
from bot.sandbox.world import World
from bot.serving import listening


class Receiver:
    """A webhook that answers what it is told to, and otherwise yes."""

    def __init__(self) -> None:
        self.url = ""
        self.statuses: deque[int] = deque()
        self.headers: list[str | None] = []
        self.received: asyncio.Queue[Update] = asyncio.Queue()
        # By text: what is set when it has come, and what its answer waits for.
        self.holding: dict[str, tuple[asyncio.Event, asyncio.Event]] = {}

    async def receive(self, request: Request) -> Response:
        """An update comes in."""
        update = Update.de_json(await request.json())
        self.headers.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.received.put_nowait(update)
        if update.message and update.message.text in self.holding:
            came, hold = self.holding[update.message.text]
            came.set()
            await hold.wait()
        return Response(status_code=self.statuses.popleft() if self.statuses else 200)

    async def texts(self, number: int) -> list[str | None]:
        """The texts of the next updates."""
        async with asyncio.timeout(10):
            updates = [await self.received.get() for _ in range(number)]
        return [update.message.text if update.message else None for update in updates]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A webhook on a port of this machine."""
    receiver = Receiver()
    app = Starlette(routes=[Route("/hook", receiver.receive, methods=["POST"])])
    async with listening(app, "127.0.0.1", 0) as url:
        receiver.url = f"{url}/hook"
        yield receiver


@pytest.fixture
def world(world: World) -> World:
    """The same world, more impatient."""
    world.webhook.first_pause = 0.001
    return world


async def test_updates_are_posted_in_order(bot: Bot, world: World, an: Person, receiver: Receiver) -> None:
    actions.write(world, an, "một")
    await bot.set_webhook(receiver.url, secret_token="bi-mat_1")
    for text in ("hai", "ba"):
        actions.write(world, an, text)
    assert await receiver.texts(3) == ["một", "hai", "ba"]
    assert receiver.headers == ["bi-mat_1"] * 3


async def test_a_refused_update_is_posted_again_before_the_next(
    bot: Bot, world: World, an: Person, receiver: Receiver
) -> None:
    receiver.statuses.extend([500, 403, 201])
    await bot.set_webhook(receiver.url)
    for text in ("một", "hai"):
        actions.write(world, an, text)
    assert await receiver.texts(4) == ["một", "một", "một", "hai"]
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 403 Forbidden"
    assert info.last_error_date is not None
    assert receiver.headers == [None] * 4


async def test_a_chat_waits_for_its_last_update_and_for_nobody_elses(
    bot: Bot, world: World, an: Person, receiver: Receiver
) -> None:
    slow, hold = asyncio.Event(), asyncio.Event()
    receiver.holding = {"một": (slow, hold)}
    hai = world.add_person(Person(id=4321, key="hai", name="Hai", started=True))
    await bot.set_webhook(receiver.url)
    actions.write(world, an, "một")
    actions.write(world, an, "sau một")
    await slow.wait()
    actions.write(world, hai, "của người khác")
    assert await receiver.texts(2) == ["một", "của người khác"]
    hold.set()
    assert await receiver.texts(1) == ["sau một"]


async def test_no_more_connections_are_opened_than_were_asked_for(bot: Bot, world: World, receiver: Receiver) -> None:
    people = [world.add_person(Person(id=n, key=f"p{n}", name=f"P{n}", started=True)) for n in range(4001, 4004)]
    slow, hold = asyncio.Event(), asyncio.Event()
    receiver.holding = {person.key: (slow, hold) for person in people}
    await bot.set_webhook(receiver.url, max_connections=2)
    for person in people:
        actions.write(world, person, person.key)
    assert len(await receiver.texts(2)) == 2
    await bot.get_me()  # the sandbox has had a turn to post the third
    assert receiver.received.empty()
    hold.set()
    assert len(await receiver.texts(1)) == 1


async def test_the_state_of_the_webhook_is_told(bot: Bot, world: World, an: Person) -> None:
    assert not (await bot.get_webhook_info()).url
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/"
    await bot.set_webhook(url, max_connections=3, allowed_updates=["message"])
    actions.write(world, an, "một")
    async with asyncio.timeout(10):
        while (info := await bot.get_webhook_info()).last_error_message is None:
            pass
    assert info.last_error_message == "Connection refused"
    assert (info.url, info.pending_update_count, info.max_connections) == (url, 1, 3)
    assert info.allowed_updates == ("message",)
    await bot.delete_webhook(drop_pending_updates=True)
    assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_polling_and_a_webhook_exclude_each_other(bot: Bot, world: World, receiver: Receiver) -> None:
    poll = asyncio.create_task(world.updates.poll(0, 100, 30))
    await asyncio.sleep(0)
    await bot.set_webhook(receiver.url)
    with pytest.raises(ApiError, match="Conflict: terminated by setWebhook request"):
        await poll
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    await bot.get_updates()


async def test_an_empty_address_ends_the_webhook(bot: Bot, receiver: Receiver) -> None:
    await bot.set_webhook(receiver.url)
    await bot.set_webhook("")
    assert not (await bot.get_webhook_info()).url


async def test_what_waits_can_be_dropped(bot: Bot, world: World, an: Person, receiver: Receiver) -> None:
    actions.write(world, an, "cũ")
    await bot.set_webhook(receiver.url, drop_pending_updates=True)
    actions.write(world, an, "mới")
    assert await receiver.texts(1) == ["mới"]


@pytest.mark.parametrize(
    ("elsewhere", "reason"),
    [
        ("https://example.com/hook", "bad webhook: the sandbox delivers to this machine only"),
        ("http://127.0.0.1.example.com/hook", "bad webhook: the sandbox delivers to this machine only"),
        ("ftp://127.0.0.1/", "bad webhook: invalid webhook URL specified"),
        ("http://[", "bad webhook: invalid webhook URL specified"),
        ("hook", "bad webhook: invalid webhook URL specified"),
    ],
)
async def test_a_webhook_elsewhere_is_refused(bot: Bot, elsewhere: str, reason: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){reason}"):
        await bot.set_webhook(elsewhere)


async def test_a_secret_has_letters_and_numbers_only(bot: Bot, receiver: Receiver) -> None:
    with pytest.raises(BadRequest, match="Secret token contains unallowed characters"):
        await bot.set_webhook(receiver.url, secret_token="bí mật")


async def test_a_webhook_that_hangs_up_is_tried_again(bot: Bot, world: World, an: Person, receiver: Receiver) -> None:
    accepted = asyncio.Event()

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.set()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        await bot.set_webhook(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        actions.write(world, an, "một")
        async with asyncio.timeout(10):
            await accepted.wait()
    await bot.set_webhook(receiver.url)
    assert await receiver.texts(1) == ["một"]
