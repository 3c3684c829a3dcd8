"""The coordinator's board and its workbook, as the coordinator sees them."""

import struct
from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bot.sandbox import actions
from bot.sandbox.messages import Message
from handlers.agencies import PAGE
from handlers.buttons import Code
from tests.whole.notice_desk import READ, SEND, STOP, Desk, open_desk
from tests.whole.town import AT_BU_DANG, AT_SO_XAY_DUNG, COORDINATOR, Someone, Town, labels, labels_of, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

A4 = "9"
HEAD = 7  # the row below five lines of heading and a blank one
UNNAMED = "Còn 17 cơ quan cấp tỉnh (qua hồ sơ) nguồn chưa nêu tên."
REFUSED = "Nút này dành cho cán bộ điều phối."


async def _confirm(town: Town, person: int, document: str) -> Message:
    """Confirm for one's agency by buttons; the receipt."""
    # Telegram lets no bot write first.
    await town.person(COORDINATOR).says("/start")
    one = town.person(person)
    card = await one.asks("/xacnhan")
    await one.presses(card, "Trục liên thông")
    if document:
        await one.says(document)
    form = one.heard()[-1]
    await one.presses(form, "Xác nhận")
    return form


def _moment(text: str) -> datetime:
    """A moment as a workbook holds it, without a time zone."""
    return datetime.fromisoformat(text)


def _cards(town: Town) -> list[Message]:
    """What lies before the coordinator, the oldest first."""
    return [message for message in town.person(COORDINATOR).heard() if "Tiếp nhận" in labels(message)]


async def _board(town: Town) -> Message:
    return await town.person(COORDINATOR).asks("/bang")


def _workbook(message: Message) -> Workbook:
    assert message.file is not None
    assert message.file.name.endswith(".xlsx")
    return load_workbook(BytesIO(message.file.read()))


def _table(sheet: Worksheet) -> list[dict[str, object]]:
    """The rows below the head by their columns' titles."""
    titles = [str(cell.value) for cell in sheet[HEAD]]
    return [
        {title: _minute(value) for title, value in zip(titles, values, strict=True)}
        for values in sheet.iter_rows(HEAD + 1, values_only=True)
    ]


def _minute(value: object) -> object:
    """Moments to the minute; the clock of the town runs on."""
    return value.replace(second=0) if isinstance(value, datetime) else value


async def test_the_board_is_a_picture_with_the_counts_below_it(own_town: Town) -> None:
    board = await _board(own_town)
    assert board.file is not None
    picture = board.file.read()
    assert picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture[16:24])
    assert width == 1080
    assert 1000 < height < 1400
    assert board.text.splitlines() == [
        "0/14 cơ quan đã có xác nhận · 08:00 ngày 08/11/2021",
        "Chậm nhất Chủ nhật, 14/11/2021 · còn 6 ngày (5 ngày làm việc, kể cả hôm nay)",
        "",
        "○ chưa xác nhận: 14",
        "↩️ trả lại, chờ bổ sung: 0",
        "● đã xác nhận: 0",
        "✅ đã tiếp nhận: 0",
        "⚠️ trễ hạn: 0",
        "không liên lạc được: 12",
        "",
        UNNAMED,
    ]
    assert labels(board) == ["Chưa xác nhận (14)", "Không liên lạc được (12)", "Xuất Excel"]


async def test_the_board_follows_what_agencies_and_the_coordinator_do(own_town: Town) -> None:
    coordinator = own_town.person(COORDINATOR)
    await _confirm(own_town, AT_SO_XAY_DUNG, "123/BC-SXD ngày 08/11/2021")
    await _confirm(own_town, AT_BU_DANG, "")
    accepted, _ = _cards(own_town)
    await coordinator.presses(accepted, "Tiếp nhận")
    assert labels_of(await _board(own_town), Code.BOARD_LIST) == [
        "Chưa xác nhận (12)",
        "Đã xác nhận (1)",
        "Đã tiếp nhận (1)",
        "Không liên lạc được (12)",
    ]
    await own_town.turn_clock("2021-11-16T22:00")
    board = await _board(own_town)
    assert board.text.splitlines()[:2] == [
        "2/14 cơ quan đã có xác nhận · 22:00 ngày 16/11/2021",
        "Chậm nhất Chủ nhật, 14/11/2021, đã qua 2 ngày",
    ]
    assert "⚠️ trễ hạn: 12" in board.text


async def test_a_list_opens_below_turns_its_pages_and_leads_to_each_agencys_page(own_town: Town) -> None:
    coordinator = own_town.person(COORDINATOR)
    await own_town.turn_clock("2021-11-17T22:00")
    board = await _board(own_town)
    [shown] = (await coordinator.presses(board, "Trễ hạn (14)")).replies
    assert shown.text.splitlines() == [
        "Trễ hạn: 14 cơ quan · 22:00 ngày 17/11/2021",
        "Bấm vào cơ quan để xem và xử lý. Trang 1/2.",
    ]
    first = labels_of(shown, Code.CHOOSE)
    assert len(first) == PAGE
    assert first[0] == "○ Sở Kế hoạch và Đầu tư · trễ 3 ngày"
    assert (await coordinator.presses(shown, "Trang sau ›")).replies == []
    assert labels(shown) == [
        "○ UBND huyện Hớn Quản · trễ 3 ngày",
        "○ UBND huyện Lộc Ninh · trễ 3 ngày",
        "‹ Trang trước",
    ]
    [page] = (await coordinator.presses(shown, "○ UBND huyện Lộc Ninh · trễ 3 ngày")).replies
    assert page.text.startswith("UBND huyện Lộc Ninh · ○ chưa có đầu mối")
    assert "Miễn nộp" in labels(page)
    await coordinator.presses(shown, "‹ Trang trước")
    assert labels_of(shown, Code.CHOOSE) == first


async def test_a_list_that_has_become_empty_says_so(own_town: Town) -> None:
    coordinator = own_town.person(COORDINATOR)
    await _confirm(own_town, AT_BU_DANG, "")
    [card] = _cards(own_town)
    board = await _board(own_town)
    await coordinator.presses(card, "Tiếp nhận")
    [shown] = (await coordinator.presses(board, "Đã xác nhận (1)")).replies
    assert (shown.text, labels(shown)) == ("Đã xác nhận: 0 cơ quan · 08:00 ngày 08/11/2021", [])


async def test_who_blocks_the_bot_is_not_reached_once_a_message_failed(own_town: Town) -> None:
    coordinator = own_town.person(COORDINATOR)
    await _confirm(own_town, AT_BU_DANG, "")
    await own_town.post(f"people/{AT_BU_DANG}/block")
    await coordinator.presses(_cards(own_town)[0], "Tiếp nhận")
    board = await _board(own_town)
    [shown] = (await coordinator.presses(board, "Không liên lạc được (13)")).replies
    assert "✅ UBND huyện Bù Đăng · không liên lạc được" in labels(shown)


async def test_the_workbook_is_an_annex_with_every_agency_version_step_and_question(own_town: Town) -> None:
    coordinator = own_town.person(COORDINATOR)
    await _confirm(own_town, AT_SO_XAY_DUNG, "123/BC-SXD ngày 05/11/2021")
    await coordinator.presses(_cards(own_town)[0], "Tiếp nhận")
    asker = own_town.someone("Người Hỏi Riêng")
    formula = "=1+1 xyzzy plugh"
    for question in ("hạn nộp báo cáo là ngày nào", formula):
        await asker.asks(question)
    book = _workbook(await coordinator.asks("/xuat"))
    assert book.sheetnames == ["Bảng theo dõi", "Xác nhận", "Các bước", "Thông báo", "Câu hỏi"]
    board, versions, steps, _, questions = book.worksheets
    assert [board.cell(row, 1).value for row in range(1, HEAD)] == [
        "SỞ KHOA HỌC VÀ CÔNG NGHỆ TỈNH BÌNH PHƯỚC",
        "Phụ lục I",
        "BẢNG THEO DÕI XÁC NHẬN NỘP BÁO CÁO",
        "(Kèm theo Văn bản số ……… ngày …… tháng …… năm …… của Sở Khoa học và Công nghệ tỉnh Bình Phước)",
        "Kế hoạch 1813/KH-SKHCN. Số liệu lúc 08:00 ngày 08/11/2021: 1/14 cơ quan đã có xác nhận. " + UNNAMED,
        None,
    ]
    rows = {row["Cơ quan"]: row for row in _table(board)}
    assert len(rows) == 14
    assert rows["Sở Xây dựng"] == {
        "TT": 2,
        "Cơ quan": "Sở Xây dựng",
        "Cấp": "cấp tỉnh",
        "Hình thức": "tại trụ sở",
        "Trạng thái": "đã tiếp nhận",
        "Bản": 1,
        "Số văn bản": "123/BC-SXD",
        "Ngày văn bản": _moment("2021-11-05"),
        "Xác nhận lúc": _moment("2021-11-08T08:00"),
        "Nộp trước ngày": _moment("2021-11-15"),
        "Trễ (ngày)": None,
        "Đầu mối": "Trần Thị Bình",
        "Liên lạc được": "có",
        "Bước cuối": "tiếp nhận",
        "Lúc": _moment("2021-11-08T08:00"),
    }
    assert rows["UBND huyện Lộc Ninh"]["Hình thức"] == "qua hồ sơ (suy ra)"
    assert rows["UBND huyện Lộc Ninh"]["Đầu mối"] == "chưa có"
    [version] = _table(versions)
    checked = await own_town.someone().asks(f"/kiemtra {version['Mã kiểm tra']}")
    assert "Sở Xây dựng" in checked.text
    assert [(row["Việc"], row["Người thực hiện"]) for row in _table(steps)] == [
        ("xác nhận", "Trần Thị Bình"),
        ("tiếp nhận", "Lê Thu Hà"),
    ]
    asked = _table(questions)
    assert [(row["Câu hỏi"], row["Kết quả"], row["Chủ đề"]) for row in asked] == [
        (formula, "chưa trả lời được", None),
        ("hạn nộp báo cáo là ngày nào", "đã trả lời", "Hạn nộp báo cáo là ngày nào?"),
    ]
    everything = [str(cell.value) for row in questions.iter_rows() for cell in row]
    assert not [text for text in everything if "Riêng" in text or str(asker.id) in text]


async def _write_to(desk: Desk, *agencies: str) -> Message:
    """Write a notice to agencies that are chosen one by one; its card."""
    card = await desk.write()
    await desk.choose(card, "Chọn cơ quan")
    for agency in agencies:
        await desk.ha.presses(card, f"☐ {agency}")
    await desk.ha.presses(card, f"Chọn xong ({len(agencies)})")
    return card


async def _notices(desk: Desk) -> list[dict[str, object]]:
    return _table(_workbook(await desk.ha.asks("/xuat"))["Thông báo"])


async def test_the_workbook_tells_how_far_each_notice_came_and_who_read_it_when(own_town: Town) -> None:
    desk = await open_desk(own_town, 2)
    everyone = desk.services.pack.agencies.everyone
    reads, blocks = (everyone[agency].name for agency in desk.contacts)
    reader, blocker = desk.contacts.values()
    await desk.services.contacts.link(own_town.someone("Bùi Văn Tám").id, next(iter(desk.contacts)), "Bùi Văn Tám")
    actions.block(own_town.world, blocker.person, blocked=True)
    card = await _write_to(desk, reads, blocks)
    await desk.ha.presses(card, SEND)
    await until(lambda: card.text.startswith("Đã gửi xong"))
    await own_town.turn_clock("2021-11-08T09:30")
    await reader.presses(reader.heard()[-1], READ)
    await desk.ha.presses(card, "Đính chính")
    *_, corrected = await desk.ha.says("Họp lúc 15:00")
    await desk.ha.presses(corrected, SEND)
    await until(lambda: corrected.text.startswith("Đã gửi xong"))
    visitor = own_town.someone("Võ Thị Khách")
    await visitor.presses(await visitor.asks("/start"), "Nhận thông báo")
    await desk.sent(audience="Người đăng ký nhận tin", text="Tin chung")
    await visitor.presses(visitor.heard()[-1], READ)
    rows = await _notices(desk)
    eight, half_past_nine = _moment("2021-11-08T08:00"), _moment("2021-11-08T09:30")
    both, alone, refused = "Nguyễn Văn Tư, Bùi Văn Tám", "Trần Thị Năm", "không gửi được: đã chặn trợ lý"
    old, new, subscriber = "Họp lúc 14:00", "Họp lúc 15:00", "Người đăng ký nhận tin"
    assert [tuple(row.values()) for row in rows] == [
        (1, 1, 1, old, reads, "đã đọc", eight, both, "Nguyễn Văn Tư", half_past_nine),
        (2, 1, 1, old, blocks, refused, None, alone, None, None),
        (3, 1, 2, new, reads, "đã gửi", half_past_nine, both, None, None),
        (4, 1, 2, new, blocks, refused, None, alone, None, None),
        (5, 2, 1, "Tin chung", subscriber, "đã đọc", half_past_nine, None, None, half_past_nine),
    ]
    assert list(rows[0]) == [
        "TT", "Thông báo số", "Bản", "Nội dung", "Cơ quan", "Kết quả", "Gửi lúc", "Người nhận", "Người đọc", "Đọc lúc",
    ]  # fmt: skip


async def test_a_notice_that_was_never_begun_is_not_in_the_workbook(own_town: Town) -> None:
    desk = await open_desk(own_town, 1)
    card = await _write_to(desk, *(desk.services.pack.agencies.everyone[agency].name for agency in desk.contacts))
    await desk.ha.presses(card, "Hẹn giờ")
    card = await desk.ha.asks("08:00 09/11/2021")
    await desk.ha.presses(card, "Đặt lịch")
    assert await _notices(desk) == []
    await desk.ha.presses(card, STOP)
    assert [row["state"] for row in own_town.rows("notices")] == ["stopped"]
    assert await _notices(desk) == []


async def test_the_workbook_comes_from_the_boards_button_too(town: Town) -> None:
    board = await _board(town)
    [sent] = (await town.person(COORDINATOR).presses(board, "Xuất Excel")).replies
    assert len(_table(_workbook(sent).worksheets[0])) == 14


async def test_every_sheet_can_be_printed_filtered_and_read_row_by_row(own_town: Town) -> None:
    await own_town.someone().asks("=1+1 xyzzy plugh")
    await _confirm(own_town, AT_BU_DANG, "")
    for sheet in _workbook(await own_town.person(COORDINATOR).asks("/xuat")):
        last = f"{get_column_letter(sheet.max_column)}{sheet.max_row}"
        assert sheet.auto_filter.ref == f"A{HEAD}:{last}"
        assert (sheet.freeze_panes or "")[1:] == str(HEAD + 1)
        assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", A4)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == f"${HEAD}:${HEAD}"
        assert sheet.oddFooter is not None
        assert sheet.oddFooter.center.text == "&P/&N"
        cells = [cell for row in sheet.iter_rows(HEAD + 1) for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} <= {"n", "s", "d"}
        assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith(("=", "+", "-", "@")))


BUTTONS = ["bl:silent", "bp:silent:0", "bx"]


@pytest.mark.parametrize("data", BUTTONS)
async def test_the_boards_buttons_give_others_nothing(town: Town, an: Someone, data: str) -> None:
    for one in (an, town.person(AT_BU_DANG)):
        message = await one.asks("/help")
        shown, remembered = (message.text, labels(message)), town.remembered()
        pressed = await one.forces(message.id, data)
        assert (pressed.toasts, pressed.replies) == ([REFUSED], [])
        assert ((message.text, labels(message)), town.remembered()) == (shown, remembered)


@pytest.mark.parametrize("data", BUTTONS)
async def test_the_boards_buttons_show_nothing_where_others_read_along(town: Town, an: Someone, data: str) -> None:
    coordinator = town.person(COORDINATOR)
    group = town.group(coordinator, an)
    message = await coordinator.asks("@isobot_demo_bot hạn nộp", chat_id=group.id)
    pressed = await coordinator.forces(message.id, data, chat_id=group.id)
    assert (pressed.toasts, pressed.replies) == (["Nút này chỉ dùng trong trò chuyện riêng với trợ lý."], [])


@pytest.mark.parametrize(
    "data",
    ["bl", "bl:", "bl:no-such-group", "bl:silent:0", "bl:SILENT", "bp:silent", "bp:silent:-1", "bp:no-such:0", "bx:1"],
)
async def test_a_made_up_button_of_the_board_leads_nowhere(town: Town, data: str) -> None:
    coordinator = town.person(COORDINATOR)
    message = await coordinator.asks("/help")
    pressed = await coordinator.forces(message.id, data)
    assert len(pressed.toasts) == 1
    assert pressed.toasts[0]
    assert pressed.replies == []


async def test_a_page_beyond_the_last_is_the_last(town: Town) -> None:
    coordinator = town.person(COORDINATOR)
    [shown] = (await coordinator.presses(await _board(town), "Chưa xác nhận (14)")).replies
    await coordinator.forces(shown.id, f"bp:silent:{10**17}")
    assert "Trang 2/2" in shown.text


@pytest.mark.parametrize("command", ["/bang", "/xuat"])
async def test_the_desks_commands_are_for_coordinators_in_private(town: Town, an: Someone, command: str) -> None:
    for one in (an, town.person(AT_BU_DANG)):
        refused = await one.asks(command)
        assert refused.file is None
        assert "cán bộ điều phối" in refused.text
    coordinator = town.person(COORDINATOR)
    group = town.group(coordinator, an)
    told = await coordinator.asks(command, chat_id=group.id)
    assert told.file is None
    assert "riêng" in told.text
