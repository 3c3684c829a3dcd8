"""The sandbox on a port: who may serve it, how it starts and stops, what it serves."""

import asyncio
import signal
import socket
import time

import httpx
import pytest

from bot.sandbox import actions, server
from bot.sandbox.people import Person
from bot.sandbox.server import create_app, serve
from bot.sandbox.world import World
from tests.sandbox.cast import AN, TOKEN


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.com", ""])
async def test_it_is_served_on_this_machine_only(world: World, host: str) -> None:
    with pytest.raises(ValueError, match="on this machine only"):
        async with serve(create_app(world), host):
            pass


async def test_a_port_that_is_taken_is_told_at_once(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        async with serve(create_app(world), port=taken.getsockname()[1]):
            pass


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_the_address_is_the_one_to_use(world: World, host: str) -> None:
    async with serve(create_app(world), host) as url, httpx.AsyncClient(trust_env=False, verify=False) as client:
        assert url.startswith(f"http://{host}:")
        assert (await client.get(f"{url}/sandbox/clock")).status_code == 200


async def test_the_port_is_free_again_afterwards(world: World) -> None:
    async with serve(create_app(world)) as url:
        port = int(url.rpartition(":")[2])
    async with serve(create_app(world), port=port) as again:
        assert again == url


@pytest.mark.parametrize("path", [f"/bot{TOKEN}/sendMessage", "/sandbox/clock", f"/sandbox/people/{AN}/files"])
async def test_who_leaves_in_the_middle_of_a_request_leaves_no_trace(
    world: World, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with serve(create_app(world)) as url, httpx.AsyncClient(trust_env=False, verify=False) as client:
        _, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        kind = "multipart/form-data; boundary=x" if path.endswith("files") else "application/json"
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nContent-Length: 99\r\n\r\n"
        writer.write(f"{head}{{".encode())
        await writer.drain()
        assert (await client.get(f"{url}/sandbox/clock")).status_code == 200
        writer.close()
        await writer.wait_closed()
        for _ in range(3):
            assert (await client.get(f"{url}/sandbox/clock")).status_code == 200
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


async def test_the_signals_stay_with_the_caller(world: World) -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    async with serve(create_app(world)):
        assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


async def test_it_stops_at_once_whoever_is_waiting(world: World, an: Person) -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=60, verify=False) as client:
        async with serve(create_app(world)) as url:
            poll = asyncio.create_task(client.post(f"{url}/bot{TOKEN}/getUpdates", data={"timeout": "50"}))
            async with client.stream("GET", f"{url}/sandbox/events") as stream:
                lines = stream.aiter_lines()
                assert await anext(lines) == "retry: 1000"
                await client.post(f"{url}/bot{TOKEN}/setWebhook", data={"url": ""})
                begin = time.monotonic()
                closing = asyncio.create_task(world.close())
                assert [line async for line in lines if line] == []
                await closing
        assert time.monotonic() - begin < 5
        assert (await poll).status_code == 200


async def test_a_poll_after_the_end_does_not_wait(world: World) -> None:
    await world.close()
    assert await world.updates.poll(0, 100, 50) == []


async def test_an_error_inside_passes_through(world: World) -> None:
    with pytest.raises(RuntimeError, match="from within"):
        async with serve(create_app(world)):
            raise RuntimeError("from within")


async def test_the_page_is_served_with_its_policy(
    world: World, http: httpx.AsyncClient, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await http.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-cache"
    assert (await http.get("/static/chat.css")).status_code == 200
    assert (await http.get("/static/../server.py")).status_code == 404
    monkeypatch.setattr(server, "_PAGE", tmp_path)
    assert (await http.get("/")).status_code == 503


async def test_many_updates_a_second_go_through(world: World, http: httpx.AsyncClient, an: Person) -> None:
    """No more than a safeguard against something quadratic: it should take a fraction of this."""
    begin = time.monotonic()
    for number in range(10_000):
        actions.write(world, an, f"Câu hỏi số {number} về 1813/KH-SKHCN")
    offset = 0
    while len(world.updates):
        answer = await http.post(f"/bot{TOKEN}/getUpdates", data={"offset": str(offset)})
        offset = answer.json()["result"][-1]["update_id"] + 1 if answer.json()["result"] else offset
    assert time.monotonic() - begin < 15
    assert world.chats[AN].messages[10_001].text.startswith("Câu hỏi số 9999")
