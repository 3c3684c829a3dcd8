"""The limits on sending."""

import asyncio
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import RetryAfter

from bot.sandbox.flood import FloodControl
from bot.sandbox.world import World
from tests.sandbox.cast import AN


class Stopwatch:
    """A time that passes when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        """The present second."""
        return self.now


@pytest.fixture
def stopwatch() -> Stopwatch:
    """Begins at nought."""
    return Stopwatch()


def test_a_chat_takes_one_message_a_second(stopwatch: Stopwatch) -> None:
    flood = FloodControl(now=stopwatch)
    assert [flood.admit(1), flood.admit(1), flood.admit(2)] == [0, 1, 0]
    stopwatch.now = 0.99
    assert flood.admit(1) == 1
    stopwatch.now = 1.0
    assert flood.admit(1) == 0


def test_a_group_takes_twenty_messages_a_minute(stopwatch: Stopwatch) -> None:
    flood = FloodControl(now=stopwatch)
    assert [flood.admit(-5) for _ in range(21)] == [0] * 20 + [60]
    stopwatch.now = 59.5
    assert flood.admit(-5) == 1
    stopwatch.now = 60
    assert flood.admit(-5) == 0


def test_all_chats_together_take_thirty_messages_a_second(stopwatch: Stopwatch) -> None:
    flood = FloodControl(now=stopwatch)
    assert [flood.admit(chat_id) for chat_id in range(1, 32)] == [0] * 30 + [1]
    stopwatch.now = 1.0
    assert flood.admit(31) == 0, "what was refused does not count"


@pytest.mark.usefixtures("spans_of_time")
async def test_too_much_is_refused_with_the_time_to_wait(bot: Bot, world: World) -> None:
    world.flood = FloodControl(per_chat_per_second=2, now=Stopwatch())
    await asyncio.gather(*(bot.send_message(AN, "a") for _ in range(2)))
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(AN, "a")
    assert refused.value.retry_after == timedelta(seconds=1)
    assert world.calls[-1].error_code == 429
    assert len(world.chats[AN].messages) == 3


async def test_without_flood_control_everything_goes(bot: Bot, world: World) -> None:
    assert world.flood is None
    await asyncio.gather(*(bot.send_message(AN, "a") for _ in range(40)))
