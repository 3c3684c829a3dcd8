"""`isobot eval`: a question set scored."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Isobot = Callable[..., tuple[int, str, str]]

QUESTIONS = [
    {"text": "cách mượn sách", "topic": "muon-sach", "style": "plain"},
    {"text": "mấy giờ mở cửa", "topic": "gio-mo-cua", "style": "plain"},
    {"text": "may gio mo cua", "topic": "gio-mo-cua", "style": "nodia"},
    {"text": "cách mượn sách", "topic": "gio-mo-cua", "style": "wrong"},
    {"text": "cách mượn sách", "topic": "gio-mo-cua", "also": ["muon-sach"], "style": "also"},
    {"text": "của bộ khác", "topic": "elsewhere", "style": "plain"},
]


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """A question set for the small pack."""
    file = tmp_path / "questions.jsonl"
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in QUESTIONS), "utf-8")
    return file


def test_the_score_counts_right_and_wrong_answers_and_leaves_out_other_packs_topics(
    isobot: Isobot, small_pack: Path, questions: Path
) -> None:
    code, printed, _ = isobot("eval", "--pack", small_pack, "--questions", questions, "--json")
    result = json.loads(printed)
    assert code == 0
    assert result["summary"]["questions"] == 5
    assert result["summary"]["right"] == pytest.approx(4 / 5)
    assert result["summary"]["wrong"] == pytest.approx(1 / 5)
    assert result["styles"]["wrong"]["wrong"] == 1
    assert result["styles"]["also"]["right"] == 1
    assert result["topics"]["muon-sach"]["right"] == 1
    assert result["confusions"] == [["gio-mo-cua", "muon-sach", 1]]


def test_the_table_shows_every_style_and_the_confusions(isobot: Isobot, small_pack: Path, questions: Path) -> None:
    code, printed, _ = isobot("eval", "--pack", small_pack, "--questions", questions)
    assert code == 0
    assert all(style in printed for style in ("plain", "nodia", "wrong", "also"))
    assert "gio-mo-cua → muon-sach" in printed


def test_the_packs_own_questions_are_the_default(isobot: Isobot, small_pack: Path, questions: Path) -> None:
    questions.rename(small_pack / "questions.jsonl")
    code, printed, _ = isobot("eval", "--pack", small_pack, "--json")
    assert (code, json.loads(printed)["summary"]["questions"]) == (0, 5)


def test_a_pack_without_questions_says_what_to_give(isobot: Isobot, small_pack: Path) -> None:
    code, printed, complained = isobot("eval", "--pack", small_pack)
    assert (code, printed) == (1, "")
    assert "--questions" in complained


@pytest.mark.parametrize("broken", ["không phải JSON", "{}", '{"text": 5, "topic": null}', '{"text": "a"}', "[]"])
def test_a_line_that_is_no_question_is_named(broken: str, isobot: Isobot, small_pack: Path, questions: Path) -> None:
    questions.write_text(f'{{"text": "a", "topic": null}}\n{broken}\n', "utf-8")
    code, printed, complained = isobot("eval", "--pack", small_pack, "--questions", questions)
    assert (code, printed) == (1, "")
    assert f"{questions}:2: " in complained
    assert "Traceback" not in complained


def test_a_question_set_that_is_not_there_is_one_line(isobot: Isobot, small_pack: Path, tmp_path: Path) -> None:
    code, printed, complained = isobot("eval", "--pack", small_pack, "--questions", tmp_path / "none.jsonl")
    assert (code, printed) == (1, "")
    assert complained.count("\n") == 1
    assert "none.jsonl" in complained
