"""Whatever is tried, in whatever order: a submission keeps its story whole."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import date, datetime, timedelta
from itertools import count, pairwise
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from bot.audit import Actor
from bot.clock import LOCAL, Clock
from bot.states import FOLLOWS, OPEN, State, Way
from bot.store.database import open_database
from bot.store.ledger_tables import Act
from bot.submission_records import Event, Given, OvertakenError
from tests.bot.office import AN, BINH, CARD, CHI, PLANNED, Office, event_words

STALE = st.sampled_from([0, 0, 0, 1])
GIVEN = st.builds(Given, st.sampled_from(Way), st.sampled_from([None, "123/BC-SXD"]))
NOT_OF_A_STEP = frozenset({Act.EXTENDED})


class Story(RuleBasedStateMachine):
    """One agency's submission, and what is known to have happened to it."""

    def __init__(self, runner: asyncio.Runner, office: Office, agency: str) -> None:
        super().__init__()
        self._run = runner.run
        self._office = office
        self._agency = agency
        self._state = State.NOT_OPENED
        self._states: list[State] = []
        self._codes: list[str] = []
        self._ids: list[int] = []
        self._accepted_at: datetime | None = None

    @rule(stale=STALE, person=st.sampled_from([AN, BINH]), given=GIVEN)
    def confirm(self, stale: int, person: Actor, given: Given) -> None:
        self._confirm(stale, person, given, on_behalf=False)

    @rule(stale=STALE, given=GIVEN)
    def record(self, stale: int, given: Given) -> None:
        self._confirm(stale, CHI, given, on_behalf=True)

    @precondition(lambda self: self._ids)
    @rule(age=STALE)
    def accept(self, age: int) -> None:
        accepting = self._office.submissions.accept(CHI, self._version(age), event_words)
        self._try(accepting, State.ACCEPTED, possible=self._is_newest(age))

    @precondition(lambda self: self._ids)
    @rule(age=STALE, new_due=st.none() | st.dates(PLANNED, date(2022, 1, 1)))
    def send_back(self, age: int, new_due: date | None) -> None:
        returning = self._office.submissions.send_back(
            CHI, self._version(age), "thiếu phụ lục", new_due, event_words, CARD
        )
        self._try(returning, State.RETURNED, possible=self._is_newest(age))

    @precondition(lambda self: self._ids)
    @rule(age=STALE)
    def undo(self, age: int) -> None:
        undoing = self._office.submissions.undo_acceptance(CHI, self._version(age), event_words)
        accepted = self._accepted_at
        recent = accepted is not None and self._office.clock.now() - accepted < timedelta(minutes=10)
        before = self._states[-2] if self._state is State.ACCEPTED else State.NOT_OPENED
        possible = self._state is State.ACCEPTED and recent and self._is_newest(age)
        self._try(undoing, before, possible=possible)

    @rule(stale=STALE)
    def withdraw(self, stale: int) -> None:
        withdrawing = self._office.submissions.withdraw(AN, self._agency, self._seen(stale), event_words, CARD)
        self._try(withdrawing, State.WITHDRAWN, possible=not stale)

    @rule(stale=STALE)
    def waive(self, stale: int) -> None:
        waiving = self._office.submissions.waive(
            CHI, self._agency, self._seen(stale), "đã sáp nhập", event_words, CARD
        )  # fmt: skip
        self._try(waiving, State.WAIVED, possible=not stale)

    @rule(stale=STALE)
    def lift(self, stale: int) -> None:
        lifting = self._office.submissions.lift_waiver(CHI, self._agency, self._seen(stale), event_words, CARD)
        self._try(lifting, State.NOT_OPENED, possible=not stale)

    @rule(before=st.dates(date(2021, 11, 1), date(2022, 1, 1)))
    def extend(self, before: date) -> None:
        self._run(self._office.deadlines.extend(CHI, self._agency, before, "dịch bệnh", [], lambda role: None))

    @rule(minutes=st.sampled_from([1, 4, 11]))
    def wait(self, minutes: int) -> None:
        self._office.clock.turn_by(timedelta(minutes=minutes))

    @invariant()
    def the_chain_is_unbroken(self) -> None:
        story = self._run(self._office.submissions.story(self._agency))
        assert [step.number for step in story] == list(range(1, len(self._states) + 1))
        assert [step.after for step in story] == self._states
        assert all(step.before is State.NOT_OPENED for step in story[:1])
        assert all(one.after is another.before for one, another in pairwise(story))
        assert all(one.at <= another.at for one, another in pairwise(story))
        standing = self._run(self._office.submissions.standing(self._agency))
        assert (standing.state, standing.number) == (self._state, len(self._states))

    @invariant()
    def versions_count_up_and_none_disappears(self) -> None:
        versions = self._run(self._office.submissions.versions(self._agency))
        assert [version.version for version, _ in reversed(versions)] == list(range(1, len(self._ids) + 1))
        assert [version.id for version, _ in reversed(versions)] == self._ids

    @invariant()
    def every_step_has_its_entry(self) -> None:
        acts = self._run(self._office.acts(self._agency))
        assert len([act for act in acts if act not in NOT_OF_A_STEP]) == len(self._states)

    def teardown(self) -> None:
        """Every receipt that was ever given is still real; only the newest is current."""
        for number, code in enumerate(self._codes, 1):
            checked = self._run(self._office.receipts.check(code))
            assert checked is not None
            assert (checked.version.version, checked.newest, checked.state) == (number, len(self._codes), self._state)
            newest = number == len(self._codes)
            assert checked.is_current == (newest and self._state is not State.WITHDRAWN)

    def _confirm(self, stale: int, person: Actor, given: Given, *, on_behalf: bool) -> None:
        confirming = self._office.confirm(person, self._agency, given, known=self._seen(stale), on_behalf=on_behalf)
        follows = FOLLOWS[self._state]
        after = State.AMENDED if State.AMENDED in follows else State.CONFIRMED
        event = self._try(confirming, after, possible=not stale and self._state in OPEN)
        if event:
            assert event.version is not None
            self._ids.append(event.version.id)
            self._codes.append(self._office.receipts.code(event.version, event.files))

    def _try(self, taking: Coroutine[Any, Any, Event], after: State, *, possible: bool) -> Event | None:
        """Take a step; it succeeds if it may, and otherwise leaves no trace."""
        before = self._trace()
        if not possible or after not in FOLLOWS[self._state]:
            with pytest.raises(OvertakenError) as overtaken:
                self._run(taking)
            standing = overtaken.value.standing
            assert (standing.state, standing.number) == (self._state, len(self._states))
            assert self._trace() == before
            return None
        event = self._run(taking)
        self._accepted_at = event.step.at if after is State.ACCEPTED else None
        self._state = after
        self._states.append(after)
        return event

    def _trace(self) -> tuple[int, int]:
        return len(self._run(self._office.acts())), len(self._run(self._office.messages()))

    def _seen(self, stale: int) -> int:
        return len(self._states) - stale

    def _version(self, age: int) -> int:
        return self._ids[-1] if self._is_newest(age) else self._ids[-1 - age]

    def _is_newest(self, age: int) -> bool:
        return age == 0 or len(self._ids) == 1


# A server takes longer to ask.
EXAMPLES = {"sqlite": 30, "postgresql": 5}


def test_the_story_of_a_submission_stays_whole_whatever_is_tried(url: str, database_kind: str) -> None:
    numbers = count()
    with asyncio.Runner() as runner:
        opened = AsyncExitStack()
        database = runner.run(opened.enter_async_context(open_database(url)))
        try:
            office = Office(database, Clock(datetime(2021, 11, 8, 8, 0, tzinfo=LOCAL)))
            run_state_machine_as_test(
                lambda: Story(runner, office, f"co-quan-{next(numbers)}"),  # type: ignore[arg-type]
                settings=settings(max_examples=EXAMPLES[database_kind], stateful_step_count=20, deadline=None),
            )
        finally:
            runner.run(opened.aclose())
