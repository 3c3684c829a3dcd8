"""What a roster leaves in the records: all of it or nothing, and nobody invited twice."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event, func, select

from bot.audit import Actor, Audit
from bot.clock import Clock
from bot.contacts import Contacts, Role
from bot.coordinators import Coordinators
from bot.invitations import VALID, Invitations, Issued
from bot.outbox import Letter, Outbox
from bot.roster import Invitee, Listed, Roster, Uninvited
from bot.store.database import Database
from bot.store.ledger_tables import Act
from bot.store.people_tables import Invitation

OPERATOR = Actor(None, "isobot roster")
AN = Actor(1, "Nguyễn Văn An")
HEALTH = Listed("so-y-te", "Sở Y tế", "province", "dossier")
SCHOOL = Listed("truong-chinh-tri", "Trường Chính trị", "province", "dossier")
INVITED = Invitee("so-y-te", "Nguyễn Văn An")


def nothing(_: Role) -> Letter | None:
    """Nobody is told."""
    return None


@pytest.fixture
def audit(database: Database, clock: Clock) -> Audit:
    return Audit(database, clock)


@pytest.fixture
def contacts(database: Database, clock: Clock, audit: Audit) -> Contacts:
    return Contacts(database, clock, Outbox(clock), audit, Coordinators(database, frozenset()))


@pytest.fixture
def invitations(database: Database, clock: Clock, audit: Audit, contacts: Contacts) -> Invitations:
    coordinators = Coordinators(database, frozenset())
    return Invitations(database, clock, Outbox(clock), audit, contacts, coordinators)


@pytest.fixture
def roster(database: Database, clock: Clock, audit: Audit, contacts: Contacts, invitations: Invitations) -> Roster:
    return Roster(database, clock, audit, contacts, invitations)


async def _invite(roster: Roster, name: str = INVITED.name, agency: str = INVITED.agency) -> Issued | Uninvited:
    [outcome] = await roster.take_in(OPERATOR, [], [Invitee(agency, name)])
    return outcome


async def test_what_was_added_is_there_in_the_order_of_adding(roster: Roster, clock: Clock) -> None:
    assert await roster.all() == []
    await roster.take_in(OPERATOR, [SCHOOL], [])
    clock.turn_by(timedelta(minutes=1))
    await roster.take_in(OPERATOR, [HEALTH], [])
    assert await roster.all() == [SCHOOL, HEALTH]


async def test_the_mark_changes_with_every_agency_and_with_nothing_else(roster: Roster) -> None:
    marks = [await roster.mark()]
    for agency in (HEALTH, SCHOOL):
        await roster.take_in(OPERATOR, [agency], [])
        marks.append(await roster.mark())
    assert len(set(marks)) == 3
    await roster.take_in(OPERATOR, [HEALTH], [INVITED])
    assert await roster.mark() == marks[-1]


async def test_an_agency_that_is_there_stays_as_it_is(roster: Roster) -> None:
    await roster.take_in(OPERATOR, [HEALTH], [])
    await roster.take_in(OPERATOR, [Listed("so-y-te", "Sở khác", "district", "onsite")], [])
    assert await roster.all() == [HEALTH]


async def test_the_invitation_makes_its_bearer_a_contact(
    roster: Roster, invitations: Invitations, contacts: Contacts
) -> None:
    [issued] = await roster.take_in(OPERATOR, [HEALTH], [INVITED])
    assert isinstance(issued, Issued)
    found = await invitations.look_up(1, issued.code)
    assert (found.agency, found.uses, found.invited_name) == ("so-y-te", 1, "Nguyễn Văn An")
    await invitations.accept(found.id, AN, nothing)
    assert await contacts.agencies_of(1) == ["so-y-te"]


async def test_outcomes_come_in_the_order_of_the_people(roster: Roster, contacts: Contacts) -> None:
    await contacts.link(1, "so-y-te", "An")
    people = [Invitee("so-y-te", name) for name in ("Bình", "An", "Chi", "Bình")]
    first, second, third, fourth = await roster.take_in(OPERATOR, [], people)
    assert isinstance(first, Issued)
    assert isinstance(third, Issued)
    assert (second, fourth) == (Uninvited.LINKED, Uninvited.INVITED)
    assert first.code != third.code


@pytest.mark.parametrize(
    "name", ["Nguyễn Văn An", "NGUYỄN VĂN AN", " Nguyễn  Văn An", "Nguye\u0302\u0303n Va\u0306n An"]
)
async def test_a_name_is_the_same_however_it_is_spelled(name: str, roster: Roster, contacts: Contacts) -> None:
    assert isinstance(await _invite(roster), Issued)
    assert await _invite(roster, name) is Uninvited.INVITED
    await contacts.link(1, "so-xay-dung", "Nguyễn Văn An")
    assert await _invite(roster, name, "so-xay-dung") is Uninvited.LINKED


async def test_another_name_and_another_agency_are_invited(roster: Roster) -> None:
    await _invite(roster)
    assert isinstance(await _invite(roster, "Nguyễn Văn Ân"), Issued)
    assert isinstance(await _invite(roster, agency="so-noi-vu"), Issued)


async def test_who_was_invited_may_be_again_once_the_code_is_worthless(
    roster: Roster, invitations: Invitations, clock: Clock
) -> None:
    first = await _invite(roster)
    assert isinstance(first, Issued)
    await invitations.revoke(first.id, OPERATOR)
    assert isinstance(await _invite(roster), Issued)
    clock.turn_by(VALID)
    assert isinstance(await _invite(roster), Issued)


async def test_two_imports_at_once_invite_once(roster: Roster) -> None:
    outcomes = await asyncio.gather(*(roster.take_in(OPERATOR, [HEALTH], [INVITED]) for _ in range(4)))
    assert sorted(isinstance(outcome, Issued) for [outcome] in outcomes) == [False, False, False, True]
    assert await roster.all() == [HEALTH]


async def test_the_log_says_what_was_imported_without_names(roster: Roster, audit: Audit) -> None:
    await roster.take_in(OPERATOR, [HEALTH, SCHOOL], [INVITED])
    invited, imported = await audit.entries()
    assert (invited.act, invited.agency, invited.person_name) == (Act.INVITED, "so-y-te", "isobot roster")
    assert imported.act is Act.ROSTER_IMPORTED
    assert imported.detail == {"agencies": ["so-y-te", "truong-chinh-tri"], "invited": 1}
    await roster.take_in(OPERATOR, [HEALTH], [INVITED])
    assert len(await audit.entries()) == 2, "nothing was done, so nothing is logged"


async def test_what_fails_half_way_leaves_nothing(roster: Roster, audit: Audit) -> None:
    def refuse(_mapper: object, connection: Connection, _invitation: Invitation) -> None:
        if connection.scalar(select(func.count()).select_from(Invitation)) == 1:
            raise RuntimeError("full")

    event.listen(Invitation, "before_insert", refuse)
    try:
        with pytest.raises(RuntimeError, match="full"):
            await roster.take_in(OPERATOR, [HEALTH], [INVITED, Invitee("so-y-te", "Bình")])
    finally:
        event.remove(Invitation, "before_insert", refuse)
    assert await roster.all() == []
    assert await audit.entries() == []
    assert isinstance(await _invite(roster), Issued), "the code of the first is not there, either"
