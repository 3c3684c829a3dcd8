"""A notice from the first word to the last message: written, looked at, sent, paused, stopped, and at a time."""

import re

import pytest
import pytest_asyncio

from bot.audit import Actor
from bot.sandbox import actions
from tests.whole.notice_desk import PAUSE, READ, RESUME, SEND, STOP, Desk, open_desk, settled
from tests.whole.town import COORDINATOR, Town, data_of, labels, marked, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def desk(own_town: Town) -> Desk:
    return await open_desk(own_town)


def _sum_of(text: str) -> tuple[int, int]:
    """What stands on a card as planned, and what the states add up to."""
    planned, *counts = map(int, re.findall(r"\d+", next(line for line in text.splitlines() if " tin: " in line)))
    return planned, sum(counts)


async def test_who_coordinates_sees_the_notice_as_it_will_be_and_whom_it_will_not_reach(desk: Desk) -> None:
    await desk.ha.asks("/thongbao")
    sample, card = await desk.ha.says("Họp lúc 14:00")
    assert (sample.text, labels(sample)) == ("Họp lúc 14:00", [READ])
    await desk.choose(card, "Tất cả cơ quan")
    assert "4 người ở 4/14 cơ quan" in card.text
    assert "Chưa có đầu mối, không gửi được (10):" in card.text
    assert labels(card) == ["Gửi", "Hẹn giờ", "Sửa", "Đổi nơi nhận", "Huỷ"]
    assert desk.got("Họp") == [], "nobody has got anything yet"


async def test_the_notice_arrives_at_everybody_with_its_button_and_the_card_shows_the_end(desk: Desk) -> None:
    card = await desk.sent()
    assert desk.got("mời các anh chị") == list(desk.contacts)
    assert {tuple(labels(desk.notice_of(agency))) for agency in desk.contacts} == {(READ,)}
    assert "4 tin: chờ 0 · đã gửi 4" in card.text
    assert "Ai đã đọc" in labels(card)
    assert not {PAUSE, RESUME, STOP} & set(labels(card))


async def test_words_keep_their_form_and_what_looks_like_markup_is_text(desk: Desk) -> None:
    await desk.sent(text="Họp <b>14:00</b> & {{ 7*7 }}")
    assert desk.notice_of(next(iter(desk.contacts))).text == "Họp <b>14:00</b> & {{ 7*7 }}"
    assert marked(desk.notice_of(next(iter(desk.contacts))), "bold") == []


@pytest.mark.parametrize("as_photo", [False, True])
async def test_a_file_goes_along_with_its_caption(desk: Desk, as_photo: bool) -> None:
    await desk.ha.asks("/thongbao")
    png = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
        "0000000049454e44ae426082"
    )
    options = {"as": "photo"} if as_photo else {}
    sample, card = await desk.ha.gives("giay-moi.png", png, caption="Giấy mời họp", **options)
    assert (sample.text, labels(sample)) == ("Giấy mời họp", [READ])
    assert sample.file
    await desk.choose(card, "Tất cả cơ quan")
    await desk.ha.presses(card, SEND)
    await until(lambda: card.text.startswith("Đã gửi xong"))
    for agency in desk.contacts:
        notice = desk.notice_of(agency)
        assert notice.file
        assert (notice.text, notice.file.is_photo, notice.file.id) == ("Giấy mời họp", as_photo, sample.file.id)


@pytest.mark.parametrize(
    ("audience", "people"),
    [("Kiểm tra tại trụ sở", 4), ("Kiểm tra qua hồ sơ", 0), ("Chưa xác nhận", 4), ("Bị trả lại", 0)],
)
async def test_the_audiences_follow_the_plan_and_the_submissions(desk: Desk, audience: str, people: int) -> None:
    card = await desk.write()
    await desk.choose(card, audience)
    assert (f"{people} người" in card.text) == bool(people)
    assert (SEND in labels(card)) == bool(people)


async def test_who_has_confirmed_is_not_among_those_who_have_not(desk: Desk) -> None:
    first, *others = desk.contacts
    form = await desk.contacts[first].asks("/xacnhan")
    await desk.contacts[first].presses(form, "Trục liên thông")
    await desk.contacts[first].presses(form, "Xác nhận")
    await desk.sent(audience="Chưa xác nhận")
    assert desk.got("Họp") == others


async def test_agencies_can_be_chosen_one_by_one(desk: Desk) -> None:
    first, second, *_ = desk.contacts
    card = await desk.write()
    await desk.choose(card, "Chọn cơ quan")
    names = [desk.services.pack.agencies.everyone[agency].name for agency in (first, second)]
    for name in (*names, names[1], names[1]):
        [label] = [label for label in labels(card) if label[2:] == name]
        await desk.ha.presses(card, label)
    assert [label[2:] for label in labels(card) if label.startswith("☑")] == names
    await desk.ha.presses(card, "Chọn xong (2)")
    assert "2 người ở 2/2 cơ quan" in card.text
    await desk.ha.presses(card, SEND)
    await until(lambda: card.text.startswith("Đã gửi xong"))
    assert desk.got("Họp") == [first, second]


async def test_visitors_who_agreed_get_news_until_they_do_not_want_any_more(desk: Desk) -> None:
    visitor = desk.town.someone("Võ Thị Khách")
    welcome = await visitor.asks("/start")
    assert "/riengtu" in (await visitor.presses(welcome, "Nhận thông báo")).toasts[0]
    assert "Nhận thông báo" not in labels(welcome)
    assert "Nhận thông báo" not in labels(await visitor.asks("/start"))
    await desk.sent(audience="Người đăng ký nhận tin", text="Tin chung")
    assert visitor.heard()[-1].text == "Tin chung"
    assert desk.got("Tin chung") == []
    privacy = await visitor.asks("/riengtu")
    assert "Nhận thông báo chung" in privacy.text
    await visitor.presses(privacy, "Thôi nhận thông báo")
    card = await desk.write()
    await desk.choose(card, "Người đăng ký nhận tin")
    assert SEND not in labels(card)


async def test_it_can_be_paused_resumed_and_stopped_and_the_sum_holds_on_every_card(desk: Desk) -> None:
    desk.slow(2)
    card = await desk.send()
    await until(lambda: len(desk.got("Họp")) == 1)
    assert (await desk.ha.presses(card, PAUSE)).toasts == ["Đã tạm dừng."]
    await settled(desk)
    paused = desk.got("Họp")
    assert card.text.startswith("Đang tạm dừng")
    assert _sum_of(card.text) == (4, 4)
    await desk.ha.presses(card, RESUME)
    await until(lambda: len(desk.got("Họp")) > len(paused))
    assert _sum_of(card.text) == (4, 4)
    await desk.ha.presses(card, STOP)
    await settled(desk)
    await until(lambda: "chờ 0" in card.text)
    assert card.text.startswith("Đã dừng hẳn")
    assert _sum_of(card.text) == (4, 4)
    assert f"bỏ qua {4 - len(desk.got('Họp'))}" in card.text
    assert RESUME not in labels(card)


async def test_two_coordinators_pressing_at_once_do_one_thing(desk: Desk) -> None:
    town = desk.town
    other = town.someone("Đỗ Văn Hai")
    code = (await desk.services.invitations.issue(Actor(None, None), None)).code
    await other.presses((await other.says(f"/start {code}"))[-1], "Đồng ý")
    desk.slow(0.2)
    card = await desk.send()
    await until(lambda: len(desk.got("Họp")) == 1)
    await other.asks("/thongbao")
    [listed] = (await other.presses(other.heard()[-1], "Các thông báo đã gửi")).replies
    await other.presses(listed, "Đang gửi · Họp lúc 14:00")
    pause = data_of(listed, PAUSE)
    first = await desk.ha.presses(card, STOP)
    # The button may be gone by now; it was there when the finger came down.
    second = await other.forces(listed.id, pause, chat_id=listed.chat.id)
    assert (first.toasts, second.toasts) == (["Đã dừng hẳn."], ["Không đổi được: đã dừng hẳn."])
    await settled(desk)
    await until(lambda: "chờ 0" in listed.text and "chờ 0" in card.text)
    assert card.text == listed.text
    acts = [row["act"] for row in town.rows("audit") if row["act"].startswith("notice")]
    assert acts == ["notice-sent", "notice-stopped"]


async def test_ten_taps_on_send_send_once(desk: Desk) -> None:
    card = await desk.write()
    await desk.choose(card, "Tất cả cơ quan")
    for _ in range(10):
        await desk.town.post(f"people/{COORDINATOR}/presses", message_id=card.id, callback_data="ns", force=True)
    await desk.town.settle()
    await until(lambda: card.text.startswith("Đã gửi xong"))
    assert [len(one.heard()) for one in desk.contacts.values()] == [1] * 4
    assert len(desk.town.rows("notices")) == 1


async def test_at_night_and_on_days_off_it_asks_before_it_sends(desk: Desk) -> None:
    await desk.town.turn_clock("2021-11-13T10:00")
    card = await desk.send()
    assert labels(card) == ["Vẫn gửi", "Gửi lúc 08:00 ngày 15/11", "‹ Quay lại"]
    assert desk.got("Họp") == []
    await desk.ha.presses(card, "‹ Quay lại")
    await desk.ha.presses(card, SEND)
    await desk.ha.presses(card, "Vẫn gửi")
    await until(lambda: card.text.startswith("Đã gửi xong"))
    assert desk.got("Họp") == list(desk.contacts)


async def test_postponed_to_the_morning_it_goes_out_then_to_those_it_is_for_by_then(desk: Desk) -> None:
    first, *others = desk.contacts
    await desk.town.turn_clock("2021-11-08T22:00")
    card = await desk.send(audience="Chưa xác nhận")
    await desk.ha.presses(card, "Gửi lúc 08:00 ngày 09/11")
    assert "Gửi lúc: 08:00 ngày 09/11/2021" in card.text
    form = await desk.contacts[first].asks("/xacnhan")
    await desk.contacts[first].presses(form, "Trục liên thông")
    await desk.contacts[first].presses(form, "Xác nhận")
    await desk.town.turn_clock("2021-11-09T07:58")
    assert desk.got("Họp") == []
    await desk.town.turn_clock("2021-11-09T08:00:30")
    await until(lambda: card.text.startswith("Đã gửi xong"))
    assert desk.got("Họp") == others


async def test_a_time_is_typed_and_what_is_none_is_asked_again(desk: Desk) -> None:
    card = await desk.write()
    await desk.choose(card, "Tất cả cơ quan")
    await desk.ha.presses(card, "Hẹn giờ")
    assert "⚠️" in (await desk.ha.asks("sớm nhất có thể")).text
    assert "đã qua" in (await desk.ha.asks("07:00 08/11/2021")).text
    card = await desk.ha.asks("16/11/2021 08:00")
    assert "Lúc: 08:00 ngày 16/11/2021" in card.text
    await desk.ha.presses(card, "Đặt lịch")
    assert "Gửi lúc: 08:00 ngày 16/11/2021" in card.text
    assert desk.got("Họp") == []
    await desk.ha.presses(card, "Gửi ngay")
    await until(lambda: card.text.startswith("Đã gửi xong"))
    assert desk.got("Họp") == list(desk.contacts)


async def test_a_scheduled_notice_can_be_called_off(desk: Desk) -> None:
    await desk.town.turn_clock("2021-11-08T22:00")
    card = await desk.send()
    await desk.ha.presses(card, "Gửi lúc 08:00 ngày 09/11")
    await desk.ha.presses(card, STOP)
    await desk.town.turn_clock("2021-11-09T08:05")
    await desk.town.settle()
    assert card.text.startswith("Đã dừng hẳn")
    assert desk.got("Họp") == []


async def test_who_blocked_the_bot_is_counted_with_the_reason_and_named_before_the_next_notice(desk: Desk) -> None:
    first = next(iter(desk.contacts))
    actions.block(desk.town.world, desk.contacts[first].person, blocked=True)
    card = await desk.sent()
    assert "đã gửi 3 · không gửi được 1" in card.text
    assert "• 1 không gửi được: đã chặn trợ lý" in card.text
    preview = await desk.write()
    await desk.choose(preview, "Tất cả cơ quan")
    name = desk.services.pack.agencies.everyone[first].name
    assert f"• {name} – đã chặn trợ lý" in preview.text


async def test_what_is_typed_while_a_notice_lies_ready_is_a_question(desk: Desk) -> None:
    card = await desk.write()
    await desk.choose(card, "Tất cả cơ quan")
    assert "15/11/2021" in (await desk.ha.asks("hạn nộp báo cáo là ngày nào")).text
    await desk.ha.presses(card, SEND)
    await until(lambda: card.text.startswith("Đã gửi xong"))


async def test_a_text_can_be_written_anew_before_it_is_sent(desk: Desk) -> None:
    card = await desk.write()
    await desk.choose(card, "Tất cả cơ quan")
    await desk.ha.presses(card, "Sửa")
    sample, card = await desk.ha.says("Họp lúc 16:00")
    assert sample.text == "Họp lúc 16:00"
    await desk.ha.presses(card, SEND)
    await until(lambda: card.text.startswith("Đã gửi xong"))
    assert (desk.got("16:00"), desk.got("14:00")) == (list(desk.contacts), [])


async def test_a_caption_that_telegram_would_not_take_is_refused_at_once(desk: Desk) -> None:
    await desk.sent()
    card = desk.ha.heard()[-1]
    await desk.ha.presses(card, "Đính chính")
    [refused] = await desk.ha.says("a" * 4095)
    assert "dài quá" in refused.text
