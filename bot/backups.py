"""Backups: making one while the bot runs, noting it, and letting the old ones go."""

import asyncio
import re
import shutil
import tempfile
from contextlib import suppress
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot.attachment_folder import ATTACHMENTS, AttachmentFolder
from bot.backup_files import DATABASE, KEY, BackupError, Manifest, attachment, to_disk, write
from bot.clock import LOCAL
from bot.kept_files import kept_files
from bot.store.copying import copy
from bot.store.database import Database, as_one_file, first_line, open_database
from bot.store.soundness import Age, age_of, damage, newest_revision
from bot.store.upkeep_tables import Backup

# Written beside the backup under this name first, and left there by a program that was killed.
_UNFINISHED = ".isobot-unfinished-"
_LEFT_OVER = timedelta(days=1)
_DATED = "isobot-%Y-%m-%d-%H%M%S.zip"
_NAME = re.compile(r"isobot-\d{4}-\d\d-\d\d-\d{6}\.zip")


class Backups:
    """The backups of a database and the files that belong to it.

    Args:
        database: as it is.
        data: the folder with the attachments and the receipts' key.
    """

    def __init__(self, database: Database, data: Path) -> None:
        self._database = database
        self._data = data

    async def make(self, file: Path, now: datetime) -> Manifest:
        """Make a backup; the file is there when it is whole, or not at all.

        Raises:
            BackupError: the database is damaged or of another version.
            DatabaseError: it cannot be read, or a row cannot be copied.
            OSError: the file cannot be written.
        """
        if await age_of(self._database) is not Age.CURRENT:
            raise BackupError("Cơ sở dữ liệu không thuộc phiên bản isobot này. Sao lưu bằng phiên bản bot đang chạy.")
        if broken := await damage(self._database):
            raise BackupError(f"Cơ sở dữ liệu hỏng ({broken[0]}), không sao lưu. Khôi phục từ bản sao lưu gần nhất.")
        await asyncio.to_thread(_clear_unfinished, file.parent, now)
        with tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=file.parent, ignore_cleanup_errors=True) as folder:
            copied = Path(folder) / DATABASE
            async with open_database(f"sqlite+aiosqlite:///{copied}") as target:
                rows = await copy(self._database, target)
                wanted = {kept.sha256 for kept in await kept_files(target)}
            manifest = Manifest(
                made_at=now, version=version("isobot"), revision=newest_revision(), rows=rows, missing=[]
            )
            manifest = await asyncio.to_thread(self._write, Path(folder) / "backup.zip", file, copied, wanted, manifest)
        try:
            async with self._database.session() as session:
                session.add(Backup(made_at=now, file=str(await asyncio.to_thread(file.absolute))))
        except SQLAlchemyError as error:
            raise BackupError(f"Đã ghi {file}, nhưng không ghi nhận được việc đó: {first_line(error)}") from error
        return manifest

    async def last(self) -> Backup | None:
        """The newest backup that was made."""
        async with self._database.session() as session:
            last: Backup | None = await session.scalar(select(Backup).order_by(Backup.made_at.desc()).limit(1))
        return last

    def _write(self, unfinished: Path, file: Path, copied: Path, wanted: set[str], manifest: Manifest) -> Manifest:
        as_one_file(copied)
        kept = AttachmentFolder(self._data / ATTACHMENTS)
        sound = {sha256 for sha256 in wanted if kept.verify(sha256)}
        parts = [(DATABASE, copied)]
        if (self._data / KEY).is_file():
            parts.append((KEY, self._data / KEY))
        parts += [(attachment(sha256), kept.path(sha256)) for sha256 in sorted(sound)]
        manifest = write(unfinished, parts, manifest.model_copy(update={"missing": sorted(wanted - sound)}))
        unfinished.replace(file)
        to_disk(file.parent)
        return manifest


def dated(folder: Path, now: datetime) -> Path:
    """Where a backup of this moment lies in a folder of backups."""
    return folder / now.astimezone(LOCAL).strftime(_DATED)


def expire(folder: Path, older_than: timedelta, now: datetime) -> list[Path]:
    """Remove the backups in a folder that are older than this.

    The newest one stays however old it is, and so does every file that has another name. The day is the name's: a copy
    of the file may have got another one from the file system.
    """
    earliest = dated(folder, now - older_than).name
    backups = sorted(file for file in folder.iterdir() if _NAME.fullmatch(file.name))
    expired = [file for file in backups[:-1] if file.name < earliest]
    for file in expired:
        file.unlink()
    return expired


def _clear_unfinished(folder: Path, now: datetime) -> None:
    """Remove what a killed program has left: it holds what a backup holds, and would never expire."""
    for left in folder.glob(f"{_UNFINISHED}*"):
        # One that is being made may end at any moment.
        with suppress(FileNotFoundError):
            if now.timestamp() - left.stat().st_mtime > _LEFT_OVER.total_seconds():
                shutil.rmtree(left)
