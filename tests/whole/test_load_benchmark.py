"""The benchmark of many who ask at once still runs, with our bot and with the bare one beside it."""

import pytest

from tests.bench import echo, load


@pytest.mark.parametrize("bot", [load.OURS, *echo.ORDERS])
async def test_each_bot_answers_in_the_benchmark(bot: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PEOPLE": 3, "WARM_UP": 6, "OF_AN_ECHO": 6, "MEASURED": 0.1}.items():
        monkeypatch.setattr(load, name, value)
    run = load.Run()
    await load.measure(bot, 0.0, run)
    assert run.waits
    assert run.rates[0] > 0
    assert run.costs[0] >= 0
