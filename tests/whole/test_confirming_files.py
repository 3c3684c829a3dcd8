"""Files that agencies attach: what is taken, what is refused and why, and that it arrives as it was sent."""

import hashlib

import pytest
import pytest_asyncio

from bot.sandbox.faults import Fault
from bot.sandbox.messages import Message
from tests.whole import papers
from tests.whole.offices import Office, open_office
from tests.whole.town import Someone, Town, labels

pytestmark = pytest.mark.asyncio(loop_scope="module")

MEGABYTE = 1024 * 1024
KEPT = "Những gì đã nhập vẫn còn."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(town: Town) -> Office:
    """An agency for all tests that confirm nothing."""
    return await open_office(town)


async def refusal(office: Office, name: str, content: bytes) -> Message:
    """What is said to a file that is not taken; the form stays as it was, and nothing is left on the disk."""
    card = await office.form()
    shown, kept = (card.text, labels(card)), attachments(office.town)
    [told] = await office.contact.gives(name, content)
    assert told.text.startswith("⚠️ ")
    assert told.text.endswith(KEPT)
    assert ((card.text, labels(card)), attachments(office.town)) == (shown, kept)
    return told


async def with_ten_files(office: Office) -> Message:
    """A form with as many files as it holds."""
    await office.form()
    cards = [await office.contact.gives(f"{number}.pdf", papers.pdf(f"so {number}")) for number in range(10)]
    return cards[-1][0]


def attachments(town: Town) -> set[str]:
    """The names of all files that are kept."""
    return {path.name for path in (town.folder / "attachments").glob("**/*") if path.is_file()}


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("bao-cao.pdf", bytes(25 * MEGABYTE), "Tệp lớn hơn 20 MB nên trợ lý không tải được."),
        ("bao-cao.pdf", b"MZ" + bytes(300), "Trợ lý chỉ nhận PDF, Word, Excel, ảnh và ZIP, xét theo nội dung tệp"),
        ("bao-cao.zip", papers.packed(bytes(60 * MEGABYTE), "a.pdf"), "Tệp nén này bung ra quá lớn"),
        ("bao-cao.rar", b"Rar!\x1a\x07\x01\x00" + bytes(64), "Trợ lý không mở được RAR và 7z."),
        ("bao-cao.docm", papers.word_with_macros(), "Tệp chứa macro"),
        ("bao-cao.docx", papers.word_with_macros(), "Tệp chứa macro"),
        ("bao-cao.zip", papers.packed(b"x", "trong.zip"), "Tệp ZIP chứa tệp nén khác bên trong."),
        ("bao-cao.docx", papers.word()[:200], "Tệp hỏng, không đọc được."),
        ("bao-cao.zip", papers.packed(b""), "Tệp trống."),
    ],
    ids=["25 MB", "program", "bomb", "RAR", "macros", "macros hidden", "archive inside", "damaged", "nothing inside"],
)
async def test_what_is_not_taken_is_refused_with_a_cure(office: Office, name: str, content: bytes, why: str) -> None:
    told = await refusal(office, name, content)
    assert why in told.text


async def test_a_refused_file_opens_no_form(town: Town, office: Office) -> None:
    await office.contact.says("/huy")
    [told] = await office.contact.gives("bao-cao.pdf", b"MZ" + bytes(300), "123/BC-SXD")
    assert told.text.startswith("⚠️ ")
    assert [row for row in town.rows("drafts") if row["person_id"] == office.contact.id] == []


async def test_a_file_of_a_stranger_is_not_even_fetched(town: Town, an: Someone) -> None:
    calls, kept = len(town.world.called("getFile")), attachments(town)
    [told] = await an.gives("bao-cao.pdf", papers.pdf("la"), "123/BC-SXD")
    assert told.text.startswith("Trợ lý chỉ nhận tệp báo cáo từ đầu mối đã liên kết với cơ quan.")
    assert (len(town.world.called("getFile")), attachments(town)) == (calls, kept)


async def test_a_download_that_breaks_once_is_tried_again(town: Town, office: Office) -> None:
    card = await office.form()
    content = papers.pdf("dut mot lan")
    town.world.faults.append(Fault("cut_download", bytes=100))
    [card] = await office.contact.gives("bao-cao.pdf", content)
    assert town.world.faults[-1].times == 0, "the fault has struck"
    assert "• bao-cao.pdf" in card.text
    assert hashlib.sha256(content).hexdigest() in attachments(town)


async def test_a_download_that_always_breaks_is_refused_and_can_be_repeated(
    town: Town, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(town.demo.application.bot_data.attachments, "_pauses", (0.0, 0.0))
    town.world.faults.append(Fault("cut_download", bytes=100, times=3))
    content = papers.pdf("dut mai")
    told = await refusal(office, "bao-cao.pdf", content)
    assert "Đường truyền đứt khi tải tệp." in told.text
    assert town.world.faults[-1].times == 0, "the fault has struck"
    [card] = await office.contact.gives("bao-cao.pdf", content)
    assert "• bao-cao.pdf" in card.text


async def test_an_eleventh_file_is_refused_and_ten_are_kept(town: Town) -> None:
    office = await open_office(town)
    card = await with_ten_files(office)
    [told] = await office.contact.gives("10.pdf", papers.pdf("so 10"))
    assert "Mỗi lần xác nhận kèm tối đa 10 tệp. Anh/chị gộp các tệp vào một tệp ZIP." in told.text
    assert (await office.contact.presses(card, "Xác nhận")).toasts == ["Đã xác nhận."]
    [version] = office.rows("versions")
    files = [row["name"] for row in town.rows("version_files") if row["version_id"] == version["id"]]
    assert files == [f"{number}.pdf" for number in range(10)]


async def test_an_eleventh_file_is_refused_also_where_ten_were_confirmed_before(town: Town) -> None:
    office = await open_office(town)
    card = await with_ten_files(office)
    await office.contact.presses(card, "Xác nhận")
    [card] = await office.contact.gives("10.pdf", papers.pdf("so 10"))
    assert "⚠️ Mỗi lần xác nhận kèm tối đa 10 tệp." in card.text
    assert card.text.count("•") == 10
    assert "10.pdf" not in card.text


async def test_several_files_sent_at_once_are_all_kept(town: Town) -> None:
    office = await open_office(town)
    for number in range(5):
        response = await town.http.post(
            f"/sandbox/people/{office.contact.id}/files", files={"file": (f"{number}.pdf", papers.pdf(f"anh {number}"))}
        )
        assert response.is_success
    await town.settle()
    card = office.contact.heard()[-1]
    assert card.text.count("•") == 5
    assert [message for message in office.contact.heard() if labels(message)] == [card]


async def test_the_same_file_twice_is_one(town: Town) -> None:
    office = await open_office(town)
    await office.form()
    await office.contact.gives("bao-cao.pdf", papers.pdf())
    [card] = await office.contact.gives("bao-cao-moi.pdf", papers.pdf())
    assert card.text.count("•") == 1
    assert "bao-cao-moi.pdf" in card.text


async def test_two_agencies_may_attach_the_same_file(town: Town) -> None:
    content = papers.pdf("chung")
    for _ in range(2):
        office = await open_office(town)
        [card] = await office.contact.gives("chung.pdf", content)
        assert (await office.contact.presses(card, "Xác nhận")).toasts == ["Đã xác nhận."]


async def test_a_photo_is_taken_as_well(town: Town) -> None:
    office = await open_office(town)
    await office.form("Bản giấy")
    png = b"\x89PNG\r\n\x1a\n" + bytes([0, 0, 0, 13]) + b"IHDR" + (640).to_bytes(4, "big") * 2 + bytes(64)
    [card] = await office.contact.gives("IMG_1.png", png, **{"as": "photo"})
    assert "Cách gửi: Bản giấy" in card.text
    assert "• anh-" in card.text


async def test_the_coordinator_gets_the_files_as_they_were_sent(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    contents = {"Báo cáo số 1.docx": papers.word(), "phụ lục.pdf": papers.pdf("phu luc")}
    cards = [card for name, content in contents.items() for card in await office.contact.gives(name, content)]
    await office.contact.presses(cards[-1], "Xác nhận")
    review = office.review()
    assert labels(review) == ["Tiếp nhận", "Trả lại", "Xem tệp"]
    pressed = await coordinator.presses(review, "Xem tệp")
    assert {one.file.name: one.file.read() for one in pressed.replies if one.file} == contents
    for content in contents.values():
        assert hashlib.sha256(content).hexdigest() in review.text


async def test_a_file_that_is_gone_from_the_disk_is_named(town: Town, coordinator: Someone) -> None:
    office = await open_office(town)
    content = papers.pdf("bien mat")
    [card] = await office.contact.gives("bien-mat.pdf", content)
    await office.contact.presses(card, "Xác nhận")
    sha256 = hashlib.sha256(content).hexdigest()
    (town.folder / "attachments" / sha256[:2] / sha256).unlink()
    pressed = await coordinator.presses(office.review(), "Xem tệp")
    assert (pressed.toasts, pressed.replies) == (["Không còn tệp bien-mat.pdf trên máy chủ."], [])
