"""Sets of questions with known answers, to measure a pack by."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.faults import Fault, PackError


class Labelled(BaseModel):
    """A question and what it is about.

    Attributes:
        text: as typed.
        topic: the right topic; None where the question is out of scope.
        also: topics that would do as well.
        style: how it is typed (plain, nodia, teen …).
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    text: str
    topic: str | None
    also: tuple[str, ...] = ()
    style: str = "plain"

    @property
    def right(self) -> frozenset[str]:
        """The topics that would do."""
        return frozenset({self.topic, *self.also}) if self.topic else frozenset()


def read_questions(file: Path) -> list[Labelled]:
    """Read a set: one JSON object a line.

    Raises:
        PackError: a line is no question, with its number.
    """
    try:
        lines = file.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        raise PackError([Fault(file, 0, "không đọc được bộ câu hỏi", "kiểm tra đường dẫn")]) from None
    questions: list[Labelled] = []
    faults: list[Fault] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            questions.append(Labelled.model_validate(json.loads(line)))
        except (ValidationError, ValueError):
            cure = 'mỗi dòng là một đối tượng JSON có "text" và "topic"'
            faults.append(Fault(file, number, "dòng này không phải một câu hỏi", cure))
    if faults:
        raise PackError(faults)
    return questions


def covered(questions: Iterable[Labelled], topics: Iterable[str]) -> Iterator[Labelled]:
    """The questions that a pack with these topics should do well: its own, and those out of every scope."""
    known = set(topics)
    return (question for question in questions if question.topic is None or question.topic in known)
