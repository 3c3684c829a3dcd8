"""What is known of people who ask, and how their questions ended; of many at once as of each alone."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import func, select

from bot.conversations import Subject
from bot.questions import Questions
from bot.store.tables import Conversation, Question
from tests.bot.office import ABOUT, AN, AN_ID, BINH_ID, BU_DANG, CHI, CHI_ID, DUNG_ID, PLANNED, XAY_DUNG, Office, asked

HALF_A_SIGN = "\ud800"
LATER = date(2021, 12, 1)


async def test_what_is_known_of_people_is_not_mixed_up(office: Office) -> None:
    await office.contacts.link(AN_ID, XAY_DUNG, AN.name)
    await office.contacts.link(CHI_ID, XAY_DUNG)
    await office.contacts.link(CHI_ID, BU_DANG)
    await office.deadlines.extend(CHI, XAY_DUNG, LATER, "bão", [], lambda _: None)
    await office.drafts.keep(BINH_ID, "confirm", {}, None)
    await office.askers.record(AN_ID, asked(AN_ID), ABOUT)
    places = [(AN_ID, AN_ID), (BINH_ID, BINH_ID), (CHI_ID, CHI_ID), (-5, AN_ID), (DUNG_ID, DUNG_ID), (AN_ID, AN_ID)]
    an, binh, chi, an_in_a_group, dung, an_again = known = await asyncio.gather(
        *(office.askers.known(chat, person) for chat, person in places)
    )
    assert (chi.agency, chi.is_coordinator, set(chi.agencies)) == (None, True, {XAY_DUNG, BU_DANG})
    assert [an.may_see(XAY_DUNG), an.may_see(BU_DANG), binh.may_see(XAY_DUNG)] == [True, False, False]
    assert (an.agency, an.subject, an.is_drafting) == (XAY_DUNG, ABOUT, False)
    assert (binh.agency, binh.subject, binh.is_drafting) == (None, None, True)
    assert (an_in_a_group.agency, an_in_a_group.subject) == (XAY_DUNG, None)
    assert (dung.agencies, dung.is_coordinator, dung.subject, dung.is_drafting) == ((), False, None, False)
    assert an_again == an
    assert [one.due_before for one in known] == [LATER, PLANNED, PLANNED, LATER, PLANNED, LATER]


async def test_agencies_are_known_in_the_order_in_which_somebody_came_to_act_for_them(office: Office) -> None:
    for agency in (XAY_DUNG, BU_DANG):
        await office.contacts.link(AN_ID, agency, AN.name)
        office.clock.turn_by(office.clock.now() - office.clock.now().replace(year=2020))
    assert (await office.askers.known(AN_ID, AN_ID)).agencies == (XAY_DUNG, BU_DANG)


async def test_everybody_who_asks_at_once_gets_the_number_of_their_own_question(office: Office) -> None:
    people = range(1, 41)
    numbers = await asyncio.gather(
        *(office.askers.record(person, asked(person, f"câu {person}"), ABOUT) for person in people)
    )
    questions = Questions(office.database, office.clock)
    found = [await questions.of(number, person) for number, person in zip(numbers, people, strict=True)]
    assert [one and one.text for one in found] == [f"câu {person}" for person in people]


async def test_a_question_and_what_it_was_about_are_stored_together_or_not_at_all(office: Office) -> None:
    with pytest.raises(Exception, match="surrogates"):
        await office.askers.record(AN_ID, asked(AN_ID), Subject(HALF_A_SIGN, None))
    async with office.database.session() as session:
        assert not await session.scalar(select(func.count()).select_from(Question))


async def test_a_question_that_cannot_be_stored_does_not_spoil_those_asked_at_once(office: Office) -> None:
    ended = await asyncio.gather(
        office.askers.record(AN_ID, asked(AN_ID), ABOUT),
        office.askers.record(BINH_ID, asked(BINH_ID), Subject(HALF_A_SIGN, None)),
        office.askers.record(CHI_ID, asked(CHI_ID), ABOUT),
        return_exceptions=True,
    )
    assert [isinstance(one, Exception) for one in ended] == [False, True, False]
    async with office.database.session() as session:
        assert set(await session.scalars(select(Question.person_id))) == {AN_ID, CHI_ID}
        assert set(await session.scalars(select(Conversation.person_id))) == {AN_ID, CHI_ID}
