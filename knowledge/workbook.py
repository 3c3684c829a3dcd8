"""The matrix of clauses as an Excel workbook."""

from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from knowledge import sheets
from knowledge.handouts import MatrixFile
from knowledge.matrix import Certainty, Matrix
from knowledge.sheets import Column, Line, Sheet

# The columns in their order in the file: old clause, its name, new clauses, note, certainty.
_WIDTHS = (11, 38, 16, 46, 44)
_OF_NUMBERS = (0, 2)
# The first row below the two lines of the heading, a blank one, and the head.
_FIRST = 5


def write(handout: MatrixFile, matrix: Matrix, made_at: datetime) -> bytes:
    """The workbook as a file.

    Args:
        handout: with every text filled in.
        matrix: the rows.
        made_at: the moment that the file says it was made.
    """
    names = type(handout.columns).model_fields
    columns = [
        Column(getattr(handout.columns, name), width, place in _OF_NUMBERS)
        for place, (name, width) in enumerate(zip(names, _WIDTHS, strict=True))
    ]
    rows = _rows(handout, matrix)
    heading = (Line(handout.title, 14, is_bold=True), Line(handout.note, 11, is_italic=True, height=32))
    content = sheets.write(handout.title, [Sheet(handout.sheet, heading, columns, rows)], made_at)
    return _without_warnings(content, f"A{_FIRST}:C{_FIRST + len(rows) - 1}")


def _rows(handout: MatrixFile, matrix: Matrix) -> list[tuple[str, str, str, str, str]]:
    words = {Certainty.VERIFIED: handout.words.verified, Certainty.KNOWN: handout.words.known}
    # Clause 4.10 is not 4.1: numbers of clauses are text.
    rows = [(row.old, row.title, ", ".join(row.new), row.note, words[row.certainty]) for row in matrix.rows]
    rows += [(handout.words.new, row.title, row.clause, row.note, words[row.certainty]) for row in matrix.new_only]
    return rows


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
