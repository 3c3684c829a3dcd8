"""A Word document in the dress of Vietnamese offices: A4, Times New Roman, title block, tables to fill in."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt
from docx.styles.style import ParagraphStyle
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from knowledge.handouts import TICK_BOX, Block, Closing, Letterhead, Row, Table, WordFile
from knowledge.word_parts import field, frame, repeat_as_header, rule, shade, tick_box, unbreakable

FONT = "Times New Roman"
BODY, SMALL, TABLE = Pt(13), Pt(12), Pt(12)

# Margins of official documents, in centimetres: top, right, bottom, left.
_MARGINS = (2.0, 1.5, 2.0, 3.0)
_PAGE = (21.0, 29.7)
_TEXT_WIDTH = Cm(_PAGE[0] - _MARGINS[1] - _MARGINS[3])

_GREY = "EDEDED"
_CENTRE = WD_ALIGN_PARAGRAPH.CENTER


def write(handout: WordFile, made_at: datetime) -> bytes:
    """The document as a file.

    Args:
        handout: with every text filled in.
        made_at: the moment that the file says it was made.
    """
    document = _blank(handout, made_at)
    _note(document, handout.note)
    if handout.letterhead:
        _letterhead(document, handout.letterhead)
    _title(document, handout)
    for text in handout.opening:
        _paragraph(document, text, alignment=WD_ALIGN_PARAGRAPH.JUSTIFY, indent=Cm(1))
    for block in handout.blocks:
        _block(document, block)
    if handout.closing:
        _closing(document, handout.closing)
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def _blank(handout: WordFile, made_at: datetime) -> Document:
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(_PAGE[0]), Cm(_PAGE[1])
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Cm, _MARGINS)
    # The page's number stands at the head, in the middle, from the second page on.
    section.different_first_page_header_footer = True
    section.header_distance = Cm(1)
    number = section.header.paragraphs[0]
    number.alignment = _CENTRE
    field(number, "PAGE")
    for name, size in (("Normal", BODY), ("Heading 1", BODY), ("Title", Pt(14))):
        _dress(document, name, size)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = handout.title, "isobot", handout.note[0]
    properties.language = "vi-VN"
    properties.created = properties.modified = made_at
    return document


def _dress(document: Document, name: str, size: Pt) -> None:
    """Give a style of Word's template the font of offices, without colours and themes."""
    style = document.styles[name]
    if not isinstance(style, ParagraphStyle):
        raise TypeError(name)
    style.font.name, style.font.size = FONT, size
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.attrib.pop(qn(f"w:{script}Theme"), None)
        fonts.set(qn(f"w:{script}"), FONT)
    for leftover in ("w:color", "w:spacing", "w:kern"):
        for element in properties.findall(qn(leftover)):
            properties.remove(element)
    layout = style.paragraph_format
    layout.space_before, layout.space_after, layout.line_spacing = Pt(0), Pt(6), 1.15
    if name == "Normal":
        return
    style.font.bold, style.font.italic = True, False
    layout.space_before, layout.keep_with_next = Pt(10 if name == "Heading 1" else 0), True
    for border_ in style.element.pPr.findall(qn("w:pBdr")):
        style.element.pPr.remove(border_)


def _note(document: Document, texts: Sequence[str]) -> None:
    cell = _bare_table(document, [_TEXT_WIDTH]).cell(0, 0)
    frame(cell)
    shade(cell, _GREY)
    for number, text in enumerate(texts):
        line = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        _fill(line, text, size=SMALL, bold=number == 0, italic=number > 0)
        line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(2)
        line.alignment = _CENTRE if number == 0 else WD_ALIGN_PARAGRAPH.LEFT
    _gap(document, Pt(6))


def _letterhead(document: Document, head: Letterhead) -> None:
    left, right = _bare_table(document, [_TEXT_WIDTH * 2 / 5, _TEXT_WIDTH * 3 / 5]).rows[0].cells
    _centred(left, [head.sender], bold=1)
    rule(left.add_paragraph(), indent=Cm(2))
    number = left.add_paragraph()
    _fill(number, head.number, size=SMALL)
    number.alignment = _CENTRE
    _centred(right, [head.country, head.motto], bold=2)
    rule(right.add_paragraph(), indent=Cm(3))
    place = right.add_paragraph()
    _fill(place, head.place, size=SMALL, italic=True)
    place.paragraph_format.space_before = Pt(4)
    place.alignment = _CENTRE
    _gap(document, Pt(6))


def _title(document: Document, handout: WordFile) -> None:
    title = document.add_paragraph(handout.title, "Title")
    title.alignment = _CENTRE
    title.paragraph_format.space_after = Pt(2)
    if handout.subtitle:
        subtitle = _paragraph(document, handout.subtitle, bold=True, alignment=_CENTRE)
        subtitle.paragraph_format.space_after = Pt(10)


def _block(document: Document, block: Block) -> None:
    if block.heading:
        document.add_paragraph(block.heading, "Heading 1")
    for text in block.hints:
        hint = _paragraph(document, text, size=SMALL, italic=True)
        hint.paragraph_format.keep_with_next = True
    if block.table:
        _table(document, block.table)
    for _ in range(block.lines):
        line = document.add_paragraph("\t")
        line.paragraph_format.tab_stops.add_tab_stop(_TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def _table(document: Document, content: Table) -> None:
    whole = sum(column.width for column in content.columns)
    widths = [Emu(int(_TEXT_WIDTH * column.width / whole)) for column in content.columns]
    table = document.add_table(0, len(widths), "Table Grid")
    _set_widths(table, widths)
    head = table.add_row()
    repeat_as_header(head)
    for cell, column in zip(head.cells, content.columns, strict=True):
        shade(cell, _GREY)
        _cell(cell, column.title, bold=True, centred=True)
    for row in content.rows:
        added = table.add_row()
        unbreakable(added)
        _fill_row(added.cells, row, content)
    _gap(document, Pt(2))


def _fill_row(cells: Sequence[_Cell], row: Row, table: Table) -> None:
    if row.group:
        cell = cells[0].merge(cells[-1])
        _cell(cell, row.group, bold=True)
        cell.paragraphs[0].paragraph_format.keep_with_next = True
        return
    for number, (cell, column) in enumerate(zip(cells, table.columns, strict=True)):
        text = row.cells[number] if number < len(row.cells) else ""
        if column.tick and not text:
            text = TICK_BOX
        if text == TICK_BOX:
            _cell(cell, "", centred=True)
            tick_box(cell.paragraphs[0], TABLE)
        else:
            _cell(cell, text)


def _closing(document: Document, closing: Closing) -> None:
    _gap(document, Pt(10))
    left, right = _bare_table(document, [_TEXT_WIDTH / 2, _TEXT_WIDTH / 2]).rows[0].cells
    for number, text in enumerate(closing.recipients):
        line = left.paragraphs[0] if number == 0 else left.add_paragraph()
        _fill(line, text, size=SMALL if number == 0 else Pt(11), bold=number == 0, italic=number == 0)
        line.paragraph_format.space_after = Pt(0)
    _centred(right, [closing.signer], bold=1)
    hint = right.add_paragraph()
    _fill(hint, closing.signature, size=SMALL, italic=True)
    hint.alignment = _CENTRE


def _bare_table(document: Document, widths: Sequence[float]) -> WordTable:
    """A table that is only there to put things side by side."""
    table: WordTable = document.add_table(1, len(widths))
    _set_widths(table, [Emu(int(width)) for width in widths])
    unbreakable(table.rows[0])
    return table


def _set_widths(table: WordTable, widths: Sequence[Emu]) -> None:
    """Word goes by the cells, LibreOffice by the columns; cells of rows added later take over their column's."""
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for number, width in enumerate(widths):
        table.columns[number].width = width


def _centred(cell: _Cell, texts: Sequence[str], bold: int) -> None:
    """Centred lines in a cell, the first `bold` of them bold."""
    for number, text in enumerate(texts):
        line = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        _fill(line, text, size=SMALL, bold=number < bold)
        line.alignment = _CENTRE
        line.paragraph_format.space_after = Pt(2)


def _cell(cell: _Cell, text: str, *, bold: bool = False, centred: bool = False) -> None:
    line = cell.paragraphs[0]
    _fill(line, text, size=TABLE, bold=bold)
    line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(3)
    line.paragraph_format.line_spacing = 1
    if centred:
        line.alignment = _CENTRE


def _paragraph(
    document: Document,
    text: str,
    *,
    size: Pt = BODY,
    bold: bool = False,
    italic: bool = False,
    alignment: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
    indent: Cm | None = None,
) -> Paragraph:
    paragraph = document.add_paragraph()
    _fill(paragraph, text, size=size, bold=bold, italic=italic)
    paragraph.alignment = alignment
    paragraph.paragraph_format.first_line_indent = indent
    return paragraph


def _fill(paragraph: Paragraph, text: str, *, size: Pt = BODY, bold: bool = False, italic: bool = False) -> None:
    run = paragraph.add_run(" ".join(text.split("\n")))
    run.font.size, run.bold, run.italic = size, bold or None, italic or None


def _gap(document: Document, height: Pt) -> None:
    """Two tables that touch would be one."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = height
