"""Calls over real sockets: what comes back, what is known of those that fail, and the way through a proxy."""

import asyncio
import ssl
from asyncio import StreamReader as Reader
from asyncio import StreamWriter as Writer
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from telegram import InputFile
from telegram.error import NetworkError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot import client as ours
from bot.client import Client, never_left
from tests.certificates import make_certificate

TOKEN = "4711:AAH-do-not-tell"
PATH = f"/bot{TOKEN}/sendMessage"
NAME = "api.telegram.example"
# As somebody might call a file who means no good.
NAMED = 'bảng "tổng hợp"\r\nX: 1.pdf'
LET_IN = b64encode("an:một".encode()).decode()
FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine"

Serve = Callable[[Reader, Writer], Awaitable[None]]


@asynccontextmanager
async def server(serve: Serve, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Somebody who listens; gives the port."""
    connected: dict[asyncio.Task[None] | None, Writer] = {}

    async def take(reader: Reader, writer: Writer) -> None:
        connected[asyncio.current_task()] = writer
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await serve(reader, writer)
        writer.close()

    listening = await asyncio.start_server(take, "127.0.0.1", 0, ssl=tls)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
        for writer in connected.values():
            writer.close()
        await asyncio.gather(*filter(None, connected))


async def heard(reader: Reader) -> bytes:
    """A whole request."""
    head = await reader.readuntil(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.splitlines() if line.lower().startswith(b"content-length")]
    return head + await reader.readexactly(int(lengths[0]) if lengths else 0)


@asynccontextmanager
async def client(at_once: int = 4, proxy: str | None = None) -> AsyncIterator[Client]:
    async with Client(at_once, proxy) as ready:
        yield ready


async def answer(reader: Reader, writer: Writer) -> None:
    while True:
        await heard(reader)
        writer.write(FINE)


async def keep_silent(reader: Reader, _: Writer) -> None:
    await reader.read()


async def hang_up(reader: Reader, _: Writer) -> None:
    await heard(reader)


async def test_an_answer_comes_whatever_its_status_and_nobody_is_sent_elsewhere() -> None:
    async def move(reader: Reader, writer: Writer) -> None:
        await heard(reader)
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 4\r\n\r\naway")

    async with server(answer) as one, server(move) as other, client() as asking:
        assert await asking.do_request(f"http://127.0.0.1:{one}{PATH}", "POST") == (200, b"fine")
        assert await asking.do_request(f"http://127.0.0.1:{other}{PATH}", "POST") == (302, b"away")


async def test_what_is_asked_is_said_in_json_and_files_are_in_a_form() -> None:
    asked: list[str] = []

    async def note(reader: Reader, writer: Writer) -> None:
        while True:
            asked.append((await heard(reader)).decode())
            writer.write(FINE)

    words = RequestParameter.from_input("text", "Kính gửi “Sở” & <b>")
    paper = RequestParameter.from_input("document", InputFile(b"%PDF-1.7", NAMED, attach=True))
    async with server(note) as port, client() as asking:
        for data in (RequestData([words]), RequestData([words, paper])):
            await asking.do_request(f"http://127.0.0.1:{port}{PATH}", "POST", data)
    plain, with_file = asked
    assert "Content-Type: application/json" in plain
    assert plain.endswith(r'{"text": "K\u00ednh g\u1eedi \u201cS\u1edf\u201d & <b>"}')
    assert "Content-Type: multipart/form-data" in with_file
    assert "Kính gửi “Sở” & <b>" in with_file
    assert 'filename="bảng %22tổng hợp%22%0D%0AX: 1.pdf"' in with_file
    assert "%PDF-1.7" in with_file
    assert "application/pdf" in with_file


async def test_a_connection_is_used_again() -> None:
    connections = 0

    async def count(reader: Reader, writer: Writer) -> None:
        nonlocal connections
        connections += 1
        await answer(reader, writer)

    async with server(count) as port, client() as asking:
        for _ in range(3):
            await asking.do_request(f"http://127.0.0.1:{port}{PATH}", "POST")
    assert connections == 1


async def test_a_client_that_is_not_ready_says_so_and_can_be_made_ready_again() -> None:
    asking = Client(1, None)
    with pytest.raises(RuntimeError, match="not ready"):
        await asking.do_request(f"http://127.0.0.1:9{PATH}", "POST")
    async with server(answer) as port:
        for _ in range(2):
            async with asking:
                assert (await asking.do_request(f"http://127.0.0.1:{port}{PATH}", "POST"))[0] == 200
            await asking.shutdown()


async def test_who_is_refused_was_not_heard() -> None:
    async with server(answer) as port:
        pass
    async with client() as asking:
        with pytest.raises(NetworkError) as failed:
            await asking.do_request(f"http://127.0.0.1:{port}{PATH}", "POST")
    assert never_left(failed.value)
    assert TOKEN not in str(failed.value)


async def test_who_found_no_free_connection_was_not_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    async with server(keep_silent) as port, client(at_once=1) as asking:
        first = asyncio.create_task(asking.do_request(f"http://127.0.0.1:{port}{PATH}", "POST"))
        await asyncio.sleep(0)
        for name in ("_WAITING_FOR_ONE", "_CONNECTING"):
            monkeypatch.setattr(ours, name, 1e-6)
        with pytest.raises(TimedOut) as failed:
            await asking.do_request(f"http://127.0.0.1:{port}{PATH}", "POST")
        first.cancel()
    assert never_left(failed.value)


async def test_who_got_no_answer_in_time_may_have_been_heard_and_may_ask_for_more_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ours, "_READING", 1e-6)
    async with server(answer) as port, client() as asking:
        with pytest.raises(TimedOut) as failed:
            await asking.do_request(f"http://127.0.0.1:{port}{PATH}", "POST")
        assert await asking.do_request(f"http://127.0.0.1:{port}{PATH}", "POST", read_timeout=30) == (200, b"fine")
    assert not never_left(failed.value)


async def test_who_was_cut_off_may_have_been_heard_and_does_not_ask_twice() -> None:
    asked = 0

    async def once(reader: Reader, writer: Writer) -> None:
        nonlocal asked
        await heard(reader)
        writer.write(FINE)
        await heard(reader)
        asked += 1

    async with server(once) as port, client() as asking:
        await asking.do_request(f"http://127.0.0.1:{port}{PATH}", "POST")
        with pytest.raises(NetworkError) as failed:
            await asking.do_request(f"http://127.0.0.1:{port}{PATH}", "POST")
    assert not isinstance(failed.value, TimedOut)
    assert not never_left(failed.value)
    assert asked == 1


async def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with server(answer) as port, client() as asking:
        assert await asking.do_request(f"http://127.0.0.1:{port}{PATH}", "POST") == (200, b"fine")


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One that is trusted."""
    made = make_certificate(tmp_path, NAME)
    monkeypatch.setattr(ours, "trusted", lambda: ssl.create_default_context(cafile=str(made)))
    return made


class Tunnel:
    """A proxy that digs tunnels to one place for those who have its password."""

    def __init__(self, place: int) -> None:
        self.asked: list[str] = []
        self._place = place

    async def serve(self, reader: Reader, writer: Writer) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(head)
        if f"Proxy-Authorization: Basic {LET_IN}" not in head:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        from_there, to_there = await asyncio.open_connection("127.0.0.1", self._place)
        await asyncio.gather(_carry(reader, to_there), _carry(from_there, writer))


async def _carry(reader: Reader, writer: Writer) -> None:
    while some := await reader.read(1024):
        writer.write(some)
    writer.close()


async def test_the_token_goes_through_a_proxy_unseen(certificate: Path) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, certificate.with_suffix(".key"))
    async with server(answer, tls) as place:
        tunnel = Tunnel(place)
        async with server(tunnel.serve) as port, client(proxy=f"http://an:m%E1%BB%99t@127.0.0.1:{port}") as asking:
            assert await asking.do_request(f"https://{NAME}{PATH}", "POST") == (200, b"fine")
    [asked] = tunnel.asked
    assert asked.startswith(f"CONNECT {NAME}:443 ")
    assert TOKEN not in asked


async def test_who_is_not_let_through_a_proxy_was_not_heard_and_tells_no_secret() -> None:
    tunnel = Tunnel(9)
    async with server(tunnel.serve) as port, client(proxy=f"http://an:hai@127.0.0.1:{port}") as asking:
        with pytest.raises(NetworkError, match="407") as failed:
            await asking.do_request(f"https://{NAME}{PATH}", "POST")
    assert never_left(failed.value)
    assert "hai" not in str(failed.value)
    assert TOKEN not in str(failed.value)


async def test_a_proxy_that_is_not_there_was_not_heard() -> None:
    async with client(proxy="http://an:hai@127.0.0.1:9") as asking:
        with pytest.raises(NetworkError) as failed:
            await asking.do_request(f"http://{NAME}{PATH}", "POST")
    assert never_left(failed.value)
    assert "hai" not in str(failed.value)


async def test_who_shows_a_certificate_that_nobody_trusts_hears_nothing(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, "127.0.0.1")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, certificate.with_suffix(".key"))
    async with server(hang_up, tls) as port, client() as asking:
        with pytest.raises(NetworkError, match="certificate verify failed") as failed:
            await asking.do_request(f"https://127.0.0.1:{port}{PATH}", "POST")
    assert never_left(failed.value)
