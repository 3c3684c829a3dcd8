"""Drafts: one a person, kept through restarts, ended once."""

import asyncio
from datetime import timedelta

from bot.drafts import KEPT, use_up
from bot.outbox import Letter
from bot.store.database import open_database
from bot.store.people_tables import Draft
from tests.bot.office import AN_ID, BINH_ID, Office, Told

FORM = {"agency": "so-xay-dung", "way": None, "files": [["ab", "Báo cáo.pdf", 12]], "known": 0}
SECOND = timedelta(seconds=1)


def _closed(draft: Draft) -> Letter:
    return Letter(f"closed: {draft.kind}")


async def test_a_draft_is_kept_as_it_was_given(office: Office) -> None:
    assert await office.drafts.of(AN_ID) is None
    await office.drafts.keep(AN_ID, "confirm", FORM, 77)
    draft = await office.drafts.of(AN_ID)
    assert draft is not None
    assert (draft.kind, draft.data, draft.message_id) == ("confirm", FORM, 77)
    assert await office.drafts.of(BINH_ID) is None


async def test_a_draft_outlives_the_program(url: str, office: Office) -> None:
    await office.drafts.keep(AN_ID, "confirm", FORM, 77)
    async with open_database(url) as database:
        draft = await Office(database, office.clock).drafts.of(AN_ID)
    assert draft is not None
    assert (draft.data, draft.message_id) == (FORM, 77)


async def test_a_person_is_in_the_middle_of_one_thing(office: Office) -> None:
    await office.drafts.keep(AN_ID, "confirm", FORM, 77)
    await office.drafts.keep(AN_ID, "link", {"invitation": 1}, None)
    await office.drafts.keep(BINH_ID, "confirm", FORM, 78)
    drafts = await office.drafts.all()
    assert {(draft.person_id, draft.kind, draft.message_id) for draft in drafts} == {
        (AN_ID, "link", None), (BINH_ID, "confirm", 78),
    }  # fmt: skip


async def test_a_draft_may_move_to_another_card(office: Office) -> None:
    await office.drafts.keep(AN_ID, "confirm", FORM, 77)
    await office.drafts.show_at(AN_ID, 80)
    await office.drafts.show_at(BINH_ID, 80)
    [draft] = await office.drafts.all()
    assert (draft.person_id, draft.message_id, draft.data) == (AN_ID, 80, FORM)


async def test_a_draft_is_dropped_once(office: Office) -> None:
    await office.drafts.keep(AN_ID, "confirm", FORM, 77)
    await office.drafts.keep(BINH_ID, "confirm", FORM, 78)
    dropped = await asyncio.gather(office.drafts.drop(AN_ID), office.drafts.drop(AN_ID))
    assert [draft.message_id for draft in dropped if draft] == [77]
    assert [draft.person_id for draft in await office.drafts.all()] == [BINH_ID]


async def test_a_draft_is_used_up_once_and_only_by_its_kind(office: Office) -> None:
    async def use(kind: str) -> bool:
        async with office.database.writing() as session:
            return await use_up(session, AN_ID, kind)

    await office.drafts.keep(AN_ID, "confirm", FORM, 77)
    assert not await use("link")
    assert sorted(await asyncio.gather(*(use("confirm") for _ in range(3)))) == [False, False, True]


async def test_a_draft_that_nobody_touches_for_a_day_is_closed_on_its_card(office: Office) -> None:
    assert timedelta(hours=24) == KEPT
    await office.drafts.keep(AN_ID, "confirm", FORM, 77)
    await office.drafts.keep(BINH_ID, "link", {}, None)
    office.clock.turn_by(KEPT - SECOND)
    assert await office.drafts.drop_old(_closed) == 0
    office.clock.turn_by(2 * SECOND)
    assert await office.drafts.drop_old(_closed) == 2
    assert await office.told() == {Told(AN_ID, "closed: confirm", replaces=77), Told(BINH_ID, "closed: link")}
    assert await office.drafts.all() == []
    assert await office.drafts.drop_old(_closed) == 0


async def test_a_draft_that_is_touched_is_kept_for_another_day(office: Office) -> None:
    await office.drafts.keep(AN_ID, "confirm", FORM, 77)
    office.clock.turn_by(KEPT - SECOND)
    await office.drafts.keep(AN_ID, "confirm", FORM, 77)
    office.clock.turn_by(KEPT - SECOND)
    assert await office.drafts.drop_old(_closed) == 0
    assert len(await office.drafts.all()) == 1
