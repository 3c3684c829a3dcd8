"""Forgetting somebody: nothing of them is left, and the records of official acts stand."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.audit import Actor
from bot.contacts import Role, Words
from bot.conversations import Conversations, Subject
from bot.invitations import InvitationError
from bot.outbox import Letter
from bot.privacy import Stored
from bot.questions import Questions
from bot.states import State
from bot.store.all_tables import Base
from bot.store.ledger_tables import Act, Delivery, Outgoing
from bot.store.tables import Outcome, Via
from bot.submission_records import Event
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
    XAY_DUNG,
    Office,
    Told,
    words,
)  # fmt: skip
from tests.stores import Store

NAMED = Actor(AN_ID, "Nguyễn <An> & 'Sáu'")
ESCAPED = "Nguyễn &lt;An&gt; &amp; &#39;Sáu&#39;"


def _naming(event: Event, role: Role) -> Letter:
    """Words that name the one who acts, as those of the bot do."""
    return Letter(f"{role}: <b>{ESCAPED if event.actor == NAMED else event.actor.name}</b> {event.act}")


async def _live(office: Office) -> None:
    """Let An leave a trace wherever one can be left: as a contact, as a coordinator, as somebody who asks."""
    invitation = await office.invitations.issue(CHI, XAY_DUNG)
    await office.invitations.accept(invitation.id, NAMED, lambda role: Letter(f"{ESCAPED} vừa trở thành đầu mối"))
    await office.link(NAMED, BU_DANG)
    await office.link(BINH)
    for agency, on_behalf in ((XAY_DUNG, False), (BU_DANG, True)):
        await office.begin(NAMED)
        await office.submissions.confirm(
            NAMED, agency, GIVEN, known=0, words=_naming, card=CARD, on_behalf=on_behalf
        )  # fmt: skip
    [(version, _)] = await office.submissions.versions(XAY_DUNG)
    await office.submissions.send_back(NAMED, version.id, "thiếu phụ lục", date(2021, 11, 20), _naming, CARD)
    coordination = await office.invitations.issue(NAMED, None)
    await office.invitations.accept(coordination.id, NAMED, words)
    await office.invitations.issue(NAMED, XAY_DUNG, replaces=AN_ID)
    handed_over = await office.invitations.issue(NAMED, BU_DANG, replaces=AN_ID)
    await office.invitations.accept(handed_over.id, BINH, words)
    with pytest.raises(InvitationError):
        await office.invitations.look_up(AN_ID, "0" * 20)
    await Conversations(office.database, office.clock).remember(AN_ID, AN_ID, Subject("report.deadline", None))
    await Questions(office.database, office.clock).record(
        person_id=AN_ID, text="hạn nộp?", via=Via.TEXT, outcome=Outcome.ANSWER, topic=None, agency=None, score=0.5
    )
    await office.begin(NAMED)


def _dump(store: Store) -> str:
    return "\n".join(str(row) for table in Base.metadata.tables for row in store.read(table))


async def test_after_forgetting_no_table_holds_the_persons_number_or_name(office: Office, store: Store) -> None:
    await _live(office)
    before = _dump(store)
    for trace in (str(AN_ID), ESCAPED, "Nguyễn <An>"):
        assert before.count(trace) > 3, "there is something to forget"
    await office.privacy.forget(AN_ID, dict.fromkeys(await office.contacts.agencies_of(AN_ID), words))
    after = _dump(store)
    for trace in (str(AN_ID), ESCAPED, "<An>", "Sáu", "hạn nộp?"):
        assert trace not in after
    for others in (str(BINH_ID), str(BINH.name), str(CHI.name)):
        assert others in after


async def test_records_of_official_acts_keep_agency_and_time(office: Office) -> None:
    await _live(office)

    async def acts() -> list[object]:
        entries = await office.audit.entries()
        return [(entry.at, entry.act, entry.agency) for entry in entries]

    async def records() -> list[object]:
        found: list[object] = []
        for agency in (XAY_DUNG, BU_DANG):
            found += [(step.at, step.before, step.after) for step in await office.submissions.story(agency)]
            for version, files in await office.submissions.versions(agency):
                found += [version.confirmed_at, version.way, version.document_number, version.on_behalf, files]
            found.append(await office.deadlines.of(agency))
        return found

    before = await records(), await acts()
    await office.privacy.forget(AN_ID, {})
    assert await records() == before[0]
    assert (await acts())[: len(before[1])] == before[1]
    assert (await office.acts())[len(before[1]) :] == [Act.UNLINKED, Act.FORGOTTEN]
    assert (await office.submissions.standing(XAY_DUNG)).state is State.RETURNED


async def test_the_others_are_told_who_lost_a_contact(office: Office) -> None:
    for person, agency in ((AN, XAY_DUNG), (AN, BU_DANG), (BINH, XAY_DUNG)):
        await office.link(person, agency)
    await office.privacy.forget(AN_ID, {agency: _losing(agency) for agency in (XAY_DUNG, BU_DANG)})
    assert await office.told() == {
        Told(BINH_ID, f"contact {XAY_DUNG}"),
        Told(CHI_ID, f"coordinator {XAY_DUNG}"),
        Told(CHI_ID, f"coordinator {BU_DANG}"),
    }
    assert await office.contacts.agencies_of(AN_ID) == []
    assert await office.contacts.agencies_of(BINH_ID) == [XAY_DUNG]


def _losing(agency: str) -> Words:
    return lambda role: Letter(f"{role} {agency}")


async def test_an_agency_that_was_joined_meanwhile_is_left_too(office: Office) -> None:
    await office.link(AN)
    await office.privacy.forget(AN_ID, {})
    assert await office.contacts.of(XAY_DUNG) == []


async def test_a_code_for_a_successor_is_worth_nothing_after_forgetting(office: Office) -> None:
    await office.link(AN)
    issued = await office.invitations.issue(AN, XAY_DUNG, replaces=AN_ID)
    await office.privacy.forget(AN_ID, {})
    with pytest.raises(InvitationError):
        await office.invitations.accept(issued.id, DUNG, words)


async def test_messages_that_wait_for_the_person_are_not_sent_any_more(office: Office) -> None:
    await office.link(AN)
    await office.link(BINH)
    await office.confirm(BINH)
    await office.privacy.forget(AN_ID, {})
    async with office.database.session() as session:
        waiting = set(await session.scalars(select(Outgoing.chat_id).where(Outgoing.state == Delivery.WAITING)))
    assert waiting == {BINH_ID, CHI_ID}
    [gone] = [row for row in await office.messages() if row.chat_id == 0]
    assert (gone.html, gone.buttons, gone.state, gone.reason) == ("", [], Delivery.SKIPPED, "outdated")


@pytest.mark.parametrize(
    ("name", "html", "left"),
    [
        ("b", "<b>Sở b</b> toàn bộ: b &amp; b", "<b>Sở …</b> toàn bộ: … &amp; …"),
        ("amp", "A &amp; amp", "A &amp; …"),
        ("<i>", "<i>a</i> &lt;i&gt;", "<i>a</i> …"),
        ("An", "Đồng chí An, anh Toàn", "Đồng chí …, anh Toàn"),
        (".*", "Tin .* <b>x</b>", "Tin … <b>x</b>"),
    ],
)
async def test_a_name_is_taken_out_of_what_waits_for_others_and_spoils_nothing_else(
    office: Office, name: str, html: str, left: str
) -> None:
    await office.link(Actor(AN_ID, name))
    async with office.database.session() as session:
        office.outbox.put(session, BINH_ID, Letter(html))
    await office.privacy.forget(AN_ID, {})
    [row] = await office.messages()
    assert (row.html, row.state) == (left, Delivery.WAITING)


async def test_forgetting_one_leaves_everybody_else_alone(office: Office, store: Store) -> None:
    await _live(office)
    before = set(_dump(store).splitlines())
    await office.privacy.forget(DUNG_ID, {})
    after = set(_dump(store).splitlines())
    assert before <= after
    [entry] = after - before
    assert "forgotten" in entry


async def test_what_is_stored_is_told_and_after_forgetting_there_is_nothing(office: Office) -> None:
    nothing = Stored(
        (), coordinates=False, names=(), questions=0, acts=0, messages=0, draft=False, subscribed=False, notices=0
    )
    assert await office.privacy.stored(AN_ID) == nothing
    await _live(office)
    stored = await office.privacy.stored(AN_ID)
    assert stored.agencies == (XAY_DUNG,)
    assert (stored.coordinates, stored.names, stored.questions, stored.draft) == (True, (NAMED.name,), 1, True)
    entries = [entry for entry in await office.audit.entries() if entry.person_id == AN_ID]
    messages = [row for row in await office.messages() if row.chat_id == AN_ID]
    assert (stored.acts, stored.messages) == (len(entries), len(messages))
    assert entries
    assert messages
    await office.privacy.forget(AN_ID, {})
    assert await office.privacy.stored(AN_ID) == nothing
