"""After a notice went out: who has read it, writing to the others, correcting it, taking it back."""

import pytest
import pytest_asyncio

from bot.sandbox import actions
from bot.sandbox.faults import Fault
from bot.sandbox.messages import Message
from tests.whole.notice_desk import HAVE_READ, PAUSE, READ, SEND, Desk, open_desk, settled
from tests.whole.town import Town, labels, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def desk(own_town: Town) -> Desk:
    return await open_desk(own_town)


def _name(desk: Desk, agency: str) -> str:
    return desk.services.pack.agencies.everyone[agency].name


async def _report(desk: Desk, card: Message) -> Message:
    [report] = (await desk.ha.presses(card, "Ai đã đọc")).replies
    return report


async def _correct(desk: Desk, card: Message, text: str) -> Message:
    await desk.ha.presses(card, "Đính chính")
    *_, preview = await desk.ha.says(text)
    await desk.ha.presses(preview, SEND)
    await until(lambda: preview.text.startswith("Đã gửi xong"))
    return preview


async def _recall(desk: Desk, card: Message) -> Message:
    [sure] = (await desk.ha.presses(card, "Thu hồi")).replies
    await desk.ha.presses(sure, "Thu hồi thông báo")
    await until(lambda: sure.text.startswith("Đã thu hồi") and "chờ 0" in sure.text)
    return sure


async def test_reading_is_a_tap_that_counts_once_and_the_report_says_who_and_when(desk: Desk) -> None:
    first, *others = desk.contacts
    card = await desk.sent()
    notice = desk.notice_of(first)
    await desk.town.turn_clock("2021-11-08T09:30")
    assert (await desk.contacts[first].presses(notice, READ)).toasts == ["Đã ghi nhận anh/chị đã đọc."]
    assert labels(notice) == [HAVE_READ]
    assert (await desk.contacts[first].presses(notice, HAVE_READ)).toasts == ["Đã ghi nhận từ trước."]
    report = await _report(desk, card)
    assert f"👁 {_name(desk, first)} – đã đọc: Nguyễn Văn Tư, 09:30 ngày 08/11/2021" in report.text
    assert f"✓ {_name(desk, others[0])} – đã gửi: Trần Thị Năm" in report.text
    assert "đã đọc 1 · ✓ đã tới 4 · tất cả 14 cơ quan" in report.text
    assert "✗ UBND huyện Lộc Ninh – chưa có đầu mối" in report.text
    assert len(desk.town.rows("acknowledgements")) == 1


async def test_an_agency_has_read_when_any_of_its_contacts_has(desk: Desk) -> None:
    first = next(iter(desk.contacts))
    colleague = desk.town.someone("Bùi Văn Tám")
    await desk.services.contacts.link(colleague.id, first, "Bùi Văn Tám")
    actions.block(desk.town.world, desk.contacts[first].person, blocked=True)
    card = await desk.sent()
    report = await _report(desk, card)
    assert f"✓ {_name(desk, first)} – đã gửi: Bùi Văn Tám" in report.text
    await colleague.presses(colleague.heard()[-1], READ)
    await desk.ha.presses(report, "Cập nhật")
    assert f"👁 {_name(desk, first)} – đã đọc: Bùi Văn Tám" in report.text


async def test_those_who_have_not_read_it_are_written_to_and_nobody_else(desk: Desk) -> None:
    first, *others = desk.contacts
    card = await desk.sent()
    await desk.contacts[first].presses(desk.notice_of(first), READ)
    sample, preview = (await desk.ha.presses(card, "Nhắc nơi chưa đọc")).replies
    assert "Họp lúc 14:00" in sample.text
    await desk.ha.presses(preview, SEND)
    await until(lambda: preview.text.startswith("Đã gửi xong"))
    assert desk.got("Nhắc lại") == others


async def test_a_correction_changes_the_message_asks_to_read_it_again_and_keeps_the_old_text(desk: Desk) -> None:
    first = next(iter(desk.contacts))
    card = await desk.sent()
    notice = desk.notice_of(first)
    await desk.contacts[first].presses(notice, READ)
    corrected = await _correct(desk, card, "Họp lúc 15:00")
    assert (notice.text, labels(notice)) == ("Đính chính\nHọp lúc 15:00", [READ])
    assert [len(one.heard()) for one in desk.contacts.values()] == [1] * 4, "nobody got a second message"
    assert labels(card) == [], "the old card has no buttons any more"
    assert "đã đọc 0" in (await _report(desk, corrected)).text
    await desk.contacts[first].presses(notice, READ)
    assert "đã đọc 1" in (await _report(desk, corrected)).text
    texts = [(row["version"], row["html"]) for row in desk.town.rows("notice_texts")]
    assert texts == [(1, "Họp lúc 14:00\nmời các anh chị"), (2, "Họp lúc 15:00")]


async def test_what_cannot_be_changed_is_sent_anew(desk: Desk) -> None:
    first, second, *_ = desk.contacts
    actions.block(desk.town.world, desk.contacts[first].person, blocked=True)
    card = await desk.sent()
    actions.block(desk.town.world, desk.contacts[first].person, blocked=False)
    desk.town.world.delete(desk.notice_of(second))
    await desk.ha.presses(card, "Đính chính")
    *_, preview = await desk.ha.says("Họp lúc 15:00")
    assert "Sửa tại chỗ: 3 tin đã gửi" in preview.text
    assert "Gửi mới: 1 tin" in preview.text
    await desk.ha.presses(preview, SEND)
    await until(lambda: preview.text.startswith("Đã gửi xong"))
    assert [[heard.text for heard in one.heard()] for one in desk.contacts.values()] == [
        ["Đính chính\nHọp lúc 15:00"]
    ] * 4


async def test_a_text_that_becomes_a_file_takes_the_place_of_the_old_message(desk: Desk) -> None:
    card = await desk.sent()
    await desk.ha.presses(card, "Đính chính")
    *_, preview = await desk.ha.gives("giay-moi.pdf", b"%PDF-1.7 giay moi", caption="Họp lúc 15:00")
    await desk.ha.presses(preview, SEND)
    await until(lambda: preview.text.startswith("Đã gửi xong"))
    await settled(desk)
    await until(lambda: all(len(one.heard()) == 1 for one in desk.contacts.values()))
    for agency in desk.contacts:
        assert desk.notice_of(agency).file
        assert desk.notice_of(agency).text == "Đính chính\nHọp lúc 15:00"
    again = await _correct(desk, preview, "Họp lúc 16:00")
    assert [len(one.heard()) for one in desk.contacts.values()] == [1] * 4, "the file stays, its caption changes"
    assert {desk.notice_of(agency).text for agency in desk.contacts} == {"Đính chính\nHọp lúc 16:00"}
    assert "đính chính lần 2" in again.text


async def test_while_it_is_on_its_way_a_notice_is_not_corrected(desk: Desk) -> None:
    desk.slow(0.5)
    card = await desk.send()
    notice = desk.town.rows("notices")[0]["id"]
    for code in ("ni", "ny"):
        assert "Tạm dừng" in (await desk.ha.forces(card.id, f"{code}:{notice}")).toasts[0]
    await desk.ha.presses(card, PAUSE)
    await settled(desk)
    desk.slow(100)
    await _correct(desk, card, "Họp lúc 15:00")
    assert {tuple(heard.text for heard in one.heard()) for one in desk.contacts.values()} == {
        ("Đính chính\nHọp lúc 15:00",)
    }


async def test_a_recalled_notice_is_gone_everywhere(desk: Desk) -> None:
    sure = await _recall(desk, await desk.sent())
    assert "Đã xoá 4" in sure.text
    assert [one.heard() for one in desk.contacts.values()] == [[]] * 4


async def test_what_telegram_does_not_delete_any_more_is_counted(desk: Desk) -> None:
    card = await desk.sent()
    await desk.town.turn_clock("2021-11-10T09:00")
    sure = await _recall(desk, card)
    assert "Đã xoá 0" in sure.text
    assert "4 không xoá được: quá 48 giờ" in sure.text


async def test_a_message_that_may_have_arrived_is_sent_again_only_by_hand_and_marked(desk: Desk) -> None:
    first = next(iter(desk.contacts))
    fault = Fault("lost_reply", method="sendMessage", chat_id=desk.contacts[first].id)
    desk.town.world.faults.append(fault)
    card = await desk.sent()
    assert "chưa rõ 1" in card.text
    assert (await desk.ha.presses(card, "Gửi lại tin chưa rõ")).toasts[0].startswith("Đang gửi lại")
    await until(lambda: "chưa rõ 0" in card.text and card.text.startswith("Đã gửi xong"))
    assert "1 tin gửi lại" in card.text
    assert [len(one.heard()) for one in desk.contacts.values()] == [2, 1, 1, 1]


async def test_who_presses_under_a_message_that_was_uncertain_has_got_it(desk: Desk) -> None:
    first = next(iter(desk.contacts))
    desk.town.world.faults.append(Fault("lost_reply", method="sendMessage", chat_id=desk.contacts[first].id))
    card = await desk.sent()
    await desk.contacts[first].presses(desk.notice_of(first), READ)
    await _recall(desk, card)
    assert desk.contacts[first].heard() == [], "so it can be found, and deleted"


async def test_who_is_forgotten_leaves_the_agency_its_record(desk: Desk) -> None:
    first = next(iter(desk.contacts))
    card = await desk.sent()
    await desk.contacts[first].presses(desk.notice_of(first), READ)
    privacy = await desk.contacts[first].asks("/riengtu")
    assert "Thông báo đã gửi tới anh/chị: 1" in privacy.text
    [sure] = (await desk.contacts[first].presses(privacy, "Xoá dữ liệu của tôi")).replies
    await desk.contacts[first].presses(sure, "Xoá dữ liệu của tôi")
    report = await _report(desk, card)
    assert f"👁 {_name(desk, first)} – đã đọc, 08:00 ngày 08/11/2021" in report.text
    assert "Nguyễn Văn Tư" not in str(desk.town.remembered())
    assert str(desk.contacts[first].id) not in str(
        [desk.town.rows(table) for table in ("notice_recipients", "outgoing")]
    )


BUTTONS = [
    *("ne", "nw", "na:all", "nc:0", "n1:0:so-xay-dung", "nh:1", "nj", "ns", "nx", "nm"),
    *("nn:1", "np:1", "nr:1", "nq:1", "ng:1", "nl:0", "no:1", "nf:1", "nb:1:0", "nu:1", "ni:1", "nk:1", "ny:1"),
]


async def test_only_coordinators_press_the_buttons_of_the_desk_and_only_recipients_have_read(desk: Desk) -> None:
    await desk.sent()
    stranger, contact = desk.town.someone(), next(iter(desk.contacts.values()))
    message = (await stranger.says("/start"))[0]
    remembered = desk.town.remembered()
    for one, under in ((stranger, message), (contact, contact.heard()[-1])):
        for data in BUTTONS:
            pressed = await one.forces(under.id, data)
            assert (len(pressed.toasts), pressed.replies) == (1, []), data
            assert pressed.toasts[0], data
    for forged in ("nv:1:1", "nv:1:2", "nv:99:1", "nv:1:0"):
        assert (await stranger.forces(message.id, forged)).toasts == ["Nút này dành cho người nhận thông báo."]
    for forged in ("nv:1:2", "nv:99:1", "nv:1:0"):
        pressed = await contact.forces(contact.heard()[-1].id, forged)
        assert pressed.toasts == ["Nút này dành cho người nhận thông báo."]
    assert desk.town.remembered() == remembered
    assert "cán bộ điều phối" in (await stranger.asks("/thongbao")).text


async def test_a_coordinators_buttons_with_made_up_numbers_change_nothing(desk: Desk) -> None:
    card = await desk.sent()
    remembered = desk.town.remembered()
    for code in ("nn", "np", "nr", "nq", "ng", "no", "nf", "nu", "ni", "nk", "ny"):
        for number in ("0", "99", str(10**17)):
            pressed = await desk.ha.forces(card.id, f"{code}:{number}")
            assert len(pressed.toasts) == 1
            assert pressed.toasts[0]
            assert pressed.replies == []
    for data in ("na:nobody", "n1:0:no-such-agency", "n1:9999:so-xay-dung", f"nl:{10**17}", f"nb:1:{10**17}"):
        assert len((await desk.ha.forces(card.id, data)).toasts) == 1
    assert desk.town.remembered() == remembered


async def test_the_file_of_a_notice_is_forgotten_with_who_got_it(desk: Desk) -> None:
    first = next(iter(desk.contacts))
    await desk.ha.asks("/thongbao")
    _, card = await desk.ha.gives("giay-moi.pdf", b"%PDF-1.7 giay moi", caption="Họp lúc 15:00")
    await desk.choose(card, "Tất cả cơ quan")
    await desk.ha.presses(card, SEND)
    await until(lambda: card.text.startswith("Đã gửi xong"))
    await desk.services.privacy.forget(desk.contacts[first].id, {})
    kept = [(row["file_id"], row["file_kind"]) for row in desk.town.rows("outgoing") if row["notice_id"]]
    assert [all(file) for file in kept] == [False, True, True, True]
    assert kept[0] == (None, None)
