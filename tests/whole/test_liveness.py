"""/healthz: true only while updates flow and the ledger moves; the watchdog is fed from the same truth."""

import asyncio
import socket
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from telegram import Bot

from bot.assembly import StartError
from bot.liveness import Health, Liveness
from bot.sandbox import actions
from bot.sandbox.faults import Fault
from bot.watchdog import Watchdog
from tests.whole.machine import ANSWER, QUESTION, TOKEN, Machine, free_port, machine, tea_room, telegram
from tests.whole.town import NEWCOMER, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

# The library's task that asks for updates.
POLLING = "Updater:start_polling:polling_task"

GOOD = {"ok": True, "age": 0.0, "why": None}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[str, list[str]]]:
    """Where systemd would listen, and what it was told."""
    address, said = str(tmp_path_factory.mktemp("systemd") / "notify"), list[str]()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.setblocking(False)
        systemd.bind(address)
        asyncio.get_running_loop().add_reader(systemd, lambda: said.append(systemd.recv(100).decode()))
        yield address, said
        asyncio.get_running_loop().remove_reader(systemd)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def polling(tmp_path_factory: pytest.TempPathFactory, told: tuple[str, list[str]]) -> AsyncIterator[Machine]:
    folder, (address, said) = tmp_path_factory.mktemp("polling"), told
    watchdog = Watchdog(address, patience=0.3)
    async with (
        telegram() as (url, world),
        machine(url, world, folder, tea_room(folder), port=free_port(), by_webhook=False, watchdog=watchdog) as started,
    ):
        await until(lambda: world.updates._poller and "WATCHDOG=1" in said)
        assert said[0] == "READY=1"
        yield started
    await until(lambda: said[-1] == "STOPPING=1")


async def polls_again(machine: Machine) -> None:
    """Let a request for updates succeed, now that nothing keeps it from it."""
    machine.world.faults.clear()
    before = len([call for call in machine.world.called("getUpdates") if call.ok])
    actions.write(machine.world, machine.an.person, QUESTION)
    await until(lambda: len([call for call in machine.world.called("getUpdates") if call.ok]) > before)
    await machine.town.settle()
    assert await machine.why("updates") is None


async def test_a_bot_that_polls_is_healthy(polling: Machine) -> None:
    assert (await polling.an.asks(QUESTION)).text == ANSWER
    assert await polling.health() == (200, {"ok": True, "updates": GOOD, "handling": GOOD, "ledger": GOOD})
    assert (await polling.http.post(polling.hook)).status_code == 404


async def test_a_quiet_minute_is_no_fault_and_a_longer_one_is(polling: Machine) -> None:
    await polling.an.says(QUESTION)
    polling.seconds.passed += 60
    assert await polling.why("updates") is None
    polling.seconds.passed += 1
    assert await polling.why("updates") == "silent"
    assert (await polling.health())[1]["updates"]["age"] == 61
    await polls_again(polling)


async def test_polling_that_fails_is_unhealthy_though_getme_works(polling: Machine) -> None:
    failing = Fault("error", method="getUpdates", times=99, status=502, description="Bad Gateway")
    polling.world.faults.append(failing)
    await polling.an.writes(QUESTION)
    await until(lambda: failing.times != 99)
    assert await polling.why("updates") is None
    polling.seconds.passed += 61
    assert await polling.why("updates") == "server"
    assert (await polling.measures())["isobot_healthy", "updates"] == 0
    async with Bot(TOKEN, base_url=f"{polling.town.demo.url}/bot") as bot:
        assert (await bot.get_me()).is_bot
    await polls_again(polling)
    assert (await polling.measures())["isobot_healthy", "updates"] == 1


async def test_a_second_bot_with_the_same_token_is_told_at_once_and_for_a_minute(
    polling: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    async with Bot(TOKEN, base_url=f"{polling.town.demo.url}/bot") as second:
        await until(lambda: polling.world.updates._poller)
        await second.get_updates(timeout=0)
    await until(lambda: any(call.error_code == 409 for call in polling.world.called("getUpdates")))
    await until(lambda: "no updates given" in caplog.text)
    assert await polling.why("updates") == "conflict"
    polling.seconds.passed += 60
    await polls_again_after_conflict(polling)


async def polls_again_after_conflict(machine: Machine) -> None:
    before = len(machine.world.called("getUpdates"))
    actions.write(machine.world, machine.an.person, QUESTION)
    await until(lambda: len(machine.world.called("getUpdates")) > before)
    await machine.town.settle()
    assert await machine.why("updates") == "conflict", "one answered request proves nothing: the two take turns"
    machine.seconds.passed += 1
    assert await machine.why("updates") is None


async def test_an_update_that_never_ends_is_unhealthy_after_two_minutes(polling: Machine) -> None:
    polling.world.faults.append(Fault("delay", method="sendMessage", seconds=1))
    actions.write(polling.world, polling.an.person, QUESTION)
    await until(lambda: polling.world.faults[0].times == 0)
    polling.seconds.passed += 121
    assert await polling.why("handling") == "stuck"
    await polling.town.settle()
    await polls_again(polling)
    assert await polling.why("handling") is None


async def test_a_message_that_does_not_leave_is_unhealthy_after_two_minutes(polling: Machine) -> None:
    services = polling.town.demo.application.bot_data
    failing = Fault("error", method="sendMessage", times=999, status=500)
    polling.world.faults.append(failing)
    with sqlite3.connect(polling.town.folder / "isobot.db") as database:
        database.execute(
            "INSERT INTO outgoing (chat_id, html, buttons, created_at, state, lane, action, is_repeat)"
            " VALUES (?, 'Chào anh/chị.', '[]', '2021-11-08 01:00:00', 'waiting', 'reply', 'send', 0)",
            (NEWCOMER,),
        )
    services.outbox.filled.set()
    await until(lambda: failing.times != 999)
    assert await polling.why("ledger") is None
    polling.seconds.passed += 121
    assert await polling.why("ledger") == "stuck"
    assert (await polling.measures())["isobot_ledger_messages", "reply", "waiting"] == 1
    polling.world.faults.clear()
    await until(lambda: polling.town.rows("outgoing")[-1]["state"] == "sent")
    assert await polling.why("ledger") is None
    assert (await polling.measures())["isobot_ledger_ended_total", "reply", "sent"] == 1
    await polls_again(polling)


async def test_a_database_that_cannot_be_asked_is_unhealthy_and_its_counts_are_absent(polling: Machine) -> None:
    file = polling.town.folder / "isobot.db"
    with sqlite3.connect(file) as database:
        database.execute("ALTER TABLE outgoing RENAME TO elsewhere")
    assert await polling.why("ledger") == "database"
    assert ("isobot_ledger_messages", "reply", "waiting") not in await polling.measures()
    with sqlite3.connect(file) as database:
        database.execute("ALTER TABLE elsewhere RENAME TO outgoing")
    assert await polling.why("ledger") is None


async def test_the_watchdog_is_fed_while_all_is_well_and_starves_otherwise(
    polling: Machine, told: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[bool] = []
    look = Liveness.look

    async def counted(liveness: Liveness) -> Health:
        health = await look(liveness)
        looks.append(health.ok)
        return health

    monkeypatch.setattr(Liveness, "look", counted)
    said = told[1]
    await polling.an.says(QUESTION)
    polling.seconds.passed += 61
    await until(lambda: looks[-1:] == [False])
    said.clear()
    await until(lambda: looks[-3:] == [False] * 3)
    assert said == []
    await polls_again(polling)
    await until(lambda: said[-1:] == ["WATCHDOG=1"])


async def test_a_place_to_listen_that_is_taken_is_told_in_one_line(polling: Machine, tmp_path: Path) -> None:
    taken = polling.http.base_url.port
    assert taken is not None
    starting = machine(polling.town.demo.url, polling.world, tmp_path, tea_room(tmp_path), port=taken, by_webhook=False)
    with pytest.raises(StartError, match=r"^Không mở được cổng trong ISOBOT_LISTEN \(.+\)\. Chọn cổng khác\.$"):
        await starting.__aenter__()
    assert await polling.why("updates") is None, "the one that runs was not disturbed"


@pytest.mark.usefixtures("errors_expected")
async def test_a_token_that_is_revoked_is_told_and_the_bot_still_ends_in_peace(tmp_path: Path) -> None:
    async with telegram() as (url, world):
        port, others = free_port(), asyncio.all_tasks()
        async with machine(url, world, tmp_path, tea_room(tmp_path), port=port, by_webhook=False) as started:
            await until(lambda: world.updates._poller)
            [asking] = [task for task in asyncio.all_tasks() - others if task.get_name() == POLLING]
            world.token = "1:another"
            await started.an.writes(QUESTION)
            # The library ends its asking for good.
            await until(asking.done)
            started.seconds.passed += 61
            assert await started.why("updates") == "refused"
