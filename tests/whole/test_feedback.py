"""Saying what one thinks of an answer, and passing a question on."""

import pytest

from bot.sandbox.messages import Message
from tests.whole.town import COORDINATOR, Someone, Town, data_of, labels

pytestmark = pytest.mark.asyncio(loop_scope="module")

PASS_ON, HELPFUL, WRONG = "Chuyển câu hỏi", "Hữu ích", "Chưa đúng"
PASSED_ON = "✓ Đã ghi lại câu hỏi cho cán bộ điều phối. Có trả lời, trợ lý nhắn anh/chị trong trò chuyện riêng."


async def _answer(one: Someone) -> Message:
    return await one.asks("hạn nộp báo cáo là ngày nào")


async def test_helpful_is_noted_thanked_for_and_takes_the_pair_away(town: Town, an: Someone) -> None:
    answer = await _answer(an)
    before, others = answer.text, labels(answer)[:-2]
    pressed = await an.presses(answer, HELPFUL)
    assert (pressed.toasts, pressed.replies) == (["Cảm ơn anh/chị."], [])
    assert (answer.text, labels(answer)) == (before, others)
    assert [row["rating"] for row in town.questions_of(an)] == ["helpful"]


async def test_an_answer_keeps_its_look_when_it_is_rated(an: Someone) -> None:
    answer = await _answer(an)
    before = list(answer.entities)
    await an.presses(answer, HELPFUL)
    assert list(answer.entities) == before


async def test_taking_buttons_away_does_not_mark_the_answer_as_edited(an: Someone) -> None:
    answer = await _answer(an)
    await an.presses(answer, HELPFUL)
    assert answer.as_page()["edited"] is False


async def test_not_right_is_noted_and_offers_passing_the_question_on_instead(town: Town, an: Someone) -> None:
    answer = await _answer(an)
    others = labels(answer)[:-2]
    pressed = await an.presses(answer, WRONG)
    assert pressed.toasts != [""]
    assert labels(answer) == [*others, PASS_ON]
    assert [(row["rating"], row["passed_on_at"]) for row in town.questions_of(an)] == [("wrong", None)]


async def test_not_right_offers_passing_on_only_once(an: Someone) -> None:
    answer = await an.asks("đoàn kiểm tra gồm những ai")
    assert labels(answer).count(PASS_ON) == 1
    await an.presses(answer, WRONG)
    assert labels(answer).count(PASS_ON) == 1


async def test_a_wrong_answer_can_be_passed_on(town: Town, an: Someone) -> None:
    answer = await _answer(an)
    await an.presses(answer, WRONG)
    await an.presses(answer, PASS_ON)
    [row] = town.questions_of(an)
    assert row["rating"] == "wrong"
    assert row["passed_on_at"] is not None
    assert PASS_ON not in labels(answer)


async def test_passing_on_is_said_in_the_same_message(town: Town, an: Someone) -> None:
    declined = await an.asks("thời tiết hôm nay")
    text, look = declined.text, list(declined.entities)
    pressed = await an.presses(declined, PASS_ON)
    assert (pressed.toasts, pressed.replies) == ([PASSED_ON.removeprefix("✓ ")], [])
    assert declined.text == f"{text}\n\n{PASSED_ON}"
    assert list(declined.entities)[: len(look)] == look
    assert labels(declined) == ["Các chủ đề"]
    assert [row["passed_on_at"] is not None for row in town.questions_of(an)] == [True]


async def test_a_question_that_was_passed_on_stays_readable_when_the_topics_are_opened(an: Someone) -> None:
    declined = await an.asks("thời tiết hôm nay")
    await an.presses(declined, PASS_ON)
    pressed = await an.presses(declined, "Các chủ đề")
    assert PASSED_ON in declined.text
    assert len(pressed.replies) == 1


async def test_passing_on_twice_does_it_once(own_town: Town) -> None:
    an = own_town.someone()
    declined = await an.asks("thời tiết hôm nay")
    data = data_of(declined, PASS_ON)
    await an.forces(declined.id, data)
    [first] = own_town.questions_of(an)
    await own_town.post("clock", by_seconds=60)
    pressed = await an.forces(declined.id, data)
    assert len(pressed.toasts) == 1
    assert own_town.questions_of(an) == [first]
    assert declined.text.count(PASSED_ON) == 1
    assert (await own_town.person(COORDINATOR).asks("/hopthu")).text.startswith("Câu 1/1 · 08:00 ngày 08/11/2021\n")


async def test_two_quick_taps_pass_on_once(town: Town, an: Someone) -> None:
    declined = await an.asks("thời tiết hôm nay")
    tap = {"message_id": declined.id, "callback_data": data_of(declined, PASS_ON)}
    await town.post(f"people/{an.id}/presses", **tap)
    await town.post(f"people/{an.id}/presses", **tap, force=True)
    await town.settle()
    assert declined.text.count(PASSED_ON) == 1


async def test_rating_after_passing_on_does_not_offer_it_again(an: Someone) -> None:
    answer = await an.asks("đoàn kiểm tra gồm những ai")
    wrong = data_of(answer, WRONG)
    await an.presses(answer, PASS_ON)
    await an.forces(answer.id, wrong)
    assert PASS_ON not in labels(answer)
