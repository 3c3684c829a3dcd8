"""Questions: recorded, rated and passed on."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.clock import Clock
from bot.questions import Questions
from bot.retention import AUTHOR_KEPT
from bot.store.database import Database
from bot.store.tables import Outcome, Question, Rating, Via
from tests.bot.office import Office

AN, BINH = 1, 2
NOBODYS = 10**17
SECOND = timedelta(seconds=1)


@pytest.fixture
def questions(database: Database, clock: Clock) -> Questions:
    return Questions(database, clock)


async def _ask(questions: Questions, text: str = "hạn nộp?", person: int = AN) -> int:
    return await questions.record(
        person_id=person, text=text, via=Via.TEXT, outcome=Outcome.CHOOSE, topic=None, agency="so-xay-dung", score=0.25
    )


async def _stored(database: Database, number: int) -> Question:
    async with database.session() as session:
        return await session.get_one(Question, number)


async def test_a_question_is_kept_as_it_was_asked(questions: Questions, database: Database, clock: Clock) -> None:
    before = clock.now()
    stored = await _stored(database, await _ask(questions))
    assert before <= stored.asked_at <= clock.now()
    kept = (stored.person_id, stored.text, stored.via, stored.outcome, stored.topic, stored.agency, stored.score)
    assert kept == (AN, "hạn nộp?", Via.TEXT, Outcome.CHOOSE, None, "so-xay-dung", 0.25)
    assert (stored.rating, stored.passed_on_at) == (None, None)


async def test_only_the_asker_rates_and_may_think_again(questions: Questions, database: Database) -> None:
    number = await _ask(questions)
    assert not await questions.rate(number, BINH, Rating.WRONG)
    assert (await _stored(database, number)).rating is None
    assert await questions.rate(number, AN, Rating.WRONG)
    assert await questions.rate(number, AN, Rating.HELPFUL)
    assert (await _stored(database, number)).rating == Rating.HELPFUL


async def test_only_the_asker_passes_on(questions: Questions, database: Database) -> None:
    number = await _ask(questions)
    assert not await questions.pass_on(number, BINH)
    assert (await _stored(database, number)).passed_on_at is None
    assert await questions.pass_on(number, AN)
    assert (await _stored(database, number)).passed_on_at is not None


async def test_passing_on_again_keeps_the_first_moment(questions: Questions, database: Database, clock: Clock) -> None:
    number = await _ask(questions)
    await questions.pass_on(number, AN)
    first = (await _stored(database, number)).passed_on_at
    clock.turn_by(timedelta(hours=1))
    assert await questions.pass_on(number, AN)
    assert (await _stored(database, number)).passed_on_at == first


async def test_only_the_asker_settles_which_topic_was_meant(questions: Questions, database: Database) -> None:
    number = await _ask(questions)
    assert not await questions.settle(number, BINH, "report.late")
    assert await questions.settle(number, AN, "report.deadline")
    assert (await _stored(database, number)).topic == "report.deadline"


async def test_only_the_asker_sees_their_question(questions: Questions) -> None:
    number = await _ask(questions)
    own = await questions.of(number, AN)
    assert own is not None
    assert own.text == "hạn nộp?"
    assert await questions.of(number, BINH) is None


async def test_a_number_that_nobody_has_changes_nothing(questions: Questions) -> None:
    await _ask(questions)
    assert not await questions.rate(NOBODYS, AN, Rating.WRONG)
    assert not await questions.pass_on(NOBODYS, AN)
    assert not await questions.settle(NOBODYS, AN, "report.late")
    assert await questions.of(NOBODYS, AN) is None


async def test_a_question_whose_asker_is_forgotten_is_nobodys(
    questions: Questions, database: Database, clock: Clock
) -> None:
    number = await _ask(questions)
    clock.turn_by(AUTHOR_KEPT + SECOND)
    await Office(database, clock).retention.forget_old()
    assert not await questions.pass_on(number, AN)
    assert not await questions.rate(number, AN, Rating.HELPFUL)
    async with database.session() as session:
        assert await session.scalar(select(Question.rating)) is None
