"""The campaign as a state machine: at each step somebody does something, while the adversary does what it can."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.simulation.adversary import ACT, CHANGE, END, LETTER, OF_CALLS, OF_UPDATES, Harm, Mishap
from tests.simulation.house import AN, BINH, CHAU, DUNG, HA, MINH, Begun, House
from tests.simulation.invariants import Witness
from tests.simulation.people import OF_CONTACTS, OF_COORDINATORS, Script, heard, perform, press_any

SOON = st.integers(0, 40)
_TURNS = (LETTER, "editMessageText", "answerCallbackQuery", "COMMIT")
MISHAPS = st.one_of(
    st.builds(Mishap, st.just(Harm.KILL), st.integers(0, 120)),
    # Before or after one of the first calls of a kind, or commits.
    st.builds(Mishap, st.just(Harm.KILL), st.integers(0, 9), st.just(1), st.sampled_from(_TURNS)),
    st.builds(Mishap, st.sampled_from(sorted(OF_CALLS)), st.integers(0, 12), st.sampled_from([1, 1, 2, 5])),
    st.builds(Mishap, st.sampled_from(sorted(OF_UPDATES))),
    st.builds(Mishap, st.just(Harm.FULL), SOON, st.sampled_from([1, 3, 30])),
    st.builds(Mishap, st.just(Harm.LOCKED), st.sampled_from([2, 9, 25])),
)
# What befalls the very act, or the messages that tell of it.
FATES = st.one_of(
    # Before it, or when it is done.
    st.builds(Mishap, st.just(Harm.KILL), st.integers(0, 1), st.just(1), st.sampled_from([ACT, LETTER, CHANGE, END])),
    st.builds(Mishap, st.just(Harm.FULL), st.just(0), st.just(1), st.sampled_from([ACT, ACT, END])),
    st.builds(
        Mishap,
        st.sampled_from([Harm.LOST, Harm.NEVER_CAME, Harm.CUT, Harm.BUSY]),
        st.integers(0, 1),
        st.just(1),
        st.sampled_from([LETTER, CHANGE]),
    ),
)
TROUBLE = st.lists(MISHAPS, max_size=2)
_LOGGERS = [logging.getLogger(name) for name in ("bot", "handlers", "telegram", "sqlalchemy.pool", "asyncio")]
_AS_USUAL = logging.Formatter()
# As many campaigns run with the other tests.
USUAL = 200
# What goes with every test that runs campaigns.
MARKS = [
    # The library announces with every 429 that a type will change.
    pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning"),
    # A killed bot leaves connections and coroutines for the garbage collector, which complains of it.
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited"),
    pytest.mark.filterwarnings("ignore:The garbage collector is trying to clean up"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
PACE = st.sampled_from(["calm", "calm", "rushed", "twice"])


class Campaign(RuleBasedStateMachine):
    """One campaign, from its first day on."""

    def __init__(self, runner: asyncio.Runner, new_house: Callable[[Path], House], begun: Begun) -> None:
        super().__init__()
        self._run = runner.run
        self._folder = TemporaryDirectory()
        self._house = new_house(Path(self._folder.name))
        self._house.begin_with(begun)
        self._witness = Witness(self._house)
        self._errors = _Errors()
        self._run(self._house.start())

    @rule(
        person=st.sampled_from([BINH, BINH, CHAU, MINH, AN]),
        script=st.sampled_from(OF_CONTACTS),
        pace=PACE,
        trouble=TROUBLE,
    )
    def contact(self, person: int, script: Script, pace: str, trouble: list[Mishap]) -> None:
        self._act(person, script, pace, trouble)

    @rule(
        person=st.sampled_from([HA, HA, HA, DUNG]), script=st.sampled_from(OF_COORDINATORS), pace=PACE, trouble=TROUBLE
    )
    def coordinator(self, person: int, script: Script, pace: str, trouble: list[Mishap]) -> None:
        self._act(person, script, pace, trouble)

    @rule(
        deed=st.one_of(
            st.tuples(st.sampled_from([BINH, MINH]), st.sampled_from(OF_CONTACTS)),
            st.tuples(st.just(HA), st.sampled_from(OF_COORDINATORS)),
        ),
        fate=FATES,
    )
    def fateful(self, deed: tuple[int, Script], fate: Mishap) -> None:
        """Something befalls a deed at its worst moment."""
        self._act(*deed, "calm", [fate])

    @rule(
        presses=st.lists(
            st.tuples(st.sampled_from([HA, DUNG, BINH, CHAU, MINH]), st.integers(0, 30), st.booleans()),
            min_size=1,
            max_size=4,
        )
    )
    def anybody(self, presses: list[tuple[int, int, bool]]) -> None:
        """People press whatever they find, all at once."""
        for person, place, of_old in presses:
            press_any(self._house, person, place, of_old=of_old)
        self._settle()

    @rule(hours=st.sampled_from([-0.1, 0.2, 2, 23, 24, 49, 24 * 7]), trouble=TROUBLE)
    def time(self, hours: float, trouble: list[Mishap]) -> None:
        self._begin(trouble)
        self._house.clock.turn_by(timedelta(hours=hours))
        self._run(self._house.wait())
        self._settle()

    @rule(orderly=st.booleans(), hours=st.sampled_from([0, 0, 20, 70]))
    def restart(self, orderly: bool, hours: int) -> None:
        self._run(self._house.stop() if orderly else self._house.kill())
        self._house.clock.turn_by(timedelta(hours=hours))
        self._run(self._house.start())
        self._settle()

    @invariant()
    def everything_is_in_order(self) -> None:
        faults = self._witness.faults()
        assert not faults, "\n".join(faults)

    def teardown(self) -> None:
        """Whatever happened, what is due by the clock is done, and who asks for help gets it."""
        try:
            # Past the next tick, however often the clock was set back.
            self._house.clock.turn_by(timedelta(minutes=30))
            now = self._house.clock.now()
            self._settle()
            overdue = self._witness.overdue(now)
            assert not overdue, "\n".join(overdue)
            for person in (HA, BINH, AN):
                before = len(heard(self._house, person))
                self._run(perform(self._house, person, ("/help",)))
                assert len(heard(self._house, person)) > before, f"{person} is not answered any more"
            assert not self._errors.found, "\n".join(
                ["something failed though nobody did any harm", *self._errors.found]
            )
        finally:
            self._errors.close()
            self._run(self._house.kill())
            self._house.leave()
            self._folder.cleanup()

    def _act(self, person: int, script: Script, pace: str, trouble: list[Mishap]) -> None:
        self._begin(trouble)
        self._run(perform(self._house, person, script, rushed=pace == "rushed", twice=pace == "twice"))
        self._settle()

    def _begin(self, trouble: list[Mishap]) -> None:
        self._errors.expected = bool(trouble)
        for mishap in trouble:
            self._run(self._house.meet(mishap))

    def _settle(self) -> None:
        if not self._run(self._house.settle()):
            raise AssertionError(f"the bot does not come to rest: {self._run(self._house.state())}")
        self._errors.expected = False


class _Errors(logging.Handler):
    """What is logged as an error while nobody does any harm. Nobody else hears of it: of harm there is much to log."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []
        self.expected = False
        for logger in _LOGGERS:
            logger.addHandler(self)
            logger.propagate = False

    def emit(self, record: logging.LogRecord) -> None:
        # A connection that a killed bot had in its hand is nobody's any more.
        if not self.expected and not record.name.startswith("sqlalchemy"):
            self.found.append(_AS_USUAL.format(record))

    def close(self) -> None:
        for logger in _LOGGERS:
            logger.removeHandler(self)
            logger.propagate = True
        super().close()


def run_campaigns(
    runner: asyncio.Runner, new_house: Callable[[Path], House], begun: Begun, seeds: int = USUAL, *, new: bool = False
) -> None:
    """Run campaigns until one finds something.

    Args:
        runner: the loop without time.
        new_house: makes the house of each campaign.
        begun: what each begins with.
        seeds: how many campaigns.
        new: whether they are others each time, of which one that fails is cut down.
    """
    run_state_machine_as_test(
        lambda: Campaign(runner, new_house, begun),  # type: ignore[arg-type]
        settings=settings(
            max_examples=seeds, derandomize=not new, stateful_step_count=4, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), print_blob=True,
            report_multiple_bugs=False, phases=[Phase.generate, Phase.shrink] if new else [Phase.generate],
        ),
    )  # fmt: skip
