"""After a restart the coordinators are told what was left undone and what was made good; of nothing, nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.audit import Actor
from bot.outbox import Letter
from bot.sandbox.faults import Fault
from bot.sandbox.messages import Message
from knowledge.answer import Answerer
from tests.stores import Store
from tests.whole.campaign import BINH, CHAU, DUNG, Campaign, open_campaign
from tests.whole.town import COORDINATOR, until

XAY_DUNG = "Sở Xây dựng"


@pytest.fixture
async def campaign(
    answerer: Answerer, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Campaign]:
    async with open_campaign(answerer, tmp_path, store, monkeypatch) as opened:
        await opened.start()
        await _link(opened)
        yield opened


async def _link(campaign: Campaign) -> None:
    services = campaign.town.demo.application.bot_data
    await services.contacts.link(BINH, "so-xay-dung", campaign.person(BINH).person.name)


async def _write(campaign: Campaign, number: int, text: str = "Tin") -> None:
    """Put a message into the ledger."""
    services = campaign.town.demo.application.bot_data
    async with services.coordinators._database.session() as session:
        services.outbox.put(session, number, Letter(text))


async def _stop_while_telegram_is_down(campaign: Campaign, *people: int) -> None:
    """End the bot with messages to these people still waiting."""
    down = [Fault("error", method="sendMessage", chat_id=number, status=502, times=99) for number in people]
    campaign.world.faults.extend(down)
    for number in people:
        await _write(campaign, number)
    await until(lambda: all(one.times is not None and one.times < 99 for one in down))
    await until(
        lambda: not any(row["claimed_at"] for row in campaign.town.rows("outgoing") if row["state"] == "waiting")
    )
    await campaign.stop()
    campaign.world.faults.clear()


async def _stop_while_sending(campaign: Campaign, number: int) -> None:
    """End the bot while a message is on its way, as a crash would."""
    fault = Fault("delay", method="sendMessage", chat_id=number, seconds=3)
    campaign.world.faults.append(fault)
    await _write(campaign, number)
    await until(lambda: fault.times == 0)
    await campaign.stop()


def _reports(campaign: Campaign, number: int = COORDINATOR) -> list[Message]:
    heard = campaign.person(number).heard()
    return [message for message in heard if message.text.startswith("Trợ lý đã chạy lại")]


async def test_a_clean_restart_says_nothing_though_somebody_is_in_the_middle_of_something(campaign: Campaign) -> None:
    await campaign.person(BINH).asks("/xacnhan")
    for _ in range(2):
        await campaign.stop()
        await campaign.start()
    assert _reports(campaign) == []
    assert len(campaign.town.rows("drafts")) == 1


async def test_what_waited_is_sent_and_told_once_with_the_time_and_the_open_dialogues(campaign: Campaign) -> None:
    await campaign.person(DUNG).asks("/donvi")
    await campaign.person(BINH).asks("/xacnhan")
    await _stop_while_telegram_is_down(campaign, BINH, CHAU)
    await campaign.turn_to("2021-10-18 11:04")
    await campaign.start()
    [report] = _reports(campaign)
    assert report.text.startswith("Trợ lý đã chạy lại lúc 11:04 ngày 18/10/2021\nNgừng từ khoảng 09:00 ngày 18/10/2021")
    assert "(2 giờ 4 phút)" in report.text
    assert "• Tin chờ gửi: 2; " in report.text
    assert "• Việc đang dở của mọi người: 1; vẫn làm tiếp được" in report.text
    assert [campaign.person(one).heard()[-1].text for one in (BINH, CHAU)] == ["Tin", "Tin"]
    await campaign.turn_to("2021-10-18 13:00")
    await campaign.stop()
    await campaign.start()
    assert len(_reports(campaign)) == 1


async def test_what_may_have_arrived_is_told_with_the_agency_and_not_sent_again(campaign: Campaign) -> None:
    await _stop_while_sending(campaign, BINH)
    await campaign.start()
    [report] = _reports(campaign)
    assert f"• Chưa rõ đã tới hay chưa: 1 tin ({XAY_DUNG}). Trợ lý không gửi lại" in report.text
    assert "Tin chờ gửi" not in report.text


async def test_reminders_that_came_due_meanwhile_are_made_good_or_missed(campaign: Campaign) -> None:
    await campaign.stop()
    await campaign.turn_to("2021-10-26 10:00")
    await campaign.start()
    assert "• Nhắc hạn đến lúc ngừng: đã gửi bù cho 1 cơ quan" in _reports(campaign)[-1].text
    assert len(campaign.reminders_of(BINH)) == 1
    await campaign.stop()
    await campaign.turn_to("2021-11-12 10:00")
    await campaign.start()
    report = _reports(campaign)[-1].text
    assert "• Nhắc hạn đến lúc ngừng: đã gửi bù cho 1 cơ quan" in report
    assert "• ⚠️ Lỡ nhắc hạn: 14 cơ quan" in report
    assert "(17 ngày)" in report


async def test_a_notice_goes_on_and_one_that_was_planned_meanwhile_starts(campaign: Campaign) -> None:
    ha = campaign.person(COORDINATOR)
    for at in (None, "9:30"):
        await ha.asks("/thongbao")
        card = (await ha.says("Họp"))[-1]
        await ha.presses(card, next(one for one in _labels(card) if one.startswith("Tất cả cơ quan")))
        if at:
            await ha.presses(card, "Hẹn giờ")
            card = await ha.asks(at)
        else:
            campaign.world.faults.append(Fault("error", method="sendMessage", chat_id=BINH, status=502, times=99))
        await ha.presses(card, "Đặt lịch" if at else "Gửi")
    await campaign.stop()
    campaign.world.faults.clear()
    await campaign.turn_to("2021-10-18 10:00")
    await campaign.start()
    [report] = _reports(campaign)
    assert "• Thông báo đang gửi dở: 1, đang gửi tiếp (/thongbao)" in report.text
    assert "• Thông báo hẹn giờ trong lúc ngừng: 1, đã bắt đầu gửi" in report.text
    await until(lambda: [one.text for one in campaign.person(BINH).heard()].count("Họp") == 2)


def _labels(card: Message) -> list[str]:
    return [button["text"] for row in card.keyboard for button in row]


async def test_a_bot_that_comes_and_goes_reports_once_an_hour_and_then_of_all(campaign: Campaign) -> None:
    for minute in range(3):
        await _stop_while_sending(campaign, BINH)
        await campaign.turn_to(f"2021-10-18 10:{minute}0")
        await campaign.start()
    assert len(_reports(campaign)) == 1
    await campaign.turn_to("2021-10-18 10:59")
    assert len(_reports(campaign)) == 1
    await campaign.turn_to("2021-10-18 11:01")
    _, report = _reports(campaign)
    assert report.text.startswith("Trợ lý đã chạy lại lúc 10:20 ngày 18/10/2021\nĐã khởi động lại 2 lần, kể từ 10:00")
    assert f"• Chưa rõ đã tới hay chưa: 2 tin ({XAY_DUNG})" in report.text
    await campaign.turn_to("2021-10-18 13:00")
    assert len(_reports(campaign)) == 2


async def test_every_coordinator_is_told_and_nobody_else(campaign: Campaign) -> None:
    invitations = campaign.town.demo.application.bot_data.invitations
    issued = await invitations.issue(Actor(None, None), None)
    await campaign.person(DUNG).presses(await campaign.person(DUNG).asks(f"/start {issued.code}"), "Đồng ý")
    await _stop_while_telegram_is_down(campaign, CHAU)
    await campaign.start()
    assert [len(_reports(campaign, one)) for one in (COORDINATOR, DUNG, BINH, CHAU)] == [1, 1, 0, 0]
