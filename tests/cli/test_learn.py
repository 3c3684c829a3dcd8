"""`isobot learn`: what coordinators taught the bot, written into the pack."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from bot.phrasings import Phrasings
from bot.questions import Questions
from bot.settings import Settings
from bot.store.database import open_database
from bot.store.tables import Outcome, Via
from knowledge import revision
from tests.cli.conftest import SMALL

Isobot = Callable[..., tuple[int, str, str]]

SUNDAY, LOAN = "chủ nhật có mở không", "đem sách về: được mấy ngày?"
WRITTEN = SMALL.replace(
    "giờ làm việc của thư viện]", f"giờ làm việc của thư viện, {SUNDAY}]"
).replace("mượn được mấy quyển]", f'mượn được mấy quyển, "{LOAN}"]')  # fmt: skip


async def _teach(*phrasings: tuple[str, str]) -> None:
    async with open_database(Settings().sqlalchemy_url) as database:
        clock = Clock()
        for topic, text in phrasings:
            question = await Questions(database, clock).record(
                person_id=1, text=text, via=Via.TEXT, outcome=Outcome.DECLINE, topic=None, agency=None, score=0
            )
            await Phrasings(database, clock).add(topic, text, 2, [question])


@pytest.fixture
def taught(small_pack: Path) -> Path:
    """A pack, and a bot that was taught two phrasings for it."""
    asyncio.run(_teach(("gio-mo-cua", SUNDAY), ("muon-sach", LOAN)))
    return small_pack


def _file(pack: Path) -> Path:
    return pack / "topics" / "hoi.yaml"


def _written() -> list[Any]:
    with closing(sqlite3.connect("data/isobot.db")) as connection:
        return [when for (when,) in connection.execute("SELECT written_at FROM phrasings")]


def test_each_phrasing_is_a_line_on_the_screen_and_one_more_in_its_topic(isobot: Isobot, taught: Path) -> None:
    code, printed, complained = isobot("learn", "--pack", taught)
    assert (code, complained) == (0, "")
    assert printed.splitlines() == [
        f"topics/hoi.yaml: gio-mo-cua ← “{SUNDAY}”",
        f"topics/hoi.yaml: muon-sach ← “{LOAN}”",
        f"{taught}: đã ghi 2 cách hỏi.",
    ]
    assert _file(taught).read_text("utf-8") == WRITTEN
    assert all(_written())
    assert isobot("check", taught)[0] == 0


def test_the_bot_that_reads_the_new_pack_knows_them(isobot: Isobot, taught: Path) -> None:
    isobot("learn", "--pack", taught)
    assert "8 giờ" in isobot("ask", SUNDAY, "--pack", taught)[1]


def test_a_second_run_adds_nothing(isobot: Isobot, taught: Path) -> None:
    isobot("learn", "--pack", taught)
    assert isobot("learn", "--pack", taught) == (0, f"{taught}: đã ghi 0 cách hỏi.\n", "")
    assert _file(taught).read_text("utf-8") == WRITTEN


def test_what_the_pack_has_already_is_not_written_again(isobot: Isobot, taught: Path) -> None:
    _file(taught).write_text(WRITTEN, "utf-8")
    code, printed, complained = isobot("learn", "--pack", taught)
    assert (code, printed) == (0, f"{taught}: đã ghi 0 cách hỏi.\n")
    assert complained.splitlines() == [f"bỏ qua “{text}”: bộ này đã có." for text in (SUNDAY, LOAN)]
    assert all(_written())


def test_without_a_folder_the_pack_of_the_settings_learns(
    isobot: Isobot, taught: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOBOT_PACK", str(taught))
    assert isobot("learn")[0] == 0
    assert _file(taught).read_text("utf-8") == WRITTEN


def test_what_is_for_a_topic_of_another_pack_waits_for_that_pack(isobot: Isobot, small_pack: Path) -> None:
    asyncio.run(_teach(("no-such-topic", SUNDAY)))
    code, printed, complained = isobot("learn", "--pack", small_pack)
    assert (code, printed) == (0, f"{small_pack}: đã ghi 0 cách hỏi.\n")
    assert "không có chủ đề “no-such-topic”" in complained
    assert _written() == [None]


def test_a_dry_run_prints_a_patch_and_changes_nothing(isobot: Isobot, taught: Path) -> None:
    code, printed, _ = isobot("learn", "--pack", taught, "--dry-run")
    assert code == 0
    assert "--- a/topics/hoi.yaml\n+++ b/topics/hoi.yaml\n" in printed
    assert f"+  phrasings: [mấy giờ mở cửa, mở cửa từ mấy giờ, giờ làm việc của thư viện, {SUNDAY}]\n" in printed
    assert _file(taught).read_text("utf-8") == SMALL
    assert _written() == [None, None]


def test_a_folder_that_cannot_be_written_to_gets_a_patch_instead(
    isobot: Isobot, taught: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = revision._write

    def refuse(file: Path, text: str) -> None:
        # The root user may write everywhere, so the system does not refuse by itself.
        if file.is_relative_to(taught):
            raise PermissionError(13, "Permission denied", str(file))
        write(file, text)

    monkeypatch.setattr(revision, "_write", refuse)
    code, printed, complained = isobot("learn", "--pack", taught)
    assert code == 1
    assert "+++ b/topics/hoi.yaml" in printed
    assert f"Không ghi được vào {taught}" in complained
    assert _file(taught).read_text("utf-8") == SMALL
    assert _written() == [None, None]
    assert [file.name for file in _file(taught).parent.iterdir()] == ["hoi.yaml"]


def test_a_pack_that_would_have_faults_stays_as_it_is(isobot: Isobot, taught: Path) -> None:
    _file(taught).write_text(SMALL.replace("<b>8 giờ</b>", "<b>8 giờ"), "utf-8")
    before = _file(taught).read_bytes()
    code, _, complained = isobot("learn", "--pack", taught)
    assert code == 1
    assert f"{_file(taught)}:4: Telegram không nhận HTML này" in complained
    assert _file(taught).read_bytes() == before
    assert _written() == [None, None]


def test_comments_and_the_rest_of_a_hand_written_file_stay(isobot: Isobot, small_pack: Path) -> None:
    text = """\
# Thư viện

- id: gio-mo-cua   # giờ
  ask: "Mấy giờ mở cửa?"
  phrasings:
      - mấy giờ mở cửa   # hay hỏi nhất

      - 'mở cửa từ mấy giờ'
      # hết
  answer: >-
    Từ <b>8 giờ</b>
    đến 17 giờ.
"""
    _file(small_pack).write_text(text, "utf-8")
    asyncio.run(_teach(("gio-mo-cua", SUNDAY)))
    assert isobot("learn", "--pack", small_pack)[0] == 0
    last = "      - 'mở cửa từ mấy giờ'\n"
    assert _file(small_pack).read_text("utf-8") == text.replace(last, f"{last}      - {SUNDAY}\n")


def test_a_bot_that_was_taught_nothing_has_nothing_to_write(isobot: Isobot, small_pack: Path) -> None:
    assert isobot("learn", "--pack", small_pack) == (0, f"{small_pack}: đã ghi 0 cách hỏi.\n", "")


def test_a_database_that_cannot_be_opened_is_one_line(
    isobot: Isobot, small_pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOBOT_DATABASE_URL", "nosuch://host/isobot")
    code, printed, complained = isobot("learn", "--pack", small_pack)
    assert (code, printed) == (1, "")
    assert complained.count("\n") == 1
