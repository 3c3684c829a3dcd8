"""Who acts for which agency."""

from datetime import timedelta

import pytest

from bot.audit import Audit
from bot.clock import Clock
from bot.contacts import Contacts
from bot.coordinators import Coordinators
from bot.outbox import Outbox
from bot.store.database import Database

AN, BINH = 1, 2


@pytest.fixture
def contacts(database: Database, clock: Clock) -> Contacts:
    return Contacts(database, clock, Outbox(clock), Audit(database, clock), Coordinators(database, frozenset()))


async def test_somebody_unknown_acts_for_nobody(contacts: Contacts) -> None:
    assert await contacts.agencies_of(AN) == []


async def test_agencies_come_in_the_order_of_linking(contacts: Contacts, clock: Clock) -> None:
    for agency in ("ubnd-bu-dang", "so-xay-dung"):
        await contacts.link(AN, agency)
        clock.turn_by(timedelta(hours=1))
    assert await contacts.agencies_of(AN) == ["ubnd-bu-dang", "so-xay-dung"]
    assert await contacts.agencies_of(BINH) == []


async def test_linking_again_changes_nothing(contacts: Contacts, clock: Clock) -> None:
    await contacts.link(AN, "so-xay-dung")
    clock.turn_by(timedelta(hours=1))
    await contacts.link(AN, "ubnd-bu-dang")
    clock.turn_by(timedelta(hours=1))
    await contacts.link(AN, "so-xay-dung")
    assert await contacts.agencies_of(AN) == ["so-xay-dung", "ubnd-bu-dang"]


async def test_an_agency_may_have_several_contacts(contacts: Contacts) -> None:
    for person in (AN, BINH):
        await contacts.link(person, "so-xay-dung")
        assert await contacts.agencies_of(person) == ["so-xay-dung"]
