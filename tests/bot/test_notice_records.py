"""The records of notices: who belongs to an audience, what is frozen, what a correction and a recall ask for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, insert, text
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.notice_ledger import NoticeOvertakenError, Said
from bot.notice_reading import Reached, Read
from bot.store import database as database_module
from bot.store.database import Database, open_database
from bot.store.ledger_tables import Action, Delivery, Failure, FileKind, Lane, Outgoing
from bot.store.notice_tables import Audience, NoticeState
from tests.bot.notice_house import FIRST, HA, House, house, words

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


@pytest.fixture
async def at(database: Database, clock: Clock) -> AsyncIterator[House]:
    async with house(database, clock) as opened:
        yield opened


async def test_who_acts_for_several_agencies_gets_one_message_that_counts_for_all(at: House) -> None:
    forms = await at.agencies(2)
    await at.contacts.link(FIRST, "agency-1", "Người 0")
    notice = await at.send(forms)
    assert [row.chat_id for row in await at.ledger(notice_id=notice)] == [FIRST, FIRST + 1]
    async with at.lane():
        await at.until(notice, "done")
    await at.reading.acknowledge(notice, 1, FIRST, None)
    report = await at.reading.report(notice)
    assert report
    assert [(one.agency, one.reached) for one in report.agencies] == [
        ("agency-0", Reached.READ),
        ("agency-1", Reached.READ),
    ]


async def test_an_agency_is_lost_only_if_the_last_message_to_each_of_its_contacts_failed(at: House) -> None:
    forms = await at.agencies(2)
    await at.contacts.link(FIRST + 1, "agency-0", "Người 1")
    at.world.people[FIRST].blocked = True
    async with at.lane():
        await at.until(await at.send(forms), "done")
        assert (await at.audiences.reach(Audience.ALL, forms)).cut_off == {}
        at.world.people[FIRST + 1].blocked = True
        await at.until(await at.send(forms), "done")
        reach = await at.audiences.reach(Audience.ALL, {**forms, "agency-9": None})
        assert reach.cut_off == dict.fromkeys(forms, Failure.BLOCKED)
        assert reach.without_contact == ("agency-9",)
        at.world.people[FIRST + 1].blocked = False
        await at.until(await at.send(forms), "done")
    assert (await at.audiences.reach(Audience.ALL, forms)).cut_off == {}


async def test_the_audiences_of_the_two_forms_share_the_agencies_among_them(at: House) -> None:
    forms = await at.agencies(5)
    sizes = await at.audiences.sizes(forms)
    assert sizes[Audience.ONSITE] == 2
    assert sizes[Audience.DOSSIER] == 3
    assert sizes[Audience.ALL] == sizes[Audience.OWING] == 5
    assert sizes[Audience.RETURNED] == sizes[Audience.SUBSCRIBERS] == 0


async def test_a_recipient_has_one_message_of_each_version_whatever_writes_it(at: House) -> None:
    notice = await at.send(await at.agencies(1))
    [row] = await at.ledger(notice_id=notice)
    values = {
        "chat_id": 5, "html": "", "buttons": [], "created_at": at.clock.now(), "state": Delivery.WAITING,
        "action": Action.SEND, "lane": Lane.BULK, "notice_id": notice, "notice_version": 1,
        "recipient_id": row.recipient_id,
    }  # fmt: skip
    with pytest.raises(IntegrityError):
        async with at.database.session() as session:
            await session.execute(insert(Outgoing), [values])


async def test_a_draft_leads_to_one_notice(at: House) -> None:
    forms = await at.agencies(1)
    await at.send(forms)
    with pytest.raises(NoticeOvertakenError) as overtaken:
        await at.notices.send(HA, Said("Họp"), Audience.ALL, (), forms, words, 1)
    assert overtaken.value.state is None
    assert len(await at.ledger()) == 1


async def test_every_order_comes_too_late_once_the_notice_has_ended(at: House) -> None:
    notice = await at.send(await at.agencies(1))
    async with at.lane():
        await at.until(notice, "done")
    acts = len(await at.audit.entries())
    for order in (at.notices.pause, at.notices.resume, at.notices.stop, at.notices.repeat_uncertain):
        with pytest.raises(NoticeOvertakenError) as overtaken:
            await order(HA, notice)
        assert overtaken.value.state is NoticeState.DONE
    await at.versions.recall(HA, notice)
    with pytest.raises(NoticeOvertakenError):
        await at.versions.recall(HA, notice)
    with pytest.raises(NoticeOvertakenError):
        await at.correct(notice, Said("Họp"))
    assert len(await at.audit.entries()) == acts + 1


async def test_a_notice_with_a_message_on_its_way_is_neither_corrected_nor_recalled(at: House) -> None:
    notice = await at.send(await at.agencies(2))
    await at.notices.pause(HA, notice)
    async with at.database.session() as session:
        (await session.get_one(Outgoing, 1)).claimed_at = at.clock.now()
    with pytest.raises(NoticeOvertakenError):
        await at.correct(notice, Said("Họp"))
    with pytest.raises(NoticeOvertakenError):
        await at.versions.recall(HA, notice)
    assert [row.notice_version for row in await at.ledger()] == [1, 1]


async def test_a_correction_of_a_paused_notice_goes_to_everybody_once(at: House) -> None:
    notice = await at.send(await at.agencies(2))
    await at.notices.pause(HA, notice)
    await at.correct(notice, Said("Họp lúc 15:00"))
    async with at.lane():
        await at.until(notice, "done")
    assert [at.got(number) for number in range(2)] == [["Họp lúc 15:00"]] * 2
    first = await at.ledger(notice_version=1)
    assert {(row.state, row.reason) for row in first} == {(Delivery.SKIPPED, Failure.OUTDATED)}


async def test_another_file_takes_the_place_of_the_old_message(at: House) -> None:
    old = at.world.files.add("a.pdf", b"%PDF-1.7 a", as_photo=False)
    new = at.world.files.add("b.pdf", b"%PDF-1.7 b", as_photo=False)
    notice = await at.send(await at.agencies(1), said=Said("Giấy mời", old.id, FileKind.DOCUMENT))
    async with at.lane():
        await at.until(notice, "done")
        await at.correct(notice, Said("Giấy mời", new.id, FileKind.DOCUMENT))
        await at.until(notice, "done")
        files = [message.file for message in at.world.chats[FIRST].messages.values()]
        assert [file and file.id for file in files] == [new.id]
        await at.versions.recall(HA, notice)
        await at.until(notice, "recalled")
    assert not at.world.chats[FIRST].messages
    assert len(await at.ledger(action=Action.DELETE)) == 2, "what was deleted is not deleted again"


async def test_reading_counts_for_the_version_that_was_read(at: House) -> None:
    notice = await at.send(await at.agencies(1))
    async with at.lane():
        await at.until(notice, "done")
        assert await at.reading.acknowledge(notice, 1, FIRST, None) is Read.NOTED
        assert await at.reading.acknowledge(notice, 2, FIRST, None) is Read.NOT_THEIRS
        await at.correct(notice, Said("Họp lúc 15:00"))
        await at.until(notice, "done")
    assert await at.reading.acknowledge(notice, 1, FIRST, None) is Read.OUTDATED
    report = await at.reading.report(notice)
    assert report
    assert report.unread == ("agency-0",)
    assert await at.reading.acknowledge(notice, 2, FIRST, None) is Read.NOTED
    assert await at.reading.acknowledge(notice, 2, FIRST, None) is Read.BEFORE
    assert await at.reading.acknowledge(notice, 2, 99, None) is Read.NOT_THEIRS


async def test_a_scheduled_notice_starts_once(at: House, clock: Clock) -> None:
    forms = await at.agencies(1)
    moment = clock.now().replace(hour=5)
    notice = await at.send(forms, at=moment)
    assert await at.notices.due() == []
    assert await at.ledger() == []
    clock.turn_to(moment)
    assert await at.notices.due() == [notice]
    assert [await at.notices.start(notice, forms, words) for _ in range(2)] == [True, False]
    assert len(await at.ledger(notice_id=notice)) == 1


async def test_messages_from_before_notices_are_kept_and_go_the_way_of_single_ones(tmp_path: Path) -> None:
    file = tmp_path / "isobot.db"

    def upgrade(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(Path(database_module.__file__).with_name("migrations")))
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        connection.execute(
            text(
                "INSERT INTO outgoing (chat_id, html, buttons, replaces, created_at, state)"
                " VALUES (1, 'a', '[]', NULL, '2021-11-08', 'waiting'), (1, 'b', '[]', 7, '2021-11-08', 'waiting')"
            )
        )

    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        upgrade(connection)
    engine.dispose()
    async with open_database(f"sqlite+aiosqlite:///{file}") as database, database.session() as session:
        rows = [await session.get_one(Outgoing, number) for number in (1, 2)]
    assert [(row.html, row.action, row.lane, row.is_repeat) for row in rows] == [
        ("a", Action.SEND, Lane.REPLY, False),
        ("b", Action.EDIT, Lane.REPLY, False),
    ]
