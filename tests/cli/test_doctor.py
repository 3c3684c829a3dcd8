"""`isobot doctor`: each thing that can be wrong is made wrong, and found."""

import asyncio
import json
import os
import shutil
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot
from telegram.error import Conflict

from bot.cli.health import installation
from bot.cli.health import telegram as health
from bot.cli.health.finding import Grade
from bot.heartbeats import Heartbeats
from bot.sandbox import actions
from bot.sandbox.people import Person
from bot.sandbox.world import World
from bot.store.database import open_database
from tests.bot.archive import Installation
from tests.cli.conftest import TOKEN

Isobot = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.usefixtures("office", "telegram")


@pytest.fixture(autouse=True)
def _coordinated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody coordinates, and nobody else is waited for long."""
    monkeypatch.setenv("ISOBOT_COORDINATORS", "1004")
    monkeypatch.setattr(health, "_LISTENING", 0.2)


class Doctor:
    """Calls `isobot doctor`, and tells what it found."""

    def __init__(self, isobot: Isobot) -> None:
        self._isobot = isobot

    async def __call__(self) -> dict[str, dict[str, str]]:
        """The findings by their checks."""
        code, printed, complained = await asyncio.to_thread(self._isobot, "doctor", "--json")
        findings = json.loads(printed)
        assert complained == ""
        assert code == any(finding["grade"] == Grade.FAULT for finding in findings)
        assert all(finding["cure"] for finding in findings if finding["grade"] in {Grade.FAULT, Grade.WARNING})
        assert TOKEN not in printed
        return {finding["check"]: finding for finding in findings}

    async def faults(self) -> dict[str, str]:
        """What is wrong."""
        return {check: one["says"] for check, one in (await self()).items() if one["grade"] == Grade.FAULT}


@pytest.fixture
def doctor(isobot: Isobot) -> Doctor:
    return Doctor(isobot)


@pytest.mark.usefixtures("used")
async def test_nothing_is_wrong_with_a_sound_installation(doctor: Doctor) -> None:
    found = await doctor()
    grades = {check: finding["grade"] for check, finding in found.items()}
    assert set(grades.values()) == {Grade.SOUND}
    assert grades.keys() >= {
        "settings", "pack", "disk", "database", "schema", "coordinators", "contacts", "attachments", "key", "backup",
        "server", "clock", "token", "webhook", "poller",
    }  # fmt: skip


async def test_a_fresh_installation_is_looked_at_and_nothing_is_made(doctor: Doctor, tmp_path: Path) -> None:
    assert await doctor.faults() == {}
    assert not await asyncio.to_thread((tmp_path / "data").exists)


async def test_each_finding_is_a_line_with_a_mark_and_a_cure(isobot: Isobot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ISOBOT_COORDINATORS")
    code, printed, _ = await asyncio.to_thread(isobot, "doctor")
    lines = printed.splitlines()
    assert code == 1
    assert [line for line in lines if line[0] not in "✓!✗–"] == []
    assert [line for line in lines if line.startswith("✗")] == [
        "✗ Chưa có cán bộ điều phối. Ghi số Telegram vào ISOBOT_COORDINATORS, hoặc chạy isobot invite --coordinator."
    ]


async def test_a_setting_that_cannot_be_used_is_found(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOBOT_COORDINATORS", "Lê Chi")
    assert "ISOBOT_COORDINATORS" in (await doctor.faults())["settings"]


async def test_a_clock_for_tests_is_found(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOBOT_AT", "2021-11-08T08:00")
    assert (await doctor())["settings"]["grade"] == Grade.WARNING


async def test_no_token_and_a_wrong_one_are_found(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOBOT_TOKEN", "2:wrong")
    assert "không nhận mã bot" in (await doctor.faults())["token"]
    monkeypatch.setenv("ISOBOT_TOKEN", "")
    assert "Chưa có ISOBOT_TOKEN" in (await doctor.faults())["token"]


@pytest.fixture
def nobody_there() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


async def test_a_server_that_is_not_there_is_found_with_a_way_around(
    doctor: Doctor, nobody_there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOBOT_API_URL", nobody_there)
    found = await doctor()
    assert found["server"]["grade"] == Grade.FAULT
    assert "ISOBOT_PROXY" in found["server"]["cure"]


async def test_a_proxy_that_is_not_there_is_found_without_its_password(
    doctor: Doctor, nobody_there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOBOT_PROXY", nobody_there.replace("://", "://an:do-not-tell@"))
    found = await doctor()
    assert found["server"]["grade"] == Grade.FAULT
    assert nobody_there.removeprefix("http://") in found["server"]["cure"]
    assert "do-not-tell" not in str(found)


@asynccontextmanager
async def _answering(*lines: str) -> AsyncIterator[str]:
    """A server that gives every request the same answer."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write("\r\n".join(lines).encode())
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_another_server_in_its_place_is_found(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    async with _answering("HTTP/1.1 200 OK", "Content-Length: 12", "", "<h1>Wifi</h1>"[:12]) as url:
        monkeypatch.setenv("ISOBOT_API_URL", url)
        assert "không phải máy chủ Bot API" in (await doctor.faults())["server"]


@pytest.mark.parametrize(("ahead", "way"), [(timedelta(minutes=5), "chậm"), (timedelta(hours=-7), "nhanh")])
async def test_a_clock_that_is_off_is_found(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch, ahead: timedelta, way: str
) -> None:
    body = '{"ok": false, "error_code": 401, "description": "Unauthorized"}'
    date = format_datetime(datetime.now(UTC) + ahead, usegmt=True)
    async with _answering("HTTP/1.1 401 U", f"Date: {date}", f"Content-Length: {len(body)}", "", body) as url:
        monkeypatch.setenv("ISOBOT_API_URL", url)
        says = (await doctor.faults())["clock"]
    assert way in says
    [seconds] = [int(word) for word in says.split() if word.isdigit()]
    assert abs(seconds - abs(ahead.total_seconds())) < 10


async def test_a_webhook_that_takes_the_messages_is_found(doctor: Doctor, telegram: str) -> None:
    async with Bot(TOKEN, f"{telegram}/bot") as bot:
        await bot.set_webhook("http://127.0.0.1:9/hook")
        assert "127.0.0.1" in (await doctor.faults())["webhook"]


@pytest.mark.parametrize(
    ("registered", "grade"),
    [("http://127.0.0.1:9/hook", Grade.SOUND), ("http://127.0.0.1:9/other", Grade.FAULT), ("", Grade.WARNING)],
)
async def test_a_webhook_of_ours_is_no_fault_unless_it_leads_elsewhere(
    doctor: Doctor, telegram: str, monkeypatch: pytest.MonkeyPatch, registered: str, grade: Grade
) -> None:
    monkeypatch.setenv("ISOBOT_WEBHOOK_URL", "http://127.0.0.1:9/hook")
    monkeypatch.setenv("ISOBOT_WEBHOOK_SECRET", "quiet")
    async with Bot(TOKEN, f"{telegram}/bot") as bot:
        await bot.set_webhook(registered)
        assert (await doctor())["webhook"]["grade"] == grade


async def test_a_webhook_that_messages_do_not_reach_is_found(
    doctor: Doctor, telegram: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOBOT_WEBHOOK_URL", "http://127.0.0.1:9/hook")
    monkeypatch.setenv("ISOBOT_WEBHOOK_SECRET", "quiet")
    async with Bot(TOKEN, f"{telegram}/bot") as bot:
        await bot.set_webhook("http://127.0.0.1:9/hook")
        actions.write(world, world.add_person(Person(id=1, key="an", name="An", started=True)), "chào")
        async with asyncio.timeout(30):
            while not (await bot.get_webhook_info()).last_error_message:  # noqa: ASYNC110 - it happens at the server
                await asyncio.sleep(0.01)
        assert "không đưa được tin" in (await doctor.faults())["webhook"]


async def _poll(url: str, *, wait: int, take: bool) -> None:
    """What another bot does with the same token."""
    async with Bot(TOKEN, f"{url}/bot") as bot:
        offset = 0
        while True:
            try:
                updates = await bot.get_updates(offset, timeout=wait)
            except Conflict:
                continue
            if take and updates:
                offset = updates[-1].update_id + 1
            await asyncio.sleep(0.01)


async def test_a_second_poller_is_found_where_no_bot_of_ours_runs(
    doctor: Doctor, telegram: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_LISTENING", 6)
    other = asyncio.create_task(_poll(telegram, wait=10, take=False))
    assert "nơi khác đang nhận tin" in (await doctor.faults())["poller"]
    other.cancel()


async def test_looking_for_a_second_poller_takes_no_update(doctor: Doctor, telegram: str, world: World) -> None:
    world.updates.add("message", {"message_id": 1})
    assert await doctor.faults() == {}
    assert len(world.updates) == 1


async def test_a_bot_of_ours_is_not_disturbed_and_what_it_noticed_is_told(
    doctor: Doctor, used: Installation, world: World
) -> None:
    async with open_database(used.url) as database:
        heartbeats = Heartbeats(database)
        await heartbeats.begin()
        world.calls.clear()
        assert f"tiến trình {os.getpid()}" in (await doctor())["poller"]["says"]
        assert world.called("getUpdates") == []
        heartbeats.conflict()
        await heartbeats._beat()
        assert "có nơi khác nhận tin" in (await doctor.faults())["poller"]
        assert world.called("getUpdates") == []
        await heartbeats.end()


def _change(installation: Installation, *statements: str) -> None:
    """Change a database by hand, past everything that would prevent it."""
    with closing(sqlite3.connect(installation.file)) as connection, connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        for statement in statements:
            connection.execute(statement)


def _overwrite(file: Path, place: int, content: bytes) -> None:
    with file.open("r+b") as opened:
        opened.seek(place)
        opened.write(content)


async def test_older_and_newer_tables_are_found_and_left_as_they_are(doctor: Doctor, used: Installation) -> None:
    for version, grade in (("0005", Grade.WARNING), ("9999", Grade.FAULT)):
        _change(used, f"UPDATE alembic_version SET version_num = '{version}'")
        found = await doctor()
        assert found["schema"]["grade"] == grade
        assert found["records"]["grade"] == Grade.UNKNOWN
    with closing(sqlite3.connect(used.file)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


async def test_a_database_whose_rows_do_not_fit_together_is_found(doctor: Doctor, used: Installation) -> None:
    _change(used, "DELETE FROM versions")
    assert "hỏng" in (await doctor.faults())["database"]


@pytest.mark.parametrize("place", [0, 100, 5000])
async def test_a_damaged_database_file_is_found(doctor: Doctor, used: Installation, place: int) -> None:
    _overwrite(used.file, place, b"\xff" * 40_000)
    assert "database" in await doctor.faults()


async def test_a_file_that_is_no_database_is_found(doctor: Doctor, used: Installation) -> None:
    used.file.write_bytes(b"no database at all\n" * 500)
    assert "database" in await doctor.faults()


async def test_a_faulty_pack_is_found(doctor: Doctor, office: Path, broken_pack: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("ISOBOT_PACK", str(broken_pack))
    assert "hoi.yaml:11" in (await doctor.faults())["pack"]


async def test_that_nobody_coordinates_is_found(
    doctor: Doctor, used: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ISOBOT_COORDINATORS")
    assert "coordinators" in await doctor.faults()
    _change(used, "INSERT INTO coordinators VALUES (7, 'Lê Chi', '2021-11-08 00:00:00')")
    assert "coordinators" not in await doctor.faults()


async def test_agencies_without_a_contact_are_named(doctor: Doctor, used: Installation) -> None:
    _change(
        used,
        "DELETE FROM contacts WHERE agency = 'so-xay-dung'",
        "INSERT INTO roster_agencies VALUES ('so-y-te', 'Sở Y tế', 'province', 'dossier', '2021-11-08 00:00:00')",
    )
    found = (await doctor())["contacts"]
    assert found["grade"] == Grade.WARNING
    assert found["says"] == "2/2 cơ quan chưa có đầu mối: Sở Xây dựng, Sở Y tế"


async def test_attachments_that_are_missing_or_damaged_are_named_with_their_receipt(
    doctor: Doctor, used: Installation
) -> None:
    with closing(sqlite3.connect(used.file)) as connection:
        [(report,)] = connection.execute("SELECT sha256 FROM version_files").fetchall()
    used.attachments.path(report).unlink()
    [drawing] = [Path(file).name for file in used.contents() if file.startswith("attachments")]
    _overwrite(used.attachments.path(drawing), 5, b"?")
    says = (await doctor.faults())["attachments"]
    assert says.startswith("2 tệp")
    assert f"{report} (biên nhận 1 của so-xay-dung)" in says
    assert f"{drawing} (việc đang dở của so-xay-dung)" in says


async def test_a_key_without_which_receipts_cannot_be_checked_is_missed(doctor: Doctor, used: Installation) -> None:
    (used.data / "receipts.key").unlink()
    assert "receipts.key" in (await doctor.faults())["key"]


async def test_a_backup_that_is_old_or_never_was_is_found(doctor: Doctor, used: Installation) -> None:
    _change(used, "UPDATE backups SET made_at = datetime('now', '-3 days')")
    assert "đã cũ" in (await doctor.faults())["backup"]
    _change(used, "DELETE FROM backups")
    assert "Chưa sao lưu" in (await doctor.faults())["backup"]


async def test_a_backup_that_was_damaged_where_it_lies_is_found(doctor: Doctor, used: Installation) -> None:
    backup = used.data.with_name("backup.zip")
    _overwrite(backup, 500, b"xyzzy")
    assert "isobot.db" in (await doctor.faults())["backup"]
    backup.unlink()
    assert "backup" not in await doctor.faults(), "it may have been taken to a safer place"


def test_a_disk_that_is_nearly_full_is_found(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    grades = [installation.disk(tmp_path / "data", *limits).grade for limits in ((0, 0), (2 * free, 0), (0, 2 * free))]
    assert grades == [Grade.SOUND, Grade.WARNING, Grade.FAULT]


async def test_a_folder_that_cannot_be_written_to_is_found(
    doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("ISOBOT_DATA", str(tmp_path / "file"))
    assert "Không ghi được" in (await doctor.faults())["disk"]
