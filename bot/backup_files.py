"""The file that a backup is: a ZIP with the database, the attachments and the receipts' key, sealed by a hash.

The seal is the SHA-256 of everything before it and stands at the very end, where a ZIP has its comment: whatever is cut
off or changed afterwards, be it in a header that ZIP itself does not look at, is noticed. The manifest's hashes tell
which part it was.
"""

import hashlib
import os
import shutil
import struct
import zlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from pydantic import BaseModel

DATABASE = "isobot.db"
KEY = "receipts.key"
_MANIFEST = "manifest.json"
_ATTACHMENTS = "attachments/"

_FORMAT = 1
_SEAL = hashlib.sha256().digest_size * 2
# Whatever can go wrong while something is read that may be anything.
_UNREADABLE = (
    BadZipFile, zlib.error, struct.error, ArithmeticError, EOFError, LookupError, OSError, RuntimeError, ValueError,
)  # fmt: skip


class BackupError(Exception):
    """A backup that cannot be made or used; the message says which part and what to do, in Vietnamese."""


class Part(BaseModel, frozen=True):
    """A part as it was written."""

    size: int
    sha256: str


class Manifest(BaseModel, frozen=True):
    """What a backup holds.

    Attributes:
        format: of the file.
        version: of the program that made it.
        revision: of the tables.
        rows: of each table.
        missing: attachments that were referred to and not sound any more when the backup was made.
    """

    format: int = _FORMAT
    made_at: datetime
    version: str
    revision: str
    rows: dict[str, int]
    missing: list[str]
    parts: dict[str, Part] = {}

    @property
    def attachments(self) -> list[str]:
        """The SHA-256 of every attachment."""
        return [name.removeprefix(_ATTACHMENTS) for name in self.parts if name.startswith(_ATTACHMENTS)]


def attachment(sha256: str) -> str:
    """The name of an attachment's part."""
    return _ATTACHMENTS + sha256


def write(file: Path, parts: Iterable[tuple[str, Path]], manifest: Manifest) -> Manifest:
    """Write a backup for its owner's eyes only, down to the disk; returns the manifest with the parts' hashes.

    Args:
        file: not there yet.
        parts: names, and where their content lies.
        manifest: without parts.
    """
    file.touch(mode=0o600)
    hashes = {}
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, source in parts:
            # Attachments are packed already, most of them.
            archive.compression = ZIP_STORED if name.startswith(_ATTACHMENTS) else ZIP_DEFLATED
            with source.open("rb") as content, archive.open(name, "w", force_zip64=True) as part:
                shutil.copyfileobj(content, part)
                content.seek(0)
                digest = hashlib.file_digest(content, "sha256")
            hashes[name] = Part(size=source.stat().st_size, sha256=digest.hexdigest())
        complete = manifest.model_copy(update={"parts": hashes})
        archive.writestr(_MANIFEST, complete.model_dump_json(indent=1))
        archive.comment = bytes(_SEAL)
    with file.open("r+b") as content:
        seal = _seal(content)
        content.write(seal)
        content.flush()
        os.fsync(content.fileno())
    return complete


def verify(file: Path) -> Manifest:
    """Look whether a backup is whole, every byte of it.

    Raises:
        BackupError: it is damaged, or no backup; or a newer version of the program made it.
    """
    try:
        with file.open("rb") as content:
            is_whole = _seal(content) == content.read()
        manifest = read_manifest(file) if is_whole else None
    except OSError as error:
        raise BackupError(f"Không đọc được {file} ({error.strerror}).") from error
    if manifest is None:
        raise BackupError(f"Bản sao lưu {file} hỏng: {_damaged_part(file)}. Dùng một bản khác.")
    if manifest.format > _FORMAT:
        raise too_new(file, manifest)
    return manifest


def read_manifest(file: Path) -> Manifest:
    """What a whole backup holds."""
    with ZipFile(file) as archive:
        return Manifest.model_validate_json(archive.read(_MANIFEST))


def too_new(file: Path, manifest: Manifest) -> BackupError:
    """That this version of the program cannot use a backup."""
    return BackupError(f"Bản sao lưu {file} do isobot mới hơn ({manifest.version}) ghi. Nâng isobot trước.")


def extract(archive: ZipFile, name: str, place: Path) -> None:
    """Write a part of a whole backup to a file that is not there yet, for its owner only, down to the disk."""
    place.touch(mode=0o600)
    with archive.open(name) as part, place.open("wb") as content:
        shutil.copyfileobj(part, content)
        content.flush()
        os.fsync(content.fileno())


def to_disk(folder: Path) -> None:
    """See to it that the names in a folder outlast a power cut, as the files' contents do."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _seal(content: IO[bytes]) -> bytes:
    """The seal that belongs to a file's content; leaves off where the seal itself stands."""
    left = max(content.seek(0, os.SEEK_END) - _SEAL, 0)
    content.seek(0)
    digest = hashlib.sha256()
    while left and (chunk := content.read(min(left, 1 << 20))):
        digest.update(chunk)
        left -= len(chunk)
    return digest.hexdigest().encode()


def _damaged_part(file: Path) -> str:
    """Which part of a backup is not what it was, in words."""
    try:
        manifest = read_manifest(file)
    except _UNREADABLE:
        return f"mục lục ({_MANIFEST}) không đọc được, tệp bị cắt hoặc không phải bản sao lưu của isobot"
    with ZipFile(file) as archive:
        damaged = [name for name, part in manifest.parts.items() if _read(archive, name) != part]
    return f"phần {', '.join(damaged)}" if damaged else "phần đầu mục của tệp"


def _read(archive: ZipFile, name: str) -> Part | None:
    try:
        with archive.open(name) as content:
            digest, size = hashlib.sha256(), 0
            while chunk := content.read(1 << 20):
                digest.update(chunk)
                size += len(chunk)
    except _UNREADABLE:
        return None
    return Part(size=size, sha256=digest.hexdigest())
