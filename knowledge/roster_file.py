"""The file of a roster: a list of agencies and their contacts as somebody keeps it in a spreadsheet."""

import csv
import io
import unicodedata
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from knowledge.agencies import Agencies, Form, Level
from knowledge.faults import Fault
from knowledge.syllables import folded
from knowledge.tokens import normalise, tokens

Row = list[str]


class Column(StrEnum):
    """The columns that count, as their headers say."""

    AGENCY = "Cơ quan"
    LEVEL = "Cấp"
    FORM = "Hình thức"
    CONTACT = "Đầu mối"


LEVELS = {Level.PROVINCE: "tỉnh", Level.DISTRICT: "huyện", Level.COMMUNE: "xã"}
FORMS = {Form.ONSITE: "trụ sở", Form.DOSSIER: "hồ sơ"}

_NOTE = (
    "Mỗi dòng một cơ quan và một đầu mối; cơ quan có nhiều đầu mối thì ghi nhiều dòng.",
    "Cơ quan: tên đầy đủ, có dấu. Thêm dòng cho cơ quan còn thiếu.",
    "Cấp: tỉnh, huyện hoặc xã. Hình thức: trụ sở hoặc hồ sơ. Chỉ cần cho cơ quan thêm mới.",
    "Đầu mối: họ tên người được mời, để trống nếu chưa có. Trợ lý làm một mã mời cho mỗi người.",
    "Trợ lý không đọc các cột khác và trang này.",
)
_WIDTHS = {Column.AGENCY: 48, Column.LEVEL: 10, Column.FORM: 14, Column.CONTACT: 32}

_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list, each cell as it was typed."""

    number: int
    agency: str
    level: str
    form: str
    contact: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What the file holds: its lines, and the headers of columns that nobody reads."""

    lines: tuple[Line, ...]
    unread: tuple[str, ...]


class RosterError(Exception):
    """A roster that cannot be imported, with every fault that was found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(map(str, self.faults)))


def read(file: Path) -> Listing:
    """Read a list, CSV or XLSX, whatever the file is called.

    Raises:
        RosterError: the file cannot be read, or has no such columns.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        what = f"không đọc được tệp ({error.strerror})"
        raise RosterError([Fault(file, 0, what, "kiểm tra đường dẫn và quyền đọc")]) from None
    if content.startswith(_OLD_EXCEL):
        raise RosterError([Fault(file, 0, "tệp là Excel kiểu cũ hoặc có mật khẩu", "lưu lại dạng .xlsx, bỏ mật khẩu")])
    return _listing(file, _sheet(file, content) if content.startswith(_ZIP) else _table(file, content))


def plain(text: str) -> str:
    """A text without accents, case and punctuation."""
    return " ".join(map(folded, tokens(normalise(text))))


def _sheet(file: Path, content: bytes) -> list[Row]:
    """The first sheet of a workbook."""
    try:
        with warnings.catch_warnings():
            # What openpyxl does not support of a workbook, such as its validation of cells, is of no use here.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            if isinstance(sheet, ReadOnlyWorksheet):
                # Some programs write a wrong size, beyond which nothing would be read.
                sheet.reset_dimensions()
            return [["" if value is None else str(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    except (BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, SyntaxError, OSError):
        what = "tệp không phải là bảng Excel (.xlsx) đọc được"
        raise RosterError([Fault(file, 0, what, "mở bằng Excel rồi lưu lại dạng .xlsx hoặc CSV UTF-8")]) from None


def _table(file: Path, content: bytes) -> list[Row]:
    """A CSV file; of the separators that it may have, the one that finds most of the columns."""
    try:
        text = content.decode("utf-16" if content.startswith(_UTF_16) else "utf-8-sig")
        tables = [list(csv.reader(io.StringIO(text, newline=""), delimiter=sign)) for sign in ",;\t"]
    except (UnicodeDecodeError, csv.Error):
        what = "tệp không phải là văn bản CSV mã UTF-8"
        raise RosterError([Fault(file, 0, what, "lưu lại dạng .xlsx hoặc “CSV UTF-8”")]) from None
    return max(tables, key=lambda rows: max((len(_columns(row)) for row in rows), default=0))


def _listing(file: Path, rows: list[Row]) -> Listing:
    head = next((number for number, row in enumerate(rows) if Column.AGENCY in _columns(row).values()), None)
    if head is None:
        cure = "đặt tên cột ở dòng đầu: Cơ quan, Cấp, Hình thức, Đầu mối"
        raise RosterError([Fault(file, 0, "không có cột “Cơ quan”", cure)])
    columns = _columns(rows[head])
    faults = [
        Fault(file, head + 1, f"cột “{name}” có nhiều lần", "giữ lại một cột")
        for name in Column
        if list(columns.values()).count(name) > 1
    ]
    lines: list[Line] = []
    for number, row in enumerate(rows[head + 1 :], head + 2):
        cells = {columns[place]: _tidy(cell) for place, cell in enumerate(row) if place in columns}
        if any(map(_tidy, row[len(rows[head]) :])):
            cure = "đặt tên có dấu phẩy trong dấu nháy kép, hoặc lưu lại dạng .xlsx"
            faults.append(Fault(file, number, "dòng có nhiều ô hơn dòng tên cột", cure))
        elif any(cells.values()):
            agency, level, form, contact = (cells.get(name, "") for name in Column)
            lines.append(Line(number, agency, level, form, contact))
    if not lines and not faults:
        faults.append(Fault(file, 0, "không có dòng nào dưới dòng tên cột", "ghi mỗi cơ quan một dòng"))
    if faults:
        raise RosterError(faults)
    headers = ((place, _tidy(cell)) for place, cell in enumerate(rows[head]))
    return Listing(tuple(lines), tuple(header for place, header in headers if header and place not in columns))


def _columns(row: Row) -> dict[int, Column]:
    """The places of the columns that count, if a row names them."""
    names = {plain(name): name for name in Column}
    return {place: names[text] for place, cell in enumerate(row) if (text := plain(cell)) in names}


def _tidy(cell: str) -> str:
    """A cell as one line: NFC, no control or format characters, single spaces."""
    text = unicodedata.normalize("NFC", cell)
    return " ".join("".join(char for char in text if char.isspace() or char.isprintable()).split())


def write_template(file: Path, agencies: Agencies) -> None:
    """Write a workbook to be filled in: the agencies listed so far, without contacts, and how to fill it in.

    Raises:
        FileExistsError: there is a file of that name, which may have been filled in already.
        OSError: it cannot be written.
    """
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Danh sách"
    sheet.append(list(_WIDTHS))
    for agency in agencies.listed:
        sheet.append([agency.name, LEVELS[agency.level], FORMS[agency.form] if agency.form else None])
    for number, (name, width) in enumerate(_WIDTHS.items(), 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.cell(1, number, name.value).font = Font(bold=True)
    sheet.freeze_panes = "A2"
    note = book.create_sheet("Hướng dẫn")
    note.column_dimensions["A"].width = 100
    for number, text in enumerate(_NOTE, 1):
        note.cell(number, 1, text).alignment = Alignment(wrap_text=True)
    with file.open("xb") as opened:
        book.save(opened)
