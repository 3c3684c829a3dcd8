"""An agency's contact confirms that the report was submitted: from the first tap to the receipt."""

import hashlib

import pytest

from bot.states import State
from handlers.buttons import Code
from tests.whole import papers
from tests.whole.offices import Office, invite_coordinator, open_office
from tests.whole.town import AT_SO_XAY_DUNG, Someone, Town, data_of, labels, labels_of, marked, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

FORM = ["Xác nhận", "Đổi cách gửi", "Huỷ"]
FORM_WITH_FILES = ["Xác nhận", "Đổi cách gửi", "Bỏ các tệp", "Huỷ"]


async def test_it_takes_two_taps(town: Town) -> None:
    office = await open_office(town)
    card = await office.contact.asks("/xacnhan")
    assert labels_of(card, Code.WAY) == ["Trục liên thông", "Email", "Bản giấy", "Tệp gửi kèm"]
    await office.contact.presses(card, "Trục liên thông")
    assert labels(card) == FORM
    assert "trước ngày 15/11/2021 → xác nhận lúc này là đúng hạn" in card.text
    assert (await office.contact.presses(card, "Xác nhận")).replies == [], "the card itself becomes the receipt"
    [version] = office.rows("versions")
    assert card.text.startswith(f"Biên nhận số {version['id']} · ● đã xác nhận")
    assert labels(card) == ["Tình trạng"]


async def test_the_receipt_tells_what_when_by_whom_and_that_it_was_in_time(town: Town) -> None:
    office = await open_office(town, "Hoàng Thị Cúc")
    receipt = await office.confirms("Trục liên thông")
    for told in (
        f"Cơ quan: {office.name} · bản 1",
        "Cách gửi: Trục liên thông",
        "Văn bản: chưa ghi số, ngày",
        "ngày 08/11/2021 (giờ máy chủ), Hoàng Thị Cúc",
        "Hạn lúc đó: trước ngày 15/11/2021 → đúng hạn",
    ):
        assert told in receipt.text
    [code] = marked(receipt, "code")
    assert (await town.someone().asks(f"/kiemtra {code}")).text.startswith("Biên nhận thật, là bản hiện hành.")


async def test_the_other_contacts_get_the_receipt_and_each_coordinator_a_card(town: Town, coordinator: Someone) -> None:
    office = await open_office(town, "Hoàng Thị Cúc", "Lý Văn Tám")
    khoa = await invite_coordinator(town)
    last = coordinator.last, khoa.last
    receipt = await office.confirms()
    assert [message.text for message in office.contacts[1].heard()] == [receipt.text]
    for one, before in zip((coordinator, khoa), last, strict=True):
        [card] = one.heard(after=before)
        assert card.text.startswith("Xác nhận nộp báo cáo · ● đã xác nhận")
        assert f"Cơ quan: {office.name} · bản 1" in card.text
        assert labels(card) == ["Tiếp nhận", "Trả lại"]


async def test_a_pdf_with_its_number_and_day_takes_one_tap(town: Town) -> None:
    office = await open_office(town)
    content = papers.pdf()
    [card] = await office.contact.gives("Báo cáo.pdf", content, "123/BC-SXD ngày 5/11/2021")
    assert labels(card) == FORM_WITH_FILES
    await office.contact.presses(card, "Xác nhận")
    assert card.text.startswith("Biên nhận số")
    sha256 = hashlib.sha256(content).hexdigest()
    for told in ("Cách gửi: Tệp gửi kèm", "Văn bản: 123/BC-SXD ngày 05/11/2021", "• Báo cáo.pdf (1 KB)", sha256):
        assert told in card.text
    assert (town.folder / "attachments" / sha256[:2] / sha256).read_bytes() == content


async def test_everything_can_be_given_one_after_the_other(town: Town) -> None:
    office = await open_office(town)
    contact = office.contact
    cards = [await office.form("Bản giấy")]
    cards.append(await contact.asks("số 45/BC-UBND"))
    cards.append(await contact.asks("ngày 5/11/2021"))
    cards += await contact.gives("bao-cao.docx", papers.word())
    cards += await contact.gives("phu-luc.pdf", papers.pdf())
    for card in cards[:-1]:
        assert labels(card) == [], "only the newest card has buttons"
    await contact.presses(cards[-1], "Xác nhận")
    [version] = office.rows("versions")
    assert [version[column] for column in ("way", "document_number", "document_day")] == [
        "paper", "45/BC-UBND", "2021-11-05",
    ]  # fmt: skip
    files = [file["name"] for file in town.rows("version_files") if file["version_id"] == version["id"]]
    assert files == ["bao-cao.docx", "phu-luc.pdf"]
    assert "Văn bản: 45/BC-UBND ngày 05/11/2021" in cards[-1].text


async def test_what_was_given_can_be_taken_back(town: Town) -> None:
    office = await open_office(town)
    contact = office.contact
    [card] = await contact.gives("bao-cao.pdf", papers.pdf(), "123/BC-SXD")
    await contact.presses(card, "Bỏ các tệp")
    assert "Tệp: chưa có" in card.text
    await contact.presses(card, "Đổi cách gửi")
    await contact.presses(card, "Email")
    assert "Cách gửi: Email\nVăn bản: 123/BC-SXD" in card.text
    card = await contact.asks("124/BC-SXD")
    assert "Văn bản: 124/BC-SXD" in card.text


async def test_a_question_in_the_middle_is_answered_and_the_form_stays(town: Town) -> None:
    office = await open_office(town)
    card = await office.form()
    assert "15/11/2021" in (await office.contact.asks("hạn nộp báo cáo là ngày nào")).text
    assert "Kế hoạch 1813/KH-SKHCN" in (await office.contact.asks("/kehoach")).text
    assert labels(card) == FORM
    assert (await office.contact.presses(card, "Xác nhận")).toasts == ["Đã xác nhận."]


async def test_beginning_again_keeps_what_was_given(town: Town) -> None:
    office = await open_office(town)
    await office.form()
    await office.contact.asks("123/BC-SXD")
    card = await office.contact.asks("/xacnhan")
    assert "Cách gửi: Email\nVăn bản: 123/BC-SXD" in card.text


async def test_a_day_that_has_not_come_is_pointed_out(town: Town) -> None:
    office = await open_office(town)
    await office.form()
    card = await office.contact.asks("123/BC-SXD ngày 5/12/2021")
    assert "⚠️ Ngày văn bản chưa tới" in card.text


async def test_leaving_stores_nothing(town: Town) -> None:
    office = await open_office(town)
    card = await office.form()
    assert (await office.contact.asks("/huy")).text.startswith("Đã dừng")
    assert labels(card) == []
    assert (await office.contact.asks("/huy")).text.startswith("Anh/chị không có việc nào đang dở.")
    assert office.rows("steps") == office.rows("audit") == []


async def test_the_button_that_leaves_stores_nothing(town: Town) -> None:
    office = await open_office(town)
    card = await office.form()
    await office.contact.presses(card, "Huỷ")
    assert card.text.startswith("Đã dừng")
    assert labels(card) == []
    assert office.rows("steps") == []


async def test_after_a_day_without_a_touch_it_is_closed_politely(own_town: Town) -> None:
    office = await open_office(own_town)
    card = await office.form()
    confirm = data_of(card, "Xác nhận")
    await own_town.turn_clock("2021-11-09T07:59")
    card_again = await office.contact.asks("123/BC-SXD")
    await own_town.turn_clock("2021-11-10T07:58")
    assert labels(card_again) == FORM, "it was touched meanwhile"
    await own_town.turn_clock("2021-11-10T22:05")
    await until(lambda: not labels(card_again))
    assert card_again.text == (
        "Việc xác nhận nộp báo cáo để dở quá 24 giờ nên trợ lý đã đóng lại; chưa có gì được ghi nhận.\n"
        "Gõ /xacnhan để làm lại."
    )
    assert (await office.contact.forces(card_again.id, confirm)).toasts[0].startswith("Bước này đã qua")
    assert office.rows("versions") == []
    await office.confirms()


async def test_who_acts_for_nobody_is_told_how_to_begin(an: Someone) -> None:
    assert "chưa liên kết với cơ quan nào" in (await an.asks("/xacnhan")).text


async def two_offices(town: Town) -> tuple[Office, Office, Someone]:
    """Two agencies with one and the same contact."""
    first, second = await open_office(town), await open_office(town)
    contact = first.contact
    await town.demo.application.bot_data.contacts.link(contact.id, second.agency, contact.person.name)
    return first, Office(town, second.agency, second.name, [contact]), contact


async def test_who_acts_for_several_says_first_for_which(town: Town) -> None:
    first, second, contact = await two_offices(town)
    choice = await contact.asks("/xacnhan")
    assert [label.removeprefix("○ ") for label in labels(choice)] == [first.name, second.name]
    [card] = (await contact.presses(choice, second.name)).replies
    await contact.presses(card, "Email")
    await contact.presses(card, "Xác nhận")
    assert (first.story(), second.story()) == ([], [State.CONFIRMED])


async def test_files_sent_before_the_agency_is_chosen_are_kept_all(town: Town) -> None:
    _, second, contact = await two_offices(town)
    await contact.gives("bao-cao.pdf", papers.pdf("1"), "123/BC-SXD ngày 5/11/2021")
    [choice] = await contact.gives("phu-luc.pdf", papers.pdf("2"))
    [card] = (await contact.presses(choice, second.name)).replies
    for given in ("123/BC-SXD ngày 05/11/2021", "bao-cao.pdf", "phu-luc.pdf"):
        assert given in card.text


async def test_beginning_again_before_the_agency_is_chosen_keeps_the_file(town: Town) -> None:
    _, second, contact = await two_offices(town)
    await contact.gives("bao-cao.pdf", papers.pdf())
    choice = await contact.asks("/xacnhan")
    [card] = (await contact.presses(choice, second.name)).replies
    assert "bao-cao.pdf" in card.text


async def test_choosing_another_agency_leaves_no_old_buttons(town: Town) -> None:
    first, second, contact = await two_offices(town)
    card = await contact.asks(f"/xacnhan {first.name}")
    choice = await contact.asks("/xacnhan")
    assert labels(card) == []
    [card] = (await contact.presses(choice, second.name)).replies
    assert second.name in card.text


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2021-11-14T23:59:30", "đúng hạn"),
        ("2021-11-15T00:00:30", "trễ hạn 1 ngày"),
        ("2021-12-01T08:00", "trễ hạn 17 ngày"),
    ],
)
async def test_how_late_it_was_is_told_before_and_after(own_town: Town, at: str, told: str) -> None:
    office = await open_office(own_town)
    await own_town.turn_clock(at)
    card = await office.form()
    assert f"trước ngày 15/11/2021 → xác nhận lúc này là {told}" in card.text
    await office.contact.presses(card, "Xác nhận")
    assert f"Hạn lúc đó: trước ngày 15/11/2021 → {told}" in card.text
    assert f"→ {told}" in office.review().text


async def test_nothing_but_files_without_a_file_is_refused(town: Town) -> None:
    office = await open_office(town)
    card = await office.form("Tệp gửi kèm")
    pressed = await office.contact.presses(card, "Xác nhận")
    assert pressed.toasts == ["Chưa có tệp nào. Gửi tệp vào đây, hoặc đổi cách gửi."]
    assert labels(card) == FORM
    assert office.rows("versions") == []


async def test_the_contact_of_the_demo_says_it_in_words(own_town: Town) -> None:
    binh = own_town.person(AT_SO_XAY_DUNG)
    card = await binh.asks("tôi muốn xác nhận đã nộp báo cáo")
    assert card.text.startswith("Xác nhận nộp báo cáo · Sở Xây dựng")
    await binh.presses(card, "Email")
    assert (await binh.presses(card, "Xác nhận")).toasts == ["Đã xác nhận."]
