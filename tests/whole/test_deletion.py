"""Deletion on demand, down to the bytes of the file: somebody who has left a trace wherever one can be left."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import BigInteger, Column, Text

from bot import contingency
from bot.audit import Actor
from bot.sandbox.people import Person
from bot.store.all_tables import Base
from handlers.services import Services
from tests.stores import FileStore
from tests.whole import papers
from tests.whole.notice_desk import READ, Desk
from tests.whole.offices import OPERATOR, Office, invite_coordinator
from tests.whole.test_privacy import forgets
from tests.whole.town import BOT, COORDINATOR, Someone, Town, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

# A number and names that nothing else has, and words that only this person has typed.
NUMBER = 712_345_678_901
BYTES = NUMBER.to_bytes(6)
NAME, EARLIER_NAME = "Phùng Khắc Hiếm", "Phùng Hiếm <b>"
QUESTION, ANOTHER, UNFINISHED = "xyzzy plugh quokka", "blorf wibble axolotl", "88/BC-NARWHAL"

# Whole numbers that are no person's: of messages, questions, bytes, entries of the log.
OTHER_NUMBERS = {
    *("audit.id", "digests.seen", "drafts.message_id", "notice_cards.message_id", "outgoing.message_id"),
    *("handled_updates.update_id", "outgoing.replaces", "settlements.entry", "version_files.size"),
}

# Texts that name nobody by themselves: what an agency confirmed, what a coordinator decided or told many.
OTHER_TEXTS = {
    *("extensions.reason", "notice_texts.file_id", "notice_texts.html", "outgoing.file_id", "phrasings.text"),
    *("backups.file", "heartbeats.host"),
    *("roster_agencies.name", "settlements.answer", "steps.reason", "switches.reason", "version_files.name"),
    "versions.document_number",
}


def _columns(kind: type[Any]) -> set[str]:
    """The columns of a kind, without numbers that count rows and those that refer to them."""

    def counts(column: Column[Any]) -> bool:
        return bool(column.foreign_keys) or (column.name == "id" and column.primary_key)

    tables = Base.metadata.tables.values()
    return {f"{table.name}.{one.name}" for table in tables for one in table.c if _is(one, kind) and not counts(one)}


def _is(column: Column[Any], kind: type[Any]) -> bool:
    return isinstance(column.type, kind)


# Where a person's number stands, and where a name or what was typed does; all columns that are not named above.
NUMBERS = _columns(BigInteger) - OTHER_NUMBERS
WORDS = _columns(Text) - OTHER_TEXTS


def _holding(town: Town, *signs: object) -> set[str]:
    """The columns that hold any of these, as they are or as JSON writes them."""
    written = {form for sign in map(str, signs) for form in (sign, json.dumps(sign)[1:-1])}
    found = set()
    for table in Base.metadata.tables:
        for row in town.rows(table):
            found |= {f"{table}.{column}" for column, value in row.items() if any(one in str(value) for one in written)}
    return found


def _bytes(town: Town) -> Iterator[bytes]:
    """The database file, and the log beside it."""
    for file in town.folder.glob("isobot.db*"):
        yield file.read_bytes()


def _encoded() -> list[bytes]:
    """How the person stands in the bytes of a file: the number as SQLite and as JSON write it, names, words."""
    texts = [str(NUMBER), NAME, EARLIER_NAME, "Phùng Hiếm", QUESTION, ANOTHER, UNFINISHED]
    return [BYTES, *(text.encode() for text in texts), *(json.dumps(text)[1:-1].encode() for text in texts)]


async def _live(town: Town) -> Someone:
    """Let somebody leave a trace in every column that can hold one."""
    services: Services = town.demo.application.bot_data
    ha = town.person(COORDINATOR)
    one = Someone(town, town.world.add_person(Person(id=NUMBER, key="hiem", name=EARLIER_NAME, started=True)))
    await one.presses(await one.asks("/start"), "Nhận thông báo")
    await _ask(town, one, ha)
    office = await _link(town, one, ha)
    await _submit(office, services)
    khoa = await invite_coordinator(town)
    await _coordinate(town, one, services)
    await _notify(Desk(town, khoa, {office.agency: one}), one)
    await one.asks(f"/start {'0' * 20}")
    await office.form()
    await one.asks(UNFINISHED)
    await one.asks("hạn nộp báo cáo là ngày nào")
    return one


async def _ask(town: Town, one: Someone, ha: Someone) -> None:
    await one.presses(await one.asks(QUESTION), "Chuyển câu hỏi")
    await one.asks(f"{BOT} hạn nộp báo cáo là ngày nào", chat_id=town.group(one).id)
    await ha.presses(await ha.asks("/hopthu"), "Trả lời")
    await ha.presses(await ha.asks("Đã trả lời qua điện thoại."), "Gửi câu trả lời")
    await one.presses(await one.asks(ANOTHER), "Chuyển câu hỏi")


async def _link(town: Town, one: Someone, ha: Someone) -> Office:
    """Become a contact, under one name and, elsewhere, under another; and be invited by name once more."""
    services: Services = town.demo.application.bot_data
    first, second, third = (town.fresh_agency() for _ in range(3))
    for agency, name in ((first, EARLIER_NAME), (second, NAME)):
        one.person.name = name
        code = (await ha.asks(f"/moi {agency.name}")).text.split("?start=")[1].split()[0]
        await one.presses(await one.asks(f"/start {code}"), "Đồng ý")
    async with services.coordinators._database.writing() as session:
        await services.invitations.issue_in(session, OPERATOR, third.id, name=NAME)
    page = await one.asks("/donvi")
    await one.presses(page, f"Bàn giao · {first.name}")
    await one.presses(page, f"Tắt nhắc · {first.name}")
    return Office(town, first.id, first.name, [one])


async def _submit(office: Office, services: Services) -> None:
    """Confirm with a file, be returned, withdraw; and be named as who handed in a paper."""
    ha = office.town.person(COORDINATOR)
    card = await office.form()
    await office.contact.gives("bao-cao.pdf", papers.pdf())
    await office.contact.presses(card if card.keyboard else office.contact.heard()[-1], "Xác nhận")
    await office.returned()
    await ha.asks(f"/xacnhan {office.town.fresh_agency().name}")
    await ha.asks("77/BC-X ngày 5/11/2021")
    await ha.presses(await ha.asks(f"người nộp: {NAME}"), "Xác nhận")


async def _coordinate(town: Town, one: Someone, services: Services) -> None:
    """Coordinate: invite, record, extend, teach, settle, switch the plan."""
    code = (await services.invitations.issue(OPERATOR, None)).code
    await one.presses(await one.asks(f"/start {code}"), "Đồng ý")
    other, third = town.fresh_agency(), town.fresh_agency()
    await one.asks(f"/moi {other.name}")
    await one.asks(f"/xacnhan {third.name}")
    await one.presses(await one.asks("78/BC-X ngày 5/11/2021"), "Xác nhận")
    await one.asks(f"/giahan {other.name}")
    await one.presses(await one.asks("19/11/2021 vì dịch"), "Gia hạn")
    await one.presses(await one.asks("/hopthu"), "Bỏ qua")
    # With the next minute the new coordinator has digests.
    await town.turn_clock("2021-11-08T08:02")
    await until(lambda: len(town.rows("digests")) == 3)
    # By the rules themselves: in the chat both would have the knowledge built anew, which takes seconds.
    actor = Actor(one.id, one.person.name)
    await services.phrasings.add("report.deadline", "chốt sổ hôm nào", one.id, [2])
    await services.drafts.keep(one.id, contingency.KIND, {}, None)
    assert await services.contingency.switch(actor, "dịch", [], lambda role: None, contingency=True)


async def _notify(desk: Desk, one: Someone) -> None:
    """Get a notice and read it; send one."""
    await desk.sent()
    await one.presses(desk.notice_of(next(iter(desk.contacts))), READ)
    await Desk(desk.town, one, desk.contacts).sent(text="Họp lúc 15:00")


async def test_after_deletion_no_column_and_no_byte_of_the_file_tells_of_a_person(own_town: Town) -> None:
    one = await _live(own_town)
    found = _holding(own_town, NUMBER)
    assert found >= NUMBERS, f"no trace was left in {NUMBERS - found}: let somebody leave one, and be deleted there"
    words = _holding(own_town, NAME, EARLIER_NAME, QUESTION, ANOTHER, UNFINISHED, "Phùng Hiếm")
    assert words >= WORDS, f"nothing was written in {WORDS - words}: let somebody write there, and be deleted"
    is_file = isinstance(own_town.store, FileStore)
    for sign in (BYTES, NAME.encode(), QUESTION.encode()) if is_file else ():
        assert any(sign in stored for stored in _bytes(own_town)), "there is something to be found"
    records = {table: len(own_town.rows(table)) for table in ("audit", "versions", "steps", "outgoing", "questions")}

    await forgets(one)

    assert _holding(own_town, NUMBER, NAME, EARLIER_NAME, "Phùng", QUESTION, ANOTHER, UNFINISHED) == set()
    assert [sign for sign in _encoded() for stored in _bytes(own_town) if sign in stored] == []
    for table, count in records.items():
        assert len(own_town.rows(table)) >= count, f"that it was done stays in {table}"
    assert [row["name"] for row in own_town.rows("version_files")] == ["bao-cao.pdf"], "the agency's record"
    if is_file:
        with closing(sqlite3.connect(own_town.folder / "isobot.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
