"""The coordinator accepts, takes that back, returns, records for an agency, and lets it off; an agency withdraws."""

import pytest

from bot.states import State
from tests.whole import papers
from tests.whole.offices import invite_coordinator, open_office
from tests.whole.town import COORDINATOR, Someone, Town, labels, marked

pytestmark = pytest.mark.asyncio(loop_scope="module")

TO_REVIEW = ["Tiếp nhận", "Trả lại"]


async def test_accepting_changes_the_card_and_is_told_to_every_contact(town: Town, coordinator: Someone) -> None:
    office = await open_office(town, "Hoàng Thị Cúc", "Lý Văn Tám")
    await office.confirms()
    last, sent = [one.last for one in office.contacts], coordinator.last
    card = await office.accepted()
    assert "✅ đã tiếp nhận" in card.text
    assert "Tiếp nhận lúc 08:" in card.text
    assert "ngày 08/11/2021 bởi Lê Thu Hà." in card.text
    assert labels(card) == ["Hoàn tác tiếp nhận"]
    assert coordinator.heard(after=sent) == [], "the card is the answer"
    told = f"{office.name}: báo cáo đã được tiếp nhận (bản 1)\nNgười thực hiện: Lê Thu Hà"
    for one, before in zip(office.contacts, last, strict=True):
        [message] = one.heard(after=before)
        assert message.text.startswith(told)


async def test_accepting_can_be_undone_and_both_stay_on_record(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    await office.confirms()
    card = await office.accepted()
    assert (await coordinator.presses(card, "Hoàn tác tiếp nhận")).toasts == ["Đã hoàn tác."]
    assert labels(card) == TO_REVIEW
    assert "Hoàn tác tiếp nhận lúc 08:" in card.text
    assert "việc tiếp nhận vừa được hoàn tác" in office.contact.heard()[-1].text
    assert office.story() == [State.CONFIRMED, State.ACCEPTED, State.CONFIRMED]
    assert [row["act"] for row in office.rows("audit")] == ["confirmed", "accepted", "acceptance-undone"]
    await office.accepted()


async def test_accepting_can_be_undone_for_ten_minutes_only(own_town: Town) -> None:
    coordinator = own_town.person(COORDINATOR)
    office = await open_office(own_town)
    await office.confirms()
    card = await office.accepted()
    await own_town.post("clock", by_seconds=9 * 60)
    await coordinator.presses(card, "Hoàn tác tiếp nhận")
    await office.accepted()
    await own_town.post("clock", by_seconds=10 * 60 + 1)
    pressed = await coordinator.presses(card, "Hoàn tác tiếp nhận")
    assert pressed.toasts == ["Chỉ hoàn tác được trong mười phút sau khi tiếp nhận."]
    assert office.story()[-1] == State.ACCEPTED


async def test_a_report_is_returned_with_what_is_missing_a_reason_and_a_new_day(
    town: Town, coordinator: Someone
) -> None:
    office = await open_office(town, "Hoàng Thị Cúc", "Lý Văn Tám")
    await office.confirms()
    card, last = office.review(), [one.last for one in office.contacts]
    [form] = (await coordinator.presses(card, "Trả lại")).replies
    await coordinator.presses(form, "☐ thiếu chữ ký hoặc dấu")
    await coordinator.presses(form, "☐ tệp không đọc được")
    await coordinator.presses(form, "☑ tệp không đọc được")
    await coordinator.presses(form, "+5 ngày làm việc")
    form = await coordinator.asks("thiếu phụ lục 2")
    assert "Lý do: thiếu chữ ký hoặc dấu; thiếu phụ lục 2\nHạn mới: thứ Hai, 15/11/2021 (ngày cuối)" in form.text
    assert (await coordinator.presses(form, "Trả lại")).toasts == ["Đã trả lại."]
    assert form.text.startswith(f"{office.name}: đã trả lại để bổ sung (bản 1)")
    assert labels(form) == []
    assert "↩️ trả lại, chờ bổ sung" in card.text
    assert "Lý do: thiếu chữ ký hoặc dấu; thiếu phụ lục 2" in card.text
    assert labels(card) == []
    for one, before in zip(office.contacts, last, strict=True):
        [told] = one.heard(after=before)
        assert told.text.startswith(f"{office.name}: báo cáo bị trả lại, chờ bổ sung (bản 1)\nLý do: thiếu chữ ký")
        assert "Hạn mới: trước ngày 16/11/2021, chậm nhất thứ Hai, 15/11/2021" in told.text
        assert labels(told) == ["Bổ sung"]
    assert [row["before"] for row in office.rows("extensions")] == ["2021-11-16"]


async def test_the_new_day_can_be_typed_and_one_that_is_past_is_refused(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    await office.confirms()
    await coordinator.presses(office.review(), "Trả lại")
    form = await coordinator.asks("1/11/2021")
    assert "⚠️ Ngày này đã qua; anh/chị gõ một ngày từ hôm nay." in form.text
    await coordinator.asks("20/11/2021")
    form = await coordinator.asks("thiếu phụ lục")
    await coordinator.presses(form, "Trả lại")
    assert "Hạn mới: trước ngày 21/11/2021" in office.contact.heard()[-1].text


async def test_without_a_new_day_the_deadline_stays(town: Town) -> None:
    office = await open_office(town)
    await office.confirms()
    assert "Hạn vẫn là: trước ngày 15/11/2021" in (await office.returned()).text
    assert office.rows("extensions") == []


async def test_without_a_reason_nothing_is_returned(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    await office.confirms()
    [form] = (await coordinator.presses(office.review(), "Trả lại")).replies
    pressed = await coordinator.presses(form, "Trả lại")
    assert pressed.toasts == ["Cần lý do: chọn phần còn thiếu hoặc gõ lý do."]
    assert office.story() == [State.CONFIRMED]


async def test_the_other_coordinator_sees_it_on_the_card_they_have(own_town: Town) -> None:
    office = await open_office(own_town)
    first, khoa = own_town.person(COORDINATOR), await invite_coordinator(own_town)
    await office.confirms()
    mine, theirs = office.review(), khoa.heard()[-1]
    assert theirs.text == mine.text
    last = khoa.last
    await office.accepted()
    assert (theirs.text, labels(theirs), khoa.last) == (mine.text, ["Hoàn tác tiếp nhận"], last)
    await khoa.presses(theirs, "Hoàn tác tiếp nhận")
    assert (mine.text, labels(mine)) == (theirs.text, TO_REVIEW)
    [form] = (await khoa.presses(theirs, "Trả lại")).replies
    await khoa.presses(form, "☐ chưa đủ nội dung")
    late = await first.presses(mine, "Trả lại")
    await khoa.presses(form, "Trả lại")
    assert labels(mine) == labels(theirs) == []
    assert "bởi Vũ Văn Khoa. Lý do: chưa đủ nội dung" in mine.text
    await first.presses(late.replies[0], "☐ chưa đủ nội dung")
    pressed = await first.presses(late.replies[0], "Trả lại")
    assert pressed.toasts == ["Đã thay đổi: hiện là bản 1, trả lại, chờ bổ sung."]
    assert office.story() == [State.CONFIRMED, State.ACCEPTED, State.CONFIRMED, State.RETURNED]


async def test_of_two_coordinators_at_once_one_accepts(own_town: Town) -> None:
    office = await open_office(own_town)
    first, khoa = own_town.person(COORDINATOR), await invite_coordinator(own_town)
    await office.confirms()
    [version] = office.rows("versions")
    event = own_town.world.events.last
    for one, card in ((first, office.review()), (khoa, khoa.heard()[-1])):
        await own_town.post(f"people/{one.id}/presses", message_id=card.id, callback_data=f"va:{version['id']}")
    await own_town.settle()
    seen = [one.data for one in own_town.world.events.since(event) if one.kind == "toast"]
    assert sorted(data["text"] for data in seen if isinstance(data, dict)) == [
        "Đã thay đổi: hiện là bản 1, đã tiếp nhận.",
        "Đã tiếp nhận.",
    ]
    assert office.story() == [State.CONFIRMED, State.ACCEPTED]
    assert [message.text for message in office.contact.heard()][1:] == [office.contact.heard()[-1].text]


async def test_a_new_version_takes_the_buttons_from_the_card_of_the_old(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    await office.confirms()
    old, last = office.review(), coordinator.last
    await office.confirms()
    assert old.text == f"{office.name}, bản 1: đã có bản mới hơn, thẻ của bản đó ở dưới."
    assert labels(old) == []
    [new] = coordinator.heard(after=last)
    assert new.text.startswith("Bản bổ sung · ● đã bổ sung")
    assert labels(new) == TO_REVIEW
    await office.accepted()
    assert old.text.startswith(f"{office.name}, bản 1: đã có bản mới hơn"), "the old card stays as it is"


async def test_recording_for_an_agency_names_both_and_tells_the_contacts(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    page = await coordinator.asks(f"/tinhtrang {office.name}")
    [form] = (await coordinator.presses(page, "Ghi nhận thay")).replies
    assert form.text.startswith(f"Ghi nhận thay · {office.name}")
    assert "Cách gửi: Bản giấy" in form.text
    await coordinator.asks("77/BC-X ngày 5/11/2021")
    form = await coordinator.asks("người nộp: Trần Văn Giấy")
    assert "Người nộp: Trần Văn Giấy" in form.text
    assert (await coordinator.presses(form, "Xác nhận")).toasts == ["Đã xác nhận."]
    by = "bởi cán bộ điều phối Lê Thu Hà, thay mặt cơ quan; người nộp: Trần Văn Giấy"
    assert form.text.startswith("Ghi nhận thay mặt cơ quan · ● đã xác nhận")
    assert by in form.text
    assert labels(form) == TO_REVIEW
    [told] = office.contact.heard()
    assert told.text.startswith("Biên nhận số")
    assert by in told.text
    [version] = office.rows("versions")
    assert [version[one] for one in ("on_behalf", "person_id", "person_name", "recorded_by", "recorded_by_name")] == [
        1, None, "Trần Văn Giấy", COORDINATOR, "Lê Thu Hà",
    ]  # fmt: skip
    assert [row["act"] for row in office.rows("audit")] == ["recorded"]
    await coordinator.presses(form, "Tiếp nhận")
    assert labels(form) == ["Hoàn tác tiếp nhận"]


async def test_a_paper_can_be_recorded_for_an_agency_without_contacts(town: Town, coordinator: Someone) -> None:
    agency = town.fresh_agency()
    form = await coordinator.asks(f"/xacnhan {agency.name}")
    assert form.text.startswith(f"Ghi nhận thay · {agency.name}")
    [form] = await coordinator.gives("scan.pdf", papers.pdf("scan"))
    await coordinator.presses(form, "Xác nhận")
    assert "scan.pdf" in form.text
    assert [row["after"] for row in town.rows("steps") if row["agency"] == agency.id] == [State.CONFIRMED]


async def test_letting_off_needs_a_reason_and_can_be_lifted(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    page = await coordinator.asks(f"/tinhtrang {office.name}")
    [form] = (await coordinator.presses(page, "Miễn nộp")).replies
    assert labels(form) == ["Huỷ"], "not without a reason"
    form = await coordinator.asks("đã sáp nhập")
    assert (await coordinator.presses(form, "Miễn nộp")).toasts == ["Đã ghi nhận miễn nộp."]
    assert "được miễn nộp" in form.text
    [told] = office.contact.heard()
    assert told.text.startswith(f"{office.name}: được miễn nộp\nNgười thực hiện: Lê Thu Hà\nLý do: đã sáp nhập")
    page = await coordinator.asks(f"/tinhtrang {office.name}")
    assert "— được miễn" in page.text
    assert "trễ hạn" not in page.text
    await coordinator.presses(page, "Bỏ miễn nộp")
    assert "không còn được miễn nộp" in office.contact.heard()[-1].text
    assert [row["act"] for row in office.rows("audit")] == ["waived", "waiver-lifted"]
    await office.confirms()


async def test_who_withdraws_is_asked_once_more_and_the_coordinator_sees_it(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    await office.confirms()
    card, last = office.review(), coordinator.last
    await office.withdraws()
    assert "— đã rút" in card.text
    assert labels(card) == []
    [told] = coordinator.heard(after=last)
    assert told.text.startswith(f"{office.name}: đã rút xác nhận (bản 1)")
    assert "— đã rút" in (await office.contact.asks("/tinhtrang")).text
    await office.confirms()
    assert office.story() == [State.CONFIRMED, State.WITHDRAWN, State.AMENDED]


async def test_what_is_accepted_cannot_be_withdrawn(town: Town) -> None:
    office = await open_office(town)
    await office.confirms()
    await office.accepted()
    assert labels(await office.contact.asks("/tinhtrang")) == ["Biên nhận"]


async def test_the_page_of_an_agency_tells_its_contact_where_it_stands(town: Town) -> None:
    office = await open_office(town, "Hoàng Thị Cúc", "Lý Văn Tám")
    page = await office.contact.asks("/tinhtrang")
    assert page.text.startswith(f"{office.name} · ◔ đã liên kết\n")
    assert "\nHạn: trước ngày 15/11/2021, chậm nhất Chủ nhật, 14/11/2021\nCòn 6 ngày" in page.text
    assert "Đầu mối: Hoàng Thị Cúc, Lý Văn Tám" in page.text
    assert labels(page) == ["Xác nhận đã nộp"]
    await office.confirms()
    await office.returned("thiếu phụ lục")
    page = await office.contact.asks("/tinhtrang")
    assert "↩️ trả lại, chờ bổ sung" in page.text
    assert "Bị trả lại vì: thiếu phụ lục" in page.text
    story = page.text.splitlines()[-2:]
    assert "xác nhận (bản 1) – Hoàng Thị Cúc" in story[0]
    assert "trả lại (bản 1) – Lê Thu Hà; lý do: thiếu phụ lục" in story[1]
    assert labels(page) == ["Bổ sung", "Biên nhận", "Rút xác nhận"]


async def test_a_coordinator_chooses_whose_page_to_see_and_what_to_do(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    choice = await coordinator.asks("/tinhtrang")
    assert choice.text.startswith("Tình trạng cơ quan\nChọn cơ quan, hoặc gõ tên cơ quan sau lệnh. Trang 1/")
    page = await coordinator.asks(f"/tinhtrang {office.name}")
    assert labels(page) == ["Ghi nhận thay", "Miễn nộp", "Gia hạn", "Mời đầu mối"]
    await office.confirms()
    page = await coordinator.asks(f"/tinhtrang {office.name}")
    assert labels(page)[:3] == [*TO_REVIEW, "Biên nhận"]


async def test_a_contact_does_not_see_the_page_of_another_agency(town: Town) -> None:
    office, other = await open_office(town), await open_office(town)
    page = await office.contact.asks(f"/tinhtrang {other.name}")
    assert page.text.startswith(office.name)
    assert other.name not in page.text


async def test_who_is_late_is_told_so_until_they_confirm(own_town: Town) -> None:
    office = await open_office(own_town)
    # In the evening, when no reminder comes in between.
    await own_town.turn_clock("2021-11-17T22:00")
    assert "⚠️ trễ hạn 3 ngày" in (await office.contact.asks("/tinhtrang")).text
    await office.confirms()
    assert "⚠️" not in (await office.contact.asks("/tinhtrang")).text


async def test_a_reason_comes_out_harmless(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    await office.confirms()
    told = await office.returned("<b>thiếu</b> & \u202eđủ\nhai")
    assert "Lý do: <b>thiếu</b> & đủ hai" in told.text
    assert not any("thiếu" in words for words in marked(told, "bold"))
