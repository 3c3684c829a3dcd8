"""A backup is whole or refused, holds everything, and gives everything back."""

import asyncio
import os
import shutil
import signal
import sqlite3
import struct
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import pytest_asyncio
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from bot import moving, restoring
from bot.backup_files import DATABASE, KEY, BackupError, verify, write
from bot.backups import Backups, dated, expire
from bot.clock import Clock
from bot.heartbeats import Heartbeats
from bot.moving import move
from bot.restoring import check, restore
from bot.store.database import Database, DatabaseError, migrations, open_as_it_is
from tests.bot.archive import DRAWING, REPORT, Installation, rows_of, well_used

NOW = datetime(2026, 3, 31, 1, 0, tzinfo=UTC)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an installation and a backup of it, from which each test takes its own."""
    folder = tmp_path_factory.mktemp("made")
    installation = Installation(folder / "data")
    async with well_used(installation, Clock(NOW)) as database:
        await Backups(database, installation.data).make(folder / "backup.zip", NOW)
    return folder


@pytest.fixture
def installation(made: Path, tmp_path: Path) -> Installation:
    return Installation(shutil.copytree(made / "data", tmp_path / "data"))


@pytest.fixture
def backup(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy2(made / "backup.zip", tmp_path / "backup.zip"))


@pytest.fixture
def empty(tmp_path: Path) -> Installation:
    """The machine on which a backup is restored."""
    return Installation(tmp_path / "elsewhere" / "data")


@pytest.fixture
async def database(installation: Installation) -> AsyncIterator[Database]:
    async with open_as_it_is(installation.url) as opened:
        yield opened


async def test_what_is_restored_is_what_was_backed_up(
    backup: Path, installation: Installation, empty: Installation
) -> None:
    await restore(backup, empty.data, empty.url)
    assert empty.rows() == installation.rows()
    assert empty.contents() == installation.contents()
    assert {REPORT, DRAWING} < set(empty.contents().values())


async def test_what_was_restored_can_be_backed_up_and_opened(backup: Path, empty: Installation, tmp_path: Path) -> None:
    await restore(backup, empty.data, empty.url)
    again = await empty.back_up(tmp_path / "again.zip")
    assert again.rows == verify(backup).rows


def test_a_backup_is_for_its_owner_only_and_leaves_nothing_beside_it(made: Path) -> None:
    assert (made / "backup.zip").stat().st_mode & 0o777 == 0o600
    assert _names(made) == {"backup.zip", "data"}


def _names(folder: Path) -> set[str]:
    """What lies in a folder."""
    return {file.name for file in folder.iterdir()}


async def test_a_backup_tells_what_it_holds(backup: Path, installation: Installation) -> None:
    manifest = verify(backup)
    assert manifest.rows == {table: len(rows) for table, rows in installation.rows().items()}
    assert manifest.made_at == NOW
    assert len(manifest.attachments) == 2
    assert manifest.missing == []


async def test_an_attachment_that_is_not_sound_is_named_and_the_rest_is_backed_up(
    database: Database, installation: Installation, tmp_path: Path
) -> None:
    report, drawing = (installation.attach(content, "x").sha256 for content in (REPORT, DRAWING))
    installation.attachments.path(report).unlink()
    installation.attachments.path(drawing).write_bytes(DRAWING[:-1] + b"?")
    manifest = await Backups(database, installation.data).make(tmp_path / "backup.zip", NOW)
    assert manifest.missing == sorted([report, drawing])
    assert manifest.attachments == []


def _places(file: Path) -> dict[str, int]:
    """For each part of a backup a byte in the middle of its content; and one of what lies around them."""
    whole = file.read_bytes()
    with ZipFile(file) as archive:
        places = {"đầu mục": archive.start_dir + 12, "tệp": len(whole) - 20}
        for info in archive.infolist():
            name, extra = struct.unpack_from("<HH", whole, info.header_offset + 26)
            places[info.filename] = info.header_offset + 30 + name + extra + info.compress_size // 2
    return places


def _told(file: Path, content: bytes) -> str:
    """What is said of a backup with this content."""
    file.write_bytes(content)
    with pytest.raises(BackupError) as told:
        verify(file)
    return str(told.value)


def _spoilt(whole: bytes, place: int) -> bytes:
    return whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :]


def test_one_changed_byte_in_any_part_is_noticed_and_the_part_is_named(backup: Path) -> None:
    whole, places = backup.read_bytes(), _places(backup)
    assert {DATABASE, KEY, "manifest.json"} < places.keys()
    assert len(places) == 7
    told = {part: _told(backup, _spoilt(whole, place)) for part, place in places.items()}
    assert [part for part in told if part not in told[part].replace(str(backup), "")] == []


def test_no_byte_of_a_backup_can_be_changed_unnoticed(backup: Path) -> None:
    whole = backup.read_bytes()
    for place in [*range(0, len(whole), 97), *range(len(whole) - 300, len(whole), 7)]:
        assert "hỏng" in _told(backup, _spoilt(whole, place))


@pytest.mark.parametrize("length", [0, 1, 63, 64, 4096])
def test_a_backup_that_was_cut_off_is_refused(backup: Path, length: int) -> None:
    assert "bị cắt hoặc không phải bản sao lưu" in _told(backup, backup.read_bytes()[:length])


async def test_a_damaged_backup_restores_nothing(backup: Path, empty: Installation) -> None:
    os.truncate(backup, 4096)
    with pytest.raises(BackupError):
        await restore(backup, empty.data, empty.url)
    assert not empty.data.exists()


async def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.zip").mkdir()
    (tmp_path / "text.zip").write_text("no backup at all\n" * 99)
    with ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("a", "b")
    for name in ("folder.zip", "text.zip", "other.zip", "none.zip"):
        with pytest.raises(BackupError, match=name):
            await check(tmp_path / name)


def _remade(backup: Path, statement: str, **manifest: Any) -> Path:
    """The same backup with another database and manifest, and sealed again."""
    folder = Path(tempfile.mkdtemp(dir=backup.parent))
    with ZipFile(backup) as archive:
        names = [name for name in archive.namelist() if name != "manifest.json"]
        archive.extractall(folder)
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        connection.executescript(statement)
    made = verify(backup).model_copy(update={"parts": {}, **manifest})
    write(folder / "remade.zip", [(name, folder / name) for name in names], made)
    return folder / "remade.zip"


def _back_to(revision: str, backup: Path) -> str:
    """The statements that leave of a backup's database what there was at an earlier revision."""
    then = create_engine("sqlite://")
    with then.begin() as connection:
        config = Config()
        config.set_main_option("script_location", migrations().dir)
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        known = connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars().all()
    with ZipFile(backup) as archive, closing(sqlite3.connect(":memory:")) as now:
        now.deserialize(archive.read(DATABASE))
        rows = now.execute(
            "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type"
        ).fetchall()
    dropped = [f"DROP {kind} {name};" for kind, name in rows if name not in known]
    return "".join([*dropped, f"UPDATE alembic_version SET version_num = '{revision}'"])


async def test_an_older_backup_is_brought_up_to_date(
    backup: Path, installation: Installation, empty: Installation, tmp_path: Path
) -> None:
    await restore(_remade(backup, _back_to("0006", backup), revision="0006"), empty.data, empty.url)
    assert empty.rows() == installation.rows()
    async with open_as_it_is(empty.url) as database:
        assert await Heartbeats(database).alive() == []


async def test_a_newer_backup_is_refused(backup: Path, empty: Installation, tmp_path: Path) -> None:
    newer = "UPDATE alembic_version SET version_num = '9999'"
    for remade in (
        _remade(backup, newer, revision="9999", version="9.9"),
        _remade(backup, newer, format=2, version="9.9"),
    ):
        with pytest.raises(BackupError, match=r"isobot mới hơn \(9\.9\)"):
            await restore(remade, empty.data, empty.url)
    assert not empty.data.exists()


async def test_a_backup_whose_database_was_damaged_when_it_was_made_is_refused(
    backup: Path, empty: Installation, tmp_path: Path
) -> None:
    remade = _remade(backup, "PRAGMA foreign_keys=OFF; DELETE FROM versions")
    with pytest.raises(BackupError, match="hỏng"):
        await restore(remade, empty.data, empty.url)
    assert not empty.file.exists()


@pytest.mark.parametrize("name", ["isobot.db", "isobot.db-wal", "receipts.key"])
async def test_what_is_there_is_not_overwritten(backup: Path, empty: Installation, name: str) -> None:
    empty.data.mkdir(parents=True)
    (empty.data / name).write_bytes(b"of something else")
    with pytest.raises(BackupError, match=name):
        await restore(backup, empty.data, empty.url)
    assert _names(empty.data) == {name}
    assert (empty.data / name).read_bytes() == b"of something else"


async def test_a_database_that_appears_meanwhile_is_not_overwritten(
    backup: Path, empty: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpack = restoring._unpack

    def meanwhile(*arguments: object) -> None:
        unpack(*arguments)  # type: ignore[arg-type]
        empty.file.write_bytes(b"of a bot that was started")

    monkeypatch.setattr(restoring, "_unpack", meanwhile)
    with pytest.raises(BackupError, match=DATABASE):
        await restore(backup, empty.data, empty.url)
    assert empty.file.read_bytes() == b"of a bot that was started"


KILLED = """
import asyncio, os, pathlib, signal, sys
from bot import moving, restoring
restoring._put = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
file, data, url = sys.argv[1:]
asyncio.run(restoring.restore(pathlib.Path(file), pathlib.Path(data), url))
"""


async def test_a_restore_that_was_killed_has_restored_nothing_and_can_be_repeated(
    backup: Path, installation: Installation, empty: Installation
) -> None:
    words = (sys.executable, "-c", KILLED, str(backup), str(empty.data), empty.url)
    process = await asyncio.create_subprocess_exec(*words)
    assert await process.wait() == -signal.SIGKILL
    assert not empty.file.exists()
    await restore(backup, empty.data, empty.url)
    assert empty.rows() == installation.rows()
    assert _names(empty.data) == {"isobot.db", "receipts.key", "attachments"}


async def test_a_damaged_database_is_not_backed_up(
    database: Database, installation: Installation, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(installation.file)) as connection, connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("DELETE FROM versions")
    with pytest.raises(BackupError, match="hỏng"):
        await Backups(database, installation.data).make(tmp_path / "backup.zip", NOW)
    assert _names(tmp_path) == {"data"}


async def test_a_database_of_another_version_is_neither_backed_up_nor_upgraded(
    database: Database, installation: Installation, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(installation.file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0005'")
    with pytest.raises(BackupError, match="phiên bản"):
        await Backups(database, installation.data).make(tmp_path / "backup.zip", NOW)
    with closing(sqlite3.connect(installation.file)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0005",)]


async def test_the_newest_backup_is_known(database: Database, installation: Installation, tmp_path: Path) -> None:
    backups = Backups(database, installation.data)
    for hours in (2, 1):
        await backups.make(tmp_path / f"{hours}.zip", NOW + timedelta(hours=hours))
    last = await backups.last()
    assert last
    assert (last.file, last.made_at) == (str(tmp_path / "2.zip"), NOW + timedelta(hours=2))


def test_backups_expire_and_nothing_else_does(tmp_path: Path) -> None:
    old, new = dated(tmp_path, NOW - timedelta(days=31)), dated(tmp_path, NOW - timedelta(days=29))
    others = [tmp_path / "isobot-2020.zip", tmp_path / "notes.txt"]
    for file in (old, new, *others):
        file.touch()
    assert expire(tmp_path, timedelta(days=30), NOW) == [old]
    assert set(tmp_path.iterdir()) == {new, *others}


def test_the_last_backup_does_not_expire(tmp_path: Path) -> None:
    old, older = (dated(tmp_path, NOW - timedelta(days=days)) for days in (400, 500))
    for file in (old, older):
        file.touch()
    assert expire(tmp_path, timedelta(days=30), NOW) == [older]
    assert list(tmp_path.iterdir()) == [old]


async def test_what_a_killed_backup_has_left_goes_after_a_day(
    database: Database, installation: Installation, tmp_path: Path
) -> None:
    left, under_way = tmp_path / ".isobot-unfinished-a", tmp_path / ".isobot-unfinished-b"
    for folder, age in ((left, 25), (under_way, 1)):
        folder.mkdir()
        moment = (NOW - timedelta(hours=age)).timestamp()
        os.utime(folder, (moment, moment))
    await Backups(database, installation.data).make(tmp_path / "new.zip", NOW)
    assert _names(tmp_path) == {"data", "new.zip", under_way.name}


async def test_moving_takes_everything_and_leaves_it_too(
    database: Database, installation: Installation, tmp_path: Path
) -> None:
    before = installation.rows()
    rows = await move(installation.url, f"sqlite+aiosqlite:///{tmp_path / 'new.db'}")
    assert rows_of(tmp_path / "new.db") == installation.rows() == before
    assert rows == {table: len(found) for table, found in before.items()}


async def test_nothing_is_moved_while_a_bot_runs(
    database: Database, installation: Installation, tmp_path: Path
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'new.db'}"
    heartbeats = Heartbeats(database)
    await heartbeats.begin()
    with pytest.raises(DatabaseError, match="Bot đang chạy"):
        await move(installation.url, url)
    await heartbeats.end()

    assert not (tmp_path / "new.db").exists()
    await move(installation.url, url)
    assert rows_of(tmp_path / "new.db") == installation.rows()


async def test_a_bot_that_starts_during_a_move_undoes_it(
    database: Database, installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alive, heartbeats = moving._refuse_a_running_bot, Heartbeats(database)

    async def first_look_then_start(source: Database) -> None:
        await alive(source)
        await heartbeats.begin()

    monkeypatch.setattr(moving, "_refuse_a_running_bot", first_look_then_start)
    with pytest.raises(DatabaseError, match="Bot đang chạy"):
        await move(installation.url, f"sqlite+aiosqlite:///{tmp_path / 'new.db'}")
    assert not any(rows_of(tmp_path / "new.db").values())
