"""Reminders to agencies that still owe a report: each milestone of a deadline becomes one row, once ever.

The row and the messages are one transaction. What is due is asked of the calendar and of the rows at each tick, so a
deadline that moves takes its reminders along, and a restart neither repeats nor loses one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import LOCAL, Clock
from bot.contacts import Contacts
from bot.deadlines import Deadlines
from bot.milestones import Planned, Works, may_leave, milestones
from bot.outbox import Letter, Outbox
from bot.states import OWING
from bot.store.database import Database
from bot.store.ledger_tables import Delivery, Outgoing
from bot.store.people_tables import Contact
from bot.store.reminder_tables import Outcome, Reminder, Skipped
from bot.submission_records import Standing
from bot.submissions import Submissions

# The words of a reminder.
ReminderWords = Callable[[Standing], Letter]


class Reminders:
    """Reminds agencies of their deadlines.

    Args:
        database: with the rows.
        clock: says what is due.
        outbox: takes the messages.
        contacts: who is reminded.
        deadlines: of each agency.
        submissions: who still owes.
        works: which days are working days.
    """

    def __init__(
        self, database: Database, clock: Clock, outbox: Outbox, contacts: Contacts, deadlines: Deadlines,
        submissions: Submissions, works: Works,
    ) -> None:  # fmt: skip
        self._database = database
        self._clock = clock
        self._outbox = outbox
        self._contacts = contacts
        self._deadlines = deadlines
        self._submissions = submissions
        self._works = works

    async def send_due(self, agencies: Iterable[str], words: ReminderWords) -> None:
        """Remind those of these agencies whose milestones are due, and note what became of each milestone."""
        async with self._database.session() as session:
            due = [agency for agency in agencies if await self._due(session, agency)]
        for agency in due:
            async with self._database.writing() as session:
                standing = await self._submissions.standing_in(session, agency)
                for planned in await self._due(session, agency):
                    await self._settle(session, standing, planned, words)

    async def settled_on(self, day: date) -> list[Reminder]:
        """What became of the milestones that were settled on a day."""
        begins = datetime.combine(day, time(), LOCAL)
        of_day = (Reminder.at >= begins) & (Reminder.at < begins + timedelta(days=1))
        async with self._database.session() as session:
            return list(await session.scalars(select(Reminder).where(of_day).order_by(Reminder.id)))

    async def unheard(self) -> frozenset[str]:
        """The agencies whose newest reminder surely reached none of their contacts."""
        query = select(Reminder).where(Reminder.outcome == Outcome.SENT).order_by(Reminder.id)
        async with self._database.session() as session:
            newest = {reminder.agency: _subject(reminder) for reminder in await session.scalars(query)}
            rows = await session.execute(
                select(Outgoing.subject, Outgoing.state).where(Outgoing.subject.in_(newest.values()))
            )
            ends = defaultdict(set)
            for subject, state in rows:
                ends[subject].add(state)
        return frozenset(agency for agency, subject in newest.items() if ends[subject] == {Delivery.FAILED})

    async def _due(self, session: AsyncSession, agency: str) -> list[Planned]:
        """The milestones of an agency that are to be settled now."""
        due = await self._deadlines.due_in(session, agency)
        if due is None:
            return []
        now = self._clock.now()
        # Who was told of a new deadline has no use for the reminders it would have had before.
        planned = [
            one
            for one in milestones(due.before, self._works)
            if one.moment <= now and (due.since is None or due.since < one.moment)
        ]
        query = select(Reminder.milestone).where(Reminder.agency == agency, Reminder.due_before == due.before)
        settled = set(await session.scalars(query)) if planned else set()
        return [
            one
            for one in planned
            if one.milestone not in settled
            and (self._clock.today() >= one.until or may_leave(now, one.until, self._works))
        ]

    async def _settle(self, session: AsyncSession, standing: Standing, planned: Planned, words: ReminderWords) -> None:
        """Note what becomes of a milestone, and remind those who are to be reminded."""
        contacts = await self._linked_by(session, standing.agency, planned)
        people = [contact for contact in contacts if contact.muted_at is None]
        outcome, why = Outcome.SKIPPED, None
        if standing.state not in OWING:
            why = Skipped.SETTLED
        elif self._clock.today() >= planned.until:
            outcome = Outcome.MISSED
        elif not people:
            why = Skipped.MUTED if contacts else Skipped.UNREACHABLE
        else:
            outcome = Outcome.SENT
        reminder = Reminder(
            agency=standing.agency, milestone=planned.milestone, due_before=standing.due_before, at=self._clock.now(),
            outcome=outcome, why=why,
        )  # fmt: skip
        session.add(reminder)
        await session.flush()
        for contact in people if outcome is Outcome.SENT else ():
            self._outbox.put(session, contact.person_id, words(standing), subject=_subject(reminder))

    async def _linked_by(self, session: AsyncSession, agency: str, planned: Planned) -> list[Contact]:
        """The contacts that an agency had on a milestone's day: one who came later has not missed it."""
        contacts = await self._contacts.of_in(session, agency)
        return [contact for contact in contacts if contact.linked_at.astimezone(LOCAL).date() <= planned.day]


def _subject(reminder: Reminder) -> str:
    """What the messages of a reminder are about, in the ledger."""
    return f"reminder:{reminder.id}"
