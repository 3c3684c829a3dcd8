"""How a question ends: answered, asked back, or declined."""

from datetime import date

import pytest

from knowledge.answer import Answerer, Asker, Decision
from knowledge.followups import Turn
from knowledge.markup import plain
from knowledge.pack import Pack
from knowledge.topics import Kind


@pytest.mark.parametrize(
    ("text", "topic", "agency"),
    [
        ("hạn nộp báo cáo là ngày nào", "report.deadline", None),
        ("han nop bc la khi nao", "report.deadline", None),
        ("sở xây dựng kiểm tra kiểu gì", "plan.agency-form", "so-xay-dung"),
        ("bù đăng có phải nộp báo cáo ko", "report.my-agency", "ubnd-bu-dang"),
        ("nếu dịch covid phức tạp thì sao", "plan.covid", None),
        ("đoàn kiểm tra gồm những ai", "plan.team", None),
    ],
)
def test_what_people_ask_first_is_answered(
    text: str, topic: str, agency: str | None, answerer: Answerer, newcomer: Asker
) -> None:
    answer = answerer.ask(text, newcomer)
    assert (answer.decision, answer.topic, answer.agency) == (Decision.ANSWER, topic, agency)


@pytest.mark.parametrize(
    "text",
    [
        "thời tiết hôm nay",
        "giá vàng hôm nay bao nhiêu",
        "đội tuyển việt nam đá lúc mấy giờ",
        "asdf qwer zxcv",
        "how do I bake a cake",
    ],
)
def test_what_the_pack_does_not_know_is_declined_and_may_be_passed_on(
    text: str, answerer: Answerer, newcomer: Asker
) -> None:
    answer = answerer.ask(text, newcomer)
    assert answer.decision is Decision.DECLINE
    assert (answer.topic, answer.choices, answer.agency, answer.turn) == (None, (), None, None)
    assert answer.may_pass_on


def test_a_question_without_accents_finds_the_same_topic(answerer: Answerer, newcomer: Asker) -> None:
    assert answerer.ask("bao cao gom nhung noi dung gi", newcomer).topic == "report.content"
    assert answerer.ask("báo cáo gồm những nội dung gì", newcomer).topic == "report.content"


def test_a_wrong_tone_is_forgiven_beside_words_that_make_it_clear(answerer: Answerer, newcomer: Asker) -> None:
    assert answerer.ask("hanf nop bao cao la ngay nao", newcomer).topic == "report.deadline"


def test_two_questions_in_one_message_get_both_answers(answerer: Answerer, newcomer: Asker) -> None:
    answer = answerer.ask("đoàn kiểm tra gồm những ai, có chấm điểm không", newcomer)
    assert answer.topics == ("plan.team", "plan.scoring")
    assert answer.topic == "plan.team"
    assert all(answerer.answer(topic, newcomer).html in answer.html for topic in answer.topics)


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("điều 8.5.3 bản 2008 ứng với điều nào của bản 2015", "8.5.3", "6.1"),
        ("4.2.2 cũ là điều mấy trong bản mới", "4.2.2", "4.3"),
    ],
)
def test_a_clause_of_the_old_edition_gets_its_own_place_in_the_new(
    text: str, old: str, new: str, answerer: Answerer, newcomer: Asker
) -> None:
    answer = answerer.ask(text, newcomer)
    first = plain(answer.html).split("\n")[0]
    assert answer.topic == "transition.matrix"
    assert f"Điều {old} của bản 2008" in first
    assert f"→ {new}" in first


def test_an_answer_to_a_button_is_certain(answerer: Answerer, newcomer: Asker) -> None:
    answer = answerer.answer("report.recipient", newcomer)
    assert (answer.decision, answer.topic, answer.score) == (Decision.ANSWER, "report.recipient", 1.0)
    assert answer.turn == Turn("report.recipient", None)


def test_a_button_for_an_agency_answers_about_that_agency(answerer: Answerer) -> None:
    asker = Asker(date(2021, 11, 8), agency="so-xay-dung")
    answer = answerer.answer("plan.agency-form", asker, "ubnd-bu-dang")
    assert answer.agency == "ubnd-bu-dang"
    assert "Bù Đăng" in answer.html
    assert answer.turn == Turn("plan.agency-form", "ubnd-bu-dang")


def test_a_topic_that_needs_no_agency_leaves_the_askers_out(answerer: Answerer) -> None:
    answer = answerer.answer("plan.lead", Asker(date(2021, 11, 8), agency="so-xay-dung"))
    assert answer.agency is None
    assert answer.agencies_to_choose == ()


def test_where_the_source_is_silent_the_answer_says_so_and_offers_to_pass_on(
    answerer: Answerer, newcomer: Asker, pack: Pack
) -> None:
    silent = [topic.id for topic in pack.topics.values() if topic.kind is Kind.SILENT]
    assert {"plan.team", "plan.contact", "report.template", "report.channel"} <= set(silent)
    for topic in silent:
        answer = answerer.answer(topic, newcomer)
        assert answer.may_pass_on, topic
        assert "Chuyển câu hỏi" in answer.html, topic
        first = plain(answer.html).split("\n")[0]
        assert any(words in first for words in ("không nêu", "chưa xác nhận", "không có", "Chưa", "chưa")), (
            topic,
            first,
        )


def test_an_ordinary_answer_does_not_offer_to_pass_on(answerer: Answerer, newcomer: Asker) -> None:
    assert not answerer.answer("report.recipient", newcomer).may_pass_on


def test_an_answer_ends_with_its_source_and_how_fresh_it_is(answerer: Answerer, newcomer: Asker) -> None:
    answer = answerer.answer("report.recipient", newcomer)
    source = "<i>Nguồn: Kế hoạch 1813/KH-SKHCN (VietQ.vn, 11/11/2021) · cập nhật 11/2021</i>"
    assert answer.html.endswith(f"\n\n{source}")


def test_related_topics_exist_and_never_repeat_the_one_just_read(answerer: Answerer, pack: Pack) -> None:
    for topic in pack.topics.values():
        related = [one.id for one in answerer.related(topic.id)]
        assert topic.id not in related
        assert len(related) == len(set(related)) == len(topic.related)


def test_every_topic_can_be_answered_for_anybody_without_a_fault(answerer: Answerer, pack: Pack) -> None:
    askers = [Asker(date(2026, 11, 23)), *(Asker(date(2021, 11, 13), agency) for agency in pack.agencies.everyone)]
    for topic in pack.topics:
        for asker in askers:
            assert answerer.answer(topic, asker).html
