"""Phrasings added to a pack in use: which may be, the pack with them, and trying them on the question set."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.answer import Answerer
from knowledge.pack import Pack, load
from knowledge.phrasings import LONGEST, Phrasing, Unfit, UnfitError, added, as_written, new_to, with_phrasings
from knowledge.trial import BreaksError, compare, question_set, tried
from tests.knowledge.conftest import SOUND

Write = Callable[[dict[str, str]], Path]


@pytest.fixture
def small(write_pack: Write) -> Pack:
    return load(write_pack(SOUND))


@pytest.mark.parametrize(
    ("text", "why", "topic"),
    [
        ("", Unfit.EMPTY, None),
        ("?! 🙂", Unfit.EMPTY, None),
        ("dài" * LONGEST, Unfit.LONG, None),
        ("Hạn NỘP báo cáo?", Unfit.KNOWN, "hoi.han"),
        ("ai chủ trì", Unfit.KNOWN, "hoi.ai"),
        ("hạn nộp là ngày nào", Unfit.KNOWN, "hoi.han"),
    ],
)
def test_what_is_no_new_phrasing_is_refused(text: str, why: Unfit, topic: str | None, small: Pack) -> None:
    with pytest.raises(UnfitError) as refused:
        added(small, Phrasing("hoi.ai", text))
    assert (refused.value.why, refused.value.topic) == (why, topic)


def test_a_phrasing_stands_last_in_its_topic_and_changes_nothing_else(small: Pack) -> None:
    changed = added(small, Phrasing("hoi.ai", "sếp vụ này là ai"))
    assert changed.topics["hoi.ai"].phrasings == (*small.topics["hoi.ai"].phrasings, "sếp vụ này là ai")
    assert changed.topics["hoi.han"] is small.topics["hoi.han"]
    assert "sếp vụ này là ai" not in small.topics["hoi.ai"].phrasings


def test_what_the_pack_has_anywhere_is_dropped_and_so_is_what_it_has_no_topic_for(small: Pack) -> None:
    new = Phrasing("hoi.ai", "sếp vụ này là ai")
    others = [Phrasing("hoi.han", "AI CHỦ TRÌ"), Phrasing("hoi.khac", "sao"), Phrasing("hoi.han", "Sếp vụ này là ai?")]
    assert new_to(small, [new, *others]) == [new]
    assert with_phrasings(small, others[:2]) is small
    assert with_phrasings(small, [new, *others]) == added(small, new)


def test_a_text_is_written_as_one_clean_line() -> None:
    assert as_written("  Ai\r\n chu\u0309 tri\u0300\u200b\t vụ này \x07") == "Ai chủ trì vụ này"


@pytest.fixture
def with_questions(write_pack: Write) -> Callable[..., Pack]:
    def write(*questions: tuple[str, str | None]) -> Pack:
        lines = "".join(json.dumps({"text": text, "topic": topic}) + "\n" for text, topic in questions)
        return load(write_pack(SOUND | {"questions.jsonl": lines}))

    return write


def _try(pack: Pack, phrasing: Phrasing) -> None:
    compare(tried(Answerer(pack)), tried(Answerer(added(pack, phrasing))))


def test_a_question_that_gets_another_topic_breaks(with_questions: Callable[..., Pack]) -> None:
    pack = with_questions(("chủ trì là ai", "hoi.ai"), ("bao giờ phải nộp", "hoi.han"))
    with pytest.raises(BreaksError) as refused:
        _try(pack, Phrasing("hoi.han", "chủ trì là ai"))
    assert (refused.value.question, refused.value.right, refused.value.instead) == (
        "chủ trì là ai",
        "hoi.ai",
        "hoi.han",
    )


def test_a_question_out_of_scope_that_is_answered_breaks(with_questions: Callable[..., Pack]) -> None:
    pack = with_questions(("thời tiết ngày mai", None))
    with pytest.raises(BreaksError) as refused:
        _try(pack, Phrasing("hoi.han", "thời tiết ngày mai thế nào"))
    assert (refused.value.right, refused.value.instead) == (None, "hoi.han")


def test_a_question_that_was_not_answered_right_before_breaks_nothing(with_questions: Callable[..., Pack]) -> None:
    pack = with_questions(("chủ trì là ai", "hoi.han"))
    _try(pack, Phrasing("hoi.ai", "chủ trì là ai vậy"))


def test_a_pack_without_a_question_set_has_nothing_to_break(small: Pack) -> None:
    assert question_set(small) == []
    _try(small, Phrasing("hoi.han", "chủ trì là ai"))


def test_a_bad_phrasing_is_caught_by_the_shipped_question_set(answerer: Answerer) -> None:
    bad = Phrasing("iso.qms", "MĐ của KH ktra HTQLCL đối với CQ HCNN?")
    with pytest.raises(BreaksError) as refused:
        compare(tried(answerer), tried(Answerer(added(answerer.pack, bad))))
    assert refused.value.right != "iso.qms"
