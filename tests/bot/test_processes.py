"""The command as people start it: a process of its own, its output, its exit code."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.clock import Clock
from bot.demo import STARTS
from bot.sandbox.people import Person
from bot.sandbox.server import create_app, serve
from bot.sandbox.world import World

ISOBOT = Path(sys.executable).with_name("isobot")
TOKEN = "1:sandbox"
AN = 1001
START, STOP = 30, 5  # seconds: on a busy machine, and as promised

# A pack of one question: quickly read.
TEA = """
- id: tea
  ask: Phòng trà ở đâu?
  phrasings: [phòng trà ở đâu, uống trà chỗ nào]
  answer: Phòng trà ở <b>tầng 2</b>.
"""


def _environment(folder: Path, **settings: str) -> dict[str, str]:
    """Nothing of this machine's settings; a small pack and an empty folder for the data."""
    topics = folder / "pack" / "topics"
    topics.mkdir(parents=True, exist_ok=True)
    (topics / "tea.yaml").write_text(TEA, "utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("ISOBOT_")}
    return {**kept, "ISOBOT_PACK": str(folder / "pack"), "ISOBOT_DATA": str(folder / "data"), **settings}


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Ended:
    """How a process ended."""

    code: int
    output: str
    errors: str


@asynccontextmanager
async def _started(folder: Path, environment: dict[str, str], *words: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        ISOBOT, *words, cwd=folder, env=environment,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def _end(process: asyncio.subprocess.Process, seconds: float) -> Ended:
    async with asyncio.timeout(seconds):
        output, errors = await process.communicate()
    assert process.returncode is not None
    return Ended(process.returncode, output.decode(), errors.decode())


async def _run(folder: Path, environment: dict[str, str], *words: str) -> Ended:
    async with _started(folder, environment, *words) as process:
        return await _end(process, START)


async def _line(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(START):
        return (await process.stdout.readline()).decode()


async def _stop(process: asyncio.subprocess.Process, how: signal.Signals) -> Ended:
    process.send_signal(how)
    return await _end(process, STOP)


async def _answers(http: httpx.AsyncClient, question: str) -> list[dict[str, Any]]:
    """Ask as somebody at the chat page; the bot's messages, once there are any."""
    async with asyncio.timeout(STOP), http.stream("GET", "/sandbox/events") as events:
        lines = events.aiter_lines()
        await anext(lines)  # from here on nothing is missed
        sent = await http.post(f"/sandbox/people/{AN}/messages", json={"text": question})
        assert sent.is_success, sent.text
        async for line in lines:
            if line.startswith("data:") and '"from": "bot"' in line:
                break
    messages = (await http.get(f"/sandbox/chats/{AN}/messages")).json()
    return [message for message in messages if message["from"] == "bot"]


async def test_the_demo_tells_its_address_answers_and_ends_while_pages_are_open(tmp_path: Path, free_port: int) -> None:
    environment = _environment(tmp_path, ISOBOT_PACK="binh-phuoc-2021")
    words = ("demo", "--port", str(free_port), "--at", "2021-11-14T08:00")
    async with _started(tmp_path, environment, *words) as process:
        url = f"http://127.0.0.1:{free_port}"
        assert url in await _line(process)
        async with httpx.AsyncClient(base_url=url, trust_env=False) as http:
            assert (await http.get("/")).is_success
            [answer] = await _answers(http, "/han")
            assert "Hôm nay là ngày cuối" in answer["text"]
            async with http.stream("GET", "/sandbox/events") as events:
                await anext(events.aiter_lines())
                ended = await _stop(process, signal.SIGINT)
    assert (ended.code, ended.errors) == (0, "")


@pytest.fixture
async def telegram() -> AsyncIterator[tuple[World, str]]:
    """A Telegram on this machine, and its address."""
    world = World(
        clock=Clock(STARTS), token=TOKEN, bot_username="isobot_demo_bot", bot_name="Trợ lý",
        people=[Person(id=AN, key="an", name="An", started=True)],
    )  # fmt: skip
    async with serve(create_app(world)) as url:
        yield world, url


async def test_the_bot_answers_at_the_server_it_is_given_and_ends_when_asked(
    tmp_path: Path, telegram: tuple[World, str], free_port: int
) -> None:
    world, url = telegram
    environment = _environment(tmp_path, ISOBOT_TOKEN=TOKEN, ISOBOT_API_URL=url, ISOBOT_LISTEN=f"127.0.0.1:{free_port}")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(STOP)
        environment |= {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "60000000"}
        ended = await _asked_and_stopped(tmp_path, environment, url, free_port)
        assert [systemd.recv(100), systemd.recv(100)] == [b"READY=1", b"WATCHDOG=1"]
        assert systemd.recv(100) == b"STOPPING=1"
    assert ended.code == 0
    assert all(line.startswith("time=") for line in ended.errors.splitlines()), ended.errors
    assert "Traceback" not in ended.errors
    assert TOKEN not in ended.errors, "the log never holds the token"
    assert "phòng trà" not in ended.errors, "nor what people ask"
    assert len(world.updates) == 0


async def _asked_and_stopped(folder: Path, environment: dict[str, str], url: str, port: int) -> Ended:
    async with _started(folder, environment, "run") as process:
        assert "@isobot_demo_bot" in await _line(process)
        async with httpx.AsyncClient(base_url=url, trust_env=False) as http:
            [answer] = await _answers(http, "phòng trà ở đâu")
            assert (await http.get(f"http://127.0.0.1:{port}/healthz")).is_success
        assert answer["text"] == "Phòng trà ở tầng 2."
        return await _stop(process, signal.SIGTERM)


async def test_what_keeps_the_bot_from_starting_is_told_in_one_line(
    tmp_path: Path, free_port: int, telegram: tuple[World, str]
) -> None:
    cases: dict[str, dict[str, str]] = {
        "@BotFather": {},
        "ISOBOT_TOKEN": {"ISOBOT_TOKEN": "2:wrong", "ISOBOT_API_URL": telegram[1]},
        "ISOBOT_API_URL": {"ISOBOT_TOKEN": TOKEN, "ISOBOT_API_URL": f"http://127.0.0.1:{free_port}"},
    }
    runs = (
        _run(tmp_path, _environment(tmp_path / str(number), **settings), "run")
        for number, settings in enumerate(cases.values())
    )
    for told, ended in zip(cases, await asyncio.gather(*runs), strict=True):
        assert told in ended.errors
        assert _is_one_line(ended), ended.errors
        assert ended.code == 1
        assert not any(token in ended.errors for token in (TOKEN, "2:wrong"))


async def test_what_keeps_the_demo_from_starting_is_told_in_one_line(tmp_path: Path, free_port: int) -> None:
    kept = tmp_path / "data" / "demo" / "isobot.db"
    kept.parent.mkdir(parents=True)
    kept.write_text("of the demo that runs")
    below_a_file = str(kept / "data")  # the root user may write everywhere, but not there
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        busy, unwritable = await asyncio.gather(
            _run(tmp_path, _environment(tmp_path), "demo", "--port", str(port)),
            _run(tmp_path, _environment(tmp_path, ISOBOT_DATA=below_a_file), "demo", "--port", str(free_port)),
        )
    assert f"Cổng {port} đang bận" in busy.errors
    assert "ISOBOT_DATA" in unwritable.errors
    for ended in (busy, unwritable):
        assert _is_one_line(ended), ended.errors
        assert ended.code == 1
    assert kept.read_text() == "of the demo that runs"


def _is_one_line(ended: Ended) -> bool:
    return len(ended.errors.splitlines()) == 1 and not ended.output
