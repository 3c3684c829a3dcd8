"""Later deadlines, for one agency and for all: who hears of it, and that what was late stays late."""

import pytest

from bot.states import State
from tests.whole.offices import invite_coordinator, open_office
from tests.whole.town import AT_BU_DANG, AT_SO_XAY_DUNG, COORDINATOR, Someone, Town, labels

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_one_agency_gets_more_time_and_hears_why(town: Town, coordinator: Someone) -> None:
    office, other = await open_office(town, "Hoàng Thị Cúc", "Lý Văn Tám"), await open_office(town)
    form = await coordinator.asks(f"/giahan {office.name}")
    assert form.text.startswith(f"Gia hạn · {office.name}\nHạn hiện nay: trước ngày 15/11/2021")
    assert labels(form) == ["Huỷ"], "not without a day and a reason"
    form = await coordinator.asks("19/11/2021 vì dịch COVID-19")
    assert "Lý do: dịch COVID-19" in form.text
    assert (await coordinator.presses(form, "Gia hạn")).toasts == ["Đã gia hạn."]
    assert form.text.startswith(f"Đã gia hạn · {office.name}")
    assert labels(form) == []
    for contact in office.contacts:
        [told] = contact.heard()
        assert told.text.startswith("Gia hạn nộp báo cáo: chậm nhất")
        assert "19/11/2021" in told.text
        assert "Lý do: dịch COVID-19" in told.text
    assert other.contact.heard() == []
    assert "Hạn: trước ngày 20/11/2021" in (await office.contact.asks("/tinhtrang")).text
    assert "Hạn: trước ngày 15/11/2021" in (await other.contact.asks("/tinhtrang")).text


async def test_the_day_and_the_reason_may_come_one_after_the_other(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    await coordinator.asks(f"/giahan {office.name}")
    form = await coordinator.asks("19/11/2021")
    assert labels(form) == ["Huỷ"]
    form = await coordinator.asks("do thiên tai")
    assert "Lý do: thiên tai" in form.text
    assert labels(form) == ["Gia hạn", "Huỷ"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [("1/11/2021 vì dịch", "Ngày này đã qua"), ("12/11/2021 vì dịch", "Ngày này không muộn hơn hạn")],
)
async def test_a_day_that_is_no_extension_is_refused(town: Town, coordinator: Someone, typed: str, told: str) -> None:
    office = await open_office(town)
    await coordinator.asks(f"/giahan {office.name}")
    form = await coordinator.asks(typed)
    assert f"⚠️ {told}" in form.text
    assert labels(form) == ["Huỷ"]


async def test_nobody_else_can_extend(town: Town, an: Someone) -> None:
    assert (await an.asks("/giahan Sở Xây dựng")).text == "Lệnh này dành cho cán bộ điều phối."


async def test_all_get_more_time_and_each_person_concerned_hears_of_it_once(own_town: Town) -> None:
    first, khoa = own_town.person(COORDINATOR), await invite_coordinator(own_town)
    owing, done, off = [await open_office(own_town) for _ in range(3)]
    second = await open_office(own_town)
    await own_town.demo.application.bot_data.contacts.link(owing.contact.id, second.agency, "Hoàng Thị Cúc")
    await done.confirms()
    await done.accepted()
    await off.waived()
    for demo_contact in (AT_SO_XAY_DUNG, AT_BU_DANG):
        await own_town.person(demo_contact).says("/start")
    people = [owing.contact, second.contact, done.contact, off.contact, khoa, own_town.person(AT_BU_DANG)]
    last = [one.last for one in people]
    choice = await first.asks("/giahan")
    [form] = (await first.presses(choice, "Tất cả cơ quan")).replies
    assert form.text.startswith("Gia hạn · tất cả cơ quan")
    form = await first.asks("19/11/2021 vì dịch COVID-19")
    assert "Sẽ báo cho 4 cơ quan chưa được tiếp nhận, chưa được miễn." in form.text
    mine = first.last
    await first.presses(form, "Gia hạn")
    heard = [len(one.heard(after=before)) for one, before in zip(people, last, strict=True)]
    assert heard == [1, 1, 0, 0, 1, 1]
    assert first.heard(after=mine) == []
    assert "trước ngày 20/11/2021" in (await own_town.someone().asks("/han")).text


async def test_what_was_late_stays_late_and_what_comes_now_is_in_time(own_town: Town) -> None:
    first = own_town.person(COORDINATOR)
    late, later = await open_office(own_town), await open_office(own_town)
    await own_town.turn_clock("2021-11-17T22:00")
    receipt = await late.confirms()
    assert "Hạn lúc đó: trước ngày 15/11/2021 → trễ hạn 3 ngày" in receipt.text
    await first.presses(await first.asks("/giahan"), "Tất cả cơ quan")
    await first.presses(await first.asks("19/11/2021 vì dịch"), "Gia hạn")
    assert "Hạn lúc đó: trước ngày 15/11/2021 → trễ hạn 3 ngày" in (await late.contact.asks("/biennhan")).text
    assert "trước ngày 20/11/2021 → đúng hạn" in (await later.confirms()).text
    assert [row["due_before"] for row in own_town.rows("versions")] == ["2021-11-15", "2021-11-20"]


async def test_an_extension_shows_on_the_form_that_was_open(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    card = await office.form()
    await coordinator.asks(f"/giahan {office.name}")
    await coordinator.presses(await coordinator.asks("19/11/2021 vì dịch"), "Gia hạn")
    await office.contact.presses(card, "Xác nhận")
    assert "Hạn lúc đó: trước ngày 20/11/2021 → đúng hạn" in card.text
    assert office.story() == [State.CONFIRMED]
