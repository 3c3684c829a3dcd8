"""Going on from what was said: follow-ups, and two questions in one."""

import pytest

from handlers.buttons import Code
from tests.whole.town import BOT, Someone, Town, labels_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

FIRST, NEXT = "sở xây dựng kiểm tra kiểu gì", "thế còn bù đăng thì sao"
FOLLOWED = "UBND huyện Bù Đăng: kiểm tra qua hồ sơ"


async def test_a_follow_up_goes_on_from_the_answer_before(an: Someone) -> None:
    await an.asks(FIRST)
    assert FOLLOWED in (await an.asks(NEXT)).text


async def test_a_follow_up_goes_on_from_a_button_too(an: Someone) -> None:
    menu = await an.asks("/chude")
    await an.forces(menu.id, "t:plan.agency-form")
    assert FOLLOWED in (await an.asks(NEXT)).text


async def test_ten_minutes_later_it_is_a_new_question(own_town: Town) -> None:
    an = own_town.someone()
    await an.asks(FIRST)
    await own_town.post("clock", by_seconds=9 * 60)
    assert FOLLOWED in (await an.asks(NEXT)).text
    await own_town.post("clock", by_seconds=11 * 60)
    assert FOLLOWED not in (await an.asks(NEXT)).text


async def test_in_a_group_everybody_goes_on_from_their_own_question(town: Town, an: Someone) -> None:
    binh = town.someone()
    group = town.group(an, binh).id
    await an.asks(f"{BOT} {FIRST}", chat_id=group)
    assert FOLLOWED not in (await binh.asks(f"{BOT} {NEXT}", chat_id=group)).text
    assert FOLLOWED in (await an.asks(f"{BOT} {NEXT}", chat_id=group)).text
    assert FOLLOWED not in (await an.asks(NEXT)).text, "the private chat is another one"


async def test_two_questions_in_one_are_both_answered(an: Someone) -> None:
    answer = await an.asks("hạn nộp báo cáo là ngày nào, gửi cho ai")
    assert "15/11/2021" in answer.text
    assert "Sở Khoa học và Công nghệ" in answer.text
    assert len(labels_of(answer, Code.TOPIC)) <= 3
    assert len(labels_of(answer, Code.HELPFUL)) == 1
