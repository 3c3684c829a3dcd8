"""A folder with nothing but topics is a pack, in any language; so are the smallest and the oddest of them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from knowledge.answer import Answerer, Asker, Decision
from knowledge.checks import check
from knowledge.pack import Pack, load

WritePack = Callable[[dict[str, str]], Path]

TODAY = Asker(date(2026, 11, 23))

VIETNAMESE = """\
- id: gio-mo-cua
  ask: Thư viện mở cửa lúc mấy giờ?
  phrasings:
    - mấy giờ mở cửa
    - thư viện mở cửa từ mấy giờ
    - hôm nay thư viện có mở không
    - giờ làm việc của thư viện
  answer: Từ 8 giờ đến 17 giờ, thứ Hai đến thứ Bảy.
- id: muon-sach
  ask: Mượn sách thế nào?
  phrasings:
    - cách mượn sách
    - muốn mượn sách phải làm gì
    - mượn được mấy quyển
    - mượn sách trong bao lâu
  answer: Xuất trình thẻ; mỗi lần 3 quyển trong 14 ngày.
- id: lam-the
  ask: Làm thẻ ở đâu?
  phrasings:
    - đăng ký làm thẻ thư viện
    - làm thẻ mất bao nhiêu tiền
    - mất thẻ thì làm lại ở đâu
    - thủ tục cấp thẻ bạn đọc
  answer: Tại quầy số 2, không mất phí.
"""

ENGLISH = """\
- id: opening-hours
  ask: When is the library open?
  phrasings:
    - what are your opening hours
    - what time do you open
    - are you open on Sundays
    - when does the library close
  answer: From <b>8 to 5</b>, Monday to Saturday.
- id: borrowing
  ask: How do I borrow a book?
  phrasings:
    - how many books can I borrow
    - how long can I keep a book
    - can I renew a loan
    - borrowing rules
  answer: Show your card; three books for two weeks.
- id: card
  ask: Where do I get a card?
  phrasings:
    - how do I register for a library card
    - I lost my card
    - how much does a card cost
    - replace a lost card
  answer: At desk 2, free of charge.
"""


@pytest.fixture(params=[VIETNAMESE, ENGLISH], ids=["Vietnamese", "English"])
def faq(request: pytest.FixtureRequest, write_pack: WritePack) -> Pack:
    """A pack of topics alone."""
    return load(write_pack({"topics/library.yaml": request.param}))


def test_a_folder_of_topics_alone_is_sound(faq: Pack) -> None:
    assert check(faq) == []
    assert faq.plan is None
    assert faq.agencies.listed == ()
    assert [group.topics for group in faq.menu] == [tuple(faq.topics)]


def test_a_folder_of_topics_alone_answers_its_own_questions(faq: Pack) -> None:
    answerer = Answerer(faq)
    for topic in faq.topics.values():
        for text in (topic.ask, *topic.phrasings, topic.ask.upper()):
            answer = answerer.ask(text, TODAY)
            assert (answer.decision, answer.topic) == (Decision.ANSWER, topic.id), text
            assert answer.html == topic.answer


@pytest.mark.parametrize(
    ("pack", "text", "topic"),
    [
        (VIETNAMESE, "may gio thu vien mo cua", "gio-mo-cua"),
        (VIETNAMESE, "cho tôi hỏi cách mượn sách với ạ", "muon-sach"),
        (VIETNAMESE, "bi mat the thi lam lai o dau", "lam-the"),
        (ENGLISH, "what are the opening hours of the library", "opening-hours"),
        (ENGLISH, "how many books may I borrow", "borrowing"),
        (ENGLISH, "i have lost my card", "card"),
    ],
)
def test_other_words_for_the_same_question_find_its_topic_first(
    pack: str, text: str, topic: str, write_pack: WritePack
) -> None:
    answerer = Answerer(load(write_pack({"topics/library.yaml": pack})))
    assert answerer.ask(text, TODAY).ranked[0][0] == topic


@pytest.mark.parametrize("text", ["giá vàng bao nhiêu", "qwrtzp", "12345", ""])
def test_a_folder_of_topics_alone_does_not_answer_what_it_does_not_know(text: str, write_pack: WritePack) -> None:
    answerer = Answerer(load(write_pack({"topics/library.yaml": VIETNAMESE})))
    assert answerer.ask(text, TODAY).decision is not Decision.ANSWER


def test_topics_of_several_files_make_one_pack(write_pack: WritePack) -> None:
    pack = load(write_pack({"topics/b.yaml": ENGLISH, "topics/a.yaml": VIETNAMESE}))
    assert list(pack.topics) == ["gio-mo-cua", "muon-sach", "lam-the", "opening-hours", "borrowing", "card"]


def test_an_answer_of_such_a_pack_knows_the_day_and_nothing_of_a_plan(write_pack: WritePack) -> None:
    topic = '- {id: today, ask: What day is it?, phrasings: [which day is it], answer: "{{ today | weekday_date }}"}\n'
    pack = load(write_pack({"topics/t.yaml": topic}))
    assert check(pack) == []
    assert Answerer(pack).answer("today", TODAY).html == "thứ Hai, 23/11/2026"
    wrong = load(write_pack({"topics/t.yaml": topic.replace("today |", "plan.report.before |")}))
    assert [fault.what for fault in check(wrong)] == ["mẫu dùng tên lạ “plan”"]


ONE = "- {id: one, ask: Một câu hỏi?, phrasings: [một câu hỏi], answer: Một câu trả lời.}\n"
OUTSIDE = "- {id: out, ask: Chuyện khác, kind: outside, phrasings: [chuyện khác], answer: Không biết.}\n"
EMOJI = '- {id: one, ask: "👍", phrasings: ["👏", "?"], answer: Một câu trả lời.}\n'


@pytest.mark.parametrize(
    "topics",
    [ONE, ONE + OUTSIDE, OUTSIDE, EMOJI, EMOJI + OUTSIDE],
    ids=["one topic", "one topic and what is outside", "only what is outside", "only emoji", "emoji and outside"],
)
@pytest.mark.parametrize("text", ["một câu hỏi", "chuyện khác", "👍", "", "qwrtzp"])
def test_even_the_smallest_and_oddest_pack_never_breaks(topics: str, text: str, write_pack: WritePack) -> None:
    answer = Answerer(load(write_pack({"topics/t.yaml": topics}))).ask(text, TODAY)
    assert answer.html
    assert answer.topic in (None, "one")


def test_a_synonym_is_read_as_the_first_of_its_group(write_pack: WritePack) -> None:
    folder = write_pack({"topics/hoi.yaml": VIETNAMESE, "words.yaml": "synonyms:\n  - [thẻ, bìa đọc, cạc]\n"})
    understand = Answerer(load(folder)).understanding.understand
    assert understand("làm cạc ở đâu").words == understand("làm thẻ ở đâu").words
    assert understand("làm bia doc ở đâu").words == understand("làm thẻ ở đâu").words
