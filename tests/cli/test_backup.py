"""`isobot backup`, `restore` and `move-to`: what they say, and that they refuse in one line."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.backups import dated
from bot.clock import Clock
from tests.bot.archive import Installation, rows_of

Isobot = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.usefixtures("used")


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """From now on another machine, which remembers nothing."""
    monkeypatch.setenv("ISOBOT_DATA", str(tmp_path / "empty"))
    return Installation(tmp_path / "empty")


def _is_refused(ended: tuple[int, str, str], told: str) -> bool:
    code, printed, complained = ended
    return (code, printed, complained.count("\n")) == (1, "", 1) and told in complained


def test_a_backup_is_made_and_restored(isobot: Isobot, used: Installation, empty: Installation) -> None:
    code, printed, complained = isobot("restore", "backup.zip")
    assert (code, complained) == (0, "")
    assert printed.startswith("Đã khôi phục: 30 dòng, 2 tệp đính kèm, sao lưu lúc ")
    assert empty.rows() == used.rows()


def test_a_backup_can_be_looked_at_without_restoring_it(isobot: Isobot, empty: Installation) -> None:
    code, printed, _ = isobot("restore", "--check", "backup.zip")
    assert code == 0
    assert printed.startswith("Bản sao lưu còn nguyên vẹn: 30 dòng")
    assert not empty.data.exists()


def test_a_file_is_overwritten_only_when_told_so(isobot: Isobot, tmp_path: Path) -> None:
    (tmp_path / "mine.zip").write_text("mine")
    assert _is_refused(isobot("backup", "mine.zip"), "--force")
    assert (tmp_path / "mine.zip").read_text() == "mine"
    assert isobot("backup", "--force", "mine.zip")[:2] == (0, "Đã ghi mine.zip: 30 dòng, 2 tệp đính kèm.\n")
    assert isobot("restore", "--check", "mine.zip")[0] == 0


def test_in_a_folder_a_backup_is_called_by_its_moment_and_the_old_ones_go(isobot: Isobot, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    old, recent = (dated(folder, Clock().now() - timedelta(days=days)) for days in (10, 6))
    for file in (old, recent):
        file.touch()
    code, printed, _ = isobot("backup", "--keep", "7d", "backups")
    assert code == 0
    assert f"Đã xoá bản cũ backups/{old.name}." in printed
    [new] = set(folder.iterdir()) - {recent}
    assert f"Đã ghi backups/{new.name}:" in printed


def test_an_attachment_that_is_not_in_the_backup_is_named(isobot: Isobot, used: Installation) -> None:
    [lost, _] = [Path(file) for file in sorted(used.contents()) if file.startswith("attachments")]
    (used.data / lost).unlink()
    code, printed, complained = isobot("backup", "new.zip")
    assert (code, printed) == (0, "Đã ghi new.zip: 30 dòng, 1 tệp đính kèm.\n")
    assert (complained.count("\n"), lost.name in complained) == (1, True)


def test_what_cannot_be_done_is_told_in_one_line(isobot: Isobot, used: Installation, tmp_path: Path) -> None:
    assert _is_refused(isobot("backup", "not there/backup.zip"), "not there")
    assert _is_refused(isobot("restore", "backup.zip"), "isobot.db")
    assert _is_refused(isobot("restore", "not there.zip"), "not there.zip")
    assert _is_refused(isobot("move-to", f"sqlite+aiosqlite:///{used.file}"), "không trống")
    (tmp_path / "backup.zip").write_text("no backup")
    assert _is_refused(isobot("restore", "--check", "backup.zip"), "không phải bản sao lưu")


@pytest.mark.usefixtures("empty")
def test_where_nothing_is_remembered_there_is_nothing_to_back_up_or_move(isobot: Isobot, tmp_path: Path) -> None:
    assert _is_refused(isobot("backup", "new.zip"), "Chưa có cơ sở dữ liệu")
    assert _is_refused(isobot("move-to", f"sqlite+aiosqlite:///{tmp_path}/new.db"), "Chưa có cơ sở dữ liệu")
    assert not (tmp_path / "new.zip").exists()


def test_moving_tells_how_much_went_and_what_to_set(isobot: Isobot, used: Installation, tmp_path: Path) -> None:
    code, printed, complained = isobot("move-to", f"sqlite+aiosqlite:///{tmp_path}/new.db")
    assert (code, complained) == (0, "")
    assert "\nversions " in printed
    assert "30 dòng" in printed
    assert "ISOBOT_DATABASE_URL" in printed
    assert rows_of(tmp_path / "new.db") == used.rows()
