"""Deadlines: the plan's, and the later ones that a coordinator gave."""

from datetime import date

import pytest

from bot.clock import Clock
from bot.deadlines import Deadlines
from bot.store.database import Database
from bot.store.ledger_tables import Act
from tests.bot.office import (
    AN,
    AN_ID,
    BINH,
    BINH_ID,
    BU_DANG,
    CHI,
    CHI_ID,
    DUNG_ID,
    PLANNED,
    XAY_DUNG,
    Office,
    Told,
    words,
)

DAY_16, DAY_20, DAY_25 = (date(2021, 11, day) for day in (16, 20, 25))


async def _extend(office: Office, agency: str | None, before: date) -> None:
    await office.deadlines.extend(CHI, agency, before, "dịch bệnh", [], words)


async def _due(office: Office) -> tuple[date | None, date | None, date | None]:
    """When Sở Xây dựng's report is due, Bù Đăng's, and everybody's."""
    return (
        await office.deadlines.of(XAY_DUNG),
        await office.deadlines.of(BU_DANG),
        await office.deadlines.of(None),
    )


async def test_without_an_extension_the_plan_holds(office: Office) -> None:
    assert await _due(office) == (PLANNED, PLANNED, PLANNED)


async def test_an_extension_for_one_agency_is_for_it_alone(office: Office) -> None:
    await _extend(office, XAY_DUNG, DAY_20)
    assert await _due(office) == (DAY_20, PLANNED, PLANNED)


async def test_an_extension_for_all_is_for_all(office: Office) -> None:
    await _extend(office, None, DAY_20)
    assert await _due(office) == (DAY_20, DAY_20, DAY_20)


@pytest.mark.parametrize("order", [1, -1])
async def test_of_one_for_all_and_one_for_an_agency_the_later_day_counts(office: Office, order: int) -> None:
    for agency, before in [(XAY_DUNG, DAY_25), (None, DAY_20), (BU_DANG, DAY_16)][::order]:
        await _extend(office, agency, before)
    assert await _due(office) == (DAY_25, DAY_20, DAY_20)


async def test_a_newer_extension_corrects_the_older_one(office: Office) -> None:
    for agency in (XAY_DUNG, None):
        await _extend(office, agency, DAY_25)
        await _extend(office, agency, DAY_16)
    assert await _due(office) == (DAY_16, DAY_16, DAY_16)


async def test_no_deadline_is_earlier_than_the_plans(office: Office) -> None:
    for agency in (XAY_DUNG, None):
        await _extend(office, agency, DAY_25)
        await _extend(office, agency, date(2021, 11, 1))
    assert await _due(office) == (PLANNED, PLANNED, PLANNED)


async def test_without_a_plan_there_is_no_deadline(database: Database, clock: Clock) -> None:
    office = Office(database, clock)
    deadlines = Deadlines(database, clock, office.audit, office.contacts, lambda: None)
    await deadlines.extend(CHI, XAY_DUNG, DAY_20, "dịch bệnh", [], words)
    assert await deadlines.of(XAY_DUNG) is None


async def test_each_extension_is_written_down_with_who_why_and_until_when(office: Office) -> None:
    await _extend(office, XAY_DUNG, DAY_20)
    await _extend(office, None, DAY_25)
    entries = await office.audit.entries()
    assert [(entry.act, entry.person_id, entry.person_name, entry.agency, entry.detail) for entry in entries] == [
        (Act.EXTENDED, CHI_ID, CHI.name, XAY_DUNG, {"before": "2021-11-20", "reason": "dịch bệnh"}),
        (Act.EXTENDED, CHI_ID, CHI.name, None, {"before": "2021-11-25", "reason": "dịch bệnh"}),
    ]


async def test_the_contacts_concerned_and_the_other_coordinators_are_told_once(
    database: Database, clock: Clock
) -> None:
    office = Office(database, clock, frozenset({CHI_ID, DUNG_ID}))
    await office.link(AN)
    for agency in (XAY_DUNG, BU_DANG):
        await office.link(BINH, agency)
    await office.deadlines.extend(CHI, BU_DANG, DAY_20, "dịch bệnh", [BU_DANG], words)
    assert await office.told() == {Told(BINH_ID, "contact"), Told(DUNG_ID, "coordinator")}
    await office.deadlines.extend(CHI, None, DAY_25, "dịch bệnh", [XAY_DUNG, BU_DANG], words)
    assert await office.told(after=2) == {
        Told(AN_ID, "contact"), Told(BINH_ID, "contact"), Told(DUNG_ID, "coordinator"),
    }  # fmt: skip


async def test_the_other_coordinators_are_told_where_no_agency_can_be(database: Database, clock: Clock) -> None:
    office = Office(database, clock, frozenset({CHI_ID, DUNG_ID}))
    await office.deadlines.extend(CHI, None, DAY_20, "dịch bệnh", [], words)
    assert await office.told() == {Told(DUNG_ID, "coordinator")}
