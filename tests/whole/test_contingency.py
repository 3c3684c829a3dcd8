"""Switching to the epidemic plan and back: seen before, told to those concerned, followed by everything at once."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.sandbox.messages import Message
from knowledge.answer import Answerer
from knowledge.pack import load
from tests.conftest import NewStore
from tests.whole import library
from tests.whole.conftest import open_town
from tests.whole.town import AT_BU_DANG, AT_SO_XAY_DUNG, COORDINATOR, Town, labels

pytestmark = pytest.mark.asyncio(loop_scope="module")

ON, OFF, CANCEL = "Chuyển sang phương án dịch", "Trở lại kế hoạch chính", "Huỷ"
REASON = "dịch ở Đồng Xoài còn phức tạp"
PAST = "Bước này đã qua. Gõ lệnh để bắt đầu lại nếu cần."

_COORDINATES = "INSERT INTO coordinators (person_id, name, since) VALUES ({}, 'Hai', '2021-11-08 01:00:00.000000')"
_ELSEWHERE = "INSERT INTO switches (contingency, reason, at) VALUES (true, 'từ nơi khác', '2021-11-08 01:00:00.000000')"


async def _ready(town: Town, reason: str = REASON) -> Message:
    """The card with the button that switches."""
    coordinator = town.person(COORDINATOR)
    await coordinator.asks("/phuongan")
    return await coordinator.asks(reason)


async def _switch(town: Town, label: str = ON) -> Message:
    card = await _ready(town)
    assert (await town.person(COORDINATOR).presses(card, label)).toasts == ["Đã chuyển."]
    return card


async def _change(town: Town, statement: str) -> None:
    """Change the records behind the bot's back."""
    async with town.demo.application.bot_data.coordinators._database.writing() as session:
        await session.execute(text(statement))


async def test_the_preview_names_what_changes_and_who_is_told_and_wants_a_reason(own_town: Town) -> None:
    coordinator = own_town.person(COORDINATOR)
    card = await coordinator.asks("/phuongan")
    assert card.text.startswith("Đang theo: kế hoạch chính")
    assert "5 cơ quan đổi hình thức, từ tại trụ sở sang qua hồ sơ và báo cáo" in card.text
    assert "• Sở Xây dựng: 1 đầu mối\n• Sở Ngoại vụ: ○ chưa có đầu mối" in card.text
    assert "báo cho 1 đầu mối và các cán bộ điều phối khác; 4 cơ quan chưa có ai để báo" in card.text
    assert labels(card) == [CANCEL]
    assert (await coordinator.forces(card.id, "ps")).toasts == ["Cần lý do: anh/chị gõ lý do trước."]
    ready = await coordinator.asks(REASON)
    assert f"Lý do: {REASON}" in ready.text
    assert labels(ready) == [ON, CANCEL]
    assert own_town.rows("switches") == []


async def test_those_whose_form_changes_are_told_and_the_others_are_not(own_town: Town) -> None:
    concerned, not_concerned = own_town.person(AT_SO_XAY_DUNG), own_town.person(AT_BU_DANG)
    for one in (concerned, not_concerned):
        await one.asks("/start")
    quiet = len(not_concerned.heard())
    card = await _switch(own_town)
    assert card.text.startswith("Đã chuyển sang phương án dịch\n")
    assert labels(card) == []
    news = concerned.heard()[-1].text
    assert news.startswith("Đợt kiểm tra chuyển sang phương án dịch: qua hồ sơ và báo cáo\n")
    assert "Sở Xây dựng" in news
    assert f"Lý do: {REASON}" in news
    assert len(not_concerned.heard()) == quiet
    [row] = own_town.rows("switches")
    assert (row["contingency"], row["reason"], row["person_id"]) == (1, REASON, COORDINATOR)
    assert [(row["act"], row["person_id"]) for row in own_town.rows("audit")] == [("contingency-on", COORDINATOR)]


async def test_answers_cards_and_pages_follow_at_once_and_go_back(own_town: Town) -> None:
    an, contact = own_town.someone(), own_town.person(AT_SO_XAY_DUNG)

    async def shown() -> list[str]:
        return [
            (await an.asks("sở xây dựng kiểm tra kiểu gì")).text,
            (await an.asks("những cơ quan nào kiểm tra tại trụ sở")).text,
            (await an.asks("nếu dịch covid phức tạp thì kiểm tra thế nào")).text,
            (await an.asks("/kehoach")).text,
            (await contact.asks("/tinhtrang")).text,
        ]

    before = await shown()
    assert not any("ghi nhận" in told for told in before)
    assert "Kiểm tra tại trụ sở" in before[4]
    await _switch(own_town)
    during = await shown()
    assert during[0].startswith("Sở Xây dựng: nay kiểm tra qua hồ sơ và báo cáo, theo phương án dịch")
    assert during[1].startswith("Nay không cơ quan nào được kiểm tra tại trụ sở.")
    assert during[2].startswith("Đang theo phương án này")
    assert "cả 31 qua hồ sơ và báo cáo, cán bộ điều phối ghi nhận từ 08/11/2021" in during[3]
    assert "Kiểm tra qua hồ sơ và báo cáo, theo phương án dịch" in during[4]
    # The decision is a fact of the records; the source is not made to say it.
    assert all("ghi nhận" in told and "nguồn" in told for told in during[:3])
    back = await _switch(own_town, OFF)
    assert back.text.startswith("Đã trở lại kế hoạch chính\n")
    assert contact.heard()[-1].text.startswith("Đợt kiểm tra trở lại kế hoạch chính: tại trụ sở\n")
    assert await shown() == before
    assert [row["contingency"] for row in own_town.rows("switches")] == [1, 0]


async def test_another_coordinator_is_told_once_and_one_who_comes_second_changes_nothing(own_town: Town) -> None:
    first, second = own_town.person(COORDINATOR), own_town.someone()
    await _change(own_town, _COORDINATES.format(second.id))
    mine = await _ready(own_town)
    await second.asks("/phuongan")
    theirs = await second.asks("lý do khác")
    heard = len(second.heard())
    await first.presses(mine, ON)
    assert [message.text.splitlines()[0] for message in second.heard()[heard:]] == [
        "Đợt kiểm tra chuyển sang phương án dịch: qua hồ sơ và báo cáo"
    ]
    pressed = await second.presses(theirs, ON)
    assert pressed.toasts == ["Việc chuyển phương án đã có người làm. Gõ /phuongan để xem lại."]
    assert labels(theirs) == []
    assert len(own_town.rows("switches")) == 1


async def test_a_reason_typed_after_somebody_else_switched_is_for_the_way_back(own_town: Town) -> None:
    second = own_town.someone()
    await _change(own_town, _COORDINATES.format(second.id))
    await second.asks("/phuongan")
    await _switch(own_town)
    late = (await second.says("lý do muộn"))[-1]
    assert late.text.startswith("Đang theo: phương án dịch\n")
    assert labels(late) == [OFF, CANCEL]


async def test_pressing_twice_switches_once_and_the_way_out_switches_nothing(own_town: Town) -> None:
    coordinator = own_town.person(COORDINATOR)
    await coordinator.presses(await _ready(own_town), CANCEL)
    assert own_town.rows("switches") == []
    card = await _switch(own_town)
    assert (await coordinator.forces(card.id, "ps")).toasts == [PAST]
    assert len(own_town.rows("switches")) == 1


async def test_what_another_process_switched_is_taken_in_with_the_next_tick(own_town: Town) -> None:
    await _change(own_town, _ELSEWHERE)
    services = own_town.demo.application.bot_data
    await own_town.turn_clock("2021-11-08T08:05")
    async with asyncio.timeout(10):
        while services.pack.contingency is None:  # noqa: ASYNC110 - the tick works in the background
            await asyncio.sleep(0.01)
    assert (await own_town.someone().asks("sở xây dựng kiểm tra kiểu gì")).text.startswith("Sở Xây dựng: nay")


@pytest.mark.parametrize("who", [None, AT_SO_XAY_DUNG])
async def test_nobody_else_switches(own_town: Town, who: int | None) -> None:
    someone = own_town.person(who) if who else own_town.someone()
    refused = await someone.asks("/phuongan")
    assert "cán bộ điều phối" in refused.text
    pressed = await someone.forces(refused.id, "ps")
    assert (pressed.toasts, pressed.replies) == ([PAST], [])
    assert (own_town.rows("switches"), own_town.rows("drafts")) == ([], [])


async def test_who_ceased_to_coordinate_does_not_switch(own_town: Town) -> None:
    second = own_town.someone()
    await _change(own_town, _COORDINATES.format(second.id))
    await second.asks("/phuongan")
    card = await second.asks(REASON)
    await _change(own_town, "DELETE FROM coordinators")
    assert (await second.presses(card, ON)).toasts == ["Nút này dành cho cán bộ điều phối."]
    assert own_town.rows("switches") == []


async def test_a_bot_without_a_plan_has_nothing_to_switch(new_store: NewStore, tmp_path: Path) -> None:
    pack = load(library.write(tmp_path / "pack"))
    async with open_town(Answerer(pack), tmp_path / "data", new_store) as town:
        assert "không gắn với một kế hoạch nào" in (await town.person(COORDINATOR).asks("/phuongan")).text
        assert town.rows("drafts") == []
