"""Five years of a country, as the records would hold them.

The product has one plan a database. So five years are five versions of each agency's submission with their steps, and
what piles up beside them: contacts, messages, questions, audit entries, reminders and notices. What the bot
forgets in time is forgotten here, too.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from bot.demo import STARTS
from bot.states import State, Way
from bot.store.columns import Base
from bot.store.database import Database
from bot.store.ledger_tables import Act, Action, AuditEntry, Delivery, Lane, Outgoing
from bot.store.notice_tables import Audience, Notice, NoticeRecipient, NoticeState, NoticeText
from bot.store.people_tables import Contact, RosterAgency
from bot.store.reminder_tables import Milestone, Outcome, Reminder
from bot.store.submission_tables import Extension, Step, Version
from bot.store.tables import Outcome as Ending
from bot.store.tables import Question, Via

YEARS = 5
FIRST_CONTACT = 100_000
_NOTICES, _QUESTIONS, _MESSAGES = 4, 4, 4  # a year and agency
_PAST = [STARTS - timedelta(days=365 * ago + 30) for ago in range(YEARS, 0, -1)]
_SYLLABLES = "An Bình Cường Dũng Giang Hải Khánh Lâm Minh Nam Phú Quang Sơn Thái Uyên Vĩnh Xuân Yên Tân Lộc".split()

Rows = Iterator[dict[str, Any]]


def named(count: int) -> list[dict[str, Any]]:
    """So many agencies that no pack names."""
    places = (f"{a} {b} {c} {d}" for a in _SYLLABLES for b in _SYLLABLES for c in _SYLLABLES for d in _SYLLABLES)
    return [
        {"id": f"xa-{number}", "name": f"Ủy ban nhân dân xã {place}", "level": "district", "form": "dossier",
         "added_at": _PAST[0]}
        for number, place in zip(range(count), places, strict=False)
    ]  # fmt: skip


async def settle(database: Database, agencies: list[str], added: list[dict[str, Any]]) -> None:
    """Fill a database with the past.

    Args:
        database: an empty one.
        agencies: all there are; each has one contact, numbered from `FIRST_CONTACT`.
        added: those of them that no pack names.
    """
    everybody = list(enumerate(agencies, FIRST_CONTACT))
    notices = range(1, YEARS * _NOTICES + 1)
    await _store(database, RosterAgency, iter(added))
    await _store(database, Contact, (
        {"person_id": person, "agency": agency, "linked_at": _PAST[0], "name": "Trần Thị Bình"}
        for person, agency in everybody
    ))  # fmt: skip
    await _store(database, Version, (
        {"agency": agency, "version": year, "way": Way.EMAIL, "document_number": f"{year}/BC", "confirmed_at": at,
         "due_before": date(at.year, 11, 15), "person_id": person, "person_name": "Trần Thị Bình"}
        for person, agency in everybody for year, at in enumerate(_PAST, 1)
    ))  # fmt: skip
    await _store(database, Step, (step for person, agency in everybody for step in _steps(person, agency)))
    await _store(database, AuditEntry, (
        {"at": at, "act": act, "person_id": person, "person_name": "Trần Thị Bình", "agency": agency, "detail": {}}
        for at in _PAST for person, agency in everybody for act in (Act.AMENDED, Act.RETURNED, Act.EXTENDED)
    ))  # fmt: skip
    await _store(database, Extension, (
        {"agency": agency, "before": date(at.year, 11, 15), "reason": "Năm mới", "at": at}
        for at in _PAST for _, agency in everybody
    ))  # fmt: skip
    await _store(database, Reminder, (
        {"agency": agency, "milestone": milestone, "due_before": date(at.year, 11, 15), "at": at,
         "outcome": Outcome.SENT}
        for at in _PAST for _, agency in everybody for milestone in Milestone
    ))  # fmt: skip
    await _store(database, Question, _questions(everybody))
    await _store(database, Notice, (
        {"id": notice, "state": NoticeState.DONE, "version": 1, "audience": Audience.ALL, "agencies": [],
         "created_at": _PAST[(notice - 1) // _NOTICES]}
        for notice in notices
    ))  # fmt: skip
    await _store(database, NoticeText, (
        {"notice_id": notice, "version": 1, "html": "Họp lúc 14:00", "at": _PAST[0]} for notice in notices
    ))  # fmt: skip
    await _store(database, NoticeRecipient, (
        {"id": len(everybody) * (notice - 1) + place, "notice_id": notice, "person_id": person,
         "name": "Trần Thị Bình", "agencies": [agency]}
        for notice in notices for place, (person, agency) in enumerate(everybody)
    ))  # fmt: skip
    await _store(database, Outgoing, _messages(everybody))


def _steps(person: int, agency: str) -> Rows:
    """Confirmed in the first year; returned and amended in each later one."""
    before, number = State.NOT_OPENED, 0
    for year, at in enumerate(_PAST, 1):
        for after in (State.CONFIRMED,) if year == 1 else (State.RETURNED, State.AMENDED):
            version = year - 1 if after is State.RETURNED else year
            number += 1
            yield {
                "agency": agency, "number": number, "previous": number - 1 or None, "before": before, "after": after,
                "version": version, "at": at, "person_id": person, "person_name": "Trần Thị Bình",
                "reason": "Thiếu phụ lục" if after is State.RETURNED else None,
            }  # fmt: skip
            before = after


def _questions(everybody: list[tuple[int, str]]) -> Rows:
    """What was asked: a tenth was not known. Names and texts that are a year old are forgotten."""
    chance = Random(1813)
    for at in (*_PAST, STARTS - timedelta(days=7)):
        for person, _ in everybody:
            for _ in range(_QUESTIONS):
                known, fresh = chance.random() > 0.1, STARTS - at < timedelta(days=30)
                yield {
                    "asked_at": at, "person_id": person if fresh else None,
                    "text": f"Câu hỏi số {chance.randrange(1000)}" if fresh else None, "via": Via.TEXT,
                    "outcome": Ending.ANSWER if known else Ending.DECLINE,
                    "topic": "report.deadline" if known else None, "agency": None, "score": 0.9,
                }  # fmt: skip


def _messages(everybody: list[tuple[int, str]]) -> Rows:
    """What was sent, to single people and by notices. The texts are forgotten."""
    sent = {
        "html": "", "buttons": [], "state": Delivery.SENT, "message_id": 1, "action": Action.SEND, "is_repeat": False,
        "subject": None, "notice_id": None, "notice_version": None, "recipient_id": None,
    }  # fmt: skip
    for year, at in enumerate(_PAST):
        times = {"created_at": at, "claimed_at": at, "ended_at": at}
        for person, _ in everybody:
            for _ in range(_MESSAGES):
                yield sent | times | {"chat_id": person, "lane": Lane.REPLY}
        for notice in range(year * _NOTICES + 1, (year + 1) * _NOTICES + 1):
            for place, (person, _) in enumerate(everybody):
                of_notice = {"notice_id": notice, "notice_version": 1}
                recipient = {"recipient_id": len(everybody) * (notice - 1) + place}
                yield sent | times | of_notice | recipient | {"chat_id": person, "lane": Lane.BULK}


async def _store(database: Database, table: type[Base], rows: Rows) -> None:
    async with database.session() as session:
        while some := [row for _, row in zip(range(20_000), rows, strict=False)]:
            await session.execute(insert(table), some)
