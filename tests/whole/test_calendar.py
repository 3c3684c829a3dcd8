"""What the turning of the clock changes: the days left, and what is forgotten."""

import pytest

from tests.whole.town import Town, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


DAYS = [
    ("2021-11-12T08:00", "Còn 2 ngày"),
    ("2021-11-13T12:00", "Còn 1 ngày"),
    ("2021-11-14T00:01", "Hôm nay là ngày cuối"),  # still 13/11 in UTC
    ("2021-11-14T23:58", "Hôm nay là ngày cuối"),
    ("2021-11-15T00:01", "đã qua 1 ngày"),  # still 14/11 in UTC
    ("2021-12-01T08:00", "đã qua 17 ngày"),
]


@pytest.mark.parametrize("command", ["/han", "/kehoach"])
async def test_the_deadline_is_told_as_of_the_day_it_is(own_town: Town, command: str) -> None:
    an = own_town.someone()
    for moment, told in DAYS:
        await own_town.turn_clock(moment)
        assert told in (await an.asks(command)).text


async def test_the_same_question_is_answered_anew_each_day(own_town: Town) -> None:
    an = own_town.someone()
    question = "còn bao nhiêu ngày nữa hết hạn báo cáo"
    first = await an.asks(question)
    await own_town.turn_clock("2021-11-15T08:00")
    assert (await an.asks(question)).text != first.text


async def test_who_asked_is_forgotten_after_thirty_days_and_what_after_a_year(own_town: Town) -> None:
    an = own_town.someone()
    await an.asks("hạn nộp báo cáo là ngày nào")
    await own_town.turn_clock("2021-12-08T09:00")
    await until(lambda: [row["person_id"] for row in own_town.rows("questions")] == [None])
    assert own_town.rows("questions")[0]["text"] == "hạn nộp báo cáo là ngày nào"
    await own_town.turn_clock("2023-01-02T09:00")
    await until(lambda: own_town.rows("questions")[0]["text"] is None)


async def test_a_question_whose_asker_is_forgotten_can_no_longer_be_rated(own_town: Town) -> None:
    an = own_town.someone()
    answer = await an.asks("hạn nộp báo cáo là ngày nào")
    await own_town.turn_clock("2021-12-08T09:00")
    await until(lambda: own_town.rows("questions")[0]["person_id"] is None)
    pressed = await an.presses(answer, "Hữu ích")
    assert "hết thời gian lưu" in pressed.toasts[0]
    assert own_town.rows("questions")[0]["rating"] is None


async def test_a_passed_on_question_whose_text_is_forgotten_waits_no_more(own_town: Town) -> None:
    an = own_town.someone()
    await an.presses(await an.asks("thời tiết hôm nay"), "Chuyển câu hỏi")
    await own_town.turn_clock("2023-01-02T09:00")
    await until(lambda: own_town.rows("questions")[0]["text"] is None)
    inbox = (await own_town.person(1004).asks("/hopthu")).text
    assert inbox == "Hộp thư không còn câu hỏi nào."
