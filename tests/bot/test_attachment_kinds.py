"""What is let in, by content: real office files, pictures and archives, and what only looks like one."""

import io
import random
import struct
import zipfile
from contextlib import suppress
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bot.attachment_kinds import AttachmentError, Kind, Reason, kind_of

END = 22  # the last record of a ZIP without a comment


def word() -> bytes:
    made = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Báo cáo kết quả thực hiện")
    document.save(made)
    return made.getvalue()


def excel() -> bytes:
    made = io.BytesIO()
    Workbook().save(made)
    return made.getvalue()


def zipped(*names: str, content: bytes = b"x", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name in names:
            archive.writestr(name, content)
    return made.getvalue()


def with_entry(package: bytes, name: str) -> bytes:
    """The same package with one more part."""
    made = io.BytesIO(package)
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(name, b"x")
    return made.getvalue()


def overlapping() -> bytes:
    """A ZIP whose two names lead to the same packed bytes."""
    archive = zipped("a.txt", "b.txt")
    second = archive.rindex(b"PK\x01\x02")
    return archive[: second + 42] + struct.pack("<I", 0) + archive[second + 46 :]


def crowded(entries: int, name: bytes = b"a") -> bytes:
    """A ZIP with a long table of contents: each entry an empty file, all in one place."""
    table = (b"PK\x01\x02" + bytes(24) + struct.pack("<H", len(name)) + bytes(16) + name) * entries
    head = b"PK\x03\x04" + bytes(26)
    many = min(entries, 0xFFFF)
    return head + table + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, many, many, len(table), len(head), 0)


def locked() -> bytes:
    """A ZIP whose entry says that it needs a password."""
    archive = bytearray(zipped("a.txt"))
    archive[6] |= 1
    archive[archive.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(archive)


def ole(*names: str) -> bytes:
    """A compound file of Microsoft's old kind with these empty streams, as little as makes one."""
    free, chain_end, table_sector, none = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, 1, 1, 0, 4096, chain_end, 0, chain_end, 0)
    head += struct.pack("<109I", 0, *[free] * 108)
    table = struct.pack("<128I", table_sector, chain_end, *[free] * 126)

    def entry(name: str, kind: int, child: int, right: int) -> bytes:
        letters = name.encode("utf-16-le") + b"\0\0"
        return struct.pack("<64sHBB3I16x4x16xIII", letters, len(letters), kind, 1, none, right, child, chain_end, 0, 0)

    root = entry("Root Entry", 5, 1 if names else none, none)
    streams = [entry(name, 2, none, at + 2 if at + 1 < len(names) else none) for at, name in enumerate(names)]
    return head + table + b"".join([root, *streams]).ljust(512, b"\0")


def picture_box(brand: bytes, *compatible: bytes) -> bytes:
    """The beginning of a HEIC file."""
    brands = brand + bytes(4) + b"".join(compatible)
    return struct.pack(">I", 8 + len(brands)) + b"ftyp" + brands + bytes(64)


ACCEPTED = {
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", Kind.PDF),
    "docx": (word(), Kind.DOCX),
    "docx of Word Online": (zipped("[Content_Types].xml", "word/document2.xml"), Kind.DOCX),
    "docx with a zip inside": (with_entry(word(), "word/embeddings/old.zip"), Kind.DOCX),
    "xlsx": (excel(), Kind.XLSX),
    "doc": (ole("WordDocument", "1Table"), Kind.DOC),
    "xls": (ole("Workbook"), Kind.XLS),
    "xls of Excel 95": (ole("Book"), Kind.XLS),
    "jpeg": (b"\xff\xd8\xff\xe1\x00\x10Exif\x00" + bytes(64), Kind.IMAGE),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(64), Kind.IMAGE),
    "gif": (b"GIF89a" + bytes(64), Kind.IMAGE),
    "tiff": (b"II*\x00" + bytes(64), Kind.IMAGE),
    "tiff of a fax": (b"MM\x00*" + bytes(64), Kind.IMAGE),
    "webp": (b"RIFF\x20\x00\x00\x00WEBPVP8 " + bytes(64), Kind.IMAGE),
    "heic": (picture_box(b"heic", b"mif1"), Kind.IMAGE),
    "heic under its other name": (picture_box(b"mif1", b"heic"), Kind.IMAGE),
    "zip": (zipped("báo cáo.docx", "phụ lục/1.pdf"), Kind.ZIP),
    "zip of a folder named word": (zipped("word/document.xml"), Kind.ZIP),
    "zip of one white picture": (zipped("a.bmp", content=bytes(9_000_000)), Kind.ZIP),
}

REFUSED = {
    "nothing": (b"", Reason.EMPTY),
    "exe": (b"MZ" + bytes(300), Reason.NOT_ACCEPTED),
    "program of Linux": (b"\x7fELF" + bytes(300), Reason.NOT_ACCEPTED),
    "script": (b"#!/bin/sh\nrm -rf /\n", Reason.NOT_ACCEPTED),
    "html": (b"<!DOCTYPE html><script>alert(1)</script>", Reason.NOT_ACCEPTED),
    "html with a pdf behind": (b"<html>%PDF-1.7\n", Reason.NOT_ACCEPTED),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', Reason.NOT_ACCEPTED),
    "text": ("Báo cáo số 123/BC-SXD".encode(), Reason.NOT_ACCEPTED),
    "text that begins like a TIFF": (b"I I am a report", Reason.NOT_ACCEPTED),
    "sound in the wrapping of WebP": (b"RIFF\x20\x00\x00\x00WAVEfmt " + bytes(64), Reason.NOT_ACCEPTED),
    "film in the wrapping of HEIC": (picture_box(b"isom", b"mp42"), Reason.NOT_ACCEPTED),
    "zeros": (bytes(5000), Reason.NOT_ACCEPTED),
    "pptx": (zipped("[Content_Types].xml", "ppt/presentation.xml"), Reason.NOT_ACCEPTED),
    "odt": (zipped("mimetype", "content.xml"), Reason.NOT_ACCEPTED),
    "jar": (zipped("META-INF/MANIFEST.MF", "A.class"), Reason.NOT_ACCEPTED),
    "program behind which a zip hangs": (b"MZ" + bytes(300) + zipped("a.txt"), Reason.NOT_ACCEPTED),
    "mail or presentation of the old kind": (ole("PowerPoint Document"), Reason.NOT_ACCEPTED),
    "rar": (b"Rar!\x1a\x07\x01\x00" + bytes(64), Reason.OTHER_ARCHIVE),
    "old rar": (b"Rar!\x1a\x07\x00" + bytes(64), Reason.OTHER_ARCHIVE),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(64), Reason.OTHER_ARCHIVE),
    "docx with a password": (ole("EncryptedPackage", "EncryptionInfo"), Reason.LOCKED),
    "zip with a password": (locked(), Reason.LOCKED),
    "docm": (with_entry(word(), "word/vbaProject.bin"), Reason.MACROS),
    "xlsm": (with_entry(excel(), "xl/vbaProject.bin"), Reason.MACROS),
    "xlsx with sheets of Excel 4": (with_entry(excel(), "xl/macrosheets/sheet1.xml"), Reason.MACROS),
    "doc with macros": (ole("WordDocument", "Macros"), Reason.MACROS),
    "xls with macros": (ole("Workbook", "_VBA_PROJECT_CUR"), Reason.MACROS),
    "zip in a zip": (zipped("a.pdf", "thêm/B.ZIP"), Reason.NESTED_ARCHIVE),
    "empty zip": (zipped(), Reason.EMPTY),
    "zip of something without a name": (crowded(1, name=b""), Reason.EMPTY),
    "zip of an empty folder": (zipped("a/"), Reason.EMPTY),
    "zip bomb": (zipped("a", content=bytes(20_000_000)), Reason.ARCHIVE_BOMB),
    "bomb named docx": (with_entry(zipped("a", content=bytes(20_000_000)), "word/document.xml"), Reason.ARCHIVE_BOMB),
    "zip whose entries overlap": (overlapping(), Reason.ARCHIVE_BOMB),
    "zip with a table of contents without end": (crowded(10_001), Reason.ARCHIVE_BOMB),
    "half a docx": (word()[:-END], Reason.DAMAGED),
    "half a doc": (ole("WordDocument")[:600], Reason.DAMAGED),
}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place for a file; its name says nothing true."""
    return tmp_path_factory.mktemp("kinds") / "report.pdf"


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_is_let_in_is_known_by_its_content(file: Path, name: str) -> None:
    content, kind = ACCEPTED[name]
    file.write_bytes(content)
    assert kind_of(file) is kind


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_let_in_is_refused_with_its_reason(file: Path, name: str) -> None:
    content, reason = REFUSED[name]
    file.write_bytes(content)
    with pytest.raises(AttachmentError) as refusal:
        kind_of(file)
    assert refusal.value.reason is reason


def test_what_claims_to_unpack_to_too_much_is_refused_however_little_it_is_packed(file: Path) -> None:
    archive = bytearray(zipped("a.bin", content=random.Random(1).randbytes(3_000_000)))
    size_at = archive.rindex(b"PK\x01\x02") + 24
    struct.pack_into("<I", archive, size_at, 500_000_000)
    file.write_bytes(archive)
    assert kind_of(file) is Kind.ZIP
    struct.pack_into("<I", archive, size_at, 500_000_001)
    file.write_bytes(archive)
    with pytest.raises(AttachmentError) as refusal:
        kind_of(file)
    assert refusal.value.reason is Reason.ARCHIVE_BOMB


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    st.sampled_from(["docx", "xlsx", "doc", "zip"]),
    # The tables that are read stand at both ends.
    st.lists(st.tuples(st.integers(-1600, 1599), st.sampled_from([0, 1, 2, 0x7F, 0x80, 0xFE, 0xFF])), max_size=12),
    st.one_of(st.none(), st.integers(0, 2000)),
)
def test_a_forged_file_is_let_in_or_refused_and_nothing_else(
    file: Path, name: str, changes: list[tuple[int, int]], length: int | None
) -> None:
    forged = bytearray(ACCEPTED[name][0])
    for at, value in changes:
        forged[at % len(forged)] = value
    file.write_bytes(forged[:length])
    with suppress(AttachmentError):
        assert kind_of(file) in Kind
