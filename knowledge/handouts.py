"""What stands in files/*.yaml: the files that answers can carry, each text a template like an answer."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, Field, model_validator

from knowledge.faults import Fault, PackError
from knowledge.located import Located, Place, read, validate
from knowledge.models import Strict

T = TypeVar("T")

# A button is a verb and a noun; a caption one line.
LONGEST_BUTTON, LONGEST_CAPTION = 30, 300

# A table or a list of empty lines beyond this is a slip of the finger.
MOST_LINES = 40

# A cell that holds nothing but this becomes a box that can be ticked.
TICK_BOX = "☐"


class _Handout(Strict):
    """What every file has.

    Attributes:
        button: the label of the button that sends it.
        caption: the line that is sent with it.
        facts: ids of the facts that it rests on.
        title: what stands at its head.
    """

    button: str = Field(min_length=1, max_length=LONGEST_BUTTON)
    caption: str = Field(min_length=1, max_length=LONGEST_CAPTION)
    facts: tuple[str, ...] = ()
    title: str = Field(min_length=1)


class Row(Strict):
    """One row of a table: its cells, the rest left empty; or the title of the rows below it.

    Written as the text of the first cell, as a list of cells, or as `group: …`.
    """

    cells: tuple[str, ...] = ()
    group: str = ""

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: object) -> object:
        if isinstance(value, str):
            return {"cells": [value]}
        return {"cells": value} if isinstance(value, list) else value


class Column(Strict):
    """One column: its title, its share of the width, and whether its cells are boxes to tick."""

    title: str
    width: float = Field(default=1, gt=0)
    tick: bool = False


class Table(Strict):
    """A table to fill in."""

    columns: tuple[Column, ...] = Field(min_length=1)
    rows: tuple[Row, ...] = Field(min_length=1, max_length=200)


class Block(Strict):
    """One part of a document, in this order: a heading, hints on what to write, a table, empty lines."""

    heading: str = ""
    hints: tuple[str, ...] = ()
    table: Table | None = None
    lines: int = Field(default=0, ge=0, le=MOST_LINES)


class Letterhead(Strict):
    """The head of an official letter: the sender and its number on the left, the country on the right."""

    sender: str
    number: str
    country: str
    motto: str
    place: str


class Closing(Strict):
    """The end of an official letter: who receives it on the left, who signs on the right."""

    recipients: tuple[str, ...]
    signer: str
    signature: str


class WordFile(_Handout):
    """A document to go on writing in.

    Attributes:
        note: what the reader has to know first, in a frame; says what the document is not.
        subtitle: the line below the title.
        opening: the paragraphs before the first part.
    """

    kind: Literal["word"]
    file: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*\.docx$")
    note: tuple[str, ...] = Field(min_length=1)
    letterhead: Letterhead | None = None
    subtitle: str = ""
    opening: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = Field(min_length=1)
    closing: Closing | None = None


class MatrixColumns(Strict):
    """The titles of the matrix's columns."""

    old: str
    title: str
    new: str
    note: str
    certainty: str


class MatrixWords(Strict):
    """How a row of the matrix says how far it has been checked, and that it is new."""

    verified: str
    known: str
    new: str


class MatrixFile(_Handout):
    """The matrix of clauses as a workbook.

    Attributes:
        note: what stands below the title.
        sheet: the name of the sheet.
    """

    kind: Literal["matrix"]
    file: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*\.xlsx$")
    note: str
    sheet: str = Field(min_length=1, max_length=31, pattern=r"^[^\[\]:*?/\\]+$")
    columns: MatrixColumns
    words: MatrixWords


class CalendarFile(_Handout):
    """The deadline as a calendar: the last day all day long, and a reminder on the last working day.

    Attributes:
        title: the name of the last day.
        note: its description.
        reminder: the name of the reminder.
        remind_at: the hour of the reminder.
    """

    kind: Literal["calendar"]
    file: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*\.ics$")
    note: str
    reminder: str
    remind_at: int = Field(default=8, ge=0, le=23)


Handout = WordFile | MatrixFile | CalendarFile

_KINDS: dict[str, type[Handout]] = {"word": WordFile, "matrix": MatrixFile, "calendar": CalendarFile}


def take(folder: Path, files: dict[str, Located], faults: list[Fault]) -> dict[str, Handout]:
    """The handouts of a pack, by name.

    Args:
        folder: the pack's.
        files: takes each file as read, as "files/report-outline.yaml".
        faults: takes what keeps a file from being read.
    """
    found: dict[str, Handout] = {}
    for file in sorted((folder / "files").glob("*.yaml")):
        try:
            located = files[f"files/{file.name}"] = read(file)
            found[file.stem] = _handout(located)
        except PackError as error:
            faults += error.faults
    return found


def texts(part: object, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every text of a handout, and where it stands."""
    if isinstance(part, str):
        yield place, part
    elif isinstance(part, tuple):
        for number, item in enumerate(part):
            yield from texts(item, (*place, number))
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from texts(getattr(part, name), (*place, name))


def filled(part: T, fill: Callable[[str], str]) -> T:
    """The same handout with every text filled in."""
    result: Any = part
    if isinstance(part, str):
        result = fill(part)
    elif isinstance(part, tuple):
        result = tuple(filled(item, fill) for item in part)
    elif isinstance(part, BaseModel):
        result = part.model_copy(update={name: filled(getattr(part, name), fill) for name in type(part).model_fields})
    return result  # type: ignore[no-any-return]


def _handout(located: Located) -> Handout:
    kind = located.content.get("kind") if isinstance(located.content, dict) else None
    if not isinstance(kind, str) or kind not in _KINDS:
        what = f"“kind” có giá trị lạ: {kind}" if kind else "thiếu “kind”"
        raise PackError([located.fault(("kind",), what, f"dùng một trong: {', '.join(_KINDS)}")])
    if not _is_name(located.file.stem):
        what = f"tên tệp “{located.file.name}” chứa ký tự không được dùng hoặc dài quá"
        raise PackError([Fault(located.file, 0, what, "chỉ dùng a-z, 0-9 và gạch nối, tối đa 40 ký tự")])
    return validate(_KINDS[kind], located)


def _is_name(name: str) -> bool:
    return len(name) <= 40 and name.isascii() and name.replace("-", "").isalnum() and name == name.lower()
