"""Saying what one thinks of an answer, passing a question on, and the coordinator's inbox."""

import pytest

from bot.sandbox.messages import Message
from bot.store.tables import Outcome, Via
from tests.whole.town import COORDINATOR, Someone, Town, data_of, labels

pytestmark = pytest.mark.asyncio(loop_scope="module")

PASS_ON, HELPFUL, WRONG = "Chuyển câu hỏi", "Hữu ích", "Chưa đúng"
PASSED_ON = "✓ Đã ghi lại câu hỏi cho cán bộ điều phối."


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
    assert (pressed.toasts, pressed.replies) == (["Đã ghi lại câu hỏi cho cán bộ điều phối."], [])
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
    assert "chờ trả lời: 1" in (await own_town.person(COORDINATOR).asks("/hopthu")).text


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


async def test_the_inbox_shows_what_was_passed_on_oldest_first(own_town: Town) -> None:
    first, second = own_town.someone(), own_town.someone()
    newer, older = await second.asks("giá vàng hôm nay bao nhiêu"), await first.asks("thời tiết hôm nay")
    await first.presses(older, PASS_ON)
    await own_town.post("clock", by_seconds=90)
    await second.presses(newer, PASS_ON)
    inbox = (await own_town.person(COORDINATOR).asks("/hopthu")).text
    assert inbox.startswith("Câu hỏi chờ trả lời: 2")
    assert "1. thời tiết hôm nay\n08:00 ngày 08/11/2021" in inbox
    assert "2. giá vàng hôm nay bao nhiêu\n08:01 ngày 08/11/2021" in inbox


async def test_an_empty_inbox_says_so(own_town: Town) -> None:
    assert "Chưa có câu hỏi nào" in (await own_town.person(COORDINATOR).asks("/hopthu")).text


async def test_a_full_inbox_shows_the_oldest_and_says_how_many_there_are(own_town: Town) -> None:
    questions = own_town.demo.application.bot_data.questions
    for number in range(12):
        recorded = await questions.record(
            person_id=1, text=f"câu thứ {number}: {'dài ' * 200}", via=Via.TEXT, outcome=Outcome.DECLINE, topic=None,
            agency=None, score=0,
        )  # fmt: skip
        assert await questions.pass_on(recorded, 1)
        own_town.world.clock.turn_to(own_town.world.clock.now())
    inbox = (await own_town.person(COORDINATOR).asks("/hopthu")).text
    assert inbox.startswith("Câu hỏi chờ trả lời: 12")
    assert "câu thứ 0:" in inbox
    assert "câu thứ 9:" in inbox
    assert "câu thứ 10:" not in inbox
    assert inbox.endswith("Đang hiện 10 câu cũ nhất.")


async def test_markup_in_a_passed_on_question_is_shown_as_it_was_typed(own_town: Town) -> None:
    an = own_town.someone()
    declined = await an.asks("<b>xyzzy</b> & {{ 7*7 }} </i>")
    await an.presses(declined, PASS_ON)
    assert "1. <b>xyzzy</b> & {{ 7*7 }} </i>" in (await own_town.person(COORDINATOR).asks("/hopthu")).text


async def test_nobody_else_reads_the_inbox(town: Town) -> None:
    an = town.someone()
    await an.presses(await an.asks("thời tiết hôm nay"), PASS_ON)
    refused = (await town.someone().asks("/hopthu")).text
    assert "cán bộ điều phối" in refused
    assert "thời tiết" not in refused


async def test_the_inbox_is_not_read_out_in_a_group(town: Town) -> None:
    an, coordinator = town.someone(), town.person(COORDINATOR)
    await an.presses(await an.asks("thời tiết hôm nay"), PASS_ON)
    replies = await coordinator.says("/hopthu", chat_id=town.group(an, coordinator).id)
    assert not any("thời tiết" in reply.text for reply in replies)
