"""Retention: for how long each thing about a person is kept, and taking it out of the records when its time is over.

What is kept only as long as a person wants something (a link, news, a dialogue) ends with that; what they were just
told about, and what they are in the middle of, `conversations` and `drafts` forget by themselves. All the rest is here.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, delete, exists, literal_column, select, tuple_, update

from bot.clock import LOCAL, Clock
from bot.coordinators import Coordinators
from bot.deadlines import Deadlines
from bot.store.columns import Base
from bot.store.database import Database
from bot.store.ledger_tables import Outgoing
from bot.store.notice_tables import Notice, NoticeCard
from bot.store.people_tables import Invitation, WrongCodes
from bot.store.reminder_tables import Digest
from bot.store.tables import Question, Settlement
from bot.traces import TRACES, UNADDRESSED

# Who asked a question.
AUTHOR_KEPT = timedelta(days=30)

# What was asked, and who did what: so long after the plan's end; where there is no plan, after the day itself.
RECORDS_KEPT = timedelta(days=365)

# What a message said, once it has ended.
MESSAGE_KEPT = timedelta(days=90)

# Wrong codes of somebody who gave up trying; and a digest's row of somebody who coordinates no more.
TRACKS_KEPT = timedelta(days=30)

# Copies of all of it (`isobot backup`).
BACKUPS_KEPT = timedelta(days=30)

# So many rows are changed in one transaction: others write in between.
_BATCH = 5000


@dataclass(frozen=True, slots=True)
class _Rule:
    """What becomes of rows whose time is over.

    Attributes:
        over: which rows; none of them once the rule was applied.
        values: what their columns hold then; None: they are deleted.
    """

    table: type[Base]
    over: ColumnElement[bool]
    values: Mapping[str, Any] | None


class Retention:
    """Forgets what has been kept long enough.

    Args:
        database: with the records.
        clock: says when.
        deadlines: an extension may outlast the plan.
        coordinators: who has digests.
        period: says the plan's first and last day; None where there is no plan, or the plan does not say.
    """

    def __init__(
        self, database: Database, clock: Clock, deadlines: Deadlines, coordinators: Coordinators,
        period: Callable[[], tuple[date, date] | None],
    ) -> None:  # fmt: skip
        self._database = database
        self._clock = clock
        self._deadlines = deadlines
        self._coordinators = coordinators
        self._period = period
        self._looked_at: datetime | None = None

    async def last_day(self) -> date | None:
        """The last day on which the plan's records tell who, and what was asked; None where there is no plan."""
        period = self._period()
        if period is None:
            return None
        async with self._database.session() as session:
            dues = await self._deadlines.all_in(session)
        extended = [due.before - timedelta(days=1) for due in dues.newest.values()]
        return max([period[1], *extended]) + RECORDS_KEPT

    async def forget_hourly(self) -> int:
        """Forget what is due, once an hour of the clock; returns how many rows lost something."""
        hour = self._clock.now().replace(minute=0, second=0, microsecond=0)
        if hour == self._looked_at:
            return 0
        forgotten = await self.forget_old()
        self._looked_at = hour
        return forgotten

    async def forget_old(self) -> int:
        """Forget what is due; returns how many rows lost something."""
        coordinators = await self._coordinators.ids()
        rules = _rules(self._clock.now(), self._clock.today(), await self._over_before(), coordinators)
        # All are looked at in one question: whoever changes nothing should not take the writer's place for it.
        async with self._database.session() as session:
            applies = (await session.execute(select(*(exists().where(rule.over) for rule in rules)))).one()
        forgotten = sum([await self._apply(rule) for rule, is_due in zip(rules, applies, strict=True) if is_due])
        await self._database.empty_log()
        return forgotten

    async def _over_before(self) -> datetime:
        """The moment before which records no longer tell who, nor what was asked."""
        period, now, last_day = self._period(), self._clock.now(), await self.last_day()
        if period is None or last_day is None:
            return now - RECORDS_KEPT
        if self._clock.today() > last_day:
            # What somebody asks long after the end can be answered for as long as it is known who asked.
            return now - AUTHOR_KEPT
        # What is older than the plan belongs to another one.
        return min(datetime.combine(period[0], time(), LOCAL), now - RECORDS_KEPT)

    async def _apply(self, rule: _Rule) -> int:
        key = rule.table.__table__.primary_key
        some = select(*key).where(rule.over).limit(_BATCH)
        change = delete(rule.table) if rule.values is None else update(rule.table).values(**rule.values)
        change = change.where(tuple_(*key).in_(some)).execution_options(synchronize_session=False)
        forgotten = 0
        while True:
            async with self._database.session() as session:
                changed = await session.execute(change)
            count = changed.rowcount if isinstance(changed, CursorResult) else 0
            forgotten += count
            if count < _BATCH:
                return forgotten


def _rules(now: datetime, today: date, over_before: datetime, coordinators: Collection[int]) -> list[_Rule]:
    told_long_ago = Digest.day < today - TRACKS_KEPT
    of_old_notices = NoticeCard.notice_id.in_(select(Notice.id).where(Notice.created_at < over_before))
    # Written as in the index, so that it is used.
    has_text = Outgoing.html != literal_column("''")
    unsaid = {name: UNADDRESSED[name] for name in ("html", "buttons", "file_id", "file_kind")}
    return [
        _Rule(Question, (Question.asked_at < now - AUTHOR_KEPT) & Question.person_id.is_not(None), {"person_id": None}),
        _Rule(Question, (Question.asked_at < over_before) & Question.text.is_not(None), {"text": None}),
        _Rule(Settlement, (Settlement.settled_at < over_before) & (Settlement.answer != ""), {"answer": ""}),
        _Rule(Outgoing, (Outgoing.ended_at < now - MESSAGE_KEPT) & has_text, unsaid),
        _Rule(Outgoing, (Outgoing.ended_at < over_before) & (Outgoing.chat_id != 0), UNADDRESSED),
        _Rule(
            Invitation, (Invitation.expires_at <= now) & Invitation.invited_name.is_not(None), {"invited_name": None}
        ),
        _Rule(WrongCodes, WrongCodes.last_at < now - TRACKS_KEPT, None),
        _Rule(Digest, told_long_ago & Digest.person_id.not_in(coordinators), None),
        _Rule(NoticeCard, of_old_notices, None),
        *(_Rule(trace.table, (trace.at < over_before) & trace.is_there, trace.nobody) for trace in TRACES),
    ]
