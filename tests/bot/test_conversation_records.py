"""What a chat was just about, for ten minutes."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.clock import Clock
from bot.conversations import REMEMBERED, Conversations, Subject
from bot.store.database import Database
from bot.store.tables import Conversation
from tests.bot.office import Office

AN, BINH, GROUP = 1, 2, -1001
# What somebody was told in a chat.
Heard = Callable[[int, int], Awaitable[Subject | None]]
FORM = Subject("plan.agency-form", "so-xay-dung")


@pytest.fixture
def conversations(office: Office) -> Conversations:
    return office.conversations


@pytest.fixture
def subject(office: Office) -> Heard:
    async def heard(chat: int, person: int) -> Subject | None:
        return (await office.askers.known(chat, person)).subject

    return heard


async def test_the_subject_is_remembered_for_ten_minutes(
    conversations: Conversations, subject: Heard, clock: Clock
) -> None:
    assert timedelta(minutes=10) == REMEMBERED
    await conversations.remember(AN, AN, FORM)
    assert await subject(AN, AN) == FORM
    clock.turn_by(REMEMBERED - timedelta(seconds=5))
    assert await subject(AN, AN) == FORM
    clock.turn_by(timedelta(seconds=6))
    assert await subject(AN, AN) is None


async def test_a_new_subject_takes_the_place_of_the_old_and_begins_anew(
    conversations: Conversations, subject: Heard, clock: Clock
) -> None:
    await conversations.remember(AN, AN, FORM)
    clock.turn_by(timedelta(minutes=9))
    other = Subject("report.deadline", None)
    await conversations.remember(AN, AN, other)
    clock.turn_by(timedelta(minutes=9))
    assert await subject(AN, AN) == other


async def test_everybody_has_their_own_subject_in_every_chat(conversations: Conversations, subject: Heard) -> None:
    other = Subject("report.deadline", None)
    await conversations.remember(GROUP, AN, FORM)
    await conversations.remember(GROUP, BINH, other)
    assert await subject(GROUP, AN) == FORM
    assert await subject(GROUP, BINH) == other
    assert await subject(AN, AN) is None


async def test_what_no_follow_up_can_mean_any_more_is_forgotten(
    conversations: Conversations, database: Database, clock: Clock
) -> None:
    await conversations.remember(AN, AN, FORM)
    clock.turn_by(timedelta(minutes=9))
    await conversations.remember(BINH, BINH, FORM)
    clock.turn_by(timedelta(minutes=2))
    await conversations.forget_old()
    async with database.session() as session:
        assert list(await session.scalars(select(Conversation.person_id))) == [BINH]


async def test_remembering_and_forgetting_at_once_lose_nothing(
    conversations: Conversations, subject: Heard, clock: Clock
) -> None:
    for _ in range(20):
        clock.turn_by(timedelta(minutes=11))
        await asyncio.gather(conversations.remember(1, 1, Subject("report.deadline", None)), conversations.forget_old())
        assert await subject(1, 1) == Subject("report.deadline", None)
