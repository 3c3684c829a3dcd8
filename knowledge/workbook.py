"""The matrix of clauses as an Excel workbook."""

from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from knowledge.handouts import MatrixFile
from knowledge.matrix import Certainty, Matrix

FONT = "Times New Roman"

# In characters of the standard font: old clause, its name, new clauses, note, certainty.
_WIDTHS = (11, 38, 16, 46, 44)
_HEAD, _FIRST = 4, 5
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LINE = Side(style="thin", color="808080")
_GRID = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_GREY = PatternFill("solid", start_color="EDEDED")


def write(handout: MatrixFile, matrix: Matrix, made_at: datetime) -> bytes:
    """The workbook as a file.

    Args:
        handout: with every text filled in.
        matrix: the rows.
        made_at: the moment that the file says it was made.
    """
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = handout.sheet
    _head(sheet, handout)
    for number, values in enumerate(_rows(handout, matrix), _FIRST):
        _row(sheet, number, values)
    last = sheet.max_row
    sheet.freeze_panes = f"A{_FIRST}"
    sheet.auto_filter.ref = f"A{_HEAD}:{get_column_letter(len(_WIDTHS))}{last}"
    _print_setup(sheet, last)
    book.properties.title, book.properties.creator = handout.title, "isobot"
    book.properties.created = made_at.replace(tzinfo=None)
    content = BytesIO()
    book.save(content)
    return _without_warnings(content.getvalue(), f"A{_FIRST}:C{last}")


def _head(sheet: Worksheet, handout: MatrixFile) -> None:
    columns = len(_WIDTHS)
    for number, (text, font) in enumerate(
        ((handout.title, Font(name=FONT, size=14, bold=True)), (handout.note, Font(name=FONT, size=11, italic=True))), 1
    ):
        sheet.merge_cells(start_row=number, start_column=1, end_row=number, end_column=columns)
        cell = sheet.cell(number, 1, text)
        cell.font, cell.alignment = font, _CENTRE
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = 24, 32
    for number, (name, width) in enumerate(zip(type(handout.columns).model_fields, _WIDTHS, strict=True), 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
        cell = sheet.cell(_HEAD, number, getattr(handout.columns, name))
        cell.font, cell.alignment = Font(name=FONT, size=12, bold=True), _CENTRE
        cell.fill, cell.border = _GREY, _GRID
    sheet.row_dimensions[_HEAD].height = 32


def _rows(handout: MatrixFile, matrix: Matrix) -> list[tuple[str, str, str, str, str]]:
    words = {Certainty.VERIFIED: handout.words.verified, Certainty.KNOWN: handout.words.known}
    rows = [(row.old, row.title, ", ".join(row.new), row.note, words[row.certainty]) for row in matrix.rows]
    rows += [(handout.words.new, row.title, row.clause, row.note, words[row.certainty]) for row in matrix.new_only]
    return rows


def _row(sheet: Worksheet, number: int, values: tuple[str, ...]) -> None:
    lines = 1
    for column, (text, width) in enumerate(zip(values, _WIDTHS, strict=True), 1):
        cell = sheet.cell(number, column, text)
        # Clause 4.10 is not 4.1: numbers of clauses are text.
        cell.number_format, cell.data_type = "@", "s"
        cell.font, cell.border = Font(name=FONT, size=12), _GRID
        cell.alignment = _CENTRE if column in (1, 3) else _LEFT
        lines = max(lines, -(-len(text) // width))
    # Not every program works out the height of wrapped text by itself.
    sheet.row_dimensions[number].height = 18 * lines


def _print_setup(sheet: Worksheet, last: int) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{_HEAD}:{_HEAD}"
    sheet.print_area = f"A1:{get_column_letter(len(_WIDTHS))}{last}"
    sheet.print_options.horizontalCentered = True
    if sheet.oddFooter:
        sheet.oddFooter.center.text = "&P/&N"
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = 0.5
    margins.bottom = 0.7


def _without_warnings(content: bytes, cells: str) -> bytes:
    """Keep Excel from marking each clause as "a number stored as text", which openpyxl has no word for."""
    note = f'<ignoredErrors><ignoredError sqref="{cells}" numberStoredAsText="1"/></ignoredErrors></worksheet>'
    changed = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(changed, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename.startswith("xl/worksheets/sheet"):
                data = data.replace(b"</worksheet>", note.encode())
            new.writestr(entry, data)
    return changed.getvalue()
