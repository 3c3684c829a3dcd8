"""`isobot export`: the board as a workbook, from the database."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.clock import Clock
from bot.questions import Questions
from bot.settings import Settings
from bot.store.database import open_database
from bot.store.tables import Outcome, Via

Isobot = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch, small_pack: Path) -> None:
    monkeypatch.setenv("ISOBOT_PACK", str(small_pack))


async def _ask(text: str) -> None:
    async with open_database(Settings().sqlalchemy_url) as database:
        await Questions(database, Clock()).record(
            person_id=1, text=text, via=Via.TEXT, outcome=Outcome.DECLINE, topic="muon-sach", agency=None, score=0
        )


def test_the_workbook_holds_what_the_database_remembers(isobot: Isobot, tmp_path: Path) -> None:
    asyncio.run(_ask("mượn sách\u0007 hai\ntuần"))
    code, printed, complained = isobot("export", tmp_path / "bảng.xlsx")
    assert (code, printed, complained) == (0, f"Đã ghi {tmp_path / 'bảng.xlsx'}.\n", "")
    sheet = load_workbook(tmp_path / "bảng.xlsx")["Câu hỏi"]
    assert [cell.value for cell in sheet[sheet.max_row]][2:5] == [
        "mượn sách hai tuần",
        "chưa trả lời được",
        "Mượn sách thế nào?",
    ]


def test_a_pack_without_a_plan_gives_a_workbook_without_one(isobot: Isobot, tmp_path: Path) -> None:
    assert isobot("export", "trống.xlsx")[0] == 0
    book = load_workbook(tmp_path / "trống.xlsx")
    assert book["Bảng theo dõi"]["A1"].value == "Phụ lục I"
    assert "0/0 cơ quan" in str(book["Bảng theo dõi"]["A4"].value)


def test_a_place_that_cannot_be_written_is_one_line(isobot: Isobot, tmp_path: Path) -> None:
    code, printed, complained = isobot("export", tmp_path / "không có" / "bảng.xlsx")
    assert (code, printed) == (1, "")
    assert complained.count("\n") == 1
    assert "Không ghi được" in complained


def test_a_database_that_cannot_be_opened_is_one_line(
    isobot: Isobot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").write_text("no folder", "utf-8")
    code, printed, complained = isobot("export", "bảng.xlsx")
    assert (code, printed) == (1, "")
    assert complained.count("\n") == 1
    assert not (tmp_path / "bảng.xlsx").exists()
