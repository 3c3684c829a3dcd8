"""One after another within a chat, chats beside one another."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.askers import Known
from bot.order import AT_ONCE
from tests.whole.town import Someone, Town, data_of, labels, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Gate:
    """Holds up the answers to some people: the bot waits here as it would for a slow database or network."""

    def __init__(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        askers = town.demo.application.bot_data.askers
        self._pass = askers.known
        self._held: set[int] = set()
        self._opened = asyncio.Event()
        self.waiting: list[int] = []
        monkeypatch.setattr(askers, "known", self._known)

    async def _known(self, chat_id: int, person_id: int) -> Known:
        if person_id in self._held:
            self.waiting.append(person_id)
            await self._opened.wait()
        return await self._pass(chat_id, person_id)

    @contextmanager
    def closed_to(self, *people: Someone) -> Iterator[None]:
        self._held = {one.id for one in people}
        try:
            yield
        finally:
            self._opened.set()


@pytest.fixture
def gate(town: Town, monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(town, monkeypatch)


async def _are_with_the_bot(town: Town, count: int) -> None:
    """Wait until the bot has fetched so many updates; it works on them, or they wait in their chat's queue."""
    await until(lambda: town.demo.application.update_processor.current_concurrent_updates == count)


async def _answered(town: Town) -> None:
    """Somebody else asks and is answered: whatever could happen meanwhile has happened."""
    other = town.someone()
    await other.writes("/han")
    await until(other.heard)


async def test_ten_quick_messages_are_answered_in_their_order(town: Town, gate: Gate) -> None:
    texts = ["/han", "/kehoach", "/chude", "/help", "/hoi", "/start", "/khongco", "/hopthu", "cảm ơn", "/chude"]
    other, an = town.someone(), town.someone()
    expected = [(await other.asks(text)).text for text in texts]
    with gate.closed_to(an):
        for text in texts:
            await an.writes(text)
        await _are_with_the_bot(town, len(texts))
        await _answered(town)
        assert an.heard() == [], "they wait for the first"
    await town.settle()
    assert [reply.text for reply in an.heard()] == expected


async def test_a_press_waits_for_the_message_before_it(town: Town, an: Someone, gate: Gate) -> None:
    declined = await an.asks("thời tiết hôm nay")
    tap = {"message_id": declined.id, "callback_data": data_of(declined, "Các chủ đề")}
    with gate.closed_to(an):
        await an.writes("/han")
        await town.post(f"people/{an.id}/presses", **tap)
        await _are_with_the_bot(town, 2)
        await _answered(town)
        assert an.heard(after=declined.id) == []
    await town.settle()
    answer, menu = an.heard(after=declined.id)
    assert "15/11/2021" in answer.text
    assert labels(menu)
    assert menu.text.startswith("Chủ đề")


async def test_a_slow_chat_does_not_hold_another(town: Town, an: Someone, gate: Gate) -> None:
    with gate.closed_to(an):
        await an.writes("/han")
        await until(lambda: gate.waiting)
        await _answered(town)
        assert an.heard() == []
    await until(an.heard)


async def test_a_flood_from_one_person_waits_in_their_own_queue(town: Town, an: Someone, gate: Gate) -> None:
    flood = 2 * AT_ONCE
    with gate.closed_to(an):
        for _ in range(flood):
            await an.writes("/han")
        await _are_with_the_bot(town, flood)
        await _answered(town)
        assert an.heard() == []
    await town.settle()
    assert len(an.heard()) == flood


async def test_so_many_chats_are_served_beside_one_another_and_no_more(town: Town, gate: Gate) -> None:
    people = [town.someone() for _ in range(AT_ONCE + 2)]
    with gate.closed_to(*people):
        for one in people:
            await one.writes("/han")
        await _are_with_the_bot(town, len(people))
        await until(lambda: len(gate.waiting) >= AT_ONCE)
        assert len(gate.waiting) == AT_ONCE
    await town.settle()
    assert all(len(one.heard()) == 1 for one in people)


async def test_nothing_is_kept_of_a_chat_that_is_done(town: Town, an: Someone) -> None:
    await an.asks("/han")
    processor = town.demo.application.update_processor
    assert processor._queues == {}  # type: ignore[attr-defined]
