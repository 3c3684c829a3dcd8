"""How well a pack answers: right, wrong, offered, declined; and how far its confidence can be believed."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from knowledge.answer import Answer, Answerer, Asker, Decision
from knowledge.pack import Pack
from knowledge.questions import Labelled
from knowledge.topics import Kind

# Phrasings are held out a tenth at a time.
FOLDS = 10

_BINS = 10


class Verdict(StrEnum):
    """How the answer to a question with a known answer is judged."""

    RIGHT = "right"
    OFFERED = "offered"  # not answered; the right topic is among the choices
    LOST = "lost"  # not answered; declined, or the right topic is not among the choices
    WRONG = "wrong"
    REFUSED = "refused"  # out of scope, declined
    ASKED_BACK = "asked-back"  # out of scope, choices offered
    ANSWERED = "answered"  # out of scope, answered all the same


@dataclass(frozen=True, slots=True)
class Judged:
    """A question, what the bot made of it, the verdict, and the best topics (none of those outside)."""

    question: Labelled
    answer: Answer
    verdict: Verdict
    best: tuple[str, ...]

    def has_it(self, count: int) -> bool:
        """Whether a right topic is among the best `count`, whatever was decided."""
        return not self.question.right.isdisjoint(self.best[:count])


@dataclass
class Score:
    """The judged questions of a set, counted."""

    judged: list[Judged] = field(default_factory=list)

    def share(self, *verdicts: Verdict, where: Callable[[Labelled], bool] = lambda _: True) -> float:
        """The share of questions that ended so; 0 where there are none."""
        chosen = [one for one in self.judged if where(one.question)]
        return sum(one.verdict in verdicts for one in chosen) / len(chosen) if chosen else 0.0

    def summary(self) -> dict[str, float]:
        """The figures that matter, as shares."""
        first = [one for one in self.judged if one.question.topic]
        return {
            "questions": float(len(self.judged)),
            "right": self.share(Verdict.RIGHT, where=_inside),
            "right_or_offered": self.share(Verdict.RIGHT, Verdict.OFFERED, where=_inside),
            "wrong": self.share(Verdict.WRONG, where=_inside),
            "outside_not_answered": self.share(Verdict.REFUSED, Verdict.ASKED_BACK, where=_outside),
            "outside_refused": self.share(Verdict.REFUSED, where=_outside),
            "best_is_right": _share(one.has_it(1) for one in first),
            "best_three_have_it": _share(one.has_it(3) for one in first),
        }

    def by(self, key: Callable[[Labelled], str]) -> dict[str, "Score"]:
        """The score of each group."""
        groups: dict[str, Score] = {}
        for one in self.judged:
            groups.setdefault(key(one.question), Score()).judged.append(one)
        return dict(sorted(groups.items()))

    def confusions(self) -> Counter[tuple[str, str]]:
        """How often a wrong topic was taken for a right one."""
        wrong = (one for one in self.judged if one.verdict in (Verdict.WRONG, Verdict.ANSWERED))
        return Counter((one.question.topic or "—", one.answer.topic or "—") for one in wrong)

    def calibration(self) -> list[tuple[float, float, int]]:
        """For each band of confidence that occurs: its mean, the share that was right, and how many."""
        bands: dict[int, list[Judged]] = {}
        for one in self.judged:
            bands.setdefault(min(int(one.answer.score * _BINS), _BINS - 1), []).append(one)
        return [
            (
                _share(one.answer.score for one in band),
                _share(one.has_it(1) for one in band),
                len(band),
            )
            for _, band in sorted(bands.items())
        ]


def score(answerer: Answerer, questions: Iterable[Labelled]) -> Score:
    """Ask every question, each as the first of its conversation, and judge the answers."""
    asker = Asker(_day(answerer.pack))
    return Score([_judge(question, answerer.ask(question.text, asker), answerer.pack) for question in questions])


def held_out(pack: Pack) -> Iterator[tuple[Answerer, list[Labelled]]]:
    """The pack without each tenth of its phrasings in turn, and these as questions."""
    for fold in range(FOLDS):
        kept, asked = {}, []
        for topic in pack.topics.values():
            rest = tuple(text for number, text in enumerate(topic.phrasings) if number % FOLDS != fold)
            gold = None if topic.kind is Kind.OUTSIDE else topic.id
            asked += [
                Labelled(text=text, topic=gold, style="held-out") for text in topic.phrasings[fold::FOLDS] if rest
            ]
            kept[topic.id] = topic.model_copy(update={"phrasings": rest or topic.phrasings})
        yield Answerer(replace(pack, topics=kept)), asked


def score_held_out(pack: Pack) -> Score:
    """The score of the pack's own phrasings, each asked of a pack without it."""
    return Score([one for answerer, asked in held_out(pack) for one in score(answerer, asked).judged])


def _judge(question: Labelled, answer: Answer, pack: Pack) -> Judged:
    if question.topic is None:
        verdict = {
            Decision.ANSWER: Verdict.ANSWERED,
            Decision.CHOOSE: Verdict.ASKED_BACK,
            Decision.DECLINE: Verdict.REFUSED,
        }[answer.decision]
    elif answer.decision is Decision.ANSWER:
        verdict = Verdict.RIGHT if question.right.intersection(answer.topics) else Verdict.WRONG
    else:
        verdict = Verdict.OFFERED if question.right.intersection(answer.choices) else Verdict.LOST
    best = tuple(topic for topic, _ in answer.ranked if pack.topics[topic].kind is not Kind.OUTSIDE)
    return Judged(question, answer, verdict, best)


def _inside(question: Labelled) -> bool:
    return question.topic is not None


def _outside(question: Labelled) -> bool:
    return question.topic is None


def _share(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0


def _day(pack: Pack) -> date:
    return pack.plan.known_since if pack.plan else date(2021, 11, 8)
