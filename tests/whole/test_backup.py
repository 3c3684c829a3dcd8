"""A backup that is made while people ask and confirm holds one moment whole, and a bot goes on from it elsewhere."""

import asyncio
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from itertools import cycle
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import build, running
from bot.backup_files import DATABASE
from bot.backups import Backups
from bot.clock import Clock
from bot.demo import STARTS, Demo
from bot.restoring import restore
from bot.settings import Settings
from bot.store.copying import remembered_tables
from bot.store.database import open_as_it_is, open_database
from knowledge.answer import Answerer
from tests.stores import FileStore
from tests.whole import papers, records
from tests.whole.offices import Office, open_office
from tests.whole.town import COORDINATOR, Town, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

ISOBOT = Path(sys.executable).with_name("isobot")
PATIENCE = 60


@pytest.fixture(scope="session")
def database_kind() -> str:
    """What is copied is read from its file, and compared with another."""
    return "sqlite"


async def _back_up(folder: Path, file: Path) -> None:
    """Call `isobot backup` in a process of its own on a data folder."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("ISOBOT_")}
    process = await asyncio.create_subprocess_exec(
        ISOBOT, "backup", file, cwd=folder.parent, env={**kept, "ISOBOT_DATA": str(folder)},
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(PATIENCE):
        _, complained = await process.communicate()
    assert (process.returncode, complained.decode()) == (0, "")


async def _keep_busy(offices: Sequence[Office], enough: asyncio.Event) -> None:
    """People ask, and one agency after the other confirms, is returned and amends, until it is enough."""
    for office in cycle(offices):
        await office.contact.asks("hạn nộp báo cáo là ngày nào")
        await office.confirms()
        await office.returned()
        if enough.is_set():
            return


def _numbers(file: Path) -> set[int]:
    return {row["id"] for row in FileStore(file).read("versions")}


async def test_a_backup_under_load_holds_one_moment_whole(own_town: Town, tmp_path: Path) -> None:
    offices = [await open_office(own_town) for _ in range(3)]
    file, enough = own_town.folder / DATABASE, asyncio.Event()
    busy = asyncio.create_task(_keep_busy(offices, enough))
    await until(lambda: len(_numbers(file)) >= 3)
    told_before = _numbers(file)
    await _back_up(own_town.folder, tmp_path / "backup.zip")
    told_after = _numbers(file)
    assert told_before < told_after, "the bot was busy while the backup was made"
    enough.set()
    await busy
    await restore(tmp_path / "backup.zip", tmp_path / "other", f"sqlite+aiosqlite:///{tmp_path}/other/{DATABASE}")

    restored = tmp_path / "other" / DATABASE
    assert told_before <= _numbers(restored) <= told_after, "what a person was told before is in it"
    for table in ("versions", "version_files", "steps", "audit"):
        kept = FileStore(restored).read(table)
        assert kept == FileStore(file).read(table)[: len(kept)], f"{table} only grows"
    with closing(sqlite3.connect(restored)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        # Messages may still wait; but the one of a version was written with it.
        connection.execute("UPDATE outgoing SET state = 'sent', reason = NULL, message_id = 1, ended_at = created_at")
        connection.commit()
    agencies = own_town.demo.application.bot_data.pack.agencies.everyone
    assert records.faults(FileStore(restored), agencies) == []
    subjects = {row["subject"] for row in FileStore(restored).read("outgoing")}
    assert {f"review:{number}" for number in _numbers(restored)} <= subjects


@asynccontextmanager
async def _gone_on(town: Town, answerer: Answerer, folder: Path) -> AsyncIterator[Town]:
    """The bot on another machine, at the same Telegram."""
    settings = Settings(
        token=SecretStr(town.world.token), api_url=town.demo.url, data=folder, coordinators=frozenset({COORDINATOR}),
        proxy=None, database_url=None,
    )  # fmt: skip
    async with open_database(settings.sqlalchemy_url) as database:
        application = build(settings, answerer, database, Clock(STARTS))
        async with running(application):
            yield Town(Demo(town.demo.url, town.world, application), folder, town.http, FileStore(folder / DATABASE))


async def test_a_bot_goes_on_elsewhere_from_what_was_restored(
    own_town: Town, answerer: Answerer, tmp_path: Path
) -> None:
    office = await open_office(own_town)
    await office.form()
    await office.contact.gives("bao-cao.pdf", papers.pdf())
    receipt = await office.confirms()
    code = receipt.text.split("Mã kiểm tra: ")[1].split()[0]
    backup, elsewhere = tmp_path / "backup.zip", tmp_path / "elsewhere"
    updater = own_town.demo.application.updater
    assert updater
    await updater.stop()
    async with open_as_it_is(f"sqlite+aiosqlite:///{own_town.folder}/{DATABASE}") as database:
        await Backups(database, own_town.folder).make(backup, Clock().now())
    await restore(backup, elsewhere, f"sqlite+aiosqlite:///{elsewhere}/{DATABASE}")
    for table in (table.name for table in remembered_tables()):
        assert FileStore(elsewhere / DATABASE).read(table) == own_town.rows(table), table

    async with _gone_on(own_town, answerer, elsewhere) as town:
        contact = town.person(office.contact.id)
        [page] = await contact.says("/tinhtrang")
        assert office.name in page.text
        assert len(town.rows("heartbeats")) == 1
        assert "đã xác nhận" in page.text
        assert "Biên nhận thật, là bản hiện hành" in (await contact.asks(f"/kiemtra {code}")).text
    assert town.rows("heartbeats") == []
