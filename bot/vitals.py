"""What is asked of the database about its own well-being: by indexes, since it is asked every few seconds."""

from sqlalchemy import func, select

from bot.metrics import UNSENT, Counts
from bot.store.database import Database
from bot.store.ledger_tables import Delivery, Lane, Outgoing
from bot.store.reminder_tables import Reminder


class Vitals:
    """Counts the ledger and the reminders."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def oldest_waiting(self) -> int | None:
        """The number of the oldest message to a single person that waits; None if none does."""
        waiting = (Outgoing.lane == Lane.REPLY) & (Outgoing.state == Delivery.WAITING)
        async with self._database.session() as session:
            return await session.scalar(select(func.min(Outgoing.id)).where(waiting))

    async def counts(self) -> Counts:
        """How many messages of the ledger and how many milestones are in which state."""
        ledger = (
            select(Outgoing.lane, Outgoing.state, func.count())
            .where(Outgoing.lane.in_(list(Lane)), Outgoing.state.in_(UNSENT))
            .group_by(Outgoing.lane, Outgoing.state)
        )
        reminders = select(Reminder.outcome, func.count()).group_by(Reminder.outcome)
        async with self._database.session() as session:
            return Counts(
                {(lane, state): count for lane, state, count in await session.execute(ledger)},
                dict((await session.execute(reminders)).all()),
            )
