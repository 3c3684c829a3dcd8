"""Reminders to agencies that still owe a report: each milestone of a deadline becomes one row, once ever.

The row and the messages are one transaction. What is due is asked of the calendar and of the rows at each tick, so a
deadline that moves takes its reminders along, and a restart neither repeats nor loses one.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import NamedTuple

from sqlalchemy import String, cast, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import LOCAL, Clock
from bot.contacts import Contacts
from bot.deadlines import Deadlines, Dues
from bot.milestones import Planned, Works, may_leave, milestones
from bot.outbox import Letter, Outbox
from bot.states import OWING, State
from bot.store.database import Database
from bot.store.ledger_tables import Delivery, Outgoing
from bot.store.people_tables import Contact
from bot.store.reminder_tables import Outcome, Reminder, Skipped
from bot.submission_records import Standing
from bot.submissions import Submissions

# What the subject of a reminder's messages begins with.
_SUBJECT = "reminder:"

# The words of a reminder.
ReminderWords = Callable[[Standing], Letter]

# Agencies whose milestones are settled in one transaction; other writers wait for no more than these.
_AT_ONCE = 100


class _Due(NamedTuple):
    """A milestone that is to be settled now: of which agency, and of which deadline."""

    agency: str
    before: date
    planned: Planned


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

    Attributes:
        due: for how many agencies a milestone was found due and is not settled yet.
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
        self.due = 0

    async def send_due(self, agencies: Iterable[str], words: ReminderWords) -> None:
        """Remind those of these agencies whose milestones are due, and note what became of each milestone."""
        async with self._database.session() as session:
            dues = await self._deadlines.all_in(session)
            due = dict.fromkeys(one.agency for one in await self._due(session, list(agencies), dues))
        self.due = len(due)
        waiting = iter(due)
        while some := list(islice(waiting, _AT_ONCE)):
            async with self._database.writing() as session:
                await self._settle(session, some, words)
            self.due -= len(some)

    async def settled_on(self, day: date) -> list[Reminder]:
        """What became of the milestones that were settled on a day."""
        begins = datetime.combine(day, time(), LOCAL)
        of_day = (Reminder.at >= begins) & (Reminder.at < begins + timedelta(days=1))
        async with self._database.session() as session:
            return list(await session.scalars(select(Reminder).where(of_day).order_by(Reminder.id)))

    async def unheard(self) -> frozenset[str]:
        """The agencies whose newest reminder surely reached none of their contacts."""
        newest = select(func.max(Reminder.id)).where(Reminder.outcome == Outcome.SENT).group_by(Reminder.agency)
        subject = literal(_SUBJECT) + cast(Reminder.id, String)
        query = select(Reminder.agency, Outgoing.state).join(Outgoing, Outgoing.subject == subject)
        ends = defaultdict[str, set[Delivery]](set)
        async with self._database.session() as session:
            for agency, state in await session.execute(query.where(Reminder.id.in_(newest))):
                ends[agency].add(state)
        return frozenset(agency for agency, states in ends.items() if states == {Delivery.FAILED})

    async def _due(self, session: AsyncSession, agencies: Collection[str], dues: Dues) -> list[_Due]:
        """The milestones of some agencies that are to be settled now."""
        now, today = self._clock.now(), self._clock.today()
        decided = {agency: due for agency in agencies if (due := dues.decided(agency))}
        leaving = {
            before: [
                one
                for one in milestones(before, self._works)
                if one.moment <= now and (today >= one.until or may_leave(now, one.until, self._works))
            ]
            for before in {due.before for due in decided.values()}
        }
        # Who was told of a new deadline has no use for the reminders it would have had before.
        found = [
            _Due(agency, due.before, one)
            for agency, due in decided.items()
            for one in leaving[due.before]
            if due.since is None or due.since < one.moment
        ]
        query = select(Reminder.agency, Reminder.due_before, Reminder.milestone).where(
            Reminder.due_before.in_({one.before for one in found})
        )
        if len(agencies) <= _AT_ONCE:
            query = query.where(Reminder.agency.in_(agencies))
        settled = {tuple(row) for row in await session.execute(query)} if found else set()
        return [one for one in found if (one.agency, one.before, one.planned.milestone) not in settled]

    async def _settle(self, session: AsyncSession, agencies: Collection[str], words: ReminderWords) -> None:
        """Note what becomes of the milestones of some agencies, and remind those who are to be reminded."""
        states = await self._submissions.states_in(session, agencies)
        contacts = await self._contacts.of_all_in(session, agencies)
        dues = await self._deadlines.some_in(session, agencies)
        for due in await self._due(session, agencies, dues):
            linked = [one for one in contacts.get(due.agency, ()) if _linked_by(one, due.planned)]
            people = [contact for contact in linked if contact.muted_at is None]
            outcome, why = Outcome.SKIPPED, None
            if states.get(due.agency, State.NOT_OPENED) not in OWING:
                why = Skipped.SETTLED
            elif self._clock.today() >= due.planned.until:
                outcome = Outcome.MISSED
            elif not people:
                why = Skipped.MUTED if linked else Skipped.UNREACHABLE
            else:
                outcome = Outcome.SENT
            reminder = Reminder(
                agency=due.agency, milestone=due.planned.milestone, due_before=due.before, at=self._clock.now(),
                outcome=outcome, why=why,
            )  # fmt: skip
            session.add(reminder)
            if outcome is Outcome.SENT:
                await self._remind(session, reminder, people, words)

    async def _remind(
        self, session: AsyncSession, reminder: Reminder, people: Iterable[Contact], words: ReminderWords
    ) -> None:
        letter = words(await self._submissions.standing_in(session, reminder.agency))
        await session.flush()
        for contact in people:
            self._outbox.put(session, contact.person_id, letter, subject=_subject(reminder))


def _linked_by(contact: Contact, planned: Planned) -> bool:
    """Whether somebody was a contact on a milestone's day: one who came later has not missed it."""
    return contact.linked_at.astimezone(LOCAL).date() <= planned.day


def _subject(reminder: Reminder) -> str:
    """What the messages of a reminder are about, in the ledger."""
    return f"{_SUBJECT}{reminder.id}"
