"""Updates by webhook: only from Telegram, and taken only when they have been handled."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import httpx
import pytest
import pytest_asyncio
from sqlalchemy.exc import DBAPIError
from telegram import Bot

from bot import serving, webhook
from bot.assembly import StartError
from bot.sandbox import actions
from bot.sandbox.faults import Fault
from tests.whole.machine import ANSWER, QUESTION, SECRET, TOKEN, Machine, free_port, machine, tea_room, telegram
from tests.whole.town import NEWCOMER, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

HEADER = "X-Telegram-Bot-Api-Secret-Token"
SIGNED = {HEADER: SECRET}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hooked(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Machine]:
    folder = tmp_path_factory.mktemp("hooked")
    async with (
        telegram() as (url, world),
        machine(url, world, folder, tea_room(folder), port=free_port(), by_webhook=True) as started,
    ):
        yield started


def question(number: int, text: str = QUESTION) -> dict[str, Any]:
    """An update as Telegram posts it."""
    an = {"id": NEWCOMER, "is_bot": False, "first_name": "An"}
    chat = {"id": NEWCOMER, "type": "private", "first_name": "An"}
    return {"update_id": number, "message": {"message_id": number, "date": 1, "from": an, "chat": chat, "text": text}}


async def test_a_question_is_answered_by_webhook(hooked: Machine) -> None:
    assert (await hooked.an.asks(QUESTION)).text == ANSWER
    [call] = hooked.world.called("setWebhook")
    assert call.params["secret_token"] == SECRET
    assert call.params["allowed_updates"] == ["message", "callback_query", "inline_query"]
    assert not hooked.world.called("getUpdates")
    assert await hooked.health() == (200, {
        "ok": True,
        "updates": {"ok": True, "age": 0.0, "why": None},
        "handling": {"ok": True, "age": 0.0, "why": None},
        "ledger": {"ok": True, "age": 0.0, "why": None},
    })  # fmt: skip


async def test_an_update_is_taken_only_when_it_has_been_handled(hooked: Machine) -> None:
    hooked.world.faults.append(Fault("delay", method="sendMessage", seconds=0.1))
    last = hooked.an.last
    response = await hooked.http.post(hooked.hook, json=question(900), headers=SIGNED)
    assert response.status_code == 200
    assert [message.text for message in hooked.an.heard(after=last)] == [ANSWER]


async def test_an_update_that_comes_again_is_handled_once(hooked: Machine) -> None:
    """Telegram, or a balancer, had heard nothing of it in time: at the same moment, or afterwards."""
    hooked.world.faults.append(Fault("delay", method="sendMessage", seconds=0.1))
    last = hooked.an.last
    posts = [hooked.http.post(hooked.hook, json=question(950), headers=SIGNED) for _ in range(3)]
    assert [response.status_code for response in await asyncio.gather(*posts)] == [200, 200, 200]
    assert (await hooked.http.post(hooked.hook, json=question(950), headers=SIGNED)).status_code == 200
    assert [message.text for message in hooked.an.heard(after=last)] == [ANSWER]


async def test_an_update_over_which_the_database_goes_away_is_to_come_again(
    hooked: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person is told nothing: when it comes again it is answered."""
    services, last = hooked.town.demo.application.bot_data, hooked.an.last
    gone = DBAPIError("SELECT 1", {}, Exception("xyzzy"), connection_invalidated=True)
    monkeypatch.setattr(services.askers, "record", AsyncMock(side_effect=gone))
    assert (await hooked.http.post(hooked.hook, json=question(960), headers=SIGNED)).status_code == 503
    assert hooked.an.heard(after=last) == []
    monkeypatch.undo()
    assert (await hooked.http.post(hooked.hook, json=question(960), headers=SIGNED)).status_code == 200
    assert [message.text for message in hooked.an.heard(after=last)] == [ANSWER]


@pytest.mark.parametrize("headers", [{}, {HEADER: ""}, {HEADER: SECRET[:-1]}, {HEADER: SECRET.upper()}])
async def test_without_the_secret_nothing_is_taken(
    hooked: Machine, caplog: pytest.LogCaptureFixture, headers: dict[str, str]
) -> None:
    key, last = ("isobot_webhook_refused_total", "secret"), hooked.an.last
    before = (await hooked.measures())[key]
    with caplog.at_level(logging.INFO):
        response = await hooked.http.post(hooked.hook, json=question(901, "chè ở đâu"), headers=headers)
    assert (response.status_code, response.content) == (403, b"")
    assert hooked.an.last == last
    assert (await hooked.measures())[key] == before + 1
    assert "refused" in caplog.text
    assert "chè" not in caplog.text


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"null", b"[]", b"5", b'"update_id"', b"{}", b"\xff\xfe", b"[" * 100_000,
        b'{"update_id": "1"}',
    ],
)  # fmt: skip
async def test_what_is_no_update_is_refused(hooked: Machine, body: bytes) -> None:
    assert (await hooked.http.post(hooked.hook, content=body, headers=SIGNED)).status_code == 400


@pytest.mark.usefixtures("errors_expected")
@pytest.mark.parametrize("odd", ['"message": 5', '"message": {"text": "a"}', '"callback_query": {"id": "1"}'])
async def test_an_update_that_cannot_be_read_is_passed_over_or_it_would_come_again_for_ever(
    hooked: Machine, odd: str
) -> None:
    body = f'{{"update_id": 1, {odd}}}'.encode()
    assert (await hooked.http.post(hooked.hook, content=body, headers=SIGNED)).status_code == 200


async def test_more_than_an_update_can_be_is_refused(hooked: Machine) -> None:
    largest = json.dumps(question(910)).encode().ljust(webhook._LARGEST)
    assert (await hooked.http.post(hooked.hook, content=largest, headers=SIGNED)).status_code == 200
    assert (await hooked.http.post(hooked.hook, content=largest + b" ", headers=SIGNED)).status_code == 413


async def test_a_stranger_who_sends_without_end_is_cut_off(hooked: Machine) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100_000_000:
            sent += 100_000
            yield b" " * 100_000

    with suppress(httpx.TransportError):
        await hooked.http.post(hooked.hook, content=endless())
    assert sent < 100_000_000


async def test_only_the_webhooks_own_place_takes_updates(hooked: Machine) -> None:
    for path in ("/", "/telegram", f"{hooked.hook}/", "/healthz/x"):
        assert (await hooked.http.post(path, json=question(902), headers=SIGNED)).status_code in (404, 307)
    assert (await hooked.http.get(hooked.hook)).status_code == 405
    assert (await hooked.http.post("/healthz")).status_code == 405


@pytest.mark.usefixtures("errors_expected")
async def test_an_update_that_fails_is_told_and_not_posted_again(hooked: Machine) -> None:
    fault = Fault("error", method="sendMessage", status=400, description="Bad Request: xyzzy")
    hooked.world.faults.append(fault)
    [told] = await hooked.an.says(QUESTION)
    assert "lỗi" in told.text
    assert not len(hooked.world.updates)


async def test_a_webhook_that_is_another_bots_is_unhealthy_and_left_to_it(hooked: Machine) -> None:
    async with Bot(TOKEN, base_url=f"{hooked.town.demo.url}/bot") as thief:
        ours = hooked.world.webhook.url
        for url, why in (("http://127.0.0.1:9/elsewhere", "elsewhere"), ("", "deleted")):
            await thief.set_webhook(url)
            assert await hooked.why("updates") is None, "it is looked up once a minute"
            hooked.seconds.passed += 61
            assert await hooked.why("updates") == why
            assert hooked.world.webhook.url == url
            await thief.set_webhook(ours, secret_token=SECRET)
            hooked.seconds.passed += 61
            assert await hooked.why("updates") is None


async def test_updates_that_do_not_arrive_are_unhealthy_until_one_does(
    hooked: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(*_: object) -> str:
        return "Connection refused"

    real = type(hooked.world.webhook)._post
    with monkeypatch.context() as patch:
        patch.setattr(type(hooked.world.webhook), "_post", lost)
        actions.write(hooked.world, hooked.an.person, QUESTION)
        await until(lambda: hooked.world.webhook.as_info().get("last_error_message"))
        hooked.seconds.passed += 61
        assert await hooked.why("updates") == "undelivered"
        patch.setattr(type(hooked.world.webhook), "_post", real)
        await hooked.town.settle()
    hooked.seconds.passed += 61
    assert await hooked.why("updates") is None


async def test_telegram_out_of_reach_is_unhealthy_only_after_three_minutes(hooked: Machine) -> None:
    hooked.world.faults.append(Fault("error", method="getWebhookInfo", status=502, times=9))
    for passed, why in ((61, None), (61, None), (61, "unreached")):
        hooked.seconds.passed += passed
        assert await hooked.why("updates") == why
    hooked.world.faults.clear()
    hooked.seconds.passed += 61
    assert await hooked.why("updates") is None


# The sandbox is cut off while it makes somebody wait.
@pytest.mark.usefixtures("errors_expected")
async def test_the_webhook_stays_and_what_was_under_way_comes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "_GRACE", 0.01)
    answerer, port = tea_room(tmp_path), free_port()
    async with telegram() as (url, world):
        delay = Fault("delay", method="sendMessage", seconds=60)
        world.faults.append(delay)
        async with machine(url, world, tmp_path, answerer, port=port, by_webhook=True) as first:
            actions.write(world, first.an.person, QUESTION)
            await until(lambda: delay.times == 0)
        assert world.webhook.url
        assert len(world.updates) == 1
        async with machine(url, world, tmp_path, answerer, port=port, by_webhook=True) as second:
            await second.town.settle()
            assert [message.text for message in second.an.heard()] == [ANSWER]
        async with machine(url, world, tmp_path, answerer, port=port, by_webhook=False) as third:
            assert not world.webhook.url, "who polls deletes what is left over"
            assert (await third.an.asks(QUESTION)).text == ANSWER


# The library warns about every 429 that the type of one of its attributes will change.
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_several_that_start_at_once_wait_for_their_turn_to_set_the_webhook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "seconds_to_wait", lambda _: 0.0)
    async with telegram() as (url, world):
        world.faults.append(Fault("retry_after", method="setWebhook", times=2))
        async with machine(url, world, tmp_path, tea_room(tmp_path), port=free_port(), by_webhook=True) as started:
            assert (await started.an.asks(QUESTION)).text == ANSWER


async def test_a_webhook_that_telegram_does_not_take_is_told_in_one_line(tmp_path: Path) -> None:
    async with telegram() as (url, world):
        refusal = "Bad Request: bad webhook: Failed to resolve host"
        world.faults.append(Fault("error", method="setWebhook", status=400, description=refusal))
        starting = machine(url, world, tmp_path, tea_room(tmp_path), port=free_port(), by_webhook=True)
        with pytest.raises(
            StartError, match=r"^Telegram không nhận webhook \(.*resolve host\)\. .*ISOBOT_WEBHOOK_URL\.$"
        ):
            await starting.__aenter__()
