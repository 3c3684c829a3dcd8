"""Questions that ask the same in nearly the same words are put together, and no others."""

import pytest

from knowledge.alike import group_alike
from knowledge.answer import Answerer
from knowledge.pack import Pack
from knowledge.questions import read_questions
from knowledge.understanding import Understanding


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tải mẫu báo cáo ở đâu", "tai mau bao cao o dau vay ad"),
        ("hạn nộp báo cáo là bao giờ", "báo cáo hạn nộp là bao giờ ạ"),
        ("ai dẫn đoàn zậy ad", "ai dẫn đoàn dzậy trời 🤔"),
        ("đoàn xuống tp đồng xoài ngày mấy", "bua nao doan xuong dong xoai"),
        ("xyzzy", "XYZZY???"),
        ("", "…"),
    ],
)
def test_the_same_in_other_words_is_alike(one: str, other: str, understanding: Understanding) -> None:
    assert group_alike([one, other], understanding) == [[0, 1]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("điều 8.1", "điều 8.6"),
        ("htqlcl là gì", "công bố lại HTQLCL"),
        ("hình thức kiểm tra", "mục đích kiểm tra"),
        ("hạn nộp", "nơi nhận"),
        ("Sở Khoa học nằm ở đường nào?", "Sở Khoa học và Công nghệ Đắk Nông nằm ở đường nào?"),
        ("xyzzy", "plugh"),
    ],
)
def test_what_asks_something_else_is_not(one: str, other: str, understanding: Understanding) -> None:
    assert group_alike([one, other], understanding) == [[0], [1]]


def test_groups_keep_the_order_of_their_first_and_are_like_it(understanding: Understanding) -> None:
    texts = ["thời tiết hôm nay", "điều 8.1", "thoi tiet hom nay the nao", "điều 8.6", "Điều 8.1?"]
    assert group_alike(texts, understanding) == [[0, 2], [1, 4], [3]]
    assert group_alike([], understanding) == []


def test_real_questions_that_are_put_together_have_the_same_answer(answerer: Answerer, pack: Pack) -> None:
    questions = read_questions(pack.folder / "questions.jsonl")
    groups = group_alike([question.text for question in questions], answerer.understanding)
    together = [[questions[number] for number in group] for group in groups if len(group) > 1]
    mixed = [group for group in together if len({question.topic for question in group}) > 1]
    assert len(together) > 50
    assert len(mixed) <= len(together) // 50, mixed
