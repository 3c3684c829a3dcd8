"""`isobot roster`: a line for what became of each line of the file, or every fault and nothing imported."""

import asyncio
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from bot.audit import Audit
from bot.clock import Clock
from bot.contacts import Contacts
from bot.coordinators import Coordinators
from bot.outbox import Outbox
from bot.settings import load as load_settings
from bot.store.database import open_database

Isobot = Callable[..., tuple[int, str, str]]

CODE = r"(?:\w{5}-){3}\w{5}"
LINK = rf"https://t\.me/isobot_demo_bot\?start=\w{{20}} \({CODE}\)"
DATABASE = Path("data/isobot.db")

LIST = """\
Cơ quan,Cấp,Hình thức,Đầu mối
Sở Y tế,tỉnh,hồ sơ,Nguyễn Văn An
Sở Xây dựng,,,Trần Thị Bình
Trường Chính trị,tỉnh,,
"""


def _rows(table: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(DATABASE)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The list as a file."""
    written = tmp_path / "danh-sach.csv"
    written.write_text(LIST, "utf-8")
    return written


@pytest.mark.usefixtures("office", "telegram")
async def test_each_line_is_told_with_what_it_did_and_the_sum_at_the_end(isobot: Isobot, file: Path) -> None:
    code, printed, complained = await asyncio.to_thread(isobot, "roster", file)
    assert (code, complained) == (0, "")
    health, building, school, total = printed.splitlines()
    assert re.fullmatch(rf"dòng 2: Sở Y tế: thêm cơ quan \(cấp tỉnh, qua hồ sơ\); mời Nguyễn Văn An: {LINK}", health)
    assert re.fullmatch(rf"dòng 3: Sở Xây dựng: đã có trong danh sách; mời Trần Thị Bình: {LINK}", building)
    assert school == "dòng 4: Trường Chính trị: thêm cơ quan (cấp tỉnh, qua hồ sơ)"
    assert re.fullmatch(r"Thêm 2 cơ quan, 2 mã mời, dùng đến \d\d:\d\d \d\d/\d\d/\d{4}; mã không in lại được\.", total)
    assert [(row["id"], row["name"], row["level"], row["form"]) for row in _rows("roster_agencies")] == [
        ("so-y-te", "Sở Y tế", "province", "dossier"),
        ("truong-chinh-tri", "Trường Chính trị", "province", "dossier"),
    ]
    assert [(row["agency"], row["invited_name"]) for row in _rows("invitations")] == [
        ("so-y-te", "Nguyễn Văn An"), ("so-xay-dung", "Trần Thị Bình"),
    ]  # fmt: skip
    assert [row["act"] for row in _rows("audit")] == ["invited", "invited", "roster-imported"]


@pytest.mark.usefixtures("office", "telegram")
async def test_a_workbook_does_the_same(isobot: Isobot, tmp_path: Path) -> None:
    book = Workbook()
    for row in (line.split(",") for line in LIST.splitlines()):
        book.worksheets[0].append(row)
    book.save(tmp_path / "danh-sach.xlsx")
    assert (await asyncio.to_thread(isobot, "roster", tmp_path / "danh-sach.xlsx"))[0] == 0
    assert len(_rows("roster_agencies")) == len(_rows("invitations")) == 2


@pytest.mark.usefixtures("office", "telegram")
async def test_importing_again_changes_nothing_and_says_so(isobot: Isobot, file: Path) -> None:
    await asyncio.to_thread(isobot, "roster", file)
    before = [_rows(table) for table in ("roster_agencies", "invitations", "audit")]
    code, printed, _ = await asyncio.to_thread(isobot, "roster", file)
    assert code == 0
    assert printed.splitlines() == [
        "dòng 2: Sở Y tế: đã có trong danh sách; Nguyễn Văn An đã có mã mời còn dùng được",
        "dòng 3: Sở Xây dựng: đã có trong danh sách; Trần Thị Bình đã có mã mời còn dùng được",
        "dòng 4: Trường Chính trị: đã có trong danh sách",
        "Thêm 0 cơ quan, 0 mã mời.",
    ]
    assert [_rows(table) for table in ("roster_agencies", "invitations", "audit")] == before


@pytest.mark.usefixtures("office", "telegram")
async def test_who_is_a_contact_already_is_not_invited(isobot: Isobot, file: Path) -> None:
    async with open_database(load_settings().sqlalchemy_url) as database:
        clock = Clock()
        audit, coordinators = Audit(database, clock), Coordinators(database, frozenset())
        await Contacts(database, clock, Outbox(clock), audit, coordinators).link(7, "so-xay-dung", "Trần Thị Bình")
    _, printed, _ = await asyncio.to_thread(isobot, "roster", file)
    assert "dòng 3: Sở Xây dựng: đã có trong danh sách; Trần Thị Bình đã là đầu mối\n" in printed
    assert [row["agency"] for row in _rows("invitations")] == ["so-y-te"]


@pytest.mark.usefixtures("office", "telegram")
async def test_one_faulty_line_and_nothing_is_imported_but_every_fault_is_told(isobot: Isobot, tmp_path: Path) -> None:
    file = tmp_path / "danh-sach.csv"
    file.write_text(f"{LIST}Sở Xây dựg,,,Chi\nSở Khoa học,,,\nTrường Nghề,tỉnh,,Dung\n", "utf-8")
    code, printed, complained = await asyncio.to_thread(isobot, "roster", file)
    assert code == 1
    lines = printed.splitlines()
    assert [re.sub(r": .*", "", line.removeprefix(f"{file}:")) for line in lines] == ["5", "6", "7"]
    assert all("Cách sửa: " in line for line in lines)
    assert complained.endswith("Chưa nhập gì: 3 lỗi.\n")
    assert [_rows(table) for table in ("roster_agencies", "invitations", "audit")] == [[], [], []]


@pytest.mark.usefixtures("office")
def test_a_file_that_cannot_be_read_opens_no_database(isobot: Isobot, tmp_path: Path) -> None:
    code, printed, complained = isobot("roster", tmp_path / "nowhere.csv")
    assert code == 1
    assert printed.startswith(f"{tmp_path / 'nowhere.csv'}: không đọc được tệp")
    assert complained.endswith("Chưa nhập gì: 1 lỗi.\n")
    assert not DATABASE.exists()


@pytest.mark.usefixtures("office")
def test_without_telegram_the_codes_are_shown_since_they_cannot_be_found_out_later(isobot: Isobot, file: Path) -> None:
    code, printed, complained = isobot("roster", file)
    assert code == 0
    assert re.search(rf"mời Nguyễn Văn An: {CODE}$", printed, re.MULTILINE)
    assert "https://" not in printed
    [line] = complained.splitlines()
    assert "ISOBOT_TOKEN" in line
    assert "/start MÃ" in line
    assert len(_rows("invitations")) == 2


@pytest.mark.usefixtures("office")
def test_where_nobody_is_invited_telegram_is_not_asked(isobot: Isobot, tmp_path: Path) -> None:
    (tmp_path / "danh-sach.csv").write_text("Cơ quan;STT\nSở Y tế;1\n", "utf-8")
    assert isobot("roster", tmp_path / "danh-sach.csv") == (
        0,
        "Không đọc các cột: STT.\ndòng 2: Sở Y tế: thêm cơ quan (cấp tỉnh, qua hồ sơ)\nThêm 1 cơ quan, 0 mã mời.\n",
        "",
    )


@pytest.mark.usefixtures("office")
def test_the_places_that_an_earlier_file_took_are_taken(isobot: Isobot, file: Path, tmp_path: Path) -> None:
    isobot("roster", file)
    more = tmp_path / "them.csv"
    more.write_text("Cơ quan,Cấp\nTrường Nghề,tỉnh\n", "utf-8")
    code, printed, _ = isobot("roster", more)
    assert code == 1
    assert "không còn chỗ" in printed
    assert len(_rows("roster_agencies")) == 2


@pytest.mark.usefixtures("office")
def test_a_data_folder_that_cannot_be_used_is_told(
    isobot: Isobot, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOBOT_DATA", str(file / "data"))
    code, printed, complained = isobot("roster", file)
    assert (code, printed, len(complained.splitlines())) == (1, "", 1)
    assert "ISOBOT_DATA" in complained


@pytest.mark.usefixtures("office")
def test_the_template_is_written_once_and_holds_the_agencies_of_the_pack(isobot: Isobot, tmp_path: Path) -> None:
    template = tmp_path / "mau.xlsx"
    code, printed, complained = isobot("roster", "--template", template)
    assert (code, complained) == (0, "")
    assert str(template) in printed
    rows = list(load_workbook(template).worksheets[0].iter_rows(values_only=True))
    assert rows == [("Cơ quan", "Cấp", "Hình thức", "Đầu mối"), ("Sở Xây dựng", "tỉnh", "trụ sở", None)]
    before = template.read_bytes()
    code, printed, complained = isobot("roster", "--template", template)
    assert (code, printed) == (1, "")
    assert "Đã có tệp" in complained
    assert template.read_bytes() == before


@pytest.mark.usefixtures("office")
def test_a_template_that_cannot_be_written_is_told(isobot: Isobot, tmp_path: Path) -> None:
    code, printed, complained = isobot("roster", "--template", tmp_path / "nowhere" / "mau.xlsx")
    assert (code, printed, len(complained.splitlines())) == (1, "", 1)
    assert "Không ghi được" in complained


@pytest.mark.parametrize("both", [True, False])
def test_either_a_file_or_a_template_is_meant(*, both: bool, isobot: Isobot, file: Path) -> None:
    code, printed, complained = isobot("roster", *([file, "--template", "mau.xlsx"] if both else []))
    assert (code, printed) == (2, "")
    assert "--template" in complained.splitlines()[-1]
