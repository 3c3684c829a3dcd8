"""What is kept about people is taken out when its time is over, not sooner; what was done and when stays."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text, update

from bot.clock import LOCAL
from bot.inbox import settle
from bot.outbox import Letter
from bot.questions import Questions
from bot.retention import AUTHOR_KEPT, BACKUPS_KEPT, MESSAGE_KEPT, RECORDS_KEPT, TRACKS_KEPT, Retention
from bot.store.columns import Base
from bot.store.database import Database
from bot.store.ledger_tables import Delivery, Outgoing
from bot.store.notice_tables import Audience, Notice, NoticeCard, NoticeRecipient, NoticeState, NoticeText
from bot.store.people_tables import WrongCodes
from bot.store.reminder_tables import Digest
from bot.store.submission_tables import Switch
from bot.store.tables import Outcome, Phrasing, Question, Settled, Via
from bot.traces import TRACES
from tests.bot.office import AN, AN_ID, BINH, CHI, CHI_ID, GIVEN, XAY_DUNG, Office
from tests.stores import Store

ASKED = datetime(2021, 11, 8, 8, 0, tzinfo=LOCAL)
PLAN_ENDS = datetime(2022, 1, 1, tzinfo=LOCAL)
SECOND = timedelta(seconds=1)


async def _ask(office: Office, text: str = "hạn nộp?") -> int:
    return await Questions(office.database, office.clock).record(
        person_id=AN_ID, text=text, via=Via.TEXT, outcome=Outcome.CHOOSE, topic=None, agency=None, score=0.25
    )


async def _stored(office: Office, number: int) -> tuple[int | None, str | None]:
    async with office.database.session() as session:
        question = await session.get_one(Question, number)
        return question.person_id, question.text


async def test_the_terms_are_what_was_promised() -> None:
    days = [span.days for span in (AUTHOR_KEPT, RECORDS_KEPT, MESSAGE_KEPT, TRACKS_KEPT, BACKUPS_KEPT)]
    assert days == [30, 365, 90, 30, 30]


@pytest.mark.parametrize(
    ("moment", "author", "words"),
    [
        (ASKED + AUTHOR_KEPT - SECOND, AN_ID, "hạn nộp?"),
        (ASKED + AUTHOR_KEPT + SECOND, None, "hạn nộp?"),
        (ASKED + RECORDS_KEPT + SECOND, None, "hạn nộp?"),
        (PLAN_ENDS + RECORDS_KEPT - SECOND, None, "hạn nộp?"),
        (PLAN_ENDS + RECORDS_KEPT, None, None),
    ],
)
async def test_an_asker_is_forgotten_after_thirty_days_and_the_text_a_year_after_the_plans_end(
    office: Office, moment: datetime, author: int | None, words: str | None
) -> None:
    number = await _ask(office)
    office.clock.turn_to(moment)
    await office.retention.forget_old()
    assert await _stored(office, number) == (author, words)


async def test_an_extension_that_outlasts_the_plan_outlasts_it_here_too(office: Office) -> None:
    number = await _ask(office)
    await office.deadlines.extend(CHI, XAY_DUNG, date(2022, 1, 16), "dịch", [], lambda role: None)
    assert await office.retention.last_day() == date(2023, 1, 15)
    for day, kept in (("2023-01-15", "hạn nộp?"), ("2023-01-16", None)):
        office.clock.turn_to(datetime.fromisoformat(day))
        await office.retention.forget_old()
        assert (await _stored(office, number))[1] == kept


async def test_an_extension_within_the_plan_changes_nothing(office: Office) -> None:
    await office.deadlines.extend(CHI, None, date(2021, 11, 20), "dịch", [], lambda role: None)
    assert await office.retention.last_day() == date(2022, 12, 31)


def _of_plan(office: Office, period: tuple[date, date] | None) -> Retention:
    return Retention(office.database, office.clock, office.deadlines, office.coordinators, lambda: period)


async def test_where_there_is_no_plan_a_text_is_kept_for_a_year(office: Office) -> None:
    retention = _of_plan(office, None)
    assert await retention.last_day() is None
    number = await _ask(office)
    for age, kept in ((RECORDS_KEPT - SECOND, "hạn nộp?"), (RECORDS_KEPT + SECOND, None)):
        office.clock.turn_to(ASKED + age)
        await retention.forget_old()
        assert (await _stored(office, number))[1] == kept


async def test_what_was_asked_before_a_new_plan_began_is_not_kept_for_the_length_of_that_one(office: Office) -> None:
    next_year = _of_plan(office, (date(2022, 10, 1), date(2022, 12, 31)))
    number = await _ask(office)
    office.clock.turn_to(ASKED + RECORDS_KEPT + SECOND)
    await next_year.forget_old()
    assert await _stored(office, number) == (None, None)


async def test_what_is_asked_long_after_the_plan_waits_for_an_answer_as_long_as_its_asker_is_known(
    office: Office,
) -> None:
    office.clock.turn_to(datetime(2026, 5, 1, 8, 0))  # noqa: DTZ001 - local time
    number = await _ask(office)
    office.clock.turn_by(AUTHOR_KEPT - SECOND)
    await office.retention.forget_old()
    assert await _stored(office, number) == (AN_ID, "hạn nộp?")
    office.clock.turn_by(2 * SECOND)
    await office.retention.forget_old()
    assert await _stored(office, number) == (None, None)


async def test_forgetting_counts_what_lost_something_once_and_leaves_younger_questions_alone(office: Office) -> None:
    old = await _ask(office)
    office.clock.turn_by(timedelta(days=20))
    young = await _ask(office)
    office.clock.turn_by(timedelta(days=11))
    assert await office.retention.forget_old() == 1
    assert await office.retention.forget_old() == 0
    assert [(await _stored(office, number))[0] for number in (old, young)] == [None, AN_ID]


async def test_forgetting_keeps_how_a_question_ended_but_no_words_of_its_answer(office: Office, store: Store) -> None:
    number = await _ask(office)
    async with office.database.session() as session:
        await settle(session, [number], Settled.ANSWERED, ASKED, CHI_ID, answer="Thưa ông Sáu")
    office.clock.turn_to(PLAN_ENDS + RECORDS_KEPT)
    await office.retention.forget_old()
    assert store.ask("SELECT outcome, score FROM questions") == [("choose", 0.25)]
    assert store.ask("SELECT how, answer, settled_by FROM settlements") == [("answered", "", None)]


async def test_many_rows_are_forgotten_a_few_thousand_at_a_time(
    office: Office, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.retention._BATCH", 2)
    for _ in range(5):
        await _ask(office)
    office.clock.turn_by(AUTHOR_KEPT + SECOND)
    assert await office.retention.forget_old() == 5
    assert store.ask("SELECT DISTINCT person_id FROM questions") == [(None,)]


async def test_it_looks_once_an_hour_of_the_clock(office: Office) -> None:
    for _ in range(2):
        await _ask(office)
    office.clock.turn_by(AUTHOR_KEPT + SECOND)
    assert await office.retention.forget_hourly() == 2
    await office.retention.forget_hourly()
    async with office.database.session() as session:
        await session.execute(text(f"UPDATE questions SET person_id = {AN_ID}"))
    assert await office.retention.forget_hourly() == 0
    office.clock.turn_by(timedelta(hours=1))
    assert await office.retention.forget_hourly() == 2


async def test_the_ledger_forgets_words_after_ninety_days_and_recipients_a_year_after_the_plan(
    office: Office, store: Store
) -> None:
    async with office.database.session() as session:
        for _ in range(2):
            office.outbox.put(session, AN_ID, Letter("Mời họp"), subject="notice:1")
            await session.flush()
        ended = {"state": Delivery.SENT, "ended_at": ASKED, "message_id": 5}
        await session.execute(update(Outgoing).where(Outgoing.id == 1).values(**ended))
    query = "SELECT html, chat_id, state FROM outgoing ORDER BY id"
    for moment, words, chat in (
        (ASKED + MESSAGE_KEPT - SECOND, "Mời họp", AN_ID),
        (ASKED + MESSAGE_KEPT + SECOND, "", AN_ID),
        (PLAN_ENDS + RECORDS_KEPT, "", 0),
    ):
        office.clock.turn_to(moment)
        await office.retention.forget_old()
        assert store.ask(query) == [(words, chat, "sent"), ("Mời họp", AN_ID, "waiting")]


async def _act(office: Office) -> None:
    """Let people do something of each kind that a record tells of."""
    await office.link(AN)
    await office.confirm(AN)
    await office.confirm(CHI, "ubnd-bu-dang", GIVEN, on_behalf=True)
    await office.deadlines.extend(CHI, XAY_DUNG, date(2021, 11, 20), "dịch", [], lambda role: None)
    await office.invitations.issue(AN, XAY_DUNG, replaces=AN_ID)
    number = await _ask(office)
    async with office.database.session() as session:
        await settle(session, [number], Settled.DISMISSED, office.clock.now(), CHI_ID)
        session.add(Switch(contingency=True, reason="dịch", at=ASKED, person_id=CHI_ID, person_name=CHI.name))
        session.add(Phrasing(topic="t", text="x", added_at=ASKED, added_by=CHI_ID))
        session.add(
            Notice(id=1, state=NoticeState.DONE, version=1, audience=Audience.ALL, agencies=[], created_at=ASKED,
                   created_by=CHI_ID)
        )  # fmt: skip
        await session.flush()
        session.add(NoticeText(notice_id=1, version=1, html="Mời họp", at=ASKED, by=CHI_ID))
        session.add(NoticeRecipient(notice_id=1, person_id=AN_ID, name=AN.name, agencies=[XAY_DUNG]))
        session.add(NoticeCard(notice_id=1, chat_id=CHI_ID, message_id=1))


async def test_who_did_what_is_told_until_a_year_after_the_plan_and_what_was_done_for_good(
    office: Office, store: Store
) -> None:
    await _act(office)

    def named() -> set[str]:
        """The columns that hold a person."""
        return {
            f"{trace.table.__tablename__}.{column}"
            for trace in TRACES
            for column in trace.nobody
            if store.ask(f"SELECT 1 FROM {trace.table.__tablename__} WHERE {column} IS NOT NULL")
        }

    def counts() -> dict[str, int]:
        return {table: len(store.ask(f"SELECT 1 FROM {table}")) for table in Base.metadata.tables}

    everyone = {f"{trace.table.__tablename__}.{column}" for trace in TRACES for column in trace.nobody}
    assert named() == everyone
    before = counts()
    office.clock.turn_to(PLAN_ENDS + RECORDS_KEPT - SECOND)
    await office.retention.forget_old()
    assert named() == everyone
    office.clock.turn_to(PLAN_ENDS + RECORDS_KEPT)
    await office.retention.forget_old()
    assert named() == set()
    assert counts() == before | {"notice_cards": 0}
    assert [contact.name for contact in await office.contacts.of(XAY_DUNG)] == [AN.name], "a link is not over"
    assert store.ask("SELECT html FROM notice_texts") == [("Mời họp",)]


@pytest.mark.parametrize(
    ("table", "row", "forgotten"),
    [
        (WrongCodes, {"person_id": AN_ID, "count": 9, "last_at": ASKED}, True),
        (Digest, {"person_id": AN_ID, "day": ASKED.date(), "seen": 0, "figures": {}}, True),
        (Digest, {"person_id": CHI_ID, "day": ASKED.date(), "seen": 0, "figures": {}}, False),
    ],
)
async def test_tracks_of_who_is_gone_are_swept_after_thirty_days(
    office: Office, store: Store, table: type[Base], row: dict[str, Any], forgotten: bool
) -> None:
    async with office.database.session() as session:
        await session.execute(insert(table).values(**row))
    office.clock.turn_to(ASKED + TRACKS_KEPT - SECOND)
    await office.retention.forget_old()
    assert len(store.ask(f"SELECT 1 FROM {table.__tablename__}")) == 1
    office.clock.turn_to(ASKED + TRACKS_KEPT + timedelta(days=1))
    await office.retention.forget_old()
    assert len(store.ask(f"SELECT 1 FROM {table.__tablename__}")) == (0 if forgotten else 1)


async def test_a_code_that_can_still_be_used_keeps_who_hands_over(office: Office, store: Store) -> None:
    await office.link(BINH)
    office.clock.turn_to(datetime(2026, 5, 1, 8, 0))  # noqa: DTZ001 - local time
    await office.invitations.issue(BINH, XAY_DUNG, valid=timedelta(days=60), replaces=BINH.id)
    office.clock.turn_by(timedelta(days=59))
    await office.retention.forget_old()
    assert store.ask("SELECT replaces FROM invitations") == [(BINH.id,)]


async def test_looking_for_what_is_to_be_forgotten_reads_no_whole_table_of_questions_or_messages(
    database: Database,
) -> None:
    """The two tables that grow with every day are searched by an index that holds only what can be forgotten."""
    if database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads a small table whole, whatever indexes it has")
    plans = {
        "SELECT 1 FROM questions WHERE asked_at < '2021' AND person_id IS NOT NULL": "ix_questions_author_asked_at",
        "SELECT 1 FROM outgoing WHERE ended_at < '2021' AND html != ''": "ix_outgoing_text_ended_at",
    }
    async with database.session() as session:
        for query, index in plans.items():
            [(*_, plan)] = (await session.execute(text(f"EXPLAIN QUERY PLAN {query}"))).all()
            assert index in plan
