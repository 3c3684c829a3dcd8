"""Reminders through a campaign: each agency gets those it should, once, whatever is restarted in between."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.sandbox import actions
from bot.sandbox.faults import Fault
from knowledge.answer import Answerer
from tests.stores import Store
from tests.whole.campaign import BINH, CHAU, DUNG, MINH, Campaign, open_campaign
from tests.whole.town import COORDINATOR, labels, until

SXD, BU_DANG, NOBODYS = "so-xay-dung", "ubnd-bu-dang", "ubnd-loc-ninh"

# When somebody is reminded whose agency never does anything.
OF_THE_PLAN = ["26/10", "04/11", "10/11", "12/11", "15/11", "19/11"]


@pytest.fixture
async def campaign(
    answerer: Answerer, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Campaign]:
    async with open_campaign(answerer, tmp_path, store, monkeypatch) as opened:
        await opened.start()
        yield opened


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


async def _send_back(campaign: Campaign, reason: str) -> None:
    coordinator = campaign.person(COORDINATOR)
    card = next(message for message in reversed(coordinator.heard()) if "Trả lại" in labels(message))
    form = (await coordinator.presses(card, "Trả lại")).replies[-1]
    form = (await coordinator.says(reason))[-1]
    await coordinator.presses(form, "Trả lại")


@pytest.mark.parametrize("restarted", [False, True])
async def test_through_the_whole_campaign_each_agency_gets_exactly_its_reminders(
    campaign: Campaign, restarted: bool
) -> None:
    await campaign.link(BINH, "Sở Xây dựng")
    await campaign.link(MINH, "Bù Đăng")
    for day in _days(date(2021, 10, 19), date(2021, 11, 22)):
        restarts = restarted and f"{day:%d/%m}" in OF_THE_PLAN
        if restarts:
            await campaign.stop()
        await campaign.turn_to(f"{day} 08:00")
        if restarts:
            await campaign.start()
            await campaign.stop()
            await campaign.start()
        if day == date(2021, 11, 5):
            await campaign.give(MINH, campaign.reminders_of(MINH)[-1])
        if day == date(2021, 11, 11):
            await _send_back(campaign, "thiếu phụ lục")
        if day == date(2021, 11, 12):
            await campaign.give(MINH, campaign.reminders_of(MINH)[-1], "Bổ sung")
    assert campaign.days_of(BINH) == OF_THE_PLAN
    assert campaign.days_of(MINH) == ["26/10", "04/11", "12/11"]
    assert campaign.milestones(BU_DANG) == {
        "14-before": "sent", "7-before": "sent", "3-before": "settled", "last-day": "sent", "1-after": "settled",
        "5-after": "settled",
    }  # fmt: skip
    assert set(campaign.milestones(NOBODYS).values()) == {"unreachable"}
    assert len(campaign.milestones(NOBODYS)) == 6


async def test_a_reminder_knows_the_state_of_the_agency(campaign: Campaign) -> None:
    await campaign.link(BINH, "Sở Xây dựng")
    await campaign.turn_to("2021-10-26 08:00")
    [silent] = campaign.reminders_of(BINH)
    assert silent.text == (
        "Sở Xây dựng: còn 19 ngày để nộp báo cáo (14 ngày làm việc, kể cả hôm nay)\n"
        "Hạn: trước ngày 15/11/2021, chậm nhất Chủ nhật, 14/11/2021\n\n"
        "Cơ quan chưa xác nhận. Đã gửi báo cáo thì bấm Xác nhận đã nộp."
    )
    assert labels(silent) == ["Xác nhận đã nộp", "Báo cáo gồm gì?", "Tắt nhắc"]
    assert len((await campaign.person(BINH).presses(silent, "Báo cáo gồm gì?")).replies) == 1

    await campaign.give(BINH, silent)
    await _send_back(campaign, "thiếu phụ lục")
    await campaign.turn_to("2021-11-04 08:00")
    returned = campaign.reminders_of(BINH)[-1]
    assert "Bản 1 bị trả lại, chờ bổ sung: thiếu phụ lục" in returned.text
    assert labels(returned)[0] == "Bổ sung"
    await campaign.give(BINH, returned, "Bổ sung")

    status = await campaign.person(BINH).asks("/tinhtrang")
    sure = (await campaign.person(BINH).presses(status, "Rút xác nhận")).replies[-1]
    await campaign.person(BINH).presses(sure, "Rút xác nhận của Sở Xây dựng")
    await campaign.turn_to("2021-11-12 08:00")
    withdrawn = campaign.reminders_of(BINH)[-1]
    assert "hôm nay là ngày làm việc cuối trước hạn nộp báo cáo" in withdrawn.text
    assert "Bản 2 đã rút, chưa có bản thay" in withdrawn.text
    await campaign.turn_to("2021-11-15 08:00")
    assert "trễ hạn nộp báo cáo 1 ngày" in campaign.reminders_of(BINH)[-1].text


async def test_moving_the_deadline_moves_the_reminders_of_those_it_concerns(campaign: Campaign) -> None:
    await campaign.link(BINH, "Sở Xây dựng")
    await campaign.link(MINH, "Bù Đăng")
    await campaign.turn_to("2021-11-08 09:00")
    coordinator = campaign.person(COORDINATOR)
    await coordinator.says("/giahan sở xây dựng")
    form = (await coordinator.says("26/11/2021 vì lũ lụt"))[-1]
    await coordinator.presses(form, "Gia hạn")
    for day in _days(date(2021, 11, 8), date(2021, 12, 10)):
        await campaign.turn_to(f"{day} 10:00")
    # The clock skipped the morning of 04/11, so that reminder came late.
    assert campaign.days_of(BINH) == ["08/11", "17/11", "23/11", "25/11", "26/11", "29/11", "03/12"]
    assert campaign.days_of(MINH) == ["08/11", "10/11", "12/11", "15/11", "19/11"]


@pytest.mark.parametrize(
    ("back", "sent", "third"),
    [
        ("2021-11-11 10:00", ["11/11"], "sent"),  # still of use
        ("2021-11-10 23:30", [], None),  # not by night: it waits for the morning
        ("2021-11-12 09:00", ["12/11"], "missed"),  # overtaken by the one of the last day, which is sent
        ("2021-11-13 09:00", ["13/11"], "missed"),  # a Saturday, and no working day left before the deadline
        ("2021-11-16 09:00", ["16/11"], "missed"),
        ("2021-11-29 09:00", [], "missed"),
    ],
)
async def test_a_reminder_missed_while_the_bot_was_down_is_sent_if_it_is_still_of_use(
    campaign: Campaign, back: str, sent: list[str], third: str | None
) -> None:
    await campaign.link(BINH, "Sở Xây dựng")
    await campaign.turn_to("2021-11-04 08:00")
    before = len(campaign.reminders_of(BINH))
    await campaign.stop()
    await campaign.turn_to(back)
    await campaign.start()
    assert campaign.days_of(BINH)[before:] == sent
    assert campaign.milestones(SXD).get("3-before") == third


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_a_reminder_written_down_before_a_restart_is_sent_once_after_it(campaign: Campaign) -> None:
    await campaign.link(BINH, "Sở Xây dựng")
    busy = Fault(kind="retry_after", method="sendMessage", chat_id=BINH, seconds=30)
    campaign.world.faults.append(busy)
    campaign.clock.turn_by(timedelta(days=8))
    await until(lambda: not busy.times and campaign.town.rows("outgoing")[-1]["claimed_at"] is None)
    await campaign.stop()
    campaign.world.faults.clear()
    for _ in range(2):
        await campaign.start()
        await campaign.stop()
    await campaign.start()
    assert campaign.days_of(BINH) == ["26/10"]


async def test_who_mutes_reminders_gets_none_until_they_are_switched_on_again(campaign: Campaign) -> None:
    await campaign.link(BINH, "Sở Xây dựng")
    await campaign.link(CHAU, "Sở Xây dựng")
    binh = campaign.person(BINH)
    await campaign.turn_to("2021-10-26 08:00")
    [reminder] = campaign.reminders_of(BINH)
    pressed = await binh.presses(reminder, "Tắt nhắc")
    assert pressed.toasts == ["Đã tắt nhắc cho riêng anh/chị. Bật lại: /donvi."]
    assert labels(reminder) == ["Xác nhận đã nộp", "Báo cáo gồm gì?"]
    assert "Trần Thị Bình (đã tắt nhắc)" in (await campaign.person(COORDINATOR).asks("/tinhtrang sở xây dựng")).text

    await campaign.turn_to("2021-11-04 08:00")
    assert (campaign.days_of(BINH), campaign.days_of(CHAU)) == (["26/10"], ["26/10", "04/11"])
    chaus = await campaign.person(CHAU).asks("/donvi")
    await campaign.person(CHAU).presses(chaus, "Tắt nhắc")
    await campaign.turn_to("2021-11-10 08:00")
    assert campaign.milestones(SXD)["3-before"] == "muted"

    page = await binh.asks("/donvi")
    assert "anh/chị đã tắt nhắc" in page.text
    assert (await binh.presses(page, "Bật nhắc")).toasts == ["Đã bật nhắc."]
    assert "tắt nhắc" not in page.text
    assert "Tắt nhắc" in labels(page)
    await campaign.turn_to("2021-11-12 08:00")
    assert (campaign.days_of(BINH), campaign.days_of(CHAU)) == (["26/10", "12/11"], ["26/10", "04/11"])
    acts = [(row["act"], row["person_id"]) for row in campaign.town.rows("audit") if "muted" in row["act"]]
    assert acts == [("muted", BINH), ("muted", CHAU), ("unmuted", BINH)]


async def test_tapping_twice_mutes_once(campaign: Campaign) -> None:
    await campaign.link(BINH, "Sở Xây dựng")
    await campaign.turn_to("2021-10-26 08:00")
    [reminder] = campaign.reminders_of(BINH)
    for _ in range(2):
        assert len((await campaign.person(BINH).forces(reminder.id, f"nt:{SXD}")).toasts) == 1
    assert [row["act"] for row in campaign.town.rows("audit")].count("muted") == 1


@pytest.mark.parametrize("data", [f"nt:{SXD}", f"nd:{SXD}:0", f"nd:{SXD}:1"])
@pytest.mark.parametrize("who", [MINH, DUNG, COORDINATOR])
async def test_nobody_mutes_an_agency_that_is_not_theirs(campaign: Campaign, who: int, data: str) -> None:
    await campaign.link(BINH, "Sở Xây dựng")
    await campaign.link(MINH, "Bù Đăng")
    await campaign.person(DUNG).says("/start")
    remembered = campaign.town.remembered()
    message = campaign.person(who).heard()[-1]
    pressed = await campaign.person(who).forces(message.id, data)
    assert pressed.toasts == ["Việc này dành cho đầu mối của cơ quan hoặc cán bộ điều phối."]
    assert (pressed.replies, campaign.town.remembered()) == ([], remembered)


async def test_a_switch_that_is_neither_on_nor_off_is_old(campaign: Campaign) -> None:
    await campaign.link(BINH, "Sở Xây dựng")
    remembered = campaign.town.remembered()
    pressed = await campaign.person(BINH).forces(campaign.person(BINH).heard()[-1].id, f"nd:{SXD}:2")
    assert "cũ" in pressed.toasts[0]
    assert campaign.town.remembered() == remembered


async def test_who_links_after_a_milestone_has_not_missed_it(campaign: Campaign) -> None:
    await campaign.turn_to("2021-11-05 09:00")
    await campaign.link(BINH, "Sở Xây dựng")
    await campaign.turn_to("2021-11-05 09:30")
    assert campaign.days_of(BINH) == []
    await campaign.turn_to("2021-11-10 08:00")
    assert campaign.days_of(BINH) == ["10/11"]


async def test_who_has_blocked_the_bot_is_named_to_the_coordinator(campaign: Campaign) -> None:
    await campaign.link(BINH, "Sở Xây dựng")
    await campaign.link(MINH, "Bù Đăng")
    actions.block(campaign.world, campaign.world.people[BINH], blocked=True)
    await campaign.turn_to("2021-10-26 08:00")
    await campaign.turn_to("2021-10-27 08:00")
    assert "Tin nhắc gần nhất không tới (1): Sở Xây dựng" in campaign.digests()[-1].text
