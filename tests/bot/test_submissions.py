"""Submissions: one version for however many taps, who is told what, and how late something was."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.attachment_kinds import Kind
from bot.attachments import Attachment
from bot.clock import LOCAL, Clock
from bot.contacts import Role
from bot.outbox import Letter
from bot.states import State, Way
from bot.store.database import Database, open_database
from bot.store.ledger_tables import Act, Delivery, Outgoing
from bot.store.submission_tables import Version
from bot.submission_records import DraftGoneError, Event, Given, OvertakenError
from tests.bot.office import (
    AN,
    AN_ID,
    BINH,
    BINH_ID,
    BU_DANG,
    CARD,
    CHI,
    CHI_ID,
    DUNG,
    DUNG_ID,
    GIVEN,
    PLANNED,
    XAY_DUNG,
    Office,
    Told,
    event_words,
    words,
)  # fmt: skip

REPORT = Attachment("ab" * 32, 1234, "bao-cao.pdf", Kind.PDF)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def office(database: Database, clock: Clock) -> Office:
    """Chi and Dung coordinate."""
    return Office(database, clock, frozenset({CHI_ID, DUNG_ID}))


@pytest.fixture(autouse=True)
async def linked(office: Office) -> None:
    """An and Binh act for Sở Xây dựng."""
    await office.link(AN)
    await office.link(BINH)


async def _sent(office: Office) -> None:
    """Let everything in the ledger have arrived, each under the number of its row."""
    async with office.database.session() as session:
        await session.execute(
            update(Outgoing)
            .where(Outgoing.state == Delivery.WAITING)
            .values(state=Delivery.SENT, ended_at=office.clock.now(), message_id=Outgoing.id)
        )


async def _confirmed(office: Office) -> tuple[int, dict[int, int]]:
    """An has confirmed and everybody has read it: the receipt's number, and the coordinators' cards."""
    event = await office.confirm()
    await _sent(office)
    assert event.version is not None
    cards = {row.chat_id: row.id for row in await office.messages() if row.subject == f"review:{event.version.id}"}
    assert cards.keys() == {CHI_ID, DUNG_ID}
    return event.version.id, cards


async def _news(office: Office) -> set[Told]:
    """What was put into the ledger since everything had arrived."""
    rows = await office.messages()
    return await office.told(after=len([row for row in rows if row.state is Delivery.SENT]))


# What is stored


async def test_a_confirmation_is_stored_as_it_was_given(office: Office) -> None:
    event = await office.confirm(given=replace(GIVEN, files=(REPORT, replace(REPORT, name="phu-luc.pdf"))))
    assert event.version is not None
    found = await office.submissions.version(event.version.id)
    assert found is not None
    version, files = found
    assert (version.agency, version.version, version.way, version.document_number, version.document_day) == (
        XAY_DUNG, 1, Way.EMAIL, "123/BC-SXD", date(2021, 11, 10),
    )  # fmt: skip
    assert (version.person_id, version.person_name, version.on_behalf) == (AN_ID, AN.name, False)
    assert version.due_before == PLANNED
    assert timedelta(0) <= office.clock.now() - version.confirmed_at < MINUTE
    assert [(file.name, file.sha256, file.size, file.kind) for file in files] == [
        ("bao-cao.pdf", "ab" * 32, 1234, "pdf"), ("phu-luc.pdf", "ab" * 32, 1234, "pdf"),
    ]  # fmt: skip
    assert await office.submissions.file_hashes() == {"ab" * 32}


async def test_what_was_recorded_on_behalf_keeps_both_names(office: Office) -> None:
    event = await office.confirm(CHI, given=replace(GIVEN, handed_in_by="Ông Sáu"), on_behalf=True)
    version = event.version
    assert version is not None
    assert (version.on_behalf, version.person_id, version.person_name) == (True, None, "Ông Sáu")
    assert (version.recorded_by, version.recorded_by_name) == (CHI_ID, CHI.name)
    assert await office.acts() == [Act.RECORDED]


async def test_an_amendment_keeps_the_version_before(office: Office) -> None:
    await office.confirm()
    await office.confirm(BINH, given=replace(GIVEN, number="124/BC-SXD"))
    versions = await office.submissions.versions(XAY_DUNG)
    assert [(version.version, version.document_number, version.person_id) for version, _ in versions] == [
        (2, "124/BC-SXD", BINH_ID), (1, "123/BC-SXD", AN_ID),
    ]  # fmt: skip
    assert await office.acts() == [Act.CONFIRMED, Act.AMENDED]


async def test_states_are_those_of_the_agencies_that_something_happened_to(office: Office) -> None:
    assert await office.submissions.states() == {}
    await office.confirm()
    await office.confirm()
    assert await office.submissions.states() == {XAY_DUNG: State.AMENDED}
    await office.submissions.waive(CHI, BU_DANG, 0, "đã sáp nhập", event_words, CARD)
    assert await office.submissions.states() == {XAY_DUNG: State.AMENDED, BU_DANG: State.WAIVED}


async def test_an_agency_with_a_contact_is_linked_until_something_happens(office: Office) -> None:
    async def state(agency: str) -> State:
        return (await office.submissions.standing(agency)).state

    assert (await state(XAY_DUNG), await state(BU_DANG)) == (State.LINKED, State.NOT_OPENED)
    await office.confirm()
    assert await state(XAY_DUNG) is State.CONFIRMED


# Taps that come twice, late, or together


async def test_confirming_twice_with_one_draft_is_one_version(office: Office) -> None:
    await office.confirm()
    with pytest.raises(DraftGoneError):
        await office.submissions.confirm(AN, XAY_DUNG, GIVEN, known=1, words=event_words, card=CARD)
    assert len(await office.submissions.versions(XAY_DUNG)) == 1
    assert len(await office.told()) == 4


async def test_a_double_tap_is_one_version(office: Office) -> None:
    await office.begin(AN)
    taps = (
        office.submissions.confirm(AN, XAY_DUNG, GIVEN, known=0, words=event_words, card=CARD) for _ in range(5)
    )  # fmt: skip
    outcomes = await asyncio.gather(*taps, return_exceptions=True)
    kinds = [type(outcome) for outcome in outcomes]
    assert (kinds.count(Event), kinds.count(DraftGoneError)) == (1, 4)
    assert len(await office.submissions.versions(XAY_DUNG)) == 1
    assert len(await office.told()) == 4


async def test_two_who_confirm_at_once_make_one_version_and_the_other_learns_of_it(office: Office) -> None:
    outcomes = await asyncio.gather(
        office.confirm(AN, known=0), office.confirm(BINH, known=0), return_exceptions=True
    )  # fmt: skip
    [event] = [outcome for outcome in outcomes if isinstance(outcome, Event)]
    [overtaken] = [outcome for outcome in outcomes if isinstance(outcome, OvertakenError)]
    [(version, _)] = await office.submissions.versions(XAY_DUNG)
    first, second = (AN, BINH) if event.actor == AN else (BINH, AN)
    assert version.person_id == first.id
    standing = overtaken.standing
    assert standing.step is not None
    assert standing.version is not None
    told = (standing.state, standing.number, standing.step.person_name, standing.version.version)
    assert told == (State.CONFIRMED, 1, first.name, 1)
    assert [draft.person_id for draft in await office.drafts.all()] == [second.id], "what was given is kept"
    assert {told.person for told in await office.told()} == {AN_ID, BINH_ID, CHI_ID, DUNG_ID}


async def test_two_programs_that_confirm_at_once_make_one_version(office: Office, url: str) -> None:
    async with open_database(url) as database:
        other = Office(database, office.clock)
        outcomes = await asyncio.gather(
            office.confirm(AN, known=0), other.confirm(BINH, known=0), return_exceptions=True
        )  # fmt: skip
    assert {type(outcome) for outcome in outcomes} == {Event, OvertakenError}
    assert len(await office.submissions.versions(XAY_DUNG)) == 1


async def test_the_overtaken_may_confirm_what_they_gave_as_the_next_version(office: Office) -> None:
    await office.confirm(AN, known=0)
    with pytest.raises(OvertakenError) as overtaken:
        await office.confirm(BINH, known=0)
    known = overtaken.value.standing.number
    await office.submissions.confirm(BINH, XAY_DUNG, GIVEN, known=known, words=event_words, card=CARD)
    assert [step.after for step in await office.submissions.story(XAY_DUNG)] == [State.CONFIRMED, State.AMENDED]


async def test_an_accepted_submission_is_closed(office: Office) -> None:
    receipt, _ = await _confirmed(office)
    await office.submissions.accept(CHI, receipt, event_words)
    with pytest.raises(OvertakenError) as overtaken:
        await office.confirm(BINH)
    assert overtaken.value.standing.state is State.ACCEPTED
    assert len(await office.submissions.versions(XAY_DUNG)) == 1


async def test_two_coordinators_who_accept_at_once_accept_once(office: Office) -> None:
    receipt, _ = await _confirmed(office)
    outcomes = await asyncio.gather(
        office.submissions.accept(CHI, receipt, event_words),
        office.submissions.accept(DUNG, receipt, event_words),
        return_exceptions=True,
    )
    assert {type(outcome) for outcome in outcomes} == {Event, OvertakenError}
    assert (await office.acts()).count(Act.ACCEPTED) == 1


async def test_an_older_version_can_be_neither_accepted_nor_returned(office: Office) -> None:
    receipt, _ = await _confirmed(office)
    await office.confirm(BINH)
    with pytest.raises(OvertakenError) as overtaken:
        await office.submissions.accept(CHI, receipt, event_words)
    standing = overtaken.value.standing
    assert standing.version is not None
    assert (standing.state, standing.version.version) == (State.AMENDED, 2)
    with pytest.raises(OvertakenError):
        await office.submissions.send_back(CHI, receipt, "thiếu phụ lục", None, event_words, CARD)
    assert (await office.submissions.standing(XAY_DUNG)).state is State.AMENDED


async def test_the_card_of_an_older_version_cannot_undo_that_the_newer_was_accepted(office: Office) -> None:
    older, _ = await _confirmed(office)
    newer = (await office.confirm(BINH)).version
    assert newer is not None
    await office.submissions.accept(CHI, newer.id, event_words)
    with pytest.raises(OvertakenError):
        await office.submissions.undo_acceptance(DUNG, older, event_words)
    assert (await office.submissions.standing(XAY_DUNG)).state is State.ACCEPTED


async def test_a_version_that_does_not_exist_can_be_neither_accepted_nor_undone(office: Office) -> None:
    await _confirmed(office)
    for taking in (office.submissions.accept, office.submissions.undo_acceptance):
        with pytest.raises(OvertakenError):
            await taking(CHI, 10**9, event_words)
    assert await office.acts() == [Act.CONFIRMED]


@pytest.mark.parametrize(("after", "undone"), [(9 * MINUTE, True), (11 * MINUTE, False)])
async def test_accepting_can_be_undone_for_ten_minutes_and_both_stay(
    office: Office, after: timedelta, undone: bool
) -> None:
    receipt, _ = await _confirmed(office)
    await office.submissions.accept(CHI, receipt, event_words)
    office.clock.turn_by(after)
    if undone:
        await office.submissions.undo_acceptance(DUNG, receipt, event_words)
        assert await office.acts() == [Act.CONFIRMED, Act.ACCEPTED, Act.ACCEPTANCE_UNDONE]
    else:
        with pytest.raises(OvertakenError):
            await office.submissions.undo_acceptance(DUNG, receipt, event_words)
        assert await office.acts() == [Act.CONFIRMED, Act.ACCEPTED]
    story = await office.submissions.story(XAY_DUNG)
    assert [step.after for step in story] == [State.CONFIRMED, State.ACCEPTED] + [State.CONFIRMED] * undone


async def test_undoing_brings_back_the_state_before(office: Office) -> None:
    await office.confirm()
    newer = (await office.confirm()).version
    assert newer is not None
    await office.submissions.accept(CHI, newer.id, event_words)
    await office.submissions.undo_acceptance(CHI, newer.id, event_words)
    assert (await office.submissions.standing(XAY_DUNG)).state is State.AMENDED


async def test_what_cannot_be_stored_is_not_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(event: Event, role: Role) -> Letter:
        if role is Role.CONTACT:
            raise RuntimeError("xyzzy")
        return event_words(event, role)

    await office.begin(AN)
    with pytest.raises(RuntimeError, match="xyzzy"):
        await office.submissions.confirm(AN, XAY_DUNG, GIVEN, known=0, words=fail, card=CARD)
    assert (await office.messages(), await office.acts(), await office.submissions.versions(XAY_DUNG)) == ([], [], [])
    assert len(await office.drafts.all()) == 1, "the next tap goes on"


# Who is told what


async def test_a_confirmation_is_told_to_all_concerned(office: Office) -> None:
    await office.link(DUNG, BU_DANG)
    await office.confirm()
    assert await office.told() == {
        Told(AN_ID, "actor: confirmed 1", replaces=CARD),
        Told(BINH_ID, "contact: confirmed 1"),
        Told(CHI_ID, "card: confirmed 1"),
        Told(DUNG_ID, "card: confirmed 1"),
    }


async def test_a_coordinator_who_is_a_contact_too_has_the_card_and_no_second_message(office: Office) -> None:
    await office.link(CHI)
    await office.confirm()
    assert [told.html for told in await office.told() if told.person == CHI_ID] == ["card: confirmed 1"]


async def test_a_coordinator_who_confirms_for_their_own_agency_has_a_receipt_and_a_card(office: Office) -> None:
    await office.link(CHI)
    await office.confirm(CHI)
    assert await office.told() == {
        Told(CHI_ID, "actor: confirmed 1", replaces=CARD),
        Told(CHI_ID, "card: confirmed 1"),
        Told(DUNG_ID, "card: confirmed 1"),
        Told(AN_ID, "contact: confirmed 1"),
        Told(BINH_ID, "contact: confirmed 1"),
    }
    await _sent(office)
    [(version, _)] = await office.submissions.versions(XAY_DUNG)
    await office.submissions.accept(DUNG, version.id, event_words)
    changed = [told.replaces for told in await _news(office) if told.person == CHI_ID and told.replaces]
    assert len(changed) == 1
    assert changed != [CARD], "the receipt stays as it is"


async def test_who_records_on_behalf_reviews_on_the_card_that_shows_it(office: Office) -> None:
    await office.confirm(CHI, on_behalf=True)
    assert await office.told() == {
        Told(CHI_ID, "actor: recorded 1", replaces=CARD),
        Told(DUNG_ID, "card: recorded 1"),
        Told(AN_ID, "contact: recorded 1"),
        Told(BINH_ID, "contact: recorded 1"),
    }
    await _sent(office)
    [(version, _)] = await office.submissions.versions(XAY_DUNG)
    await office.submissions.accept(DUNG, version.id, event_words)
    told = {one for one in await _news(office) if one.person in (CHI_ID, DUNG_ID)}
    assert {(one.person, one.html) for one in told} == {
        (CHI_ID, "card: accepted 1"), (DUNG_ID, "card: accepted 1"),
    }  # fmt: skip


async def test_accepting_changes_the_cards_and_tells_the_contacts(office: Office) -> None:
    receipt, cards = await _confirmed(office)
    await office.submissions.accept(CHI, receipt, event_words)
    assert await _news(office) == {
        Told(CHI_ID, "card: accepted 1", replaces=cards[CHI_ID]),
        Told(DUNG_ID, "card: accepted 1", replaces=cards[DUNG_ID]),
        Told(AN_ID, "contact: accepted 1"),
        Told(BINH_ID, "contact: accepted 1"),
    }


async def test_undoing_changes_the_same_cards_once_more(office: Office) -> None:
    receipt, cards = await _confirmed(office)
    await office.submissions.accept(CHI, receipt, event_words)
    await _sent(office)
    await office.submissions.undo_acceptance(CHI, receipt, event_words)
    assert await _news(office) == {
        Told(CHI_ID, "card: acceptance-undone 1", replaces=cards[CHI_ID]),
        Told(DUNG_ID, "card: acceptance-undone 1", replaces=cards[DUNG_ID]),
        Told(AN_ID, "contact: acceptance-undone 1"),
        Told(BINH_ID, "contact: acceptance-undone 1"),
    }


async def test_returning_changes_the_cards_and_the_dialogue(office: Office) -> None:
    receipt, cards = await _confirmed(office)
    await office.submissions.send_back(CHI, receipt, "thiếu phụ lục", None, event_words, CARD)
    assert await _news(office) == {
        Told(CHI_ID, "actor: returned 1", replaces=CARD),
        Told(CHI_ID, "card: returned 1", replaces=cards[CHI_ID]),
        Told(DUNG_ID, "card: returned 1", replaces=cards[DUNG_ID]),
        Told(AN_ID, "contact: returned 1"),
        Told(BINH_ID, "contact: returned 1"),
    }


async def test_an_amendment_brings_new_cards_and_closes_the_old_ones(office: Office) -> None:
    _, cards = await _confirmed(office)
    await office.confirm(BINH)
    assert await _news(office) == {
        Told(BINH_ID, "actor: amended 2", replaces=CARD),
        Told(CHI_ID, "older-card: amended 2", replaces=cards[CHI_ID]),
        Told(DUNG_ID, "older-card: amended 2", replaces=cards[DUNG_ID]),
        Told(CHI_ID, "card: amended 2"),
        Told(DUNG_ID, "card: amended 2"),
        Told(AN_ID, "contact: amended 2"),
    }


async def test_cards_that_were_never_sent_are_replaced_before_they_leave(office: Office) -> None:
    await office.confirm()
    event = await office.confirm(BINH)
    assert event.version is not None
    waiting = [row for row in await office.messages() if row.state is Delivery.WAITING and row.chat_id == CHI_ID]
    assert [row.html for row in waiting] == ["older-card: amended 2", "card: amended 2"]
    skipped = [row for row in await office.messages() if row.state is Delivery.SKIPPED]
    assert {(row.chat_id, row.html, row.reason) for row in skipped} == {
        (CHI_ID, "card: confirmed 1", "outdated"), (DUNG_ID, "card: confirmed 1", "outdated"),
    }  # fmt: skip


async def test_withdrawing_is_told_to_all_and_closes_the_cards(office: Office) -> None:
    _, cards = await _confirmed(office)
    await office.submissions.withdraw(AN, XAY_DUNG, 1, event_words, CARD)
    assert await _news(office) == {
        Told(AN_ID, "actor: withdrawn 1", replaces=CARD),
        Told(CHI_ID, "card: withdrawn 1", replaces=cards[CHI_ID]),
        Told(DUNG_ID, "card: withdrawn 1", replaces=cards[DUNG_ID]),
        Told(CHI_ID, "coordinator: withdrawn 1"),
        Told(DUNG_ID, "coordinator: withdrawn 1"),
        Told(BINH_ID, "contact: withdrawn 1"),
    }


async def test_letting_off_and_lifting_it_are_told_to_all_but_the_one_who_does_it(office: Office) -> None:
    await office.submissions.waive(CHI, XAY_DUNG, 0, "đã sáp nhập", event_words, CARD)
    assert await office.told() == {
        Told(CHI_ID, "actor: waived 0", replaces=CARD),
        Told(DUNG_ID, "coordinator: waived 0"),
        Told(AN_ID, "contact: waived 0"),
        Told(BINH_ID, "contact: waived 0"),
    }
    await _sent(office)
    await office.submissions.lift_waiver(DUNG, XAY_DUNG, 1, event_words, CARD)
    assert await _news(office) == {
        Told(DUNG_ID, "actor: waiver-lifted 0", replaces=CARD),
        Told(CHI_ID, "coordinator: waiver-lifted 0"),
        Told(AN_ID, "contact: waiver-lifted 0"),
        Told(BINH_ID, "contact: waiver-lifted 0"),
    }


async def test_whoever_there_are_no_words_for_is_told_nothing(office: Office) -> None:
    def to_contacts(event: Event, role: Role) -> Letter | None:
        return event_words(event, role) if role is Role.CONTACT else None

    await office.begin(AN)
    await office.submissions.confirm(AN, XAY_DUNG, GIVEN, known=0, words=to_contacts, card=CARD)
    assert await office.told() == {Told(BINH_ID, "contact: confirmed 1")}


async def test_one_who_is_gone_is_not_told(office: Office) -> None:
    await office.contacts.unlink(BINH, XAY_DUNG, lambda role: None)
    await office.confirm()
    assert BINH_ID not in {told.person for told in await office.told()}


# Reasons and deadlines


async def test_a_return_keeps_its_reason_and_the_deadline_where_none_is_given(office: Office) -> None:
    receipt, _ = await _confirmed(office)
    event = await office.submissions.send_back(CHI, receipt, "thiếu phụ lục", None, event_words, CARD)
    assert (event.step.reason, event.due_before, event.new_due) == ("thiếu phụ lục", PLANNED, False)
    [entry] = [entry for entry in await office.audit.entries(XAY_DUNG) if entry.act is Act.RETURNED]
    assert entry.detail["reason"] == "thiếu phụ lục"


async def test_a_return_may_give_a_later_day(office: Office) -> None:
    receipt, _ = await _confirmed(office)
    day = date(2021, 11, 20)
    event = await office.submissions.send_back(CHI, receipt, "thiếu phụ lục", day, event_words, CARD)
    assert (event.due_before, event.new_due) == (day, True)
    assert (await office.submissions.standing(XAY_DUNG)).due_before == day
    assert await office.deadlines.of(BU_DANG) == PLANNED
    assert await office.acts() == [Act.CONFIRMED, Act.RETURNED, Act.EXTENDED]


async def test_what_was_late_stays_as_late_as_it_was(office: Office) -> None:
    office.clock.turn_to(datetime(2021, 11, 17, 9, 0, tzinfo=LOCAL))
    late = (await office.confirm()).version
    await office.deadlines.extend(CHI, None, date(2021, 12, 1), "dịch bệnh", [], words)
    amended = (await office.confirm()).version
    versions = {version.version: version for version, _ in await office.submissions.versions(XAY_DUNG)}
    assert late is not None
    assert amended is not None
    assert (versions[1].due_before, versions[2].due_before) == (PLANNED, date(2021, 12, 1))
    for version in (late, amended):
        assert await office.receipts.check(office.receipts.code(version, [])) is not None


async def test_a_receipt_is_timed_by_the_clock_to_the_second(office: Office) -> None:
    version: Version | None = (await office.confirm(given=Given(Way.PAPER))).version
    assert version is not None
    assert version.confirmed_at.microsecond == 0
    assert version.confirmed_at.astimezone(LOCAL).strftime("%d/%m/%Y %H:%M") == "08/11/2021 08:00"
