"""How much one person may ask at once: who hurries is never refused, who floods is told once."""

from collections.abc import Iterator

import pytest

from bot import allowance
from bot.allowance import Allowance, Ruling

AT_ONCE = 30


@pytest.fixture(autouse=True)
def as_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "AT_ONCE", AT_ONCE)


class Watch:
    """A clock that stands still until it is turned."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


def refused(one: Allowance, who: str, times: int) -> list[int]:
    """Which of so many wishes in a row are refused."""
    return [number for number in range(times) if one.take(who) is not Ruling.GRANTED]


def _taps(watch: Watch, gap: float, count: int) -> Iterator[None]:
    for _ in range(count):
        yield
        watch.now += gap


def test_who_taps_three_times_a_second_through_all_agencies_is_never_refused(watch: Watch) -> None:
    one = Allowance(watch)
    assert all(one.take("an") is Ruling.GRANTED for _ in _taps(watch, 1 / 3, 40))


def test_who_sends_one_a_second_for_hours_is_never_refused(watch: Watch) -> None:
    one = Allowance(watch)
    assert all(one.take("an") is Ruling.GRANTED for _ in _taps(watch, 1, 10_000))


def test_of_a_flood_the_first_thirty_are_granted_and_one_word_is_due(watch: Watch) -> None:
    one = Allowance(watch)
    rulings = [one.take("an") for _ in range(500)]
    assert rulings[:AT_ONCE] == [Ruling.GRANTED] * AT_ONCE
    assert rulings[AT_ONCE] is Ruling.REFUSED_FIRST
    assert set(rulings[AT_ONCE + 1 :]) == {Ruling.REFUSED}


def test_a_flood_that_lasts_is_one_flood(watch: Watch) -> None:
    one = Allowance(watch)
    rulings = [one.take("an") for _ in _taps(watch, 1 / 10, 3000)]
    assert rulings.count(Ruling.REFUSED_FIRST) == 1
    assert rulings.count(Ruling.GRANTED) == pytest.approx(AT_ONCE + 300, abs=2)


def test_after_a_flood_the_next_wish_is_granted_a_second_later(watch: Watch) -> None:
    one = Allowance(watch)
    refused(one, "an", 500)
    watch.now += 1
    assert refused(one, "an", 2) == [1]


def test_who_floods_again_after_a_rest_is_told_again(watch: Watch) -> None:
    one = Allowance(watch)
    refused(one, "an", 500)
    watch.now += AT_ONCE
    assert [one.take("an") for _ in range(AT_ONCE + 1)][-1] is Ruling.REFUSED_FIRST


def test_one_persons_flood_costs_nobody_else_anything(watch: Watch) -> None:
    one = Allowance(watch)
    refused(one, "an", 500)
    assert refused(one, "binh", AT_ONCE) == []


def test_nothing_is_kept_of_those_who_have_their_whole_allowance_again(watch: Watch) -> None:
    one = Allowance(watch)
    for number in range(1000):
        one.take(str(number))
        watch.now += 0.1
    assert len(one._used) <= 11
    refused(one, "an", 500)
    watch.now += AT_ONCE
    one.take("binh")
    assert list(one._used) == ["binh"]
