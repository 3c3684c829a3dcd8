"""The files that answers carry: what stands in them when they are opened again."""

from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from icalendar import Calendar
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from knowledge.documents import Document, make
from knowledge.matrix import Certainty
from knowledge.outcome import Asker
from knowledge.pack import Pack

NOW = datetime(2021, 11, 8, 1, 30, tzinfo=UTC)
MONDAY = Asker(date(2021, 11, 8))
WORD_2010 = "http://schemas.microsoft.com/office/word/2010/wordml"
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")

# Every document says in its frame that it is no form of the department.
DISCLAIMERS = {
    "report-outline": "GỢI Ý CỦA TRỢ LÝ, KHÔNG PHẢI MẪU CỦA CƠ QUAN CHỦ TRÌ",
    "preparation-checklist": "GỢI Ý CỦA TRỢ LÝ, KHÔNG PHẢI DANH MỤC CỦA CƠ QUAN CHỦ TRÌ",
}


def opened(document: Document) -> WordDocument:
    return docx.Document(BytesIO(document.content))


def words(document: WordDocument) -> str:
    """All that can be read in a document, in order."""
    return "\n".join(map(text_in, document.element.body.iter(qn("w:p"))))


def text_in(node: Any) -> str:
    """What stands in an element, also in boxes that python-docx does not read."""
    return "".join(text.text for text in node.iter(qn("w:t")))


def headings(document: WordDocument) -> list[str]:
    return [one.text for one in document.paragraphs if one.style and one.style.name == "Heading 1"]


def sheet_of(document: Document) -> Worksheet:
    return load_workbook(BytesIO(document.content)).worksheets[0]


def events(document: Document) -> tuple[Any, Any]:
    """The last day and the reminder; what an event holds has too many types to tell them apart here."""
    calendar: Any = Calendar.from_ical(document.content)
    last_day, reminder = calendar.walk("VEVENT")
    return last_day, reminder


@pytest.fixture(scope="module")
def outline(pack: Pack) -> WordDocument:
    return opened(make(pack, "report-outline", MONDAY, "so-xay-dung", NOW))


@pytest.fixture(scope="module")
def checklist(pack: Pack) -> WordDocument:
    return opened(make(pack, "preparation-checklist", MONDAY, None, NOW))


@pytest.fixture(scope="module")
def sheet(pack: Pack) -> Worksheet:
    return sheet_of(make(pack, "clause-matrix", MONDAY, None, NOW))


@pytest.mark.parametrize(
    ("name", "file", "media_type"),
    [
        ("report-outline", "de-cuong-bao-cao.docx", "wordprocessingml.document"),
        ("preparation-checklist", "danh-muc-chuan-bi.docx", "wordprocessingml.document"),
        ("clause-matrix", "bang-doi-chieu-dieu-khoan.xlsx", "spreadsheetml.sheet"),
        ("deadline", "han-nop-bao-cao.ics", "text/calendar"),
    ],
)
def test_each_file_has_a_name_a_type_and_a_line_to_go_with_it(
    pack: Pack, name: str, file: str, media_type: str
) -> None:
    document = make(pack, name, MONDAY, None, NOW)
    assert document.name == file
    assert document.media_type.endswith(media_type)
    assert document.caption
    assert "\n" not in document.caption
    assert "{" not in document.caption


def test_every_file_belongs_to_an_answer(pack: Pack) -> None:
    assert {topic.file for topic in pack.topics.values() if topic.file} == set(pack.handouts)


@pytest.mark.parametrize("name", DISCLAIMERS)
def test_a_document_says_first_that_it_is_a_suggestion(pack: Pack, name: str) -> None:
    document = opened(make(pack, name, MONDAY, None, NOW))
    assert words(document).strip().startswith(DISCLAIMERS[name])
    assert "chưa được văn bản xác nhận" in words(document)
    assert DISCLAIMERS[name] in document.core_properties.comments


@pytest.mark.parametrize("name", DISCLAIMERS)
def test_a_document_carries_no_template_code(pack: Pack, name: str) -> None:
    text = words(opened(make(pack, name, MONDAY, None, NOW)))
    assert not any(code in text for code in ("{{", "{%", "}}", "None", "<b>", "&amp;"))


def test_the_outline_names_the_plan_the_recipient_and_the_deadline(outline: WordDocument, pack: Pack) -> None:
    text = words(outline)
    assert pack.plan
    assert text.count(pack.plan.called) >= 2
    assert f"Kính gửi: {pack.plan.report.recipient.value}" in text
    assert "trước ngày 15/11/2021, chậm nhất Chủ nhật, 14/11/2021; nên gửi trong thứ Sáu, 12/11/2021" in text


def test_the_outline_has_the_parts_that_the_answer_lists(outline: WordDocument) -> None:
    found = headings(outline)
    assert [heading.split(".")[0] for heading in found[:-1]] == [str(number) for number in range(1, 14)]
    assert "TCVN ISO 9001:2008 sang TCVN ISO 9001:2015" in found[3]
    assert found[-1].startswith("Phụ lục")


def test_the_outline_is_filled_in_for_its_agency(outline: WordDocument) -> None:
    assert "SỞ XÂY DỰNG" in words(outline)
    assert "Sở Xây dựng báo cáo như sau:" in words(outline)
    assert "[" not in words(outline)


def test_without_an_agency_the_outline_leaves_room_for_its_name(pack: Pack) -> None:
    text = words(opened(make(pack, "report-outline", MONDAY, None, NOW)))
    assert "[TÊN CƠ QUAN]" in text
    assert "[tên cơ quan] báo cáo như sau:" in text


def test_the_outline_knows_when_the_deadline_is_over(pack: Pack) -> None:
    late = Asker(date(2021, 11, 16))
    text = words(opened(make(pack, "report-outline", late, None, NOW)))
    assert "14/11/2021 (hạn đã qua)" in text
    assert "nên gửi" not in text


def test_an_extended_deadline_is_the_one_that_is_filled_in(pack: Pack) -> None:
    extended = Asker(date(2021, 11, 8), report_before=date(2021, 11, 23))
    text = words(opened(make(pack, "report-outline", extended, None, NOW)))
    assert "trước ngày 23/11/2021, chậm nhất thứ Hai, 22/11/2021" in text
    assert "15/11" not in text


def test_the_outline_leaves_room_to_write(outline: WordDocument) -> None:
    dotted = [one for one in outline.paragraphs if one.text == "\t" and one.paragraph_format.tab_stops]
    assert len(dotted) >= 12
    filled_in = [table for table in outline.tables if table.style and table.style.name == "Table Grid"]
    assert len(filled_in) == 8
    assert all(any(not cell.text for row in table.rows for cell in row.cells) for table in filled_in)


@pytest.mark.parametrize("name", DISCLAIMERS)
def test_a_document_is_dressed_for_the_office(pack: Pack, name: str) -> None:
    document = opened(make(pack, name, MONDAY, None, NOW))
    section = document.sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    assert document.styles["Normal"].element.rPr.rFonts.get(qn("w:ascii")) == "Times New Roman"
    sizes = {run.font.size.pt for one in document.paragraphs for run in one.runs if run.font.size}
    assert sizes <= {12, 13, 14}
    title = next(one for one in document.paragraphs if one.style and one.style.name == "Title")
    assert title.alignment is not None
    assert title.alignment.name == "CENTER"


def test_the_checklist_has_a_box_to_tick_for_every_item(checklist: WordDocument) -> None:
    table = checklist.tables[-1]
    assert [cell.text for cell in table.rows[0].cells] == ["Việc, hồ sơ", "Người làm", "Xong"]
    # A group's title is one cell over the whole width.
    items = [row for row in table.rows[1:] if row.cells[0]._tc is not row.cells[2]._tc]
    assert len(table.rows) - 1 - len(items) == 6
    assert len(items) >= 25
    assert all(text_in(row.cells[2]._tc) == "☐" for row in items)
    boxes = [node for node in checklist.element.body.iter() if node.tag == f"{{{WORD_2010}}}checkbox"]
    assert len(boxes) == len(items)


def test_the_checklist_shows_its_header_on_every_page(checklist: WordDocument) -> None:
    head = checklist.tables[-1].rows[0]
    assert head._tr.trPr is not None
    assert head._tr.trPr.find(qn("w:tblHeader")) is not None


@pytest.mark.parametrize(
    ("agency", "told"),
    [
        ("so-xay-dung", "Sở Xây dựng: kiểm tra tại trụ sở. Kỳ"),
        ("ubnd-bu-dang", "UBND huyện Bù Đăng: kiểm tra qua hồ sơ và báo cáo (suy ra, chưa được văn bản xác nhận). Kỳ"),
        ("so-y-te", "Kỳ kiểm tra: Quý IV năm 2021"),
    ],
)
def test_the_checklist_says_what_is_known_of_its_agency(pack: Pack, agency: str, told: str) -> None:
    document = opened(make(pack, "preparation-checklist", MONDAY, agency, NOW))
    assert told in words(document)
    assert pack.agencies.everyone[agency].name in words(document)


def test_the_table_of_clauses_holds_every_row_of_the_matrix(sheet: Worksheet, pack: Pack) -> None:
    assert pack.matrix
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    assert len(rows) == len(pack.matrix.rows) + len(pack.matrix.new_only)
    assert rows[0][:3] == ["1.2", "Áp dụng, ngoại lệ", "4.3"]
    assert ["4.2.2", "Sổ tay chất lượng", "4.3, 4.4, 7.5.1"] in [row[:3] for row in rows]
    assert [row[2] for row in rows if row[0] == "(mới)"] == [one.clause for one in pack.matrix.new_only]


def test_what_has_not_been_checked_is_marked(sheet: Worksheet, pack: Pack) -> None:
    assert pack.matrix
    certainties = [row.certainty for row in pack.matrix.rows] + [row.certainty for row in pack.matrix.new_only]
    known = certainties.count(Certainty.KNOWN)
    marks = [row[4].value for row in sheet.iter_rows(min_row=5)]
    assert marks.count("theo hiểu biết chung, chưa đối chiếu văn bản") == known
    assert set(marks) == {"theo hiểu biết chung, chưa đối chiếu văn bản", "đã đối chiếu nguồn"}


def test_the_table_of_clauses_is_ready_to_be_read_filtered_and_printed(sheet: Worksheet, pack: Pack) -> None:
    assert sheet["A1"].value == "Đối chiếu điều khoản TCVN ISO 9001:2008 → TCVN ISO 9001:2015"
    assert sheet["A4"].value == "Điều bản 2008"
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref == f"A4:E{sheet.max_row}"
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$4:$4")
    assert sheet.page_setup.fitToWidth == 1
    assert all(sheet.column_dimensions[letter].width >= 10 for letter in "ABCDE")
    content = make(pack, "clause-matrix", MONDAY, None, NOW).content
    assert b"numberStoredAsText" in ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml")


def test_clauses_are_text(sheet: Worksheet) -> None:
    """As numbers, 4.10 would be 4.1."""
    assert {cell.data_type for row in sheet.iter_rows(min_row=5, max_col=3) for cell in row} == {"s"}


def test_the_last_day_stands_in_the_calendar_all_day_long(pack: Pack) -> None:
    last_day, _ = events(make(pack, "deadline", MONDAY, None, NOW))
    assert (last_day.start, last_day.end) == (date(2021, 11, 14), date(2021, 11, 15))
    assert "Sở Khoa học và Công nghệ" in str(last_day["SUMMARY"])
    assert "1813/KH-SKHCN" in str(last_day["DESCRIPTION"])


@pytest.mark.parametrize(
    ("before", "last_day", "reminded"),
    [
        (None, date(2021, 11, 14), date(2021, 11, 12)),  # a Sunday
        (date(2021, 11, 24), date(2021, 11, 23), date(2021, 11, 23)),
        (date(2022, 1, 4), date(2022, 1, 3), date(2021, 12, 31)),  # 3/1 is the day in lieu of New Year's Saturday
        (date(2022, 2, 7), date(2022, 2, 6), date(2022, 1, 28)),  # after Tết
    ],
)
def test_the_reminder_rings_at_eight_on_the_last_working_day(
    pack: Pack, before: date | None, last_day: date, reminded: date
) -> None:
    asker = Asker(date(2021, 11, 8), report_before=before)
    whole_day, reminder = events(make(pack, "deadline", asker, None, NOW))
    assert whole_day.start == last_day
    assert reminder.start.astimezone(LOCAL) == datetime.combine(reminded, time(8), LOCAL)
    [alarm] = reminder.walk("VALARM")
    assert (alarm["ACTION"], alarm["TRIGGER"].dt) == ("DISPLAY", timedelta(0))


def test_the_calendar_keeps_to_the_letter_of_the_standard(pack: Pack) -> None:
    content = make(pack, "deadline", MONDAY, None, NOW).content
    assert content.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert [line for line in lines if line.startswith(b"DTSTAMP")] == [b"DTSTAMP:20211108T013000Z"] * 2
    for line in content.replace(b"\r\n ", b"").split(b"\r\n"):
        line.decode()


def test_a_later_calendar_moves_the_events_of_an_earlier_one(pack: Pack) -> None:
    extended = Asker(date(2021, 11, 12), report_before=date(2021, 11, 23))
    first = events(make(pack, "deadline", MONDAY, None, NOW))
    later = events(make(pack, "deadline", extended, "so-xay-dung", NOW + timedelta(days=4)))
    for before, after in zip(first, later, strict=True):
        assert before["UID"] == after["UID"]
        assert before["SEQUENCE"] < after["SEQUENCE"]
        assert before["DTSTAMP"].dt < after["DTSTAMP"].dt
    assert first[0]["UID"] != first[1]["UID"]


def test_the_line_beside_the_calendar_knows_when_the_deadline_is_over(pack: Pack) -> None:
    assert "thêm vào lịch" in make(pack, "deadline", MONDAY, None, NOW).caption
    assert make(pack, "deadline", Asker(date(2021, 11, 15)), None, NOW).caption.startswith("Hạn đã qua")


def test_a_file_is_made_the_same_way_twice(pack: Pack) -> None:
    first, second = (make(pack, "deadline", MONDAY, None, NOW) for _ in range(2))
    assert first == second
