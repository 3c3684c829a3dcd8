"""The adversary: what befalls the bot, its disk, its network and its clock, each at a moment chosen beforehand."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Harm(StrEnum):
    """What the adversary can do."""

    KILL = "kill"  # at a statement or a call: before it, or after it and before its outcome is known
    BUSY = "429"
    ERROR = "500"
    GATEWAY = "504"  # done all the same
    REFUSED = "refused"  # no connection
    LOST = "lost"  # done, but no answer in time
    NEVER_CAME = "never came"  # not done, and no answer in time
    CUT = "cut"  # done, but the connection breaks
    SLOW = "slow"
    FULL = "disk full"
    LOCKED = "locked"  # by somebody else who writes
    DROP = "drop"
    DUPLICATE = "duplicate"
    REORDER = "reorder"


# Where it counts: the commit of a transaction that writes into the audit log; sending, or changing, what the ledger
# holds; and writing down how that ended.
ACT, LETTER, CHANGE, END = "ACT", "LETTER", "CHANGE", "END"

OF_CALLS = frozenset(
    {Harm.BUSY, Harm.ERROR, Harm.GATEWAY, Harm.REFUSED, Harm.LOST, Harm.NEVER_CAME, Harm.CUT, Harm.SLOW}
)
OF_UPDATES = frozenset({Harm.DROP, Harm.DUPLICATE, Harm.REORDER})


@dataclass(frozen=True)
class Mishap:
    """One harm: it strikes after so many chances, and so many times; perhaps at one thing only.

    Attributes:
        at: a method of the Bot API, what a statement begins with, or one of those named below; None for any.
    """

    harm: Harm
    after: int = 0
    times: int = 1
    at: str | None = None


@dataclass
class _Armed:
    harm: Harm
    after: int
    times: int
    at: str | None

    def strikes(self) -> bool:
        if self.after:
            self.after -= 1
            return False
        self.times -= 1
        return self.times >= 0


class Adversary:
    """Does the harm that it was armed with.

    Attributes:
        dead: set when the bot has been killed. Whatever it does then has no effect, and never comes back.
    """

    def __init__(self) -> None:
        self.dead = asyncio.Event()
        self._armed: list[_Armed] = []

    def arm(self, mishap: Mishap) -> None:
        self._armed.append(_Armed(mishap.harm, mishap.after, mishap.times, mishap.at))

    def calm(self) -> None:
        """Do no more harm."""
        self._armed.clear()

    @property
    def is_calm(self) -> bool:
        return not self._armed

    def kill(self) -> None:
        self.dead.set()

    def revive(self) -> None:
        self.dead = asyncio.Event()

    async def pass_by(self, what: str) -> None:
        """A moment before or after something at which the bot may die; a dead one stays here."""
        if not self.dead.is_set() and self._strike(lambda one: one.harm is Harm.KILL and one.at in (None, what)):
            self.kill()
        while self.dead.is_set():
            await asyncio.Event().wait()

    def of_call(self, method: str) -> Harm | None:
        """What befalls a call."""
        return self._strike(lambda one: one.harm in OF_CALLS and one.at in (None, method))

    def fills_disk(self, what: str) -> bool:
        """Whether there is no room for what is being written."""
        return self._strike(lambda one: one.harm is Harm.FULL and one.at in (None, what)) is not None

    def _strike(self, concerned: Callable[[_Armed], bool]) -> Harm | None:
        return next((one.harm for one in self._armed if concerned(one) and one.strikes()), None)
