"""The pace of what is sent to many: even, never much above its rate, and not slowed down by a busy machine."""

from dataclasses import dataclass

import pytest

from bot.pace import Pace


@dataclass
class Time:
    """A clock of one's own."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def _moments(pace: Pace, time: Time, count: int, stalls: dict[int, float] | None = None) -> list[float]:
    """The moments at which so many are sent; before some of them the machine stalls."""
    moments = []
    for number in range(count):
        time.now += (stalls or {}).get(number, 0.0)
        while not pace.due(0.04):
            time.now += 0.001
        time.now += pace.take()
        moments.append(time.now)
    return moments


def _most_in_a_second(moments: list[float]) -> int:
    return max(sum(start <= moment < start + 1 for moment in moments) for start in moments)


@pytest.mark.parametrize("rate", [1, 25, 200])
def test_moments_are_spread_evenly(rate: int) -> None:
    time = Time()
    moments = _moments(Pace(rate, time), time, 3 * rate)
    assert moments[0] == 100.0
    assert moments[-1] == pytest.approx(100.0 + 3 - 1 / rate, abs=0.01)
    assert _most_in_a_second(moments) <= rate + 1


def test_what_a_busy_machine_was_late_is_made_up_for_little_by_little() -> None:
    time = Time()
    moments = _moments(Pace(25, time), time, 250, dict.fromkeys(range(10, 250, 40), 0.07))
    assert moments[-1] == pytest.approx(100.0 + 249 / 25, abs=0.2)
    assert _most_in_a_second(moments) <= 25 / 0.95 + 1


def test_time_in_which_there_was_nothing_to_send_is_not_made_up_for() -> None:
    time = Time()
    pace = Pace(25, time)
    _moments(pace, time, 5)
    pace.rest()
    time.now += 60
    assert _most_in_a_second(_moments(pace, time, 60)) <= 26


def test_a_halt_is_kept_and_not_made_up_for() -> None:
    time = Time()
    pace = Pace(25, time)
    _moments(pace, time, 5)
    halted_at = time.now
    pace.halt(3)
    assert pace.is_halted
    assert pace.due(0.04) == 0
    moments = _moments(pace, time, 60)
    assert not pace.is_halted
    assert moments[0] == pytest.approx(halted_at + 3, abs=0.05)
    assert _most_in_a_second(moments) <= 26
