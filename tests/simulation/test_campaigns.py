"""Whatever people and the adversary do, in whatever order: nothing is lost, nothing is told that is not so."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from tests.simulation.house import Begun, House
from tests.simulation.machine import MARKS, USUAL, run_campaigns

pytestmark = MARKS

# The same campaigns each time, unless so many are wanted: then others each time, and a failure is cut down.
SEEDS = int(os.environ.get("SIMULATION_SEEDS", "0"))


def test_a_campaign_keeps_everything_in_order_whatever_befalls_it(
    runner: asyncio.Runner, new_house: Callable[[Path], House], begun: Begun
) -> None:
    run_campaigns(runner, new_house, begun, SEEDS or USUAL, new=bool(SEEDS))
