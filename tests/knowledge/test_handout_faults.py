"""A faulty file of a pack's files/*.yaml: which line (marked "# here"), what is wrong, and how to mend it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import docx
import pytest

from knowledge.checks import check
from knowledge.documents import make
from knowledge.faults import Fault
from knowledge.outcome import Asker
from knowledge.pack import load
from tests.knowledge.conftest import SOUND
from tests.knowledge.test_pack_faults import assert_one_fault

NOW = datetime(2021, 11, 8, 1, 30, tzinfo=UTC)
MONDAY = Asker(date(2021, 11, 8))

FaultsOf = Callable[[dict[str, str]], list[Fault]]
WritePack = Callable[[dict[str, str]], Path]

FILE = "files/to-khai.yaml"
WORD = """\
kind: word
file: to-khai.docx
button: Tải tờ khai
caption: Tờ khai gợi ý
title: TỜ KHAI
note: [Gợi ý]
blocks:
  - heading: 1. Chung
    hints:
      - Ghi ngắn
    table:
      columns: [{title: Việc}, {title: Xong, tick: true}]
      rows:
        - Nộp {{ plan.number }}
        - [Hai, x]
        - group: Nhóm
    lines: 2
"""
CALENDAR = "kind: calendar\nfile: a.ics\nbutton: Lịch\ncaption: Lịch\ntitle: Hạn\nnote: Hạn\nreminder: Nộp\n"
MATRIX = """\
kind: matrix  # here
file: a.xlsx
button: Bảng
caption: Bảng
title: Bảng
note: Bảng
sheet: Bảng
columns: {old: a, title: b, new: c, note: d, certainty: e}
words: {verified: a, known: b, new: c}
"""


def test_a_sound_file_has_no_fault(faults_of: FaultsOf) -> None:
    assert faults_of({FILE: WORD, "files/lich.yaml": CALENDAR}) == []


def test_a_small_file_can_be_made(write_pack: WritePack) -> None:
    pack = load(write_pack(SOUND | {FILE: WORD}))
    document = docx.Document(BytesIO(make(pack, "to-khai", MONDAY, None, NOW).content))
    assert [[cell.text for cell in row.cells] for row in document.tables[-1].rows] == [
        ["Việc", "Xong"],
        ["Nộp 1813/KH-SKHCN", ""],  # a box to tick is no text
        ["Hai", "x"],
        ["Nhóm", "Nhóm"],
    ]


@pytest.mark.parametrize(
    ("old", "new", "what", "cure"),
    [
        pytest.param("title: TỜ", "colour: red  # here\ntitle: TỜ", ["khoá lạ", "colour"], "sửa tên khoá", id="key"),
        pytest.param("lines: 2", "line: 2  # here", ["khoá lạ", "line"], "sửa tên khoá", id="key of a part"),
        pytest.param("group: Nhóm", "grup: Nhóm  # here", ["khoá lạ", "grup"], "sửa tên khoá", id="key of a row"),
        pytest.param("kind: word", "kind: pdf  # here", ["“kind” có giá trị lạ", "pdf"], "word, matrix", id="kind"),
        pytest.param("kind: word", "kind: [word]  # here", ["“kind” có giá trị lạ"], "word, matrix", id="list as kind"),
        pytest.param("to-khai.docx", "to-khai.doc  # here", ["“file”", "ký tự"], "chỉ dùng a-z", id="ending"),
        pytest.param("to-khai.docx", "../to-khai.docx  # here", ["“file”", "ký tự"], "chỉ dùng a-z", id="path"),
        pytest.param("Tải tờ khai", "Tải " * 9 + "# here", ["“button” dài quá"], "viết ngắn lại", id="long button"),
        pytest.param("Ghi ngắn", "Ghi {{ colour }}  # here", ["tên lạ “colour”"], "dùng một trong", id="name"),
        pytest.param("Ghi ngắn", "Ghi {{ plan.colour }}  # here", ["không điền được", "colour"], "tên", id="fact"),
        pytest.param("Ghi ngắn", '"Ghi {{ today "  # here', ["mẫu sai ở dòng 1"], "xem lại", id="brace too few"),
        pytest.param("Ghi ngắn", "Trước 15/11  # here", ["tự ghi “15/11”"], "plan.report.before", id="fact typed"),
        pytest.param("gợi ý\n", "31 cơ quan  # here\n", ["tự ghi “31 cơ quan”"], "plan.total", id="fact in caption"),
        pytest.param("[Hai, x]", "[một, hai, ba]  # here", ["3 ô", "2 cột"], "bớt ô", id="long row"),
        pytest.param("[Hai, x]", "[Hai, 2]  # here", ["sai kiểu"], "sửa giá trị", id="number as a cell"),
        pytest.param("Ghi ngắn", '"Ghi\\a"  # here', ["ký tự không in được"], "xoá ký tự", id="control character"),
        pytest.param("title: TỜ", "facts: [Z9]  # here\ntitle: TỜ", ["dữ kiện “Z9”"], "facts.yaml", id="fact number"),
        pytest.param("lines: 2", "lines: 4000  # here", ["“lines”"], "sửa giá trị", id="too many lines"),
    ],
)
def test_a_fault_names_its_line_and_its_cure(
    faults_of: FaultsOf, old: str, new: str, what: list[str], cure: str
) -> None:
    assert WORD.count(old) == 1
    text = WORD.replace(old, new)
    assert_one_fault(faults_of({FILE: text}), FILE, text, what, cure)


@pytest.mark.parametrize("text", [WORD.replace("kind: word\n", ""), "- một\n", ""], ids=["no kind", "list", "empty"])
def test_a_file_has_to_say_what_it_is(faults_of: FaultsOf, text: str) -> None:
    [fault] = faults_of({FILE: text})
    assert (fault.file.name, fault.what) == ("to-khai.yaml", "thiếu “kind”")
    assert "word, matrix, calendar" in fault.cure


def test_a_table_of_clauses_needs_a_matrix(faults_of: FaultsOf) -> None:
    assert_one_fault(faults_of({"files/bang.yaml": MATRIX}), "bang.yaml", MATRIX, ["cần bảng đối chiếu"], "matrix.yaml")


def test_a_calendar_needs_a_plan(write_pack: WritePack) -> None:
    topics = "- {id: a, ask: A, phrasings: [a b], answer: A}\n"
    pack = load(write_pack({"topics/a.yaml": topics, "files/lich.yaml": CALENDAR}))
    [fault] = check(pack)
    assert "cần hạn của kế hoạch" in fault.what
    with pytest.raises(LookupError):
        make(pack, "lich", MONDAY, None, NOW)


def test_a_file_that_no_button_can_name_is_refused(faults_of: FaultsOf) -> None:
    assert_one_fault(faults_of({"files/Tờ khai.yaml": WORD}), "Tờ khai.yaml", "", ["tên tệp"], "gạch nối")


def test_a_topic_with_a_file_that_is_not_there_is_named_with_its_line(faults_of: FaultsOf) -> None:
    text = "- id: hoi.han\n  ask: Hạn?\n  phrasings: [hạn nộp]\n  answer: Mai.\n  file: to-khia  # here\n"
    faults = faults_of({FILE: WORD, "topics/hoi.yaml": text})
    assert_one_fault(faults, "hoi.yaml", text, ["tệp “to-khia” không có"], "to-khai")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("new: [c]", "new: []  # here", "“new” còn trống"),
        ("certainty: known", "certainty: sure  # here", "“certainty” có giá trị lạ"),
        ("old: '1'", "old: 1  # here", "“old” sai kiểu"),
        ("title: b", "titel: b  # here\n    title: b", "khoá lạ “titel”"),
    ],
)
def test_a_fault_of_the_matrix_names_its_line(faults_of: FaultsOf, old: str, new: str, what: str) -> None:
    sound = "rows:\n  - old: '1'\n    title: b\n    new: [c]\n    certainty: known\n"
    assert faults_of({"matrix.yaml": sound}) == []
    text = sound.replace(old, new)
    [fault] = faults_of({"matrix.yaml": text})
    line = next(number for number, line in enumerate(text.split("\n"), 1) if "# here" in line)
    assert (fault.file.name, fault.line) == ("matrix.yaml", line)
    assert what in fault.what
