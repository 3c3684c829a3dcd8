"""How well the shipped pack answers: floors that may only rise."""

from datetime import date

import pytest

from knowledge.answer import Answerer, Asker
from knowledge.evaluate import Score, held_out, score
from knowledge.fit import NEARLY, Swept, fit, most_careful, sample
from knowledge.pack import Pack
from knowledge.questions import covered, read_questions


@pytest.fixture(scope="module")
def own(pack: Pack, answerer: Answerer) -> Score:
    return score(answerer, covered(read_questions(pack.folder / "questions.jsonl"), pack.topics))


@pytest.fixture(scope="module")
def unseen(pack: Pack) -> Score:
    """A tenth of the phrasings, asked of the pack without them."""
    rest, asked = next(held_out(pack))
    return score(rest, asked)


@pytest.mark.parametrize(
    ("figure", "floor"),
    [
        ("right", 0.88),
        ("right_or_offered", 0.95),
        ("outside_not_answered", 0.98),
        ("best_is_right", 0.93),
        ("best_three_have_it", 0.98),
    ],
)
def test_the_packs_own_questions_are_answered_at_least_as_well_as_before(own: Score, figure: str, floor: float) -> None:
    assert own.summary()[figure] >= floor


def test_few_answers_are_wrong(own: Score) -> None:
    assert own.summary()["wrong"] <= 0.022


def test_questions_without_accents_lose_little(own: Score) -> None:
    styles = own.by(lambda question: question.style)
    assert styles["plain"].summary()["right"] - styles["nodia"].summary()["right"] <= 0.05


def test_what_is_answered_surely_is_right(own: Score) -> None:
    sure = [one for one in own.judged if one.answer.score >= 0.9 and one.question.topic]
    right = sum(bool(one.question.right.intersection(one.answer.topics)) for one in sure)
    assert len(sure) > 400
    assert right / len(sure) >= 0.95


@pytest.mark.parametrize(
    ("figure", "floor"), [("best_is_right", 0.68), ("best_three_have_it", 0.84), ("outside_not_answered", 0.9)]
)
def test_phrasings_that_were_held_out_are_found(unseen: Score, figure: str, floor: float) -> None:
    assert unseen.summary()[figure] >= floor


def test_every_topic_has_a_question_of_its_own(pack: Pack) -> None:
    asked = {question.topic for question in read_questions(pack.folder / "questions.jsonl")}
    assert {topic.id for topic in pack.shown} <= asked


def test_fitting_takes_what_it_is_shown(pack: Pack) -> None:
    few = list(pack.topics.values())[:8]
    small = Pack(**{**vars(pack), "topics": {topic.id: topic for topic in few}})
    calibration, swept = fit(sample(small, []))
    assert calibration.right.weights.keys() == pack.calibration.right.weights.keys()
    assert any(one.answer == calibration.thresholds.answer for one in swept)


def test_of_thresholds_that_cost_the_same_the_most_careful_are_taken() -> None:
    def swept(answer: float, *, offered: float, wrong: float, cost: float) -> Swept:
        return Swept(answer, 0.6, 0.88, offered, wrong, 0.98, cost)

    bold = swept(0.7, offered=0.95, wrong=0.026, cost=0.177)
    careful = swept(0.75, offered=0.95, wrong=0.022, cost=0.178)
    mute = swept(0.75, offered=0.93, wrong=0.022, cost=0.178)
    dear = swept(0.8, offered=0.95, wrong=0.015, cost=0.178 + NEARLY)
    assert most_careful([bold, mute, careful, dear]) == careful


def test_an_unsure_answer_is_offered_and_not_given(answerer: Answerer) -> None:
    answer = answerer.ask("Cho hỏi vụ giấy tờ kiểm tra", Asker(date(2021, 11, 8)))
    assert answer.topic is None
