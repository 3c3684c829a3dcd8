"""Whatever guard is taken out of the bot, a campaign notices it."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.simulation.breaks import BREAKS, Break
from tests.simulation.house import Begun, House
from tests.simulation.machine import MARKS, run_campaigns

pytestmark = [
    *MARKS,
    pytest.mark.skipif("SIMULATION_BREAKS" not in os.environ, reason="takes minutes: SIMULATION_BREAKS=1 runs it"),
]


@pytest.mark.parametrize("one", BREAKS, ids=lambda one: one.name)
def test_a_campaign_notices_that(
    one: Break,
    runner: asyncio.Runner,
    new_house: Callable[[Path], House],
    begun: Begun,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one.install(monkeypatch)
    with pytest.raises(AssertionError, match=one.found):
        run_campaigns(runner, new_house, begun, one.seeds)
