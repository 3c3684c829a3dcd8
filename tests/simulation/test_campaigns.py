"""Whatever people and the adversary do, in whatever order: nothing is lost, nothing is told that is not so."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.simulation.house import Begun, House
from tests.simulation.machine import Campaign

# The same campaigns each time, unless so many are wanted: then others each time, and a failure is cut down.
SEEDS = int(os.environ.get("SIMULATION_SEEDS", "0"))


# The library announces with every 429 that a type will change.
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
# A killed bot leaves connections and coroutines for the garbage collector, which complains of it.
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
@pytest.mark.filterwarnings("ignore:The garbage collector is trying to clean up")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_campaign_keeps_everything_in_order_whatever_befalls_it(
    runner: asyncio.Runner, new_house: Callable[[Path], House], begun: Begun
) -> None:
    run_state_machine_as_test(
        lambda: Campaign(runner, new_house, begun),  # type: ignore[arg-type]
        settings=settings(
            max_examples=SEEDS or 200, derandomize=not SEEDS, stateful_step_count=4, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), print_blob=True,
            report_multiple_bugs=False, phases=[Phase.generate, Phase.shrink] if SEEDS else [Phase.generate],
        ),
    )  # fmt: skip
