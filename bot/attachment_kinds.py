"""What an attachment is, told by its content and never by its name, and what is not let in."""

import re
import struct
import zipfile
from enum import StrEnum
from itertools import pairwise
from pathlib import Path, PurePosixPath

import filetype
import olefile
from filetype.types import archive, image


class Kind(StrEnum):
    """The kinds that are let in."""

    PDF = "pdf"
    DOC = "doc"
    DOCX = "docx"
    XLS = "xls"
    XLSX = "xlsx"
    IMAGE = "image"
    ZIP = "zip"


class Reason(StrEnum):
    """Why there is no attachment.

    Attributes:
        TOO_BIG: over 20 MB.
        EMPTY: not one byte.
        NOT_ACCEPTED: of no kind that is let in.
        OTHER_ARCHIVE: RAR or 7z, which cannot be looked into; a ZIP would do.
        LOCKED: needs a password, so whoever receives the report could not open it.
        MACROS: an office file that carries programs.
        NESTED_ARCHIVE: a ZIP with archives inside.
        ARCHIVE_BOMB: unpacks to far more than it is, or its table of contents is a trick.
        DAMAGED: begins as one of the kinds, and cannot be read as one.
        BROKEN_OFF: could not be fetched whole, though it was tried anew.
        NO_SPACE: the disk is full.
    """

    TOO_BIG = "too_big"
    EMPTY = "empty"
    NOT_ACCEPTED = "not_accepted"
    OTHER_ARCHIVE = "other_archive"
    LOCKED = "locked"
    MACROS = "macros"
    NESTED_ARCHIVE = "nested_archive"
    ARCHIVE_BOMB = "archive_bomb"
    DAMAGED = "damaged"
    BROKEN_OFF = "broken_off"
    NO_SPACE = "no_space"


class AttachmentError(Exception):
    """A file is not taken."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


_BY_SIGNATURE = {
    archive.Pdf(): Kind.PDF,
    image.Jpeg(): Kind.IMAGE,
    image.Png(): Kind.IMAGE,
    image.Heic(): Kind.IMAGE,
    image.Webp(): Kind.IMAGE,
    image.Gif(): Kind.IMAGE,
    image.Tiff(): Kind.IMAGE,
}
_ZIP = archive.Zip()
_OTHER_ARCHIVES = (archive.Rar(), archive.SevenZ())

_MAIN_PARTS = {
    Kind.DOCX: re.compile(r"word/document\d*\.xml"),
    Kind.XLSX: re.compile(r"xl/workbook\d*\.xml"),
}
_MACRO_PART = re.compile(r"(?:.*/)?vbaproject\.bin|xl/macrosheets/.+")
_OFFICE = "[content_types].xml"
# Entries that make a ZIP a document or a program of another kind: PPTX and the like, ODT and EPUB, Java, Android.
_OTHER_PACKAGES = frozenset({_OFFICE, "mimetype", "meta-inf/manifest.mf", "androidmanifest.xml"})
_ARCHIVE_ENDINGS = frozenset(".zip .rar .7z .tar .gz .tgz .bz2 .xz .zst .cab .iso".split())

_CENTRAL_ENTRY = b"PK\x01\x02"
_LOCAL_HEADER = 30
_ENCRYPTED = 0x1
_MOST_ENTRIES = 10_000
_MOST_UNPACKED = 500_000_000
_HIGHEST_RATIO = 200
# A white picture in a short document shrinks to a thousandth and does no harm.
_ALWAYS_FINE = 10_000_000


def kind_of(path: Path) -> Kind:
    """What the file is.

    Raises:
        AttachmentError: it is of no kind that is let in, or is not let in for what it holds.
    """
    if not path.stat().st_size:
        raise AttachmentError(Reason.EMPTY)
    if signature := filetype.match(path, _BY_SIGNATURE):
        return _BY_SIGNATURE[signature]
    if filetype.match(path, (_ZIP,)):
        return _kind_of_zip(path)
    if filetype.match(path, _OTHER_ARCHIVES):
        raise AttachmentError(Reason.OTHER_ARCHIVE)
    if olefile.isOleFile(str(path)):
        return _kind_of_ole(path)
    raise AttachmentError(Reason.NOT_ACCEPTED)


def _kind_of_zip(path: Path) -> Kind:
    """Tell an office file from an archive by the table of contents; nothing is ever unpacked."""
    # Reading the table of half a million entries would hold up everybody.
    if path.read_bytes().count(_CENTRAL_ENTRY) > _MOST_ENTRIES:
        raise AttachmentError(Reason.ARCHIVE_BOMB)
    try:
        with zipfile.ZipFile(path) as opened:
            entries, table = opened.infolist(), opened.start_dir
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error):
        raise AttachmentError(Reason.DAMAGED) from None
    if _is_bomb(entries, table):
        raise AttachmentError(Reason.ARCHIVE_BOMB)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise AttachmentError(Reason.LOCKED)
    # is_dir() stumbles over an entry without a name.
    return _kind_by_names([entry.filename.lower() for entry in entries if entry.filename.rpartition("/")[2]])


def _kind_by_names(names: list[str]) -> Kind:
    if not names:
        raise AttachmentError(Reason.EMPTY)
    if _OFFICE in names:
        if any(map(_MACRO_PART.fullmatch, names)):
            raise AttachmentError(Reason.MACROS)
        for kind, main_part in _MAIN_PARTS.items():
            if any(map(main_part.fullmatch, names)):
                return kind
    if not _OTHER_PACKAGES.isdisjoint(names):
        raise AttachmentError(Reason.NOT_ACCEPTED)
    if any(PurePosixPath(name).suffix in _ARCHIVE_ENDINGS for name in names):
        raise AttachmentError(Reason.NESTED_ARCHIVE)
    return Kind.ZIP


def _is_bomb(entries: list[zipfile.ZipInfo], table: int) -> bool:
    """Whether it would unpack to too much, or several entries share the same packed bytes."""
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > _MOST_UNPACKED or (unpacked > _ALWAYS_FINE and unpacked > _HIGHEST_RATIO * packed):
        return True
    spans = sorted(
        (entry.header_offset, entry.header_offset + _LOCAL_HEADER + entry.compress_size) for entry in entries
    )
    return any(end > start for (_, end), (start, _) in pairwise([(0, 0), *spans, (table, table)]))


def _kind_of_ole(path: Path) -> Kind:
    try:
        with olefile.OleFileIO(str(path)) as opened:
            streams = {name[0].lower() for name in opened.listdir(streams=True, storages=True)}
    except Exception:  # noqa: BLE001 - whatever a forged file makes of the reader, it cannot be read
        raise AttachmentError(Reason.DAMAGED) from None
    # A newer office file with a password is packed in an older one.
    if "encryptedpackage" in streams:
        raise AttachmentError(Reason.LOCKED)
    if not streams.isdisjoint({"macros", "_vba_project_cur"}):
        raise AttachmentError(Reason.MACROS)
    if "worddocument" in streams:
        return Kind.DOC
    if not streams.isdisjoint({"workbook", "book"}):
        return Kind.XLS
    raise AttachmentError(Reason.NOT_ACCEPTED)
