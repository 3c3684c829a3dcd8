"""Trying a change of a pack on its question set, before anybody is answered with it."""

from knowledge.answer import Answerer
from knowledge.evaluate import Judged, Score, Verdict, score
from knowledge.pack import Pack
from knowledge.questions import Labelled, covered


class BreaksError(Exception):
    """A change that breaks a question of the set.

    Attributes:
        question: as it stands in the set.
        right: the topic that it was answered with; None: it was out of scope and not answered.
        instead: the topic that it would be taken for; None: one that is not covered.
    """

    def __init__(self, question: str, right: str | None, instead: str | None) -> None:
        super().__init__(f"{right} → {instead}")
        self.question = question
        self.right = right
        self.instead = instead


def question_set(pack: Pack) -> list[Labelled]:
    """The questions of the pack's own set that it should do well; none where it has no set."""
    return list(covered(pack.questions, pack.topics))


def tried(answerer: Answerer) -> Score:
    """How well the pack's own question set is answered."""
    return score(answerer, question_set(answerer.pack))


def compare(before: Score, after: Score) -> None:
    """Compare the scores of one question set before and after a change.

    A question breaks if it was answered right and is now answered wrong or led by another topic, or if it was rightly
    not answered and now is. One that is only asked back, its topic still in the lead, does not break: counting it
    refused good phrasings too (docs/decisions.md).

    Raises:
        BreaksError: with the first question that breaks.
    """
    for old, new in zip(before.judged, after.judged, strict=True):
        if _breaks(old, new):
            instead = new.answer.topic or next(iter(new.best), None)
            raise BreaksError(old.question.text, old.answer.topic, instead)


def _breaks(old: Judged, new: Judged) -> bool:
    if old.question.topic is None:
        return old.verdict is not Verdict.ANSWERED and new.verdict is Verdict.ANSWERED
    if old.verdict is not Verdict.RIGHT or new.verdict is Verdict.RIGHT:
        return False
    return new.verdict is Verdict.WRONG or not new.has_it(1)
