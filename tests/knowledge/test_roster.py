"""A roster: reading it from a spreadsheet, and telling which agencies it means and adds."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from knowledge.agencies import Agencies, Form, Level, Standing
from knowledge.answer import Answerer, Asker
from knowledge.checks import check
from knowledge.documents import make
from knowledge.markup import plain
from knowledge.pack import Pack
from knowledge.roster import Entry, matched, with_agencies
from knowledge.roster_file import Line, Listing, RosterError, read, write_template

FILE = Path("danh-sach.csv")
HEALTH = {"id": "so-y-te", "name": "Sở Y tế", "level": "province", "form": "dossier"}
NEW = {"id": "truong-chinh-tri", "name": "Trường Chính trị", "level": "province", "form": "dossier"}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file of this text or these bytes."""

    def write_file(content: str | bytes, name: str = "danh-sach.csv") -> Path:
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    return write_file


def line(agency: str, level: str = "", form: str = "", contact: str = "", number: int = 2) -> Line:
    return Line(number, agency, level, form, contact)


def match(pack: Pack, *lines: Line) -> list[Entry]:
    return matched(pack, FILE, [replace(one, number=number) for number, one in enumerate(lines, 2)])


def fault(pack: Pack, *lines: Line) -> str:
    """The one fault of these lines."""
    with pytest.raises(RosterError) as refused:
        match(pack, *lines)
    [found] = refused.value.faults
    return str(found)


def fault_of_file(file: Path) -> str:
    with pytest.raises(RosterError) as refused:
        read(file)
    [found] = refused.value.faults
    return str(found)


# Reading the file.

ROWS = [["Cơ quan", "Cấp", "Hình thức", "Đầu mối"], ["Sở Y tế", "tỉnh", "hồ sơ", "Nguyễn Văn An"], ["Sở Xây dựng"]]
LISTING = Listing((line("Sở Y tế", "tỉnh", "hồ sơ", "Nguyễn Văn An", 2), line("Sở Xây dựng", number=3)), ())


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_file_is_read_whatever_its_separator_and_encoding(separator: str, encoding: str, write: Write) -> None:
    text = "".join(separator.join(row) + "\r\n" for row in ROWS)
    assert read(write(text.encode(encoding))) == LISTING


def test_the_first_sheet_of_a_workbook_is_read_whatever_the_file_is_called(tmp_path: Path) -> None:
    book = Workbook()
    for row in ROWS:
        book.worksheets[0].append(row)
    book.create_sheet("Khác").append(["Cơ quan"])
    book.save(tmp_path / "danh-sach")
    assert read(tmp_path / "danh-sach") == LISTING


def test_a_workbook_is_read_beyond_the_size_that_it_claims(tmp_path: Path) -> None:
    book = Workbook()
    for row in ROWS:
        book.worksheets[0].append(row)
    book.save(tmp_path / "whole.xlsx")
    with ZipFile(tmp_path / "whole.xlsx") as whole, ZipFile(tmp_path / "claims.xlsx", "w") as claims:
        for name in whole.namelist():
            claims.writestr(name, whole.read(name).replace(b'<dimension ref="A1:D3"', b'<dimension ref="A1:A1"'))
    with ZipFile(tmp_path / "claims.xlsx") as claims:
        assert b'<dimension ref="A1:A1"' in claims.read("xl/worksheets/sheet1.xml")
    assert read(tmp_path / "claims.xlsx") == LISTING


@pytest.mark.parametrize(
    "header",
    ["co quan,cap,hinh thuc,dau moi", "CƠ QUAN,CẤP,HÌNH THỨC,ĐẦU MỐI", " Cơ quan (*) ,Cấp:,Hình  thức,Đầu mối"],
)
def test_headers_are_known_however_they_are_written(header: str, write: Write) -> None:
    assert read(write(f"{header}\nSở Y tế,tỉnh,hồ sơ,An\n")).lines == (line("Sở Y tế", "tỉnh", "hồ sơ", "An"),)


def test_columns_come_in_any_order_and_those_that_nobody_reads_are_told(write: Write) -> None:
    listing = read(write("STT;Đầu mối;Cơ quan;Điện thoại\n1;An;Sở Y tế;0651\n"))
    assert listing == Listing((line("Sở Y tế", contact="An"),), ("STT", "Điện thoại"))


def test_a_title_above_the_headers_and_empty_rows_are_passed_over_and_lines_keep_their_numbers(write: Write) -> None:
    listing = read(write("Danh sách đầu mối\n\nCơ quan,Đầu mối\nSở Y tế,An\n,\n\nSở Xây dựng,Bình\n"))
    assert [(one.number, one.agency) for one in listing.lines] == [(4, "Sở Y tế"), (7, "Sở Xây dựng")]


def test_cells_come_without_what_is_not_seen(write: Write) -> None:
    listing = read(write('Cơ quan,Đầu mối\n"Sở\n Y\u200b  tế",\u202eAn\u202c \n'))
    assert listing.lines == (line("Sở Y tế", contact="An"),)


def test_an_unquoted_comma_in_a_name_is_a_fault_of_its_line(write: Write) -> None:
    told = fault_of_file(write("Cơ quan,Đầu mối\nSở Y tế,An\nSở Văn hóa, Thể thao và Du lịch,Bình\n"))
    assert "danh-sach.csv:3: dòng có nhiều ô hơn" in told
    assert "nháy kép" in told


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "không có cột “Cơ quan”"),
        ("Tên,Cấp\nSở Y tế,tỉnh\n", "không có cột “Cơ quan”"),
        ("Cơ quan,Đầu mối\n,\n", "không có dòng nào"),
        ("Cơ quan,Đầu mối,co quan\nSở Y tế,An,\n", ":1: cột “Cơ quan” có nhiều lần"),
        ("Cơ quan\nSở Y tế\n".encode("cp1258", "replace") + b"\xff", "mã UTF-8"),
        (b"\xff\xfeC", "mã UTF-8"),
        (b"PK\x03\x04 no workbook", "không phải là bảng Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel kiểu cũ"),
        ("Cơ quan\n" + "x" * 200_000, "CSV"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_with_a_cure(content: str | bytes, told: str, write: Write) -> None:
    found = fault_of_file(write(content))
    assert told in found
    assert "Cách sửa:" in found


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    assert "không đọc được tệp" in fault_of_file(tmp_path / "nowhere.csv")
    assert "không đọc được tệp" in fault_of_file(tmp_path)


def test_the_template_reads_as_the_agencies_of_the_pack_which_need_nothing(pack: Pack, tmp_path: Path) -> None:
    file = tmp_path / "mau.xlsx"
    write_template(file, pack.agencies)
    listing = read(file)
    entries = matched(pack, file, listing.lines)
    assert [entry.agency for entry in entries] == list(pack.agencies.listed)
    assert not any(entry.is_new or entry.contact for entry in entries)
    notes = [str(cell.value) for row in load_workbook(file).worksheets[1].iter_rows() for cell in row]
    assert any("tỉnh, huyện hoặc xã" in note for note in notes)


def test_the_template_does_not_write_over_a_file(pack: Pack, write: Write) -> None:
    file = write("đã điền", "mau.xlsx")
    with pytest.raises(FileExistsError):
        write_template(file, pack.agencies)
    assert file.read_text("utf-8") == "đã điền"


# Which agency a line means.


@pytest.mark.parametrize(
    ("name", "agency"),
    [
        ("so-xay-dung", "so-xay-dung"),
        ("SỞ XÂY DỰNG", "so-xay-dung"),
        ("so xay dung", "so-xay-dung"),
        ("SXD", "so-xay-dung"),
        ("Sở Xây dựng tỉnh Bình Phước", "so-xay-dung"),
        ("Sở Xây dựng Bình Phước", "so-xay-dung"),
        ("Sở KH&ĐT", "so-ke-hoach-va-dau-tu"),
        ("TP. Đồng Xoài", "ubnd-dong-xoai"),
        ("TX Bình Long", "ubnd-binh-long"),
        ("UBND H. Bù Đăng", "ubnd-bu-dang"),
        ("Uỷ ban nhân dân huyện Lộc Ninh", "ubnd-loc-ninh"),
        ("Thanh tra tỉnh", "thanh-tra-tinh"),
        ("Thanh tra tỉnh Bình Phước", "thanh-tra-tinh"),
        ("Sở Văn hoá, Thể thao và Du lịch", "so-van-hoa"),
    ],
)
def test_an_agency_is_known_by_its_id_and_by_every_way_to_write_it(name: str, agency: str, pack: Pack) -> None:
    assert [entry.agency.id for entry in match(pack, line(name))] == [agency]


def test_every_name_and_short_form_of_the_pack_means_its_agency(pack: Pack) -> None:
    asked = [
        (name, agency)
        for agency in pack.agencies.everyone.values()
        for name in (agency.name, *agency.short)
        if not agency.is_lead
    ]
    entries = match(pack, *(line(name) for name, _ in asked))
    assert [entry.agency.id for entry in entries] == [agency.id for _, agency in asked]


def test_an_agency_that_is_listed_needs_nothing_but_may_have_a_contact(pack: Pack) -> None:
    listed = pack.agencies.everyone["so-xay-dung"]
    assert match(pack, line("Sở Xây dựng", "tỉnh", "Tại trụ sở", "Bình")) == [
        Entry(2, listed, is_new=False, contact="Bình")
    ]


def test_an_agency_that_the_source_does_not_place_is_added_in_the_only_form_that_has_places(pack: Pack) -> None:
    [entry] = match(pack, line("Sở Y tế"))
    agency = entry.agency
    assert entry.is_new
    assert (agency.id, agency.name, agency.level, agency.form, agency.source) == (
        "so-y-te", "Sở Y tế", Level.PROVINCE, Form.DOSSIER, Standing.TO_BE_CONFIRMED,
    )  # fmt: skip


def test_an_agency_that_nobody_knew_is_added_under_an_id_made_of_its_name(pack: Pack) -> None:
    [entry] = match(pack, line("Trường Chính trị", "Cấp tỉnh", "qua hồ sơ, báo cáo"))
    assert entry.is_new
    assert (entry.agency.id, entry.agency.form) == ("truong-chinh-tri", Form.DOSSIER)


def test_an_id_is_short_and_its_own(pack: Pack) -> None:
    name = "Trung tâm Xúc tiến Đầu tư, Thương mại và Du lịch tỉnh"
    taken = with_agencies(pack, [NEW | {"id": "trung-tam-xuc-tien-dau-tu-thuong-mai-va", "name": "Trung tâm khác hẳn"}])
    [entry] = match(taken, line(name, "tỉnh"))
    assert entry.agency.id == "trung-tam-xuc-tien-dau-tu-thuong-mai-va-2"
    assert entry.agency.name == name


def test_further_lines_of_an_agency_add_contacts_and_no_second_agency(pack: Pack) -> None:
    entries = match(
        pack, line("Sở Y tế", contact="An"), line("SYT", contact="Bình"),
        line("Trường Chính trị", "tỉnh"), line("truong chinh tri", contact="Chi"),
    )  # fmt: skip
    assert [(entry.agency.id, entry.is_new, entry.contact) for entry in entries] == [
        ("so-y-te", True, "An"), ("so-y-te", False, "Bình"),
        ("truong-chinh-tri", True, None), ("truong-chinh-tri", False, "Chi"),
    ]  # fmt: skip


# What is refused.


@pytest.mark.parametrize(
    ("refused", "what", "cure"),
    [
        (line("Sở KH"), "Sở Khoa học và Công nghệ hoặc Sở Kế hoạch và Đầu tư", "ghi đầy đủ"),
        (line("Sở Xây dựg"), "gần giống Sở Xây dựng", "sửa tên"),
        (line("Sở Y tế, phòng Hành chính", "tỉnh"), "gần giống Sở Y tế", "sửa tên"),
        (line("UBND huyện Phú Giềng", "huyện"), "gần giống UBND huyện Phú Riềng", "sửa tên"),
        (line("Sở KH&CN"), "chủ trì", "bỏ dòng này"),
        (line("Trường Chính trị"), "cần ô “Cấp”", "tỉnh, huyện hoặc xã"),
        (line("Truong Chinh tri", "tỉnh"), "không có dấu", "có dấu"),
        (line("Trường " * 30, "tỉnh"), "dài quá 120 ký tự", "ngắn lại"),
        (line("Sở Y tế", "bản"), "ô “Cấp” ghi “bản”", "tỉnh hoặc huyện hoặc xã"),
        (line("Sở Y tế", "tỉnh, huyện"), "ô “Cấp” ghi “tỉnh, huyện”", "tỉnh hoặc huyện hoặc xã"),
        (line("Sở Y tế", form="trực tuyến"), "ô “Hình thức” ghi “trực tuyến”", "trụ sở hoặc hồ sơ"),
        (line("Sở Y tế", "huyện"), "Sở Y tế thuộc cấp tỉnh", "để trống"),
        (line("Sở Xây dựng", form="hồ sơ"), "đang ghi Sở Xây dựng: trụ sở", "để trống"),
        (line("", contact="An"), "ô “Cơ quan” trống", "ghi tên"),
        (line("…"), "ô “Cơ quan” trống", "ghi tên"),
        (line("Phòng Tư pháp", "huyện"), "không còn chỗ cho cơ quan cấp huyện: Phòng Tư pháp", "expected"),
        (line("Sở Y tế", form="trụ sở"), "cấp tỉnh (trụ sở): Sở Y tế", "expected"),
    ],
)
def test_a_line_that_cannot_be_imported_is_told_with_its_number_and_a_cure(
    refused: Line, what: str, cure: str, pack: Pack
) -> None:
    told = fault(pack, line("Sở Tài chính"), refused)
    assert told.startswith("danh-sach.csv:3: ")
    before, after = told.split(" Cách sửa: ")
    assert what in before
    assert cure in after


def test_all_faults_are_told_at_once_in_the_order_of_the_lines(pack: Pack) -> None:
    with pytest.raises(RosterError) as refused:
        match(pack, line("Sở KH"), line("Sở Y tế"), line("Sở KH&CN"), line("Sở Xây dựg"))
    assert [one.line for one in refused.value.faults] == [2, 4, 5]


def test_no_more_agencies_are_added_than_the_plan_counts(pack: Pack) -> None:
    [kept] = pack.agencies.expected
    schools = [line(f"Trường {letter * 6}", "tỉnh") for letter in "abcdeghiklmnopqrs"]
    assert len(match(pack, *schools)) == kept.count == 17
    assert "danh-sach.csv:19: kế hoạch không còn chỗ" in fault(pack, *schools, line("Sở Y tế"))
    one_more = with_agencies(pack, [HEALTH])
    assert "danh-sach.csv:18: kế hoạch không còn chỗ" in fault(one_more, *schools)


def test_where_two_forms_have_places_the_line_says_which(pack: Pack) -> None:
    [kept] = pack.agencies.expected
    both = (kept, kept.model_copy(update={"form": Form.ONSITE, "count": 1}))
    open_pack = replace(pack, agencies=Agencies(pack.agencies.file.model_copy(update={"expected": both})))
    assert "cần ô “Hình thức” cho Sở Y tế" in fault(open_pack, line("Sở Y tế"))
    assert match(open_pack, line("Sở Y tế", form="trụ sở"))[0].agency.form is Form.ONSITE
    # The place on site is taken by then.
    lines = (line("Sở Y tế", form="trụ sở"), line("Sở Nội vụ"))
    assert [entry.agency.form for entry in match(open_pack, *lines)] == [Form.ONSITE, Form.DOSSIER]


# The pack with what was added.


def test_added_agencies_take_the_places_that_were_kept_and_the_pack_stays_sound(pack: Pack) -> None:
    longer = with_agencies(pack, [HEALTH, NEW])
    assert [agency.id for agency in longer.agencies.listed][-2:] == ["so-y-te", "truong-chinh-tri"]
    assert longer.agencies.expected[0].count == pack.agencies.expected[0].count - 2
    assert longer.agencies.everyone["so-y-te"].short == pack.agencies.everyone["so-y-te"].short
    assert check(longer) == []
    assert longer == with_agencies(pack, [HEALTH, NEW])
    assert longer != pack


def test_a_full_list_keeps_no_place(pack: Pack) -> None:
    [kept] = pack.agencies.expected
    records = [NEW | {"id": f"truong-{number}", "name": f"Trường {number}"} for number in range(kept.count)]
    full = with_agencies(pack, records)
    assert full.agencies.expected == ()
    assert check(full) == []


def test_what_the_pack_lists_by_itself_is_not_changed_by_an_older_record(pack: Pack) -> None:
    record = {"id": "so-xay-dung", "name": "Sở Xây", "level": "province", "form": "dossier"}
    assert with_agencies(pack, [record]).agencies == pack.agencies
    assert with_agencies(pack, []) is pack


def test_added_agencies_are_understood_and_answered_as_waiting_for_the_plans_list(pack: Pack) -> None:
    answerer, asker = Answerer(with_agencies(pack, [HEALTH, NEW])), Asker(date(2021, 11, 8))
    for name in ("Sở Y tế", "SYT", "truong chinh tri"):
        answer = answerer.ask(f"{name} kiểm tra theo hình thức nào", asker)
        assert answer.topic == "plan.agency-form"
        first = plain(answer.html).split("\n")[0]
        assert first.endswith("kiểm tra qua hồ sơ và báo cáo, chờ xác nhận.")
    listed = plain(answerer.answer("plan.dossier-list", asker).html)
    assert "bổ sung 2 cơ quan, chờ đối chiếu" in listed
    assert "Cán bộ điều phối bổ sung:\n• Sở Y tế\n• Trường Chính trị\nUBND cấp huyện (suy ra):\n•" in listed
    made = make(answerer.pack, "preparation-checklist", asker, "so-y-te", datetime(2021, 11, 8, tzinfo=UTC))
    with ZipFile(BytesIO(made.content)) as document:
        text = document.read("word/document.xml").decode()
    assert "cán bộ điều phối bổ sung, chờ đối chiếu danh sách của kế hoạch" in text
