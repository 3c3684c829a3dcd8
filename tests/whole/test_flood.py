"""One person floods: the others notice nothing, and the person is told once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot import allowance
from bot.sandbox import actions
from knowledge.answer import Answerer
from tests.conftest import NewStore
from tests.whole.conftest import open_town
from tests.whole.town import BOT, Someone, Town, data_of, labels, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

AT_ONCE, FLOOD = 30, 500
TOO_FAST = "Anh/chị gửi nhanh quá"


class Watch:
    """The machine's time, standing still, so that what is granted can be counted."""

    now = 0.0


@pytest.fixture(scope="module")
def watch() -> Watch:
    return Watch()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(
    answerer: Answerer, tmp_path_factory: pytest.TempPathFactory, new_store: NewStore, watch: Watch
) -> AsyncIterator[Town]:
    """A town with the allowance that people have."""
    folder: Path = tmp_path_factory.mktemp("flood") / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(allowance, "AT_ONCE", AT_ONCE)
        async with open_town(answerer, folder, new_store) as opened:
            kept = opened.demo.application.update_processor._allowance  # type: ignore[attr-defined]
            patch.setattr(kept, "_now", lambda: watch.now)
            yield opened


def floods(one: Someone, text: str = "/han", count: int = FLOOD, chat_id: int | None = None) -> None:
    """Send so many messages before the bot hears the first."""
    for _ in range(count):
        actions.write(one.town.world, one.person, text, chat_id)


def words(one: Someone, chat_id: int | None = None) -> list[str]:
    """What was said in a chat to somebody who is too fast."""
    return [reply.text for reply in one.heard(chat_id) if reply.text.startswith(TOO_FAST)]


async def test_of_five_hundred_messages_thirty_are_answered_and_one_word_is_said(town: Town, an: Someone) -> None:
    floods(an)
    await town.settle()
    assert ["15/11/2021" in reply.text for reply in an.heard()] == [True] * AT_ONCE + [False]
    assert an.heard()[-1].text.startswith(TOO_FAST)
    assert "gửi lại" in an.heard()[-1].text


async def test_who_asks_behind_a_flood_is_answered_before_most_of_it(town: Town, an: Someone) -> None:
    others = [town.someone() for _ in range(5)]
    floods(an)
    for one in others:
        actions.write(town.world, one.person, "/han")
    await until(lambda: all(one.heard() for one in others))
    answered_before = len(an.heard())
    await town.settle()
    assert answered_before <= AT_ONCE / 2
    assert all("15/11/2021" in one.heard()[0].text for one in others)


async def test_what_is_dropped_leaves_nothing_behind(town: Town, an: Someone) -> None:
    floods(an, "hạn nộp báo cáo là ngày nào")
    await town.settle()
    assert len(town.questions_of(an)) == AT_ONCE
    processor = town.demo.application.update_processor
    assert processor._queues == {}  # type: ignore[attr-defined]


async def test_after_half_a_minute_the_person_is_heard_as_before(town: Town, an: Someone, watch: Watch) -> None:
    floods(an)
    await town.settle()
    watch.now += AT_ONCE
    assert "15/11/2021" in (await an.asks("/han")).text


async def test_thirty_quick_messages_are_all_answered_in_their_order(town: Town, an: Someone) -> None:
    for number in range(AT_ONCE):
        actions.write(town.world, an.person, ("/han", "/kehoach")[number % 2])
    await town.settle()
    assert words(an) == []
    kinds = [reply.text.split("\n")[0] for reply in an.heard()]
    assert kinds == kinds[:2] * (AT_ONCE // 2)
    assert kinds[0] != kinds[1]


async def test_a_flood_of_taps_is_answered_with_one_word_in_the_place_of_the_button(town: Town, an: Someone) -> None:
    declined = await an.asks("thời tiết hôm nay")
    event = town.world.events.last
    for _ in range(FLOOD):
        actions.press(town.world, an.person, declined.id, data_of(declined, "Các chủ đề"))
    await town.settle()
    assert [labels(menu) != [] for menu in an.heard(after=declined.id)] == [True] * (AT_ONCE - 1)
    toasts = [one.data for one in town.world.events.since(event) if one.kind == "toast"]
    told = [toast["text"] for toast in toasts if isinstance(toast, dict) and toast["text"]]
    assert told == ["Anh/chị bấm nhanh quá. Chờ nửa phút rồi bấm lại giúp."]


async def test_in_a_group_only_who_floods_is_held_up(town: Town, an: Someone) -> None:
    binh = town.someone("Trần Thị Bình")
    group = town.group(an, binh)
    floods(an, "/han", count=100, chat_id=group.id)
    asked = actions.write(town.world, binh.person, f"{BOT} hạn nộp báo cáo là ngày nào", group.id)
    await town.settle()
    replies = an.heard(group.id)
    assert len(words(an, group.id)) == 1
    assert len(replies) == AT_ONCE + 2
    assert ["15/11/2021" in reply.text for reply in replies if reply.reply_to == asked.id] == [True]


async def test_talk_among_people_in_a_group_is_not_told_to_slow_down(town: Town, an: Someone) -> None:
    group = town.group(an, hears_all=True)
    floods(an, "ai đi họp chiều nay", count=100, chat_id=group.id)
    await town.settle()
    assert an.heard(group.id) == []


async def test_typing_an_inline_query_leaves_the_allowance_for_messages_alone(town: Town, an: Someone) -> None:
    asking = [asyncio.create_task(actions.ask_inline(town.world, an.person, "hạn nộp")) for _ in range(40)]
    await asyncio.sleep(0)
    await town.settle()
    assert "15/11/2021" in (await an.asks("/han")).text
    for one in asking:
        one.cancel()


async def test_who_blocked_the_bot_in_the_middle_of_their_flood_does_no_harm(town: Town, an: Someone) -> None:
    floods(an)
    actions.block(town.world, an.person, blocked=True)
    await town.settle()
    assert "15/11/2021" in (await town.someone().asks("/han")).text
