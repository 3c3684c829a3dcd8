"""Asking: in one's own words, with /hoi, and the questions that have a command of their own."""

from datetime import date

import pytest

from handlers.buttons import Code
from knowledge.answer import Answerer, Asker
from knowledge.markup import plain
from tests.whole.town import AT_SO_XAY_DUNG, Someone, Town, labels, labels_of, marked

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANSWERED = [
    ("hạn nộp báo cáo là ngày nào", "report.deadline", ["trước ngày 15/11/2021", "Chủ nhật, 14/11/2021"]),
    ("han nop bc la khi nao", "report.deadline", ["trước ngày 15/11/2021", "Chủ nhật, 14/11/2021"]),
    ("sở xây dựng kiểm tra kiểu gì", "plan.agency-form", ["Sở Xây dựng", "kiểm tra tại trụ sở"]),
    ("bù đăng có phải nộp báo cáo ko", "report.my-agency", ["Có", "UBND huyện Bù Đăng", "gửi báo cáo"]),
    ("nếu dịch covid phức tạp thì sao", "plan.covid", ["31 cơ quan", "qua hồ sơ và báo cáo"]),
    ("đoàn kiểm tra gồm những ai", "plan.team", ["không nêu", "Đoàn kiểm tra"]),
]


@pytest.mark.parametrize(("question", "topic", "told"), ANSWERED)
async def test_a_question_is_answered_in_the_first_line(
    town: Town, an: Someone, question: str, topic: str, told: list[str]
) -> None:
    answer = await an.asks(question)
    assert answer.entities[0].offset == 0, "the answer itself is bold"
    assert answer.entities[0].type == "bold"
    for words in told:
        assert words in answer.text.splitlines()[0]
    assert [row["topic"] for row in town.questions_of(an)] == [topic]


@pytest.mark.parametrize("question", [question for question, _, _ in ANSWERED])
async def test_an_answer_ends_with_its_source_and_offers_what_to_do_next(an: Someone, question: str) -> None:
    answer = await an.asks(question)
    source = answer.text.splitlines()[-1]
    assert source.startswith("Nguồn: Kế hoạch 1813/KH-SKHCN")
    assert source in marked(answer, "italic")
    assert 1 <= len(labels_of(answer, Code.TOPIC)) <= 3
    assert labels(answer)[-2:] == ["Hữu ích", "Chưa đúng"]


async def test_a_related_question_is_answered_below(an: Someone) -> None:
    answer = await an.asks("hạn nộp báo cáo là ngày nào")
    before = answer.text, labels(answer)
    pressed = await an.presses(answer, labels_of(answer, Code.TOPIC)[0])
    assert pressed.toasts == [""]
    assert len(pressed.replies) == 1
    assert pressed.replies[0].text != before[0]
    assert (answer.text, labels(answer)) == before


async def test_what_the_source_does_not_say_can_be_passed_on(an: Someone) -> None:
    assert "Chuyển câu hỏi" in labels(await an.asks("đoàn kiểm tra gồm những ai"))


async def test_a_question_out_of_scope_is_declined_and_can_be_passed_on(town: Town, an: Someone) -> None:
    declined = await an.asks("thời tiết hôm nay")
    assert "ngoài phạm vi" in declined.text
    assert labels(declined) == ["Chuyển câu hỏi", "Các chủ đề"]
    assert [(row["outcome"], row["topic"]) for row in town.questions_of(an)] == [("decline", "outside.daily-life")]


async def test_small_talk_is_not_rated(an: Someone) -> None:
    thanks = await an.asks("cảm ơn")
    assert labels_of(thanks, Code.HELPFUL) == labels_of(thanks, Code.WRONG) == []


async def test_the_bot_says_what_the_answerer_says(answerer: Answerer, an: Someone) -> None:
    expected = answerer.ask("căn cứ pháp lý là gì", Asker(date(2021, 11, 8)))
    assert (await an.asks("căn cứ pháp lý là gì")).text == plain(expected.html)


async def test_hoi_with_words_answers_them(an: Someone) -> None:
    assert (await an.asks("/hoi hạn nộp báo cáo là ngày nào")).text == (
        await an.asks("hạn nộp báo cáo là ngày nào")
    ).text


async def test_hoi_takes_several_lines(an: Someone) -> None:
    assert "15/11/2021" in (await an.asks("/hoi hạn nộp báo cáo\nlà ngày nào")).text


async def test_hoi_without_words_says_how_it_is_used(town: Town, an: Someone) -> None:
    usage = await an.asks("/hoi")
    assert "/hoi hạn nộp báo cáo là ngày nào" in marked(usage, "code")
    assert town.questions_of(an) == []


async def test_han_tells_the_deadline_and_the_days_left(town: Town, an: Someone) -> None:
    answer = await an.asks("/han")
    assert "Báo cáo gửi trước ngày 15/11/2021" in answer.text
    assert "Còn 6 ngày (5 ngày làm việc" in answer.text
    assert [row["via"] for row in town.questions_of(an)] == ["command"]


async def test_kehoach_shows_the_plan_on_one_card(an: Someone) -> None:
    card = await an.asks("/kehoach")
    assert marked(card, "bold") == ["Kế hoạch 1813/KH-SKHCN"]
    for fact in ("31 cơ quan", "5 tại trụ sở", "26 qua hồ sơ", "trước ngày 15/11/2021", "Còn 6 ngày"):
        assert fact in card.text
    assert card.text.splitlines()[-1].startswith("Nguồn: Kế hoạch 1813/KH-SKHCN")


async def test_the_questions_under_the_plan_are_answered(an: Someone) -> None:
    card = await an.asks("/kehoach")
    assert labels(card)
    for question in labels(card):
        assert len((await an.presses(card, question)).replies) == 1


async def test_a_contact_can_ask_about_another_agency(town: Town) -> None:
    answer = await town.person(AT_SO_XAY_DUNG).asks("bù đăng có phải nộp báo cáo ko")
    assert "UBND huyện Bù Đăng" in answer.text.splitlines()[0]


async def test_a_question_is_written_down_as_it_was_typed(town: Town, an: Someone) -> None:
    await an.asks("han nop bc la khi nao")
    [row] = town.questions_of(an)
    assert (row["text"], row["via"], row["outcome"]) == ("han nop bc la khi nao", "text", "answer")
    assert row["asked_at"].startswith("2021-11-08 01:0"), "in UTC"
