"""Phrasings that coordinators added, and the list of missed questions that they are learned from."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import IntegrityError

from bot.clock import LOCAL, Clock
from bot.inbox import Inbox, settle
from bot.phrasings import Added, Phrasings
from bot.questions import Questions
from bot.store.database import Database
from bot.store.tables import Outcome, Rating, Settled, Settlement, Via
from tests.bot.office import Office

AN, BINH, HA, MAI = 1, 2, 3, 4
NOBODYS = 10**17
TOPIC, TEXT = "report.deadline", "chốt sổ hôm nào"


@pytest.fixture
def questions(database: Database, clock: Clock) -> Questions:
    return Questions(database, clock)


@pytest.fixture
def inbox(database: Database, clock: Clock) -> Inbox:
    return Inbox(database, clock)


@pytest.fixture
def phrasings(database: Database, clock: Clock) -> Phrasings:
    return Phrasings(database, clock)


async def _ask(
    questions: Questions, text: str = TEXT, outcome: Outcome = Outcome.DECLINE, topic: str | None = None,
    via: Via = Via.TEXT,
) -> int:  # fmt: skip
    return await questions.record(
        person_id=AN, text=text, via=via, outcome=outcome, topic=topic, agency=None, score=0.25
    )


async def _open(inbox: Inbox) -> list[int]:
    return [one.id for one in await inbox.open()]


async def test_only_what_was_missed_is_on_the_list(questions: Questions, inbox: Inbox) -> None:
    await _ask(questions, outcome=Outcome.ANSWER, topic=TOPIC)
    await _ask(questions, topic="outside.daily-life")
    await _ask(questions, outcome=Outcome.CHOOSE, via=Via.BUTTON)
    picked = await _ask(questions, outcome=Outcome.CHOOSE)
    await questions.settle(picked, AN, TOPIC)
    missed = [await _ask(questions), await _ask(questions, outcome=Outcome.CHOOSE)]
    assert await _open(inbox) == missed


async def test_each_entry_tells_why_it_is_there(questions: Questions, inbox: Inbox) -> None:
    wrong = await _ask(questions, outcome=Outcome.ANSWER, topic=TOPIC)
    await questions.rate(wrong, AN, Rating.WRONG)
    passed_on = await _ask(questions, topic="outside.daily-life")
    await questions.pass_on(passed_on, AN)
    found = await inbox.open()
    assert [(one.id, one.passed_on, one.wrong, one.topic) for one in found] == [
        (passed_on, True, False, "outside.daily-life"),
        (wrong, False, True, TOPIC),
    ]
    await questions.rate(wrong, AN, Rating.HELPFUL)
    assert await _open(inbox) == [passed_on]


async def test_a_question_whose_text_is_forgotten_is_off_the_list(
    questions: Questions, inbox: Inbox, database: Database, clock: Clock
) -> None:
    await questions.pass_on(await _ask(questions), AN)
    clock.turn_to(datetime(2023, 1, 1, tzinfo=LOCAL))
    await Office(database, clock).retention.forget_old()
    assert await inbox.open() == []


async def test_what_is_dismissed_together_comes_back_together(questions: Questions, inbox: Inbox) -> None:
    numbers = [await _ask(questions, f"câu {number}") for number in range(3)]
    assert await inbox.dismiss(numbers[:2], HA)
    assert await _open(inbox) == numbers[2:]
    assert await inbox.reopen(numbers[0])
    assert await _open(inbox) == numbers
    assert not await inbox.reopen(numbers[0])


async def test_dismissing_again_changes_nothing(questions: Questions, inbox: Inbox, database: Database) -> None:
    number = await _ask(questions)
    assert await inbox.dismiss([number], HA)
    assert not await inbox.dismiss([number], MAI)
    async with database.session() as session:
        assert (await session.get_one(Settlement, number)).settled_by == HA


async def test_passing_on_puts_back_what_was_settled_before_but_not_after(
    questions: Questions, inbox: Inbox, clock: Clock
) -> None:
    number = await _ask(questions)
    await inbox.dismiss([number], HA)
    clock.turn_by(timedelta(seconds=1))
    await questions.pass_on(number, AN)
    assert await _open(inbox) == [number]
    clock.turn_by(timedelta(seconds=1))
    await inbox.dismiss([number], HA)
    await questions.pass_on(number, AN)
    assert await _open(inbox) == []


async def test_a_phrasing_settles_the_questions_it_was_learned_from(
    questions: Questions, inbox: Inbox, phrasings: Phrasings
) -> None:
    numbers = [await _ask(questions) for _ in range(3)]
    number = await phrasings.add(TOPIC, TEXT, HA, numbers[:2])
    assert number is not None
    assert await phrasings.all() == [Added(number, TOPIC, TEXT)]
    assert await _open(inbox) == numbers[2:]
    assert not await inbox.reopen(numbers[0]), "what was learned is taken back with its phrasing only"


async def test_of_two_coordinators_the_first_one_teaches(questions: Questions, phrasings: Phrasings) -> None:
    question = await _ask(questions)
    assert await phrasings.add(TOPIC, TEXT, HA, [question])
    assert await phrasings.add("report.late", TEXT, MAI, [question]) is None
    assert [one.topic for one in await phrasings.all()] == [TOPIC]


async def test_a_withdrawn_phrasing_leaves_its_questions_as_they_were(
    questions: Questions, inbox: Inbox, phrasings: Phrasings
) -> None:
    numbers = [await _ask(questions) for _ in range(2)]
    added = await phrasings.add(TOPIC, TEXT, HA, numbers)
    assert added is not None
    assert await phrasings.withdraw(added) == Added(added, TOPIC, TEXT)
    assert await phrasings.withdraw(added) is None
    assert await phrasings.withdraw(NOBODYS) is None
    assert await phrasings.all() == []
    assert await _open(inbox) == numbers


async def test_every_change_leaves_another_mark(questions: Questions, phrasings: Phrasings) -> None:
    marks = [await phrasings.mark()]
    for number in range(3):
        # Each time the newest is taken out before the next is added: the count alone would tell nothing.
        added = await phrasings.add(TOPIC, f"câu {number}", HA, [await _ask(questions)])
        marks.append(await phrasings.mark())
        assert added is not None
        assert await phrasings.withdraw(added)
    assert len(set(marks)) == len(marks)
    assert await phrasings.mark() == marks[0]


async def test_what_is_written_stays_in_force_until_the_pack_has_it(questions: Questions, phrasings: Phrasings) -> None:
    added = await phrasings.add(TOPIC, TEXT, HA, [await _ask(questions)])
    assert added is not None
    before = await phrasings.mark()
    await phrasings.note_written([added])
    assert await phrasings.unwritten() == []
    assert await phrasings.all() == await phrasings.written() == [Added(added, TOPIC, TEXT)]
    assert await phrasings.mark() == before
    assert await phrasings.withdraw(added) is None
    await phrasings.hand_over([added])
    assert await phrasings.all() == await phrasings.written() == []
    assert await phrasings.mark() != before


async def test_a_deleted_question_takes_its_settlement_along_but_not_what_was_learned(
    questions: Questions, phrasings: Phrasings, database: Database
) -> None:
    question = await _ask(questions)
    await phrasings.add(TOPIC, TEXT, HA, [question])
    async with database.session() as session:
        await session.execute(sql("DELETE FROM questions"))
    async with database.session() as session:
        assert await session.get(Settlement, question) is None
    assert [one.text for one in await phrasings.all()] == [TEXT]


@pytest.mark.parametrize(("how", "learned"), [("learned", False), ("dismissed", True), ("xyzzy", False)])
async def test_only_what_was_learned_has_a_phrasing(
    questions: Questions, phrasings: Phrasings, database: Database, clock: Clock, how: str, learned: bool
) -> None:
    first, second = await _ask(questions), await _ask(questions)
    phrasing = await phrasings.add(TOPIC, TEXT, HA, [first])
    row = Settlement(
        question_id=second, entry=second, how=how, phrasing_id=phrasing if learned else None, settled_at=clock.now(),
        settled_by=HA,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match=r"(?i)check constraint"):
        async with database.session() as session:
            session.add(row)


@pytest.mark.parametrize("how", Settled)
async def test_every_way_of_settling_can_be_stored(
    questions: Questions, inbox: Inbox, phrasings: Phrasings, database: Database, how: Settled
) -> None:
    question = await _ask(questions)
    match how:
        case Settled.LEARNED:
            await phrasings.add(TOPIC, TEXT, HA, [question])
        case Settled.DISMISSED:
            await inbox.dismiss([question], HA)
        case Settled.ANSWERED:
            async with database.writing() as session:
                await settle(session, [question], how, datetime.now(UTC), HA, answer="ngày 14")
    async with database.session() as session:
        assert (await session.get_one(Settlement, question)).how == how
