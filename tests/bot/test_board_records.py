"""The board: who is on it, in which group, how late, how reachable, and how the number of confirmations grew."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import event, insert

from bot.audit import Actor, Audit
from bot.board import Board, Boards, Entry, Group
from bot.clock import LOCAL, Clock
from bot.contacts import Contacts
from bot.coordinators import Coordinators
from bot.deadlines import Deadlines
from bot.outbox import Outbox
from bot.states import State, Way
from bot.store.database import Database
from bot.store.ledger_tables import Action, Delivery, Failure, Outgoing
from bot.store.people_tables import Contact
from bot.store.submission_tables import Step, Version

PLANNED = date(2021, 11, 15)
HA = Actor(9, "Lê Thu Hà")


class Town:
    """A database with agencies that one can move from state to state."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock
        audit, outbox = Audit(database, clock), Outbox(clock)
        self.contacts = Contacts(database, clock, outbox, audit, Coordinators(database, frozenset()))
        self.deadlines = Deadlines(database, clock, audit, self.contacts, lambda: PLANNED)
        self.boards = Boards(database, clock, self.deadlines)
        self._steps: dict[str, list[Step]] = {}
        self._versions: dict[str, int] = {}

    async def move(self, agency: str, *states: State) -> None:
        """Let an agency's submission go through these states at this moment; a confirmation makes a version."""
        for after in states:
            taken = self._steps.setdefault(agency, [])
            before = taken[-1].after if taken else State.NOT_OPENED
            # Undoing an acceptance makes no version.
            makes_version = after in (State.CONFIRMED, State.AMENDED) and before is not State.ACCEPTED
            async with self.database.session() as session:
                if makes_version:
                    self._versions[agency] = self._versions.get(agency, 0) + 1
                    session.add(
                        Version(agency=agency, version=self._versions[agency], way=Way.PAPER,
                                confirmed_at=self.clock.now(), due_before=await self.deadlines.of(agency),
                                document_number=f"{self._versions[agency]}/BC")
                    )  # fmt: skip
                    await session.flush()
                step = Step(
                    agency=agency, number=len(taken) + 1, previous=len(taken) or None, before=before, after=after,
                    version=self._versions.get(agency), at=self.clock.now(), reason="vì sao",
                )  # fmt: skip
                session.add(step)
            taken.append(step)

    async def told(self, person_id: int, *ends: Delivery | Failure) -> None:
        """Messages to a person that ended so, one after another."""
        async with self.database.session() as session:
            for end in ends:
                failed = isinstance(end, Failure)
                session.add(
                    Outgoing(chat_id=person_id, html="", buttons=[], action=Action.SEND, created_at=self.clock.now(),
                             ended_at=self.clock.now(), state=Delivery.FAILED if failed else end,
                             reason=end if failed else None)
                )  # fmt: skip

    def at(self, moment: str) -> None:
        self.clock.turn_to(datetime.fromisoformat(f"2021-{moment}").replace(tzinfo=LOCAL))

    async def board(self, *listed: str) -> Board:
        return await self.boards.draw_up(listed)

    async def entry(self, agency: str) -> Entry:
        [entry] = [one for one in (await self.board(agency)).entries if one.agency == agency]
        return entry


@pytest.fixture
def town(database: Database, clock: Clock) -> Town:
    return Town(database, clock)


async def test_the_agencies_of_the_plan_come_in_their_order_and_others_behind_them(town: Town) -> None:
    await town.move("z", State.CONFIRMED)
    await town.contacts.link(1, "y")
    await town.move("b", State.CONFIRMED)
    assert [entry.agency for entry in (await town.board("c", "b", "a")).entries] == ["c", "b", "a", "y", "z"]


async def test_every_agency_is_in_one_group_by_its_state(town: Town) -> None:
    await town.contacts.link(1, "linked")
    await town.move("confirmed", State.CONFIRMED)
    await town.move("amended", State.CONFIRMED, State.AMENDED)
    await town.move("accepted", State.CONFIRMED, State.ACCEPTED)
    await town.move("returned", State.CONFIRMED, State.RETURNED)
    await town.move("withdrawn", State.CONFIRMED, State.WITHDRAWN)
    await town.move("waived", State.WAIVED)
    await town.move("wanted-again", State.WAIVED, State.NOT_OPENED)
    board = await town.board("unheard-of")
    found = {group: {entry.agency for entry in board.of(group)} for group in Group}
    assert found[Group.SILENT] == {"unheard-of", "linked", "withdrawn", "wanted-again"}
    assert found[Group.CONFIRMED] == {"confirmed", "amended"}
    assert found[Group.ACCEPTED] == {"accepted"}
    assert found[Group.RETURNED] == {"returned"}
    assert found[Group.WAIVED] == {"waived"}
    assert board.handed_in == 3


@pytest.mark.parametrize("state", State)
def test_each_state_has_its_place_on_the_board(state: State) -> None:
    entry = Entry("a", state, None, None, None, 0, (), is_reachable=True)
    assert sum(entry.is_in(group) for group in Group) == 1


async def test_who_owes_is_late_by_todays_day_and_the_deadline_as_extended(town: Town) -> None:
    await town.move("returned", State.CONFIRMED, State.RETURNED)
    town.at("11-14T23:59")
    assert [(await town.entry(agency)).days_late for agency in ("silent", "returned")] == [0, 0]
    town.at("11-17T08:00")
    assert [(await town.entry(agency)).days_late for agency in ("silent", "returned")] == [3, 3]
    await town.deadlines.extend(HA, "silent", date(2021, 11, 17), "bão", (), lambda _: None)
    entry = await town.entry("silent")
    assert (entry.due_before, entry.days_late) == (date(2021, 11, 17), 1)
    await town.deadlines.extend(HA, None, date(2021, 11, 20), "dịch", (), lambda _: None)
    assert [(await town.entry(agency)).days_late for agency in ("silent", "returned")] == [0, 0]


async def test_who_confirmed_was_late_by_the_deadline_as_it_stood_whatever_comes_later(town: Town) -> None:
    await town.move("early", State.CONFIRMED)
    # 23:30 in Vietnam is still the day before in UTC; the day there counts.
    town.at("11-15T00:30")
    await town.move("late", State.CONFIRMED)
    town.at("11-30T08:00")
    await town.deadlines.extend(HA, None, date(2021, 12, 15), "dịch", (), lambda _: None)
    await town.move("late", State.ACCEPTED)
    early, late = await town.entry("early"), await town.entry("late")
    assert (early.days_late, late.days_late) == (0, 1)
    assert late.due_before == PLANNED
    assert [entry.agency for entry in (await town.board()).of(Group.LATE)] == ["late"]


async def test_who_was_let_off_is_not_late(town: Town) -> None:
    await town.move("waived", State.WAIVED)
    town.at("12-31T08:00")
    assert (await town.entry("waived")).days_late == 0


async def test_an_agency_is_reachable_while_the_last_message_to_some_contact_arrived(town: Town) -> None:
    for number, (agency, ends) in enumerate(
        {
            "never-told": (),
            "told": (Delivery.SENT,),
            "came-back": (Failure.BLOCKED, Delivery.SENT),
            "refused-only": (Failure.REFUSED,),
            "blocks": (Delivery.SENT, Failure.BLOCKED),
            "never-started": (Failure.UNREACHABLE, Failure.UNREACHABLE),
        }.items()
    ):
        await town.contacts.link(number, agency, f"Người {number}")
        await town.told(number, *ends)
    await town.contacts.link(99, "blocks")
    await town.told(99, Failure.BLOCKED)
    await town.contacts.link(100, "one-of-two")
    await town.contacts.link(4, "one-of-two")
    board = await town.board("nobody")
    assert {entry.agency for entry in board.of(Group.UNREACHABLE)} == {"nobody", "blocks", "never-started"}
    assert (await town.entry("blocks")).contacts == ("Người 4", None)


async def test_the_newest_version_stands_on_the_board_with_the_last_step(town: Town) -> None:
    await town.move("a", State.CONFIRMED, State.RETURNED, State.AMENDED, State.ACCEPTED)
    entry = await town.entry("a")
    assert entry.confirmed is not None
    assert entry.step is not None
    assert (entry.confirmed.version, entry.confirmed.document_number) == (2, "2/BC")
    assert (entry.step.before, entry.step.after) == (State.AMENDED, State.ACCEPTED)


async def test_the_curve_counts_agencies_day_by_day_and_ends_at_what_the_board_says(town: Town) -> None:
    await town.move("a", State.CONFIRMED)
    await town.move("b", State.CONFIRMED)
    town.at("11-09T08:00")
    await town.move("a", State.AMENDED, State.ACCEPTED)
    town.at("11-10T00:10")
    await town.move("b", State.RETURNED)
    await town.move("c", State.CONFIRMED, State.WITHDRAWN)
    town.at("11-12T08:00")
    await town.move("b", State.AMENDED)
    await town.move("a", State.CONFIRMED)
    board = await town.board()
    assert board.curve == ((date(2021, 11, 8), 2), (date(2021, 11, 10), 1), (date(2021, 11, 12), 2))
    assert board.curve[-1][1] == board.handed_in


@contextmanager
def _counted(database: Database) -> Iterator[SimpleNamespace]:
    """Counts what is asked of the database within the block."""
    counter = SimpleNamespace(selects=0)

    def count(_: object, __: object, statement: str, *___: object) -> None:
        counter.selects += statement.startswith("SELECT")

    event.listen(database.engine.sync_engine, "before_cursor_execute", count)
    yield counter
    event.remove(database.engine.sync_engine, "before_cursor_execute", count)


async def test_two_thousand_agencies_take_no_more_queries_than_two(town: Town) -> None:
    with _counted(town.database) as few:
        await town.board("a", "b")
    now = town.clock.now()
    agencies = [f"agency-{number}" for number in range(2000)]
    async with town.database.session() as session:
        await session.execute(
            insert(Version),
            [{"agency": agency, "version": 1, "way": Way.EMAIL, "confirmed_at": now, "due_before": PLANNED}
             for agency in agencies],
        )  # fmt: skip
        await session.execute(
            insert(Step),
            [{"agency": agency, "number": 1, "before": State.NOT_OPENED, "after": State.CONFIRMED, "version": 1,
              "at": now + timedelta(minutes=number)} for number, agency in enumerate(agencies)],
        )  # fmt: skip
        await session.execute(
            insert(Contact),
            [{"agency": agency, "person_id": number, "linked_at": now} for number, agency in enumerate(agencies)],
        )
    with _counted(town.database) as many:
        board = await town.board(*agencies)
    assert (board.handed_in, len(board.of(Group.UNREACHABLE))) == (2000, 0)
    assert many.selects == few.selects <= 5
