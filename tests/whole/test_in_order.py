"""One after another within a chat, chats beside one another."""

from datetime import date

import pytest

from bot.order import AT_ONCE
from bot.sandbox.faults import Fault
from knowledge.answer import Answerer, Asker
from knowledge.markup import plain
from tests.whole.town import Someone, Town, data_of, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


def _slow(town: Town, one: Someone, seconds: float, times: int = 1) -> None:
    """Let Telegram take its time with what is sent to somebody."""
    town.world.faults.append(Fault(kind="delay", method="sendMessage", chat_id=one.id, seconds=seconds, times=times))


async def test_ten_quick_messages_are_answered_in_their_order(town: Town, an: Someone, answerer: Answerer) -> None:
    topics = [answerer.pack.topics[topic] for topic in answerer.pack.menu[1].topics][:10]
    assert len(topics) == 10
    expected = [plain(answerer.ask(topic.ask, Asker(date(2021, 11, 8))).html) for topic in topics]
    assert len(set(expected)) > 5, "their answers must tell them apart"
    _slow(town, an, 0.2)
    for topic in topics:
        await an.writes(topic.ask)
    await town.settle()
    assert [reply.text for reply in an.heard()] == expected


async def test_a_press_waits_for_the_message_before_it(town: Town, an: Someone) -> None:
    declined = await an.asks("thời tiết hôm nay")
    _slow(town, an, 0.2)
    await an.writes("/kehoach")
    tap = {"message_id": declined.id, "callback_data": data_of(declined, "Các chủ đề")}
    await town.post(f"people/{an.id}/presses", **tap)
    await town.settle()
    assert [reply.text.split()[0] for reply in an.heard(after=declined.id)] == ["Kế", "Chủ"]


async def test_a_slow_chat_does_not_hold_another(town: Town, an: Someone) -> None:
    _slow(town, an, 0.5)
    await an.writes("/han")
    binh = town.someone()
    await binh.writes("/han")
    await until(binh.heard)
    assert an.heard() == []
    await until(an.heard)


async def test_a_flood_from_one_person_waits_in_their_own_queue(town: Town, an: Someone) -> None:
    _slow(town, an, 0.5)
    for _ in range(2 * AT_ONCE):
        await an.writes("/kehoach")
    binh = town.someone()
    await binh.writes("/han")
    await until(binh.heard)
    assert an.heard() == []
    await town.settle()
    assert len(an.heard()) == 2 * AT_ONCE


async def test_many_slow_chats_are_served_beside_one_another(town: Town) -> None:
    people = [town.someone() for _ in range(AT_ONCE)]
    for one in people:
        _slow(town, one, 0.3)
    for one in people:
        await one.writes("/han")
    await until(lambda: any(one.heard() for one in people))
    await until(lambda: all(one.heard() for one in people))
    calls = [call for call in town.world.called("sendMessage") if call.params["chat_id"] in {one.id for one in people}]
    assert (calls[-1].at - calls[0].at).total_seconds() < 0.3


async def test_nothing_is_kept_of_a_chat_that_is_done(town: Town, an: Someone) -> None:
    await an.asks("/han")
    processor = town.demo.application.update_processor
    assert processor._queues == {}  # type: ignore[attr-defined]
