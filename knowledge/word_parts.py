"""What Word can do and python-docx has no name for."""

# ruff: noqa: SLF001 - python-docx shows the elements behind its objects under these names only

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length, Pt
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph

from knowledge.handouts import TICK_BOX

# Word's own name space for boxes that can be ticked by a click.
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"

_TICKED, _NOT_TICKED = "2612", f"{ord(TICK_BOX):X}"


def shade(cell: _Cell, colour: str) -> None:
    """Give a cell a background."""
    cell._tc.get_or_add_tcPr().append(_element("w:shd", val="clear", color="auto", fill=colour))


def frame(cell: _Cell) -> None:
    """Draw a line around a cell."""
    borders = OxmlElement("w:tcBorders")
    for side in ("top", "left", "bottom", "right"):
        borders.append(_element(f"w:{side}", val="single", sz="6", space="0", color="808080"))
    cell._tc.get_or_add_tcPr().append(borders)


def rule(paragraph: Paragraph, indent: Length) -> None:
    """Make an empty paragraph a short line, `indent` away from both sides."""
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = indent
    layout.line_spacing, layout.space_after = Pt(2), Pt(4)
    borders = OxmlElement("w:pBdr")
    borders.append(_element("w:top", val="single", sz="6", space="1", color="000000"))
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def repeat_as_header(row: _Row) -> None:
    """Show a row again at the head of each page that the table runs on to."""
    unbreakable(row)
    row._tr.get_or_add_trPr().append(_element("w:tblHeader", val="true"))


def unbreakable(row: _Row) -> None:
    """Keep a row on one page."""
    row._tr.get_or_add_trPr().append(_element("w:cantSplit", val="true"))


def field(paragraph: Paragraph, code: str) -> None:
    """A value that Word works out, such as the page's number."""
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, code), ("end", None)):
        part = _element("w:fldChar", fldCharType=kind) if kind else OxmlElement("w:instrText")
        part.text = text
        run._r.append(part)


def tick_box(paragraph: Paragraph, size: Pt) -> None:
    """A box that a click ticks; where Word's extension is not known, the sign of a box."""
    paragraph._p.append(
        parse_xml(
            f'<w:sdt {nsdecls("w")} xmlns:w14="{_W14}"><w:sdtPr><w14:checkbox><w14:checked w14:val="0"/>'
            f'<w14:checkedState w14:val="{_TICKED}" w14:font="MS Gothic"/>'
            f'<w14:uncheckedState w14:val="{_NOT_TICKED}" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr>'
            f'<w:sdtContent><w:r><w:rPr><w:rFonts w:ascii="MS Gothic" w:hAnsi="MS Gothic" w:eastAsia="MS Gothic" '
            f'w:hint="eastAsia"/><w:sz w:val="{int(size.pt * 2)}"/></w:rPr><w:t>{TICK_BOX}</w:t></w:r>'
            "</w:sdtContent></w:sdt>"
        )
    )


def _element(name: str, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element
