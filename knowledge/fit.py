"""Fitting the calibration of a pack: the logistic models, and the thresholds by a sweep."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from knowledge.calibration import Calibration, Logistic, Thresholds
from knowledge.evaluate import held_out
from knowledge.pack import Pack
from knowledge.questions import Labelled
from knowledge.search import FEATURES
from knowledge.understanding import Understanding

# A wrong answer costs more than a question back, and that more than a right answer; a lost question costs the most
# patience after a wrong answer, since the asker has to try again.
COST_WRONG, COST_LOST, COST_BACK = 3.0, 2.0, 1.0

# Real questions say more about real questions than phrasings written by those who wrote the answers; these keep the
# models from leaning on a few hundred. Measured on a set left out, this weight gave the truest probabilities.
WEIGHT_OF_REAL = 30.0

# A smaller difference in cost than this is chance; among such equals the most careful thresholds are taken.
NEARLY = 0.002

# With at least this many real questions the thresholds are set by them alone: held-out phrasings are harder.
FEWEST_REAL = 200

# How strongly the weights are kept small; and steps enough for Newton's method to come to rest.
_RIDGE = 1.0
_STEPS = 30

_GRID = np.round(np.arange(0.05, 0.96, 0.05), 2)


@dataclass
class Sample:
    """What was seen of questions with known answers: one row a question."""

    evidence: NDArray[np.float64]
    right: NDArray[np.bool_]
    near: NDArray[np.bool_]
    inside: NDArray[np.bool_]
    barred: NDArray[np.bool_]
    weight: NDArray[np.float64]

    def real(self) -> "Sample":
        """The real questions alone, or everything where there are too few of them."""
        real = self.weight == WEIGHT_OF_REAL
        if real.sum() < FEWEST_REAL:
            return self
        return Sample(*(getattr(self, one.name)[real] for one in fields(self)))


@dataclass(frozen=True)
class Swept:
    """One pair of thresholds and what it leads to, as shares."""

    answer: float
    choose: float
    right: float
    right_or_offered: float
    wrong: float
    outside_not_answered: float
    cost: float


def sample(pack: Pack, questions: Iterable[Labelled]) -> Sample:
    """Ask the pack its own phrasings, each held out, a third of them without accents; and then real questions."""
    rows: list[tuple[tuple[float, ...], bool, bool, bool, bool, float]] = []
    for answerer, asked in held_out(pack):
        for number, question in enumerate(asked):
            text = _without_accents(question.text) if number % 3 == 0 else question.text
            rows.append(_row(answerer.understanding, question, text, 1.0))
    whole = Understanding(pack)
    rows += [_row(whole, question, question.text, WEIGHT_OF_REAL) for question in questions]
    evidence, right, near, inside, barred, weight = zip(*rows, strict=True)
    return Sample(*map(np.asarray, (evidence, right, near, inside, barred, weight)))


def fit(seen: Sample) -> tuple[Calibration, list[Swept]]:
    """The calibration that fits best, and the sweep that its thresholds were chosen from."""
    right = _logistic(seen.evidence, seen.right, seen.weight)
    near = _logistic(seen.evidence, seen.near, seen.weight)
    real = seen.real()
    swept = _sweep(real, _probabilities(right, real.evidence), _probabilities(near, real.evidence))
    best = most_careful(swept)
    return Calibration(right=right, near=near, thresholds=Thresholds(answer=best.answer, choose=best.choose)), swept


def most_careful(swept: list[Swept]) -> Swept:
    """Of the thresholds that cost next to nothing more than the best, those that are wrong least, then offer most."""
    least = min(one.cost for one in swept)
    return min((one for one in swept if one.cost <= least + NEARLY), key=lambda one: (one.wrong, -one.right_or_offered))


def _row(
    understanding: Understanding, question: Labelled, text: str, weight: float
) -> tuple[tuple[float, ...], bool, bool, bool, bool, float]:
    found = understanding.understand(text).found
    best = [entry.topic for entry in found.inside[:3]]
    return (
        found.evidence.values,
        bool(best) and best[0] in question.right,
        not question.right.isdisjoint(best),
        question.topic is not None,
        found.outside_leads,
        weight,
    )


def _logistic(evidence: NDArray[np.float64], target: NDArray[np.bool_], weight: NDArray[np.float64]) -> Logistic:
    """Logistic regression by Newton's method, with a penalty on large weights but not on the bias."""
    rows = np.column_stack((evidence, np.ones(len(evidence))))
    penalty = np.diag([_RIDGE] * evidence.shape[1] + [1e-6])
    weights = np.zeros(rows.shape[1])
    for _ in range(_STEPS):
        probability = 1 / (1 + np.exp(-rows @ weights))
        gradient = rows.T @ (weight * (probability - target)) + penalty @ weights
        curvature = (rows.T * (weight * probability * (1 - probability))) @ rows + penalty
        weights -= np.linalg.solve(curvature, gradient)
    named = {name: round(float(value), 3) for name, value in zip(FEATURES, weights[:-1], strict=True)}
    return Logistic(bias=round(float(weights[-1]), 3), weights=named)


def _probabilities(model: Logistic, evidence: NDArray[np.float64]) -> NDArray[np.float64]:
    weights = np.asarray([model.weights[name] for name in FEATURES])
    return np.asarray(1 / (1 + np.exp(-(evidence @ weights + model.bias))))


def _sweep(seen: Sample, right: NDArray[np.float64], near: NDArray[np.float64]) -> list[Swept]:
    inside, weight = seen.inside, seen.weight
    swept = []
    for answer in _GRID:
        answered = (right >= answer) & ~seen.barred
        for choose in _GRID:
            offered = ~answered & (near >= choose)
            cost = (
                COST_WRONG * (answered & ~seen.right)
                + COST_BACK * offered
                + COST_LOST * (inside & ~answered & ~(offered & seen.near))
            )
            swept.append(
                Swept(
                    answer=float(answer),
                    choose=float(choose),
                    right=_mean(answered & seen.right, inside, weight),
                    right_or_offered=_mean((answered & seen.right) | (offered & seen.near), inside, weight),
                    wrong=_mean(answered & ~seen.right, inside, weight),
                    outside_not_answered=_mean(~answered, ~inside, weight),
                    cost=float(np.average(cost, weights=weight)),
                )
            )
    return swept


def _mean(values: NDArray[np.bool_], among: NDArray[np.bool_], weight: NDArray[np.float64]) -> float:
    return float(np.average(values[among], weights=weight[among])) if among.any() else 0.0


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))
