"""Deliberate breaks of the bot, each of which a campaign has to notice: the simulator is worth what it finds."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot import bulk, delivery, retention, sending, submissions
from bot.audit import Audit
from bot.delivery import Deliverer
from bot.outbox import Outbox
from bot.reminders import Reminders
from bot.sending import Again, Busy, Outcome
from bot.states import State
from bot.store import database
from bot.store.ledger_tables import Delivery, Failure, Outgoing
from bot.submissions import Submissions
from tests.simulation.machine import USUAL

_under_way: set[asyncio.Task[None]] = set()


@dataclass(frozen=True)
class Break:
    """A way in which the bot is broken.

    Attributes:
        install: breaks the bot.
        found: by which of its words the fault is known that a campaign finds then.
        seeds: within how many campaigns.
    """

    install: Callable[[pytest.MonkeyPatch], None]
    found: str
    seeds: int = USUAL

    @property
    def name(self) -> str:
        return self.install.__name__.strip("_").replace("_", "-")


def _a_message_is_noted_as_sent_before_it_is_sent(patch: pytest.MonkeyPatch) -> None:
    deliver = Deliverer._deliver

    async def note_and_deliver(self: Deliverer, bot: Any, row: Outgoing) -> bool:
        with suppress(SQLAlchemyError):
            async with self._database.session() as session:
                await sending.note(session, row, 0, self._clock.now())
        return await deliver(self, bot, row)

    patch.setattr(Deliverer, "_deliver", note_and_deliver)


def _what_a_killed_bot_was_sending_is_sent_again(patch: pytest.MonkeyPatch) -> None:
    async def let_all_wait(self: Deliverer) -> None:
        async with self._seat.writing() as session:
            waiting = update(Outgoing).where(Outgoing.state == Delivery.WAITING)
            await session.execute(waiting.values(claimed_at=None))

    patch.setattr(Deliverer, "settle_interrupted", let_all_wait)


def _a_message_that_timed_out_is_sent_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sending, "_never_left", lambda error: True)


def _a_message_that_timed_out_counts_as_sent(patch: pytest.MonkeyPatch) -> None:
    _change_outcomes(patch, lambda row, outcome: 1 if outcome is Failure.TIMED_OUT else outcome)


def _a_change_that_timed_out_is_not_tried_again(patch: pytest.MonkeyPatch) -> None:
    _change_outcomes(
        patch, lambda row, outcome: Failure.TIMED_OUT if row.replaces and outcome is Again.SOON else outcome
    )


def _a_telegram_that_is_busy_counts_as_one_that_refuses(patch: pytest.MonkeyPatch) -> None:
    _change_outcomes(patch, lambda row, outcome: Failure.REFUSED if isinstance(outcome, Busy) else outcome)


def _how_a_message_ended_is_forgotten_if_it_cannot_be_written_down(patch: pytest.MonkeyPatch) -> None:
    following = Deliverer._next

    async def forget_and_go_on(self: Deliverer) -> list[Outgoing]:
        self._unnoted.clear()
        return await following(self)

    patch.setattr(Deliverer, "_next", forget_and_go_on)


def _a_letter_leaves_though_what_it_tells_was_rolled_back(patch: pytest.MonkeyPatch) -> None:
    put = Outbox.put

    def put_all_the_same(self: Outbox, session: AsyncSession, *said: Any, **about: Any) -> None:
        put(self, session, *said, **about)
        _after("rollback", session, lambda own: put(self, own, *said, **about))

    patch.setattr(Outbox, "put", put_all_the_same)


def _a_letter_is_written_down_after_what_it_tells(patch: pytest.MonkeyPatch) -> None:
    put = Outbox.put

    def put_afterwards(self: Outbox, session: AsyncSession, *said: Any, **about: Any) -> None:
        _after("commit", session, lambda own: put(self, own, *said, **about))

    patch.setattr(Outbox, "put", put_afterwards)


def _an_act_is_noted_after_it_is_done(patch: pytest.MonkeyPatch) -> None:
    note = Audit.note

    def note_afterwards(self: Audit, session: AsyncSession, *done: Any, **detail: Any) -> None:
        _after("commit", session, lambda own: note(self, own, *done, **detail))

    patch.setattr(Audit, "note", note_afterwards)


def _what_could_not_be_committed_counts_as_done(patch: pytest.MonkeyPatch) -> None:
    note = Audit.note

    def note_and_mark(self: Audit, session: AsyncSession, *done: Any, **detail: Any) -> None:
        session.info["does an act"] = True
        note(self, session, *done, **detail)

    @asynccontextmanager
    async def begun(sessions: async_sessionmaker[AsyncSession]) -> AsyncIterator[AsyncSession]:
        async with sessions() as session:
            yield session
            await session.flush()
            try:
                await session.commit()
            except SQLAlchemyError:
                await session.rollback()
                if "does an act" not in session.info:
                    raise

    patch.setattr(Audit, "note", note_and_mark)
    patch.setattr(database, "begun", begun)


def _a_confirmation_that_came_twice_makes_two_versions(patch: pytest.MonkeyPatch) -> None:
    confirm = Submissions._confirm

    async def confirm_whatever_happened(
        self: Submissions, actor: Any, agency: str, given: Any, known: int, *rest: Any, **options: Any
    ) -> Any:
        known = (await self.standing(agency)).number
        return await confirm(self, actor, agency, given, known, *rest, **options)

    async def leave_the_draft(session: AsyncSession, person_id: int, kind: str) -> bool:
        return True

    patch.setattr(Submissions, "_confirm", confirm_whatever_happened)
    patch.setattr(submissions, "use_up", leave_the_draft)


def _any_step_may_follow_any_other(patch: pytest.MonkeyPatch) -> None:
    prepare = database._prepare_sqlite

    def prepare_without_checks(connection: Any, record: object) -> None:
        prepare(connection, record)
        cursor = connection.cursor()
        cursor.execute("PRAGMA ignore_check_constraints=ON")
        cursor.close()

    patch.setattr(submissions, "FOLLOWS", dict.fromkeys(State, frozenset(State)))
    patch.setattr(database, "_prepare_sqlite", prepare_without_checks)


def _only_the_database_knows_which_step_may_follow(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(submissions, "FOLLOWS", dict.fromkeys(State, frozenset(State)))


def _whoever_accepts_an_older_version_accepts_the_newest(patch: pytest.MonkeyPatch) -> None:
    review = Submissions._review

    async def review_the_newest(self: Submissions, version_id: int, taking_of: Any) -> Any:
        async with self._database.session() as session:
            newest = (await self._of_version(session, version_id)).version
        return await review(self, newest.id if newest else version_id, taking_of)

    patch.setattr(Submissions, "_review", review_the_newest)


def _a_reminder_whose_time_came_while_the_bot_was_down_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    due = Reminders._due

    async def due_since_the_start(self: Reminders, *args: Any) -> Any:
        start = self.__dict__.setdefault("start", self._clock.now())
        return [one for one in await due(self, *args) if one.planned.moment >= start]

    patch.setattr(Reminders, "_due", due_since_the_start)


def _what_messages_said_is_forgotten_after_a_day(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(retention, "MESSAGE_KEPT", timedelta(days=1))


BREAKS = (
    Break(_a_message_is_noted_as_sent_before_it_is_sent, "never arrived as 0"),
    Break(_what_a_killed_bot_was_sending_is_sent_again, "arrived 2 times"),
    Break(_a_message_that_timed_out_is_sent_again, "arrived 2 times"),
    Break(_a_message_that_timed_out_counts_as_sent, "never arrived as 1"),
    Break(_a_change_that_timed_out_is_not_tried_again, "is uncertain though it could be done once more"),
    Break(_a_telegram_that_is_busy_counts_as_one_that_refuses, "failed though nobody refuses anything"),
    Break(_how_a_message_ended_is_forgotten_if_it_cannot_be_written_down, "does not come to rest"),
    Break(_a_letter_leaves_though_what_it_tells_was_rolled_back, "the receipt .* of nothing|has two codes"),
    Break(_a_letter_is_written_down_after_what_it_tells, "nobody was told of the", seeds=5 * USUAL),
    Break(_an_act_is_noted_after_it_is_done, "the log tells of|was said .* times, but"),
    Break(_what_could_not_be_committed_counts_as_done, "was said .* times, but"),
    Break(_a_confirmation_that_came_twice_makes_two_versions, "one message was the receipt"),
    Break(_any_step_may_follow_any_other, "does not follow"),
    Break(_only_the_database_knows_which_step_may_follow, "may_follow"),
    Break(_whoever_accepts_an_older_version_accepts_the_newest, "which it did not happen to"),
    Break(_a_reminder_whose_time_came_while_the_bot_was_down_is_forgotten, "has no reminder"),
    Break(_what_messages_said_is_forgotten_after_a_day, "has lost its text"),
)


def _change_outcomes(patch: pytest.MonkeyPatch, changed: Callable[[Outgoing, Outcome], Outcome]) -> None:
    send = sending.send

    async def send_and_change(bot: Any, row: Outgoing) -> Outcome:
        return changed(row, await send(bot, row))

    patch.setattr(delivery, "send", send_and_change)
    patch.setattr(bulk, "send", send_and_change)


def _after(end: str, session: AsyncSession, do: Callable[[AsyncSession], None]) -> None:
    def go_on(_: object) -> None:
        _later(_in_a_transaction_of_its_own(session, do))

    event.listen(session.sync_session, f"after_{end}", go_on, once=True)


async def _in_a_transaction_of_its_own(session: AsyncSession, do: Callable[[AsyncSession], None]) -> None:
    with suppress(SQLAlchemyError):
        async with AsyncSession(session.bind, expire_on_commit=False) as own, own.begin():
            do(own)


def _later(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.create_task(work)
    _under_way.add(task)
    task.add_done_callback(_under_way.discard)
