"""The board: where all agencies stand, in a fixed number of queries however many there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import LOCAL, Clock
from bot.deadlines import Deadlines, Dues, days_late
from bot.states import OWING, TO_REVIEW, State
from bot.store.database import Database
from bot.store.ledger_tables import Delivery, Failure, Outgoing
from bot.store.people_tables import Contact
from bot.store.submission_tables import Step, Version


class Group(StrEnum):
    """What agencies of the board have in common. Each is in one of the first five; the last two go across them."""

    SILENT = "silent"  # owes a version, and none was returned
    RETURNED = "returned"
    CONFIRMED = "confirmed"  # a version lies before the coordinator
    ACCEPTED = "accepted"
    WAIVED = "waived"
    LATE = "late"
    UNREACHABLE = "unreachable"


_GROUPS = {
    State.NOT_OPENED: Group.SILENT,
    State.LINKED: Group.SILENT,
    State.WITHDRAWN: Group.SILENT,
    State.RETURNED: Group.RETURNED,
    State.CONFIRMED: Group.CONFIRMED,
    State.AMENDED: Group.CONFIRMED,
    State.ACCEPTED: Group.ACCEPTED,
    State.WAIVED: Group.WAIVED,
}

# A version counts as handed in.
_HANDED_IN = TO_REVIEW | {State.ACCEPTED}

# What a message to a contact fails with as long as the contact cannot be reached.
_LOST = (Failure.BLOCKED, Failure.UNREACHABLE)


class LastStep(NamedTuple):
    """The last step of a submission."""

    before: State
    after: State
    at: datetime


class Confirmed(NamedTuple):
    """The newest version of a submission; `due_before` is the deadline as it stood then."""

    version: int
    document_number: str | None
    document_day: date | None
    confirmed_at: datetime
    due_before: date | None


@dataclass(frozen=True, slots=True)
class Entry:
    """An agency on the board.

    Attributes:
        agency: its id.
        state: linked or not opened where nothing has happened yet.
        step: the last one, if any.
        confirmed: the newest version, if any.
        due_before: the deadline that counts: of a version handed in as it stood then, otherwise as it stands today.
        days_late: by how many days the version was late, or what is owed is; 0 in time.
        contacts: their names; None where one is not known.
        is_reachable: whether there is a contact to whom the last message did not fail.
    """

    agency: str
    state: State
    step: LastStep | None
    confirmed: Confirmed | None
    due_before: date | None
    days_late: int
    contacts: tuple[str | None, ...]
    is_reachable: bool

    def is_in(self, group: Group) -> bool:
        """Whether it belongs to a group."""
        match group:
            case Group.LATE:
                return self.days_late > 0
            case Group.UNREACHABLE:
                return not self.is_reachable
            case _:
                return _GROUPS[self.state] is group


@dataclass(frozen=True, slots=True)
class Board:
    """Where all agencies stand.

    Attributes:
        entries: one for each agency.
        curve: the days on which the number of versions handed in changed, each with the number at its end.
    """

    entries: tuple[Entry, ...]
    curve: tuple[tuple[date, int], ...]

    def of(self, group: Group) -> list[Entry]:
        """The agencies of a group, in the board's order."""
        return [entry for entry in self.entries if entry.is_in(group)]

    @property
    def handed_in(self) -> int:
        """How many agencies have a version that was not returned or withdrawn."""
        return sum(entry.state in _HANDED_IN for entry in self.entries)


class Boards:
    """Draws up the board."""

    def __init__(self, database: Database, clock: Clock, deadlines: Deadlines) -> None:
        self._database = database
        self._clock = clock
        self._deadlines = deadlines

    async def draw_up(self, listed: Iterable[str]) -> Board:
        """The board of this moment.

        Args:
            listed: the agencies of the plan, in order; others come behind them once something is known of them.
        """
        async with self._database.session() as session:
            steps = await _last_steps(session)
            contacts = await _contacts(session)
            dues = await self._deadlines.all_in(session)
            curve = await _curve(session)
        order = dict.fromkeys(listed)
        order |= dict.fromkeys(sorted({*steps, *contacts}))
        today = self._clock.today()
        return Board(
            tuple(_entry(agency, steps.get(agency), contacts.get(agency, ()), dues, today) for agency in order), curve
        )


class _Known(NamedTuple):
    """A contact: the name, and whether the last message to them could not be delivered."""

    name: str | None
    lost: bool


def _entry(
    agency: str, done: tuple[LastStep, Confirmed | None] | None, contacts: Sequence[_Known], dues: Dues, today: date
) -> Entry:
    step, confirmed = done or (None, None)
    state = step.after if step else State.NOT_OPENED
    if state is State.NOT_OPENED and contacts:
        state = State.LINKED
    due, late = dues.of(agency), 0
    if confirmed and state in _HANDED_IN:
        due = confirmed.due_before
        late = days_late(due, confirmed.confirmed_at.astimezone(LOCAL).date())
    elif state in OWING:
        late = days_late(due, today)
    names = tuple(contact.name for contact in contacts)
    is_reachable = not all(contact.lost for contact in contacts)
    return Entry(agency, state, step, confirmed, due, late, names, is_reachable)


async def _last_steps(session: AsyncSession) -> dict[str, tuple[LastStep, Confirmed | None]]:
    """The last step of each submission with the version it is about, which is the newest."""
    last = select(Step.agency, func.max(Step.number).label("number")).group_by(Step.agency).subquery()
    query = (
        select(
            Step.agency, Step.before, Step.after, Step.at, Version.version, Version.document_number,
            Version.document_day, Version.confirmed_at, Version.due_before,
        )
        .join(last, and_(Step.agency == last.c.agency, Step.number == last.c.number))
        .outerjoin(Version, and_(Version.agency == Step.agency, Version.version == Step.version))
    )  # fmt: skip
    return {
        row.agency: (LastStep._make(row[1:4]), Confirmed._make(row[4:]) if row.version else None)
        for row in await session.execute(query)
    }


async def _contacts(session: AsyncSession) -> dict[str, list[_Known]]:
    """The contacts of each agency, the longest linked first."""
    ended = (Outgoing.chat_id == Contact.person_id) & Outgoing.state.in_((Delivery.SENT, Delivery.FAILED))
    # One step into the index for each contact, however many messages they were sent over the years.
    last = select(Outgoing.reason).where(ended).order_by(Outgoing.id.desc()).limit(1).scalar_subquery()
    query = select(Contact.agency, Contact.name, last).order_by(Contact.linked_at, Contact.person_id)
    found: dict[str, list[_Known]] = {}
    for agency, name, reason in await session.execute(query):
        found.setdefault(agency, []).append(_Known(name, reason in _LOST))
    return found


async def _curve(session: AsyncSession) -> tuple[tuple[date, int], ...]:
    comes, goes = Step.after.in_(_HANDED_IN), Step.before.in_(_HANDED_IN)
    query = select(Step.at, Step.after).where(or_(and_(comes, ~goes), and_(goes, ~comes))).order_by(Step.at)
    count, days = 0, dict[date, int]()
    for at, after in await session.execute(query):
        count += 1 if after in _HANDED_IN else -1
        days[at.astimezone(LOCAL).date()] = count
    return tuple(days.items())
