"""Restarts: what the bot finds undone when it comes back, and telling the coordinators of it.

The row on when the bot was last seen at work is written at the end of every tick. It says since when things may have
been left undone, and lets only one of several processes that start together tell of it.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.coordinators import Coordinators
from bot.outbox import Letter, Outbox
from bot.store.database import Database
from bot.store.ledger_tables import Delivery, Failure, Lane, Outgoing
from bot.store.notice_tables import Notice, NoticeState
from bot.store.people_tables import Contact, Draft
from bot.store.reminder_tables import Outcome, Reminder
from bot.store.running_tables import Running
from bot.store.upsert import insert_once

# A bot that comes and goes is told of no more often; what came together is told then.
QUIET = timedelta(hours=1)

_ROW = {"id": 1}

# What the reports themselves are about, in the ledger: one that waits is nothing to report.
_SUBJECT = "restart"


@dataclass(frozen=True, slots=True)
class Restart:
    """One restart, or several that are told of together.

    Attributes:
        seen_at: when the bot was last seen at work, before the first of them.
        back_at: when it was back, after the last.
        times: how many there were.
        newest: the last message in the ledger at that moment.
        waiting: messages to single people that waited to be sent.
        left: those of them that still wait.
        uncertain: messages to single people that were being sent and may have arrived.
        agencies: whose contacts these were for.
        notices: that were going out.
        unsure: their messages that were being sent and may have arrived.
        overdue: scheduled notices whose moment came meanwhile; they have been started.
        reminded: agencies whose reminder came meanwhile; it has been sent.
        missed: agencies for which it came too late.
        drafts: people in the middle of something; they go on with the next tap.
    """

    seen_at: datetime
    back_at: datetime
    times: int = 1
    newest: int = 0
    waiting: int = 0
    left: int = 0
    uncertain: int = 0
    agencies: tuple[str, ...] = ()
    notices: int = 0
    unsure: int = 0
    overdue: int = 0
    reminded: int = 0
    missed: int = 0
    drafts: int = 0

    @property
    def is_eventful(self) -> bool:
        """Whether there is anything to tell. A draft by itself is not: nobody has lost anything."""
        pending = self.waiting + self.notices + self.overdue
        return bool(pending + self.uncertain + self.unsure + self.reminded + self.missed)

    def after(self, before: "Restart") -> "Restart":
        """Both together."""
        return replace(
            self,
            seen_at=before.seen_at,
            times=before.times + self.times,
            # What waited before may wait still.
            waiting=max(before.waiting, self.waiting),
            notices=max(before.notices, self.notices),
            agencies=tuple(sorted({*before.agencies, *self.agencies})),
            uncertain=before.uncertain + self.uncertain,
            unsure=before.unsure + self.unsure,
            overdue=before.overdue + self.overdue,
            reminded=before.reminded + self.reminded,
            missed=before.missed + self.missed,
        )


# Messages to single people.
_TO_PEOPLE = (Outgoing.lane == Lane.REPLY) & Outgoing.subject.is_distinct_from(_SUBJECT)

# The words of the report.
RestartWords = Callable[[Restart], Letter]


class Restarts:
    """Tells coordinators what a restart found undone."""

    def __init__(self, database: Database, clock: Clock, outbox: Outbox, coordinators: Coordinators) -> None:
        self._database = database
        self._clock = clock
        self._outbox = outbox
        self._coordinators = coordinators
        self._found: Restart | None = None

    async def look(self) -> None:
        """Look what there is to be done, before anything of it is; what was being sent is settled already."""
        async with self._database.session() as session:
            row = await session.get(Running, 1)
            self._found = await self._undone(session, row.seen_at) if row else None

    async def tell(self, words: RestartWords) -> None:
        """Note that the bot is at work and, after its first tick, what has become of the rest; tell it when it is time.

        Args:
            words: of the report.
        """
        now = self._clock.now()
        async with self._database.writing() as session:
            await insert_once(session, Running, _ROW, seen_at=now, untold={})
            row = await session.get_one(Running, 1, with_for_update=True)
            untold = _read(row.untold)
            # Another process that started at the same time has told of what both found.
            if self._found and self._found.seen_at == row.seen_at:
                found = await self._made_good(session, self._found)
                if found.is_eventful:
                    untold = found.after(untold) if untold else found
            is_quiet = row.told_at is not None and row.told_at <= now < row.told_at + QUIET
            if untold and not is_quiet:
                untold = replace(untold, left=await _count(session, _single(untold.newest)))
                for person_id in sorted(await self._coordinators.ids_in(session)):
                    self._outbox.put(session, person_id, words(untold), subject=_SUBJECT)
                row.told_at, untold = now, None
            row.seen_at, row.untold = now, _written(untold)
        self._found = None

    async def _undone(self, session: AsyncSession, seen_at: datetime) -> Restart:
        now = self._clock.now()
        interrupted = (Outgoing.reason == Failure.INTERRUPTED) & (Outgoing.ended_at > seen_at)
        uncertain = (Outgoing.state == Delivery.UNCERTAIN) & interrupted
        newest = await session.scalar(select(func.max(Outgoing.id))) or 0
        people = select(Outgoing.chat_id).where(uncertain, _TO_PEOPLE)
        concerned = select(Contact.agency).where(Contact.person_id.in_(people)).distinct().order_by(Contact.agency)
        is_due = (Notice.state == NoticeState.SCHEDULED) & (Notice.scheduled_for <= now)
        return Restart(
            seen_at=seen_at,
            back_at=now,
            newest=newest,
            waiting=await _count(session, _single(newest)),
            uncertain=await _count(session, uncertain & _TO_PEOPLE),
            agencies=tuple(await session.scalars(concerned)),
            notices=await _count(session, Notice.state == NoticeState.SENDING),
            unsure=await _count(session, uncertain & (Outgoing.lane == Lane.BULK)),
            overdue=await _count(session, is_due),
            drafts=await session.scalar(select(func.count()).select_from(Draft)) or 0,
        )

    async def _made_good(self, session: AsyncSession, found: Restart) -> Restart:
        """The same with what the first tick has done about reminders."""
        of_tick = select(Reminder.agency, Reminder.outcome).where(Reminder.at > found.seen_at)
        settled = {(agency, outcome) for agency, outcome in await session.execute(of_tick)}
        return replace(
            found,
            reminded=sum(outcome is Outcome.SENT for _, outcome in settled),
            missed=sum(outcome is Outcome.MISSED for _, outcome in settled),
        )


def _single(newest: int) -> ColumnElement[bool]:
    """The messages to single people that wait, up to this one."""
    return _TO_PEOPLE & (Outgoing.state == Delivery.WAITING) & (Outgoing.id <= newest)


async def _count(session: AsyncSession, condition: ColumnElement[bool]) -> int:
    return await session.scalar(select(func.count()).where(condition)) or 0


def _written(restart: Restart | None) -> dict[str, Any]:
    if restart is None:
        return {}
    moments = {"seen_at": restart.seen_at.isoformat(), "back_at": restart.back_at.isoformat()}
    return {**asdict(restart), **moments}


def _read(kept: dict[str, Any]) -> Restart | None:
    if not kept:
        return None
    moments = {name: datetime.fromisoformat(kept[name]) for name in ("seen_at", "back_at")}
    return Restart(**{**kept, **moments, "agencies": tuple(kept["agencies"])})
