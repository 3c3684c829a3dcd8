"""The menu of topics: /chude, its groups, their pages, and a topic opened from it."""

import pytest

from bot.sandbox.messages import Message
from handlers.buttons import Code
from handlers.topics import PAGE
from knowledge.answer import Answerer
from tests.whole.town import Someone, labels, labels_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEXT, BEFORE, BACK = "Trang sau ›", "‹ Trang trước", "‹ Quay lại"


@pytest.fixture(scope="module")
def titles(answerer: Answerer) -> list[str]:
    return [group.title for group in answerer.pack.menu]


async def _open(one: Someone, title: str) -> Message:
    menu = await one.asks("/chude")
    pressed = await one.presses(menu, title)
    assert (pressed.toasts, pressed.replies) == ([""], []), "the page opens in the menu's own message"
    return menu


async def test_the_front_shows_every_group(an: Someone, titles: list[str]) -> None:
    assert labels(await an.asks("/chude")) == titles


async def test_the_pages_of_the_groups_hold_every_topic_once(an: Someone, answerer: Answerer) -> None:
    for group in answerer.pack.menu:
        menu = await _open(an, group.title)
        shown = labels_of(menu, Code.TOPIC)
        while NEXT in labels(menu):
            await an.presses(menu, NEXT)
            assert len(labels_of(menu, Code.TOPIC)) <= PAGE
            shown += labels_of(menu, Code.TOPIC)
        assert shown == [answerer.pack.topics[topic].ask for topic in group.topics]


async def test_the_first_page_has_no_page_before_and_the_last_none_after(an: Someone, answerer: Answerer) -> None:
    longest = max(answerer.pack.menu, key=lambda group: len(group.topics))
    assert len(longest.topics) > PAGE, "this needs a group of several pages"
    menu = await _open(an, longest.title)
    assert BEFORE not in labels(menu)
    assert "trang 1/" in menu.text
    while NEXT in labels(menu):
        await an.presses(menu, NEXT)
    assert BEFORE in labels(menu)
    pages = -(-len(longest.topics) // PAGE)
    assert f"trang {pages}/{pages}" in menu.text


async def test_a_page_turned_forward_and_back_is_the_same(an: Someone, titles: list[str]) -> None:
    menu = await _open(an, titles[0])
    first = menu.text, labels(menu)
    await an.presses(menu, NEXT)
    assert (menu.text, labels(menu)) != first
    await an.presses(menu, BEFORE)
    assert (menu.text, labels(menu)) == first


async def test_the_way_back_leads_to_the_front_in_the_same_message(an: Someone, titles: list[str]) -> None:
    menu = await _open(an, titles[1])
    assert labels(menu)[-1] == BACK, "the way back comes last"
    pressed = await an.presses(menu, BACK)
    assert pressed.replies == []
    assert labels(menu) == titles


async def test_a_topic_opens_below_and_the_menu_stays(an: Someone, titles: list[str]) -> None:
    menu = await _open(an, titles[0])
    page = menu.text, labels(menu)
    pressed = await an.presses(menu, "Hạn nộp báo cáo là ngày nào?")
    assert ["15/11/2021" in reply.text for reply in pressed.replies] == [True]
    assert (menu.text, labels(menu)) == page


async def test_every_topic_of_the_menu_can_be_opened(an: Someone, answerer: Answerer) -> None:
    menu = await an.asks("/chude")
    for topic in {topic for group in answerer.pack.menu for topic in group.topics}:
        pressed = await an.forces(menu.id, f"t:{topic}")
        assert len(pressed.replies) == 1, topic
        assert labels(pressed.replies[0]), topic


async def test_a_page_beyond_the_last_is_the_last(an: Someone, titles: list[str]) -> None:
    menu = await _open(an, titles[0])
    while NEXT in labels(menu):
        await an.presses(menu, NEXT)
    last = menu.text
    await an.presses(menu, BEFORE)
    await an.forces(menu.id, "g:0:999999999999999999")
    assert menu.text == last


async def test_pressing_twice_changes_nothing_more(an: Someone, titles: list[str]) -> None:
    menu = await _open(an, titles[0])
    page = menu.text, labels(menu)
    pressed = await an.forces(menu.id, "g:0:0")
    assert (pressed.toasts, pressed.replies) == ([""], [])
    assert (menu.text, labels(menu)) == page


async def test_the_topics_below_a_declined_question_open_below_it(an: Someone, titles: list[str]) -> None:
    declined = await an.asks("thời tiết hôm nay")
    before = declined.text
    pressed = await an.presses(declined, "Các chủ đề")
    assert declined.text == before
    assert [labels(reply) for reply in pressed.replies] == [titles]
