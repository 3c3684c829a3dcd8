"""Restoring a backup onto an installation that remembers nothing yet.

The database comes last, and at once: until then nothing is restored, and whoever was interrupted begins again. What has
come by then does no harm: an attachment lies under its hash, and a key that is there must be the backup's.
"""

import asyncio
import shutil
import tempfile
from pathlib import Path
from zipfile import ZipFile

from bot.attachment_folder import ATTACHMENTS, AttachmentFolder
from bot.backup_files import DATABASE, KEY, BackupError, Manifest, attachment, extract, to_disk, too_new, verify
from bot.heartbeats import Heartbeats
from bot.store.copying import copy
from bot.store.database import Database, as_one_file, file_of, open_as_it_is, open_database
from bot.store.soundness import Age, age, damage

# What is unpacked lies in a folder of this name until it has its place; one that was killed leaves it there.
_UNFINISHED = ".isobot-restoring-"
_TAKEN = "Đã có {}. Dừng bot, chuyển tệp này đi chỗ khác rồi khôi phục."


async def check(file: Path) -> Manifest:
    """Look whether a backup can be restored by this version of the program, without restoring it.

    Raises:
        BackupError: it cannot, and why.
    """
    manifest = await asyncio.to_thread(verify, file)
    if age(manifest.revision) is Age.NEWER:
        raise too_new(file, manifest)
    return manifest


async def restore(file: Path, data: Path, url: str) -> Manifest:
    """Restore a backup.

    Args:
        file: the backup.
        data: the folder for the attachments and the receipts' key.
        url: of the database.

    Raises:
        BackupError: the backup cannot be used, or something is remembered here already.
        DatabaseError: the database cannot be written.
        OSError: the folder cannot be written.
    """
    manifest = await check(file)
    place = file_of(url)
    await asyncio.to_thread(_refuse_what_is_there, file, data, place)
    with tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=place.parent if place else data) as folder:
        database = Path(folder) / DATABASE
        await asyncio.to_thread(_unpack, file, manifest, database, data)
        temporary = f"sqlite+aiosqlite:///{database}"
        async with open_as_it_is(temporary) as unpacked:
            if broken := await damage(unpacked):
                raise BackupError(f"Cơ sở dữ liệu trong bản sao lưu {file} hỏng ({broken[0]}). Dùng một bản khác.")
        async with open_database(temporary) as unpacked:
            if place is None:
                await _fill(url, unpacked)
        if place:
            await asyncio.to_thread(_put, database, place)
    return manifest


async def _fill(url: str, unpacked: Database) -> None:
    """Copy the database to the server that keeps it from now on."""
    async with open_database(url) as target:
        if await Heartbeats(target).alive():
            raise BackupError("Bot đang chạy trên cơ sở dữ liệu này. Dừng bot rồi khôi phục.")
        await copy(unpacked, target)


def _put(database: Path, place: Path) -> None:
    """Give the database its name, unless that has been taken in the meantime."""
    as_one_file(database)
    try:
        place.hardlink_to(database)
    except FileExistsError:
        raise BackupError(_TAKEN.format(place)) from None
    to_disk(place.parent)


def _refuse_what_is_there(file: Path, data: Path, place: Path | None) -> None:
    """Nothing that is remembered is ever overwritten, nor mixed with what a backup remembers."""
    for folder in (data, *([place.parent] if place else [])):
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(left)
    # A journal that some other database has left would be taken for the restored one's.
    files = [place, *(place.with_name(place.name + ending) for ending in ("-wal", "-journal"))] if place else []
    for there in files:
        if there.exists():
            raise BackupError(_TAKEN.format(there))
    key = data / KEY
    with ZipFile(file) as archive:
        if key.exists() and (KEY not in archive.namelist() or archive.read(KEY) != key.read_bytes()):
            raise BackupError(f"{key} là khoá của dữ liệu khác. Chuyển tệp này đi chỗ khác rồi khôi phục.")


def _unpack(file: Path, manifest: Manifest, database: Path, data: Path) -> None:
    """Everything to its place but for the database, which is laid aside."""
    kept = AttachmentFolder(data / ATTACHMENTS)
    with ZipFile(file) as archive:
        extract(archive, DATABASE, database)
        for sha256 in manifest.attachments:
            if not kept.verify(sha256):
                with kept.incoming() as temporary:
                    extract(archive, attachment(sha256), temporary)
                    kept.settle(temporary, sha256)
        key = data / KEY
        if KEY in manifest.parts and not key.exists():
            unfinished = key.with_suffix(".restoring")
            extract(archive, KEY, unfinished)
            unfinished.replace(key)
            to_disk(data)
