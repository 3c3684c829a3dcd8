"""Adding phrasings to a hand-written file: everything else stays as somebody wrote it."""

from difflib import ndiff
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from knowledge.pack import DEFAULT, SHIPPED
from knowledge.phrasings import as_written
from knowledge.topic_file import with_lines

FILE = """\
# What people ask.

- id: a
  ask: A?
  phrasings:   # how
    - một   # first
    - "hai: ba"
    - |
      dài
      hơn

  # before the answer
  answer: x
- id: b
  phrasings: [mở cửa, "giờ, nào",]   # short
  answer: y
- id: c
  answer: z
  phrasings:
  - plain over
    two lines   # last"""


def _phrasings(text: str) -> dict[str, list[str]]:
    found = yaml.safe_load(text)
    assert found == yaml.load(text, Loader=yaml.CSafeLoader)
    return {topic["id"]: topic["phrasings"] for topic in found}


def _added(before: str, after: str) -> list[str]:
    lines = list(ndiff(before.splitlines(), after.splitlines()))
    assert not [line for line in lines if line.startswith("-")], "a line was changed or lost"
    return [line[2:] for line in lines if line.startswith("+")]


def test_a_phrasing_is_one_more_line_at_the_end_of_its_list() -> None:
    assert _added(FILE, with_lines(FILE, {"a": ["bốn", "năm"]})) == ["    - bốn", "    - năm"]
    assert _added(FILE, with_lines(FILE, {"c": ["sáu"]})) == ["  - sáu"]


def test_a_list_on_one_line_stays_on_its_line() -> None:
    after = with_lines(FILE, {"b": ["x, y", "thường"]})
    assert '  phrasings: [mở cửa, "giờ, nào", "x, y", thường,]   # short' in after.splitlines()


def test_topics_that_the_file_does_not_have_change_nothing() -> None:
    assert with_lines(FILE, {"z": ["a"]}) == FILE
    assert with_lines("# nothing yet\n", {"a": ["a"]}) == "# nothing yet\n"


def test_the_line_ends_of_windows_are_kept() -> None:
    after = with_lines(FILE.replace("\n", "\r\n"), {"a": ["bốn"], "c": ["sáu"]})
    assert after.replace("\r\n", "").count("\n") == 0
    assert _phrasings(after)["a"][-1] == "bốn"


@pytest.mark.parametrize(
    "text", ["# sáu", "a: b", "a #b", "- a", "yes", "123", "1.5", "null", "~", "@ai", "'a", '"a"', "it's", "{{ a }}",
             "[a]", "*a", "&a", "!a", "%a", "|", ">", "a\\b", "“a”", "15/11", "2021-11-08", "a, b", "ai?", "🙂 hả", "="]
)  # fmt: skip
def test_whatever_was_asked_reads_as_it_was_asked(text: str) -> None:
    found = _phrasings(with_lines(FILE, {topic: [text] for topic in "abc"}))
    assert [phrasings[-1] for phrasings in found.values()] == [text] * 3


@given(st.text(min_size=1).map(as_written).filter(bool))
def test_any_text_reads_as_it_was_asked_and_leaves_the_others_alone(text: str) -> None:
    before = _phrasings(FILE)
    after = _phrasings(with_lines(FILE, {topic: [text] for topic in "abc"}))
    assert after == {topic: [*phrasings, text] for topic, phrasings in before.items()}


SHIPPED_FILES = sorted((SHIPPED / DEFAULT / "topics").glob("*.yaml"))


@pytest.mark.parametrize("file", SHIPPED_FILES, ids=[file.stem for file in SHIPPED_FILES])
def test_every_shipped_file_takes_a_line_for_each_topic(file: Path) -> None:
    text = file.read_text("utf-8")
    before = _phrasings(text)
    after = with_lines(text, {topic: [f"câu mới: {topic}"] for topic in before})
    assert len(_added(text, after)) == len(before)
    assert _phrasings(after) == {topic: [*phrasings, f"câu mới: {topic}"] for topic, phrasings in before.items()}
