"""What is stored about a person is shown on demand, and deleted on demand."""

import re

import pytest

from bot.states import State
from tests.whole.offices import invite_coordinator, open_office
from tests.whole.town import COORDINATOR, Someone, Town, labels, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def forgets(person: Someone) -> None:
    """Have everything deleted."""
    [sure] = (await person.presses(await person.asks("/riengtu"), "Xoá dữ liệu của tôi")).replies
    assert labels(sure) == ["Xoá dữ liệu của tôi", "‹ Quay lại"]
    assert (await person.presses(sure, "Xoá dữ liệu của tôi")).toasts == ["Đã xoá."]
    assert sure.text == "Đã xoá dữ liệu cá nhân của anh/chị. Anh/chị vẫn hỏi được như mọi người."


def mentions(town: Town, *signs: object) -> dict[str, list[str]]:
    """The tables that hold any of these, and in which columns."""
    found: dict[str, list[str]] = {}
    # A number is looked for as a whole: by chance it is part of a moment's microseconds.
    sought = re.compile("|".join(rf"(?<!\d){re.escape(str(sign))}(?!\d)" for sign in signs))
    for table, rows in town.remembered().items():
        columns = {column for row in rows for column, value in row.items() if sought.search(str(value))}
        if columns:
            found[table] = sorted(columns)
    return found


async def test_a_newcomer_sees_that_hardly_anything_is_stored(an: Someone) -> None:
    await an.asks("hạn nộp báo cáo là ngày nào")
    page = await an.asks("/riengtu")
    for told in ("Họ tên: không lưu", f"mã số Telegram: {an.id}", "Câu hỏi còn ghi người hỏi: 1", "nhật ký: 0"):
        assert told in page.text


async def test_the_page_says_what_is_kept_why_and_how_long_and_who_sees_it(an: Someone) -> None:
    page = await an.asks("/riengtu")
    for told in (
        "Câu hỏi đã gõ: để trả lời và soạn thêm câu còn thiếu; người hỏi 30 ngày, nội dung đến hết 31/12/2022.",
        "Không lưu: số điện thoại",
        "Hồ sơ của cơ quan: số và ngày văn bản, tệp đã nộp",
        "Ai xem được: cán bộ điều phối",
        "Bản sao lưu: hết hạn sau 30 ngày",
        "Nhật ký máy chủ: chỉ ghi số hiệu",
    ):
        assert told in page.text


async def test_who_is_named_in_the_settings_is_told_that_they_come_back(town: Town, coordinator: Someone) -> None:
    [sure] = (await coordinator.presses(await coordinator.asks("/riengtu"), "Xoá dữ liệu của tôi")).replies
    assert "ISOBOT_COORDINATORS" in sure.text
    await coordinator.presses(sure, "‹ Quay lại")


async def test_a_contact_sees_agency_name_acts_messages_and_the_open_form(town: Town) -> None:
    office = await open_office(town, "Hoàng Thị Cúc")
    await office.confirms()
    await office.form()
    page = await office.contact.asks("/riengtu")
    for told in (
        f"• Đầu mối của {office.name}",
        "Họ tên: Hoàng Thị Cúc",
        "Việc đã làm trong nhật ký: 1; tin đã gửi tới anh/chị trong sổ: 1",
        "• Một việc đang dở",
    ):
        assert told in page.text


async def test_who_would_rather_not_is_not_forgotten(town: Town) -> None:
    office = await open_office(town)
    [sure] = (await office.contact.presses(await office.contact.asks("/riengtu"), "Xoá dữ liệu của tôi")).replies
    assert f"Anh/chị thôi làm đầu mối của {office.name}." in sure.text
    await office.contact.presses(sure, "‹ Quay lại")
    assert [row["person_id"] for row in office.rows("contacts")] == [office.contact.id]


async def test_a_forgotten_contact_is_in_no_table_and_the_acts_stay(town: Town, coordinator: Someone) -> None:
    name = "Phùng Khắc Hiếm"
    office = await open_office(town, name, "Lý Văn Tám")
    person = office.contact
    await person.asks("thời tiết hôm nay")
    await person.presses(await person.asks("/donvi"), "Bàn giao")
    await office.confirms()
    await office.withdraws()
    await office.form()
    last = [one.last for one in (office.contacts[1], coordinator)]
    assert set(mentions(town, name, person.id)) >= {"contacts", "audit", "steps", "versions", "outgoing", "drafts"}
    await forgets(person)
    assert mentions(town, name, person.id) == {}
    assert office.story() == [State.CONFIRMED, State.WITHDRAWN]
    assert [row["act"] for row in office.rows("audit")] == ["invited", "confirmed", "withdrawn", "unlinked"]
    assert [row["agency"] for row in town.rows("versions") if row["agency"] == office.agency] == [office.agency]
    for one, before in zip((office.contacts[1], coordinator), last, strict=True):
        [told] = one.heard(after=before)
        assert told.text == f"Một đầu mối không còn là đầu mối của {office.name} (đã yêu cầu xoá dữ liệu cá nhân)."
    assert "không lưu" in (await person.asks("/riengtu")).text
    assert "chưa liên kết" in (await person.asks("/xacnhan")).text
    assert "/xacnhan" not in (await person.asks("/help")).text


async def test_receipts_of_a_forgotten_contact_stay_real_and_name_nobody(town: Town) -> None:
    office = await open_office(town, "Phùng Khắc Hiếm", "Lý Văn Tám")
    receipt = await office.confirms()
    code = receipt.text.split("Mã kiểm tra: ")[1].split()[0]
    await forgets(office.contact)
    assert (await town.someone().asks(f"/kiemtra {code}")).text.startswith("Biên nhận thật, là bản hiện hành.")
    shown = (await office.contacts[1].asks("/biennhan")).text
    assert shown.startswith("Biên nhận số")
    assert "Phùng" not in shown
    assert "Phùng" not in (await office.contacts[1].asks("/tinhtrang")).text


async def test_a_forgotten_coordinator_coordinates_no_more_and_is_written_to_no_more(own_town: Town) -> None:
    office = await open_office(own_town)
    khoa = await invite_coordinator(own_town, "Phùng Khắc Hiếm")
    await office.confirms()
    await khoa.presses(khoa.heard()[-1], "Tiếp nhận")
    await forgets(khoa)
    assert mentions(own_town, "Phùng Khắc Hiếm", khoa.id) == {}
    assert (await khoa.asks("/moi")).text == "Lệnh này dành cho cán bộ điều phối."
    last = khoa.last
    await own_town.person(COORDINATOR).presses(office.review(), "Hoàn tác tiếp nhận")
    assert khoa.last == last
    assert [row["state"] for row in own_town.rows("outgoing") if row["state"] != "sent"] == []


async def test_who_was_forgotten_may_come_back_by_a_new_code(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    await forgets(office.contact)
    invitation = await coordinator.asks(f"/moi {office.name}")
    code = invitation.text.split("?start=")[1].split()[0]
    card = await office.contact.asks(f"/start {code}")
    assert (await office.contact.presses(card, "Đồng ý")).toasts == ["Đã liên kết."]


async def test_forgetting_twice_does_no_harm(town: Town) -> None:
    office = await open_office(town)
    page = await office.contact.asks("/riengtu")
    [sure] = (await office.contact.presses(page, "Xoá dữ liệu của tôi")).replies
    await office.contact.presses(sure, "Xoá dữ liệu của tôi")
    assert (await office.contact.forces(sure.id, "qs")).toasts == ["Đã xoá."]
    await until(lambda: labels(sure) == [])
