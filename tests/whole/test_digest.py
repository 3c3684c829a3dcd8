"""The coordinators' morning digest: one a working day and coordinator, and only if something has changed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.audit import Actor
from knowledge.answer import Answerer
from tests.stores import Store
from tests.whole.campaign import BINH, DUNG, Campaign, open_campaign
from tests.whole.town import COORDINATOR


@pytest.fixture
async def campaign(
    answerer: Answerer, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Campaign]:
    async with open_campaign(answerer, tmp_path, store, monkeypatch) as opened:
        await opened.start()
        yield opened


def _looked_at(campaign: Campaign) -> dict[int, str]:
    """For which day each coordinator's digest has been looked at."""
    return {row["person_id"]: row["day"] for row in campaign.town.rows("digests")}


async def test_it_says_how_things_stand_and_what_has_changed(campaign: Campaign) -> None:
    await campaign.link(BINH, "Sở Xây dựng")
    await campaign.turn_to("2021-10-26 08:00")
    await campaign.give(BINH, campaign.reminders_of(BINH)[-1])
    await campaign.person(DUNG).presses(await campaign.person(DUNG).asks("thời tiết hôm nay"), "Chuyển câu hỏi")
    await campaign.turn_to("2021-10-27 08:00")
    text = campaign.digests()[-1].text
    assert text.startswith(
        "Tình hình sáng thứ Tư, 27/10/2021\n"
        "Đã xác nhận 1 · đã tiếp nhận 0 · trả lại 0 · chưa xác nhận 13\n"
        "Câu hỏi chờ trả lời: 1 (/hopthu)\n\n"
        "Mới\n"
        "• Đã xác nhận: Sở Xây dựng\n"
        "Chưa có đầu mối nên chưa nhắc được (13): Sở Kế hoạch và Đầu tư, Sở Ngoại vụ, "
    )


async def test_who_is_late_is_named(campaign: Campaign) -> None:
    await campaign.link(BINH, "Sở Xây dựng")
    await campaign.turn_to("2021-11-15 08:00")
    assert "⚠️ trễ hạn 14" in campaign.digests()[-1].text
    assert "Trễ hạn (14): Sở Kế hoạch và Đầu tư, Sở Xây dựng, Sở Ngoại vụ" in campaign.digests()[-1].text


async def test_it_comes_at_eight_on_the_next_working_day_once_whatever_is_restarted(campaign: Campaign) -> None:
    await campaign.link(BINH, "Sở Xây dựng")
    await campaign.turn_to("2021-10-18 20:00")
    await campaign.turn_to("2021-10-19 07:59")
    assert campaign.digests() == []
    await campaign.turn_to("2021-10-19 08:00")
    await campaign.stop()
    await campaign.start()
    await campaign.turn_to("2021-10-19 15:00")
    [digest] = campaign.digests()
    assert "• Đầu mối mới: Sở Xây dựng" in digest.text


async def test_where_nothing_has_changed_there_is_none(campaign: Campaign) -> None:
    await campaign.link(BINH, "Sở Xây dựng")
    for day in (19, 20, 21):
        await campaign.turn_to(f"2021-10-{day} 08:00")
    assert len(campaign.digests()) == 1
    assert _looked_at(campaign) == {COORDINATOR: "2021-10-21"}


async def test_what_happens_later_in_the_day_waits_for_the_next_morning(campaign: Campaign) -> None:
    await campaign.turn_to("2021-10-19 08:00")
    await campaign.link(BINH, "Sở Xây dựng")
    await campaign.turn_to("2021-10-19 10:00")
    assert campaign.digests() == []
    await campaign.turn_to("2021-10-20 08:00")
    assert len(campaign.digests()) == 1


async def test_what_happens_before_a_weekend_is_told_after_it(campaign: Campaign) -> None:
    await campaign.turn_to("2021-10-22 09:00")
    await campaign.link(BINH, "Sở Xây dựng")
    for day in (23, 24):
        await campaign.turn_to(f"2021-10-{day} 08:00")
    assert campaign.digests() == []
    await campaign.turn_to("2021-10-25 08:00")
    assert len(campaign.digests()) == 1


async def test_on_the_morning_of_a_milestone_it_says_who_was_reminded_and_who_could_not_be(campaign: Campaign) -> None:
    await campaign.link(BINH, "Sở Xây dựng")
    await campaign.turn_to("2021-10-19 08:00")
    await campaign.turn_to("2021-10-26 08:00")
    assert "Sáng nay đã nhắc: 1 cơ quan\n" in campaign.digests()[-1].text
    assert "Chưa có đầu mối nên chưa nhắc được (13): " in campaign.digests()[-1].text
    await campaign.person(BINH).presses(campaign.reminders_of(BINH)[-1], "Tắt nhắc")
    await campaign.turn_to("2021-11-04 08:00")
    assert "Mọi đầu mối đã tắt nhắc (1): Sở Xây dựng" in campaign.digests()[-1].text
    assert "đã nhắc" not in campaign.digests()[-1].text
    await campaign.stop()
    await campaign.turn_to("2021-11-12 10:00")
    await campaign.start()
    assert "Lỡ nhắc vì trợ lý ngừng chạy (14): " in campaign.digests()[-1].text


async def test_a_question_that_waits_is_news_once(campaign: Campaign) -> None:
    await campaign.turn_to("2021-10-19 08:00")
    await campaign.person(DUNG).presses(await campaign.person(DUNG).asks("thời tiết hôm nay"), "Chuyển câu hỏi")
    for day in (20, 21):
        await campaign.turn_to(f"2021-10-{day} 08:00")
    assert ["Câu hỏi chờ trả lời: 1" in digest.text for digest in campaign.digests()] == [True]


async def test_a_new_coordinator_is_told_from_then_on_and_each_has_their_own(campaign: Campaign) -> None:
    await campaign.link(BINH, "Sở Xây dựng")
    issued = await campaign.town.demo.application.bot_data.invitations.issue(Actor(None, None), None)
    dung = campaign.person(DUNG)
    await dung.presses(await dung.asks(f"/start {issued.code}"), "Đồng ý")
    await campaign.turn_to("2021-10-18 10:00")
    await campaign.turn_to("2021-10-19 08:00")
    assert (len(campaign.digests()), campaign.digests(DUNG)) == (1, [])
    await campaign.person(BINH).presses(await campaign.person(BINH).asks("/donvi"), "Huỷ liên kết")
    sure = campaign.person(BINH).heard()[-1]
    await campaign.person(BINH).presses(sure, "Huỷ liên kết với Sở Xây dựng")
    await campaign.turn_to("2021-10-20 08:00")
    assert [len(campaign.digests(one)) for one in (COORDINATOR, DUNG)] == [2, 1]
    assert "• Thôi làm đầu mối: Sở Xây dựng" in campaign.digests(DUNG)[0].text


async def test_who_is_forgotten_is_forgotten_here_too(campaign: Campaign) -> None:
    await campaign.turn_to("2021-10-19 08:00")
    coordinator = campaign.person(COORDINATOR)
    sure = (await coordinator.presses(await coordinator.asks("/riengtu"), "Xoá dữ liệu của tôi")).replies[-1]
    await coordinator.presses(sure, "Xoá dữ liệu của tôi")
    assert campaign.town.rows("digests") == []
