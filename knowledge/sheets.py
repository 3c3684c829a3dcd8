"""Workbooks as offices print them: sheets of one table each, with a heading, on A4 across."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

FONT = "Times New Roman"

Value = str | int | date | datetime | None

_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LINE = Side(style="thin", color="808080")
_GRID = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_GREY = PatternFill("solid", start_color="EDEDED")
_LINE_HEIGHT = 18

# How a kind of value is shown: text stays as it was typed, whatever it looks like.
_FORMATS = {str: "@", int: "0", date: "dd/mm/yyyy", datetime: "dd/mm/yyyy hh:mm", type(None): "@"}

# Programs take a text that begins so for a formula once somebody edits its cell.
_FORMULA_SIGNS = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the heading, across the whole table."""

    text: str
    size: int = 12
    is_bold: bool = False
    is_italic: bool = False
    height: int = 24


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, and its width in characters of the standard font."""

    title: str
    width: int
    is_centred: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table.

    Attributes:
        name: on its tab.
        heading: above the table, with a blank row between them.
        columns: from left to right.
        rows: their values; a moment has no time zone.
        fixed: how many columns on the left stay when the table is moved.
    """

    name: str
    heading: Sequence[Line]
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    fixed: int = 0


def write(title: str, sheets: Iterable[Sheet], made_at: datetime) -> bytes:
    """A workbook as a file.

    Args:
        title: of the document.
        sheets: at least one.
        made_at: the moment that the file says it was made.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    for style in _styles():
        book.add_named_style(style)
    for sheet in sheets:
        _fill(book.create_sheet(sheet.name), sheet)
    book.properties.title, book.properties.creator = title, "isobot"
    book.properties.created = made_at.replace(tzinfo=None)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _styles() -> list[NamedStyle]:
    """One style for each kind of cell: giving a cell its font, border and alignment one by one is slow."""
    return [
        NamedStyle(
            _style(kind, is_centred=is_centred), font=Font(name=FONT, size=12), border=_GRID,
            alignment=_CENTRE if is_centred else _LEFT, number_format=number_format,
        )
        for kind, number_format in _FORMATS.items() for is_centred in (False, True)
    ]  # fmt: skip


def _style(kind: type, *, is_centred: bool) -> str:
    return f"isobot {kind.__name__} {'centre' if is_centred else 'left'}"


def _fill(page: Worksheet, sheet: Sheet) -> None:
    for number, line in enumerate(sheet.heading, 1):
        page.merge_cells(start_row=number, start_column=1, end_row=number, end_column=len(sheet.columns))
        cell = page.cell(number, 1)
        _put(cell, line.text)
        cell.font = Font(name=FONT, size=line.size, bold=line.is_bold, italic=line.is_italic)
        cell.alignment = _CENTRE
        page.row_dimensions[number].height = line.height
    head = len(sheet.heading) + 2
    for number, column in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(number)].width = column.width
        cell = page.cell(head, number, column.title)
        cell.font, cell.alignment = Font(name=FONT, size=12, bold=True), _CENTRE
        cell.fill, cell.border = _GREY, _GRID
    lines = (_lines(column.title, column) for column in sheet.columns)
    page.row_dimensions[head].height = max(32, _LINE_HEIGHT * max(lines))
    for number, values in enumerate(sheet.rows, head + 1):
        _row(page, number, sheet.columns, values)
    last = page.max_row
    page.freeze_panes = f"{get_column_letter(sheet.fixed + 1)}{head + 1}"
    page.auto_filter.ref = f"A{head}:{get_column_letter(len(sheet.columns))}{last}"
    _print_setup(page, head, f"A1:{get_column_letter(len(sheet.columns))}{last}")


def _row(page: Worksheet, number: int, columns: Sequence[Column], values: Sequence[Value]) -> None:
    lines = 1
    for place, (column, value) in enumerate(zip(columns, values, strict=True), 1):
        cell = page.cell(number, place)
        cell.style = _style(type(value), is_centred=column.is_centred)
        _put(cell, value)
        if isinstance(value, str):
            lines = max(lines, _lines(value, column))
    # Not every program works out the height of wrapped text by itself.
    page.row_dimensions[number].height = _LINE_HEIGHT * lines


def _put(cell: Cell | MergedCell, value: Value) -> None:
    number_format = cell.number_format
    # A workbook cannot hold control characters; one of them must not cost all the others their table.
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
    # The library has formats of its own for days and moments.
    cell.number_format = number_format
    if isinstance(value, str):
        cell.data_type = "s"
        if value.startswith(_FORMULA_SIGNS):
            cell.quotePrefix = True


def _lines(text: str, column: Column) -> int:
    return sum(-(-len(part) // column.width) or 1 for part in text.split("\n"))


def _print_setup(page: Worksheet, head: int, area: str) -> None:
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = f"{head}:{head}"
    page.print_area = area
    page.print_options.horizontalCentered = True
    # An empty footer is false, too.
    if page.oddFooter is not None:
        page.oddFooter.center.text = "&P/&N"
    margins = page.page_margins
    margins.left = margins.right = margins.top = 0.5
    margins.bottom = 0.7
