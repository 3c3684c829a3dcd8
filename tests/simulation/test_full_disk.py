"""A disk on which SQLite itself finds no room any more: nothing is lost, and all goes on once there is room."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.simulation.house import BINH, HA, MINH, Begun, House
from tests.simulation.invariants import Witness
from tests.simulation.machine import MARKS
from tests.simulation.people import Script, heard, perform

pytestmark = MARKS

_DEEDS: tuple[tuple[int, Script], ...] = (
    (BINH, ("/xacnhan", "[Email]", "[Xác nhận]")),
    (HA, ("[Tiếp nhận]",)),
    (HA, ("/giahan Sở Xây dựng", "20/11 vì dịch", "[Gia hạn]")),
    (HA, ("/thongbao", "Họp lúc 14:00. " * 200, "[Tất cả cơ quan]", "[Gửi]")),
    (MINH, ("[Xác nhận đã nộp]", "[Trục liên thông]", "[Xác nhận]")),
)


@pytest.mark.parametrize("pages", [0, 1, 2, 3])
def test_where_the_file_cannot_grow_nothing_is_lost_and_all_goes_on_once_it_can(
    pages: int, runner: asyncio.Runner, new_house: Callable[[Path], House], begun: Begun, tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    house = new_house(tmp_path / "full")
    house.begin_with(begun)
    witness = Witness(house)
    runner.run(house.start())
    assert runner.run(house.settle())
    assert not witness.faults()

    house.leave_room(pages)
    for person, script in _DEEDS:
        runner.run(perform(house, person, script))
    assert "database or disk is full" in caplog.text
    house.asked.clear()
    house.leave_room(None)

    assert runner.run(house.settle())
    assert not witness.faults()
    for person in (HA, BINH, MINH):
        before = len(heard(house, person))
        runner.run(perform(house, person, ("/help",)))
        assert len(heard(house, person)) > before
    assert not witness.faults()
    runner.run(house.kill())
    house.leave()
