"""The clock: what it shows, and who wakes when it is turned."""

import asyncio
from datetime import UTC, date, datetime, timedelta

from bot.clock import LOCAL, Clock

SOON = timedelta(seconds=5)
MORNING = datetime(2021, 11, 8, 1, 0, tzinfo=UTC)


async def _woke(sleeper: asyncio.Task[None]) -> bool:
    """Whether a sleeper is awake, once the loop has had its turns."""
    for _ in range(5):
        await asyncio.sleep(0)
    return sleeper.done()


def test_a_moment_without_a_zone_is_local_time() -> None:
    assert MORNING <= Clock(datetime(2021, 11, 8, 8, 0)).now() < MORNING + SOON  # noqa: DTZ001 - the point of it


def test_a_moment_with_a_zone_is_taken_at_its_word() -> None:
    assert MORNING <= Clock(MORNING).now() < MORNING + SOON


def test_it_shows_utc() -> None:
    assert Clock(datetime(2021, 11, 8, 8, 0, tzinfo=LOCAL)).now().tzinfo is UTC


def test_without_a_start_it_shows_the_real_time() -> None:
    assert abs(Clock().now() - datetime.now(UTC)) < SOON


def test_the_day_changes_at_midnight_in_the_province_not_in_utc() -> None:
    assert Clock(datetime(2021, 11, 13, 16, 59, tzinfo=UTC)).today() == date(2021, 11, 13)
    assert Clock(datetime(2021, 11, 13, 17, 0, tzinfo=UTC)).today() == date(2021, 11, 14)


def test_it_is_turned_to_a_moment_and_by_a_step() -> None:
    clock = Clock(MORNING)
    clock.turn_to(datetime(2021, 11, 12, 8, 0, tzinfo=LOCAL))
    assert clock.now().astimezone(LOCAL).isoformat(timespec="minutes") == "2021-11-12T08:00+07:00"
    clock.turn_by(timedelta(days=2))
    assert clock.today() == date(2021, 11, 14)


async def test_turning_wakes_all_whose_moment_has_come() -> None:
    clock = Clock(MORNING)
    sleepers = [asyncio.create_task(clock.sleep_until(MORNING + timedelta(hours=hours))) for hours in (1, 2, 3)]
    assert [await _woke(sleeper) for sleeper in sleepers] == [False, False, False]
    clock.turn_by(timedelta(hours=2))
    assert [await _woke(sleeper) for sleeper in sleepers] == [True, True, False]
    clock.turn_by(timedelta(hours=1))
    assert await _woke(sleepers[2])


async def test_turning_in_small_steps_wakes_in_the_end() -> None:
    clock = Clock(MORNING)
    sleeper = asyncio.create_task(clock.sleep_until(MORNING + timedelta(hours=1)))
    for _ in range(59):
        clock.turn_by(timedelta(minutes=1))
        assert not await _woke(sleeper)
    clock.turn_by(timedelta(minutes=1))
    assert await _woke(sleeper)


async def test_turning_back_keeps_a_sleeper_asleep() -> None:
    clock = Clock(MORNING)
    sleeper = asyncio.create_task(clock.sleep_until(MORNING + timedelta(hours=1)))
    clock.turn_by(-timedelta(hours=1))
    clock.turn_by(timedelta(minutes=90))
    assert not await _woke(sleeper)
    clock.turn_by(timedelta(minutes=31))
    assert await _woke(sleeper)


async def test_a_moment_that_is_over_is_not_waited_for() -> None:
    clock = Clock(MORNING)
    async with asyncio.timeout(1):
        await clock.sleep_until(MORNING - timedelta(days=1))


async def test_it_wakes_by_itself_when_nobody_turns_it() -> None:
    clock = Clock(MORNING)
    async with asyncio.timeout(5):
        await clock.sleep_until(MORNING + timedelta(seconds=0.01))
    assert clock.now() >= MORNING + timedelta(seconds=0.01)
