"""`isobot check`: each fault on a line of its own, and an exit code for scripts."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

Isobot = Callable[..., tuple[int, str, str]]


def test_the_shipped_pack_is_sound(isobot: Isobot) -> None:
    code, printed, complained = isobot("check")
    assert (code, complained) == (0, "")
    assert re.fullmatch(r"binh-phuoc-2021: không có lỗi \(\d+ chủ đề, \d+ cách hỏi\)\.\n", printed)


def test_a_sound_folder_is_one_line_with_what_it_holds(isobot: Isobot, small_pack: Path) -> None:
    assert isobot("check", small_pack) == (0, f"{small_pack}: không có lỗi (2 chủ đề, 6 cách hỏi).\n", "")


def test_each_fault_is_a_line_with_its_file_its_line_and_its_cure(isobot: Isobot, broken_pack: Path) -> None:
    code, printed, complained = isobot("check", broken_pack)
    file = broken_pack / "topics" / "hoi.yaml"
    assert (code, complained) == (1, "")
    assert printed.splitlines() == [
        f"{file}:11: khoá “answer” ghi hai lần. Cách sửa: giữ lại một lần.",
        f"{broken_pack}: 1 lỗi.",
    ]
    file.write_text(file.read_text("utf-8").replace("  answer: Hai lần.\n", ""), "utf-8")
    assert isobot("check", broken_pack)[1].splitlines() == [
        f"{file}:6: khoá lạ “colour”. Cách sửa: sửa tên khoá hoặc bỏ dòng này.",
        f"{broken_pack}: 1 lỗi.",
    ]


def test_a_fault_of_content_fails_the_check_too(isobot: Isobot, small_pack: Path) -> None:
    file = small_pack / "topics" / "hoi.yaml"
    file.write_text(file.read_text("utf-8").replace("<b>8 giờ</b>", "<b>8 giờ"), "utf-8")
    code, printed, _ = isobot("check", small_pack)
    assert code == 1
    assert printed.startswith(f"{file}:4: Telegram không nhận HTML này")
    assert "Cách sửa: đóng đủ thẻ" in printed


def test_one_broken_folder_among_sound_ones_fails_the_check_and_all_are_told(
    isobot: Isobot, small_pack: Path, broken_pack: Path, tmp_path: Path
) -> None:
    code, printed, _ = isobot("check", small_pack, broken_pack, tmp_path / "nowhere")
    assert code == 1
    assert f"{small_pack}: không có lỗi" in printed
    assert f"{broken_pack}: 1 lỗi." in printed
    assert f"{tmp_path / 'nowhere'}: 1 lỗi." in printed
    assert isobot("check", broken_pack, small_pack)[0] == 1


def test_without_a_folder_the_pack_of_the_settings_is_checked(
    isobot: Isobot, broken_pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOBOT_PACK", str(broken_pack))
    code, printed, _ = isobot("check")
    assert code == 1
    assert str(broken_pack) in printed
