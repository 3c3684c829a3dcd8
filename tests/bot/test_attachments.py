"""Attachments: fetched over real HTTP from a server that may be rude, told by their content, kept once."""

import asyncio
import errno
import hashlib
import logging
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot import attachments, logs
from bot.attachment_kinds import AttachmentError, Kind, Reason
from bot.attachments import LIMIT, Attachment, Attachments, clean_name

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SECRET = "123456:AAtoken"
ENDLESS = b"endless"
HOUR = timedelta(hours=1)


def answered(content: bytes, *, announced: int | None = None, status: str = "200 OK", headers: str = "") -> bytes:
    """What goes over the wire for a file."""
    length = len(content) if announced is None else announced
    head = f"HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n"
    return head.encode() + content


@dataclass
class Wire:
    """A server that answers each connection with the next of its answers, the last one again and again.

    With `holds` it then says nothing more until the client goes.
    """

    answers: list[bytes] = field(default_factory=list)
    asked: list[bytes] = field(default_factory=list)
    sent: int = 0
    holds: bool = False
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            self.asked.append(await reader.readuntil(b"\r\n\r\n"))
            answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
            if answer == ENDLESS:
                await self._flood(writer)
            writer.write(answer)
            await writer.drain()
            self.answered.set()
            if self.holds:
                await reader.read()
        writer.close()

    async def _flood(self, writer: asyncio.StreamWriter) -> None:
        """Data without an end; it announces far less than the limit in each piece, and no length at all."""
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        piece = bytes(65536)
        while not writer.is_closing():
            writer.write(b"10000\r\n" + piece + b"\r\n")
            await writer.drain()
            self.sent += len(piece)


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    wire = Wire()
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        wire.url = f"http://{host}:{port}/file/bot{SECRET}/documents/file_1.pdf"
        yield wire


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, verify=False, timeout=5) as client:
        yield client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "attachments"


@pytest.fixture
def kept(folder: Path, client: httpx.AsyncClient) -> Attachments:
    return Attachments(folder, client, pauses=(0, 0))


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def refused(fetching: Awaitable[Attachment]) -> Reason:
    with pytest.raises(AttachmentError) as refusal:
        await fetching
    return refusal.value.reason


async def test_a_file_is_kept_under_the_hash_of_its_content(kept: Attachments, wire: Wire, folder: Path) -> None:
    wire.answers = [answered(PDF)]
    attachment = await kept.fetch(wire.url, "báo cáo.pdf")
    sha256 = hashlib.sha256(PDF).hexdigest()
    assert attachment == Attachment(sha256, len(PDF), "báo cáo.pdf", Kind.PDF)
    assert kept.path(sha256) == folder / sha256[:2] / sha256
    assert kept.path(sha256).read_bytes() == PDF
    assert files(folder) == [kept.path(sha256)]


async def test_a_file_of_exactly_the_limit_is_kept_and_a_byte_more_is_not(
    kept: Attachments, wire: Wire, folder: Path
) -> None:
    most = PDF + bytes(LIMIT - len(PDF))
    wire.answers = [answered(most), answered(most + b"\0")]
    assert (await kept.fetch(wire.url, "a.pdf")).size == LIMIT == 20 * 1024 * 1024
    assert await refused(kept.fetch(wire.url, "a.pdf")) is Reason.TOO_BIG
    assert len(files(folder)) == 1


async def test_endless_data_is_stopped_near_the_limit(kept: Attachments, wire: Wire, folder: Path) -> None:
    wire.answers = [ENDLESS]
    assert await refused(kept.fetch(wire.url, "a.pdf")) is Reason.TOO_BIG
    # What lies in the buffers of both ends is on top.
    assert wire.sent < 2 * LIMIT
    assert len(wire.asked) == 1, "what is too big is not asked for again"
    assert files(folder) == []


async def test_a_broken_connection_is_tried_anew(kept: Attachments, wire: Wire, folder: Path) -> None:
    wire.answers = [answered(PDF[:20], announced=len(PDF)), b"", answered(PDF)]
    attachment = await kept.fetch(wire.url, "a.pdf")
    assert attachment.size == len(PDF)
    assert files(folder) == [kept.path(attachment.sha256)]


async def test_a_connection_that_always_breaks_leaves_nothing_behind(
    kept: Attachments, wire: Wire, folder: Path
) -> None:
    wire.answers = [answered(PDF, announced=len(PDF) + 1)]
    assert await refused(kept.fetch(wire.url, "a.pdf")) is Reason.BROKEN_OFF
    assert len(wire.asked) == 3
    assert files(folder) == []


@pytest.mark.parametrize(
    ("status", "tries"), [("404 Not Found", 1), ("302 Found", 1), ("429 Too Many Requests", 3), ("502 Bad Gateway", 3)]
)
async def test_a_refusal_is_no_file_and_only_a_passing_one_is_asked_again(
    kept: Attachments, wire: Wire, status: str, tries: int
) -> None:
    wire.answers = [answered(PDF, status=status, headers="Location: /\r\n")]
    assert await refused(kept.fetch(wire.url, "a.pdf")) is Reason.BROKEN_OFF
    assert len(wire.asked) == tries


async def test_a_server_that_says_nothing_is_not_waited_for_without_end(
    kept: Attachments, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "_PATIENCE", 0.05)
    wire.answers = [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"]
    wire.holds = True
    assert await refused(kept.fetch(wire.url, "a.pdf")) is Reason.BROKEN_OFF


async def test_a_packed_answer_is_not_unpacked(kept: Attachments, wire: Wire) -> None:
    """A few bytes that unpack to a gigabyte would pass every limit before they are counted."""
    wire.answers = [answered(PDF, headers="Content-Encoding: gzip\r\n")]
    assert (await kept.fetch(wire.url, "a.pdf")).size == len(PDF)
    assert b"Accept-Encoding: identity" in wire.asked[0]


@pytest.mark.parametrize(
    "answers", [[b""], [answered(b"", status="404 Not Found")], [answered(b"MZ")]], ids=["broken", "refused", "exe"]
)
async def test_the_token_is_told_to_nobody(
    kept: Attachments, wire: Wire, answers: list[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    wire.answers = answers
    with pytest.raises(AttachmentError) as refusal:
        await kept.fetch(wire.url, "a.pdf")
    error = refusal.value
    assert (error.__cause__, error.__context__) == (None, None)
    ours = "\n".join(logs.LogLine().format(record) for record in caplog.records if record.name.startswith("bot"))
    assert SECRET not in f"{error} {error!r} {kept!r} {ours}"


async def test_an_absolute_path_is_copied_from_this_machine(kept: Attachments, tmp_path: Path) -> None:
    source = tmp_path / "file_1.pdf"
    source.write_bytes(PDF)
    attachment = await kept.fetch(str(source), "a.pdf")
    assert kept.path(attachment.sha256).read_bytes() == source.read_bytes() == PDF
    source.write_bytes(PDF + bytes(LIMIT))
    assert await refused(kept.fetch(str(source), "a.pdf")) is Reason.TOO_BIG
    assert await refused(kept.fetch(str(tmp_path / SECRET / "none.pdf"), "a.pdf")) is Reason.BROKEN_OFF


async def test_a_full_disk_is_told_apart(
    kept: Attachments, wire: Wire, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    wire.answers = [answered(PDF)]
    assert await refused(kept.fetch(wire.url, "a.pdf")) is Reason.NO_SPACE
    assert len(wire.asked) == 1
    assert files(folder) == []


async def test_the_same_content_sent_at_once_is_one_file(kept: Attachments, wire: Wire, folder: Path) -> None:
    wire.answers = [answered(PDF + bytes(100_000))]
    fetched = await asyncio.gather(*(kept.fetch(wire.url, f"{number}.pdf") for number in range(8)))
    assert len({attachment.sha256 for attachment in fetched}) == 1
    assert [attachment.name for attachment in fetched] == [f"{number}.pdf" for number in range(8)]
    assert files(folder) == [kept.path(fetched[0].sha256)]


async def test_what_is_not_let_in_leaves_nothing_behind(kept: Attachments, wire: Wire, folder: Path) -> None:
    wire.answers = [answered(b"MZ" + bytes(300)), answered(b"")]
    assert await refused(kept.fetch(wire.url, "report.pdf")) is Reason.NOT_ACCEPTED
    assert await refused(kept.fetch(wire.url, "report.pdf")) is Reason.EMPTY
    assert files(folder) == []


async def test_a_cancelled_download_leaves_nothing_behind(kept: Attachments, folder: Path, wire: Wire) -> None:
    wire.holds = True
    wire.answers = [answered(PDF, announced=LIMIT)]
    fetching = asyncio.create_task(kept.fetch(wire.url, "a.pdf"))
    await wire.answered.wait()
    assert len(files(folder)) == 1
    fetching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetching
    assert files(folder) == []


async def test_what_a_killed_download_has_left_is_removed_once_it_is_old(kept: Attachments, folder: Path) -> None:
    left = folder / "incoming" / "tmpabc"
    left.parent.mkdir(parents=True)
    left.write_bytes(PDF[:10])
    assert kept.remove_orphans(set(), HOUR) == 0
    age(left)
    assert kept.remove_orphans(set(), HOUR) == 1
    assert files(folder) == []


async def test_only_old_files_that_nobody_refers_to_are_removed(kept: Attachments, wire: Wire) -> None:
    wire.answers = [answered(PDF + number) for number in (b"1", b"2", b"3")]
    referred, orphan, new = [kept.path((await kept.fetch(wire.url, "a.pdf")).sha256) for _ in range(3)]
    age(referred)
    age(orphan)
    assert kept.remove_orphans({referred.name}, HOUR) == 1
    assert [path.exists() for path in (referred, orphan, new)] == [True, False, True]


async def test_an_orphan_that_is_sent_again_counts_as_new(kept: Attachments, wire: Wire) -> None:
    wire.answers = [answered(PDF)]
    path = kept.path((await kept.fetch(wire.url, "a.pdf")).sha256)
    age(path)
    await kept.fetch(wire.url, "a.pdf")
    assert kept.remove_orphans(set(), HOUR) == 0
    assert path.exists()


def test_where_nothing_has_come_there_is_nothing_to_remove(kept: Attachments) -> None:
    assert kept.remove_orphans(set(), HOUR) == 0


async def test_a_file_that_was_changed_or_lost_does_not_verify(kept: Attachments, wire: Wire) -> None:
    wire.answers = [answered(PDF)]
    sha256 = (await kept.fetch(wire.url, "a.pdf")).sha256
    assert kept.verify(sha256)
    kept.path(sha256).write_bytes(PDF + b" ")
    assert not kept.verify(sha256)
    kept.path(sha256).unlink()
    assert not kept.verify(sha256)


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n"])
def test_a_key_that_is_no_hash_leads_nowhere(kept: Attachments, key: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        kept.path(key)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("báo cáo.pdf", "báo cáo.pdf"),
        ("ba\u0301o ca\u0301o.pdf", "báo cáo.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\An\báo cáo.docx", "báo cáo.docx"),
        ("a\x00b\x1b[31m\n.pdf", "ab[31m .pdf"),
        ("bao cao\u202efdp.exe", "bao caofdp.exe"),
        ("a\u200b\u2066b\ufeff.pdf", "ab.pdf"),
        ("  nhiều   khoảng\ttrắng .pdf", "nhiều khoảng trắng .pdf"),
        (".htaccess", "htaccess"),
        ("a.pdf. . .", "a.pdf"),
        ("", "file"),
        ("..", "file"),
        ("\u202e", "file"),
        ("thư mục/", "file"),
        ("a" * 300 + ".docx", "a" * 115 + ".docx"),
        ("a" * 300, "a" * 120),
        ("a." + "b" * 300, "a." + "b" * 118),
        ("a" * 114 + " . " + "a" * 9 + ".docx", "a" * 114 + ".docx"),
    ],
)
def test_a_name_is_made_harmless_and_keeps_its_ending(sent: str, shown: str) -> None:
    assert clean_name(sent) == shown


async def test_fetching_does_not_hold_up_the_loop(kept: Attachments, wire: Wire) -> None:
    wire.answers = [answered(PDF + os.urandom(LIMIT - len(PDF)))]
    longest = await longest_gap_while(lambda: kept.fetch(wire.url, "a.pdf"))
    assert longest < 0.5


async def longest_gap_while(work: Callable[[], Awaitable[object]]) -> float:
    """The longest the loop was away from others, in seconds."""
    done = asyncio.ensure_future(work())
    longest, last = 0.0, time.perf_counter()
    while not done.done():
        await asyncio.sleep(0)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    await done
    return longest


def age(path: Path) -> None:
    two_hours_ago = time.time() - 7200
    os.utime(path, (two_hours_ago, two_hours_ago))
