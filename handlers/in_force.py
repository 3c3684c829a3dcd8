"""The knowledge in force: the pack as loaded, and what the records change of it, without a restart."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Protocol, TypeVar
from weakref import WeakKeyDictionary

from bot import logs
from bot.clock import LOCAL
from bot.contingency import Contingency
from bot.phrasings import Phrasings
from bot.roster import Roster
from knowledge.answer import Answerer
from knowledge.evaluate import Score
from knowledge.faults import Fault
from knowledge.pack import Pack
from knowledge.phrasings import Phrasing, with_phrasings
from knowledge.roster import with_agencies
from knowledge.trial import compare, tried

log = logs.of(__name__)

Change = Callable[[Pack], Pack]
T = TypeVar("T")


class Source(Protocol):
    """Records that change the pack."""

    async def mark(self) -> object:
        """Differs whenever what is loaded would; asked each minute, so it must be cheap."""

    async def load(self) -> Change:
        """The change that the records make."""


class Learned:
    """The phrasings that coordinators added."""

    def __init__(self, phrasings: Phrasings) -> None:
        self._phrasings = phrasings

    async def mark(self) -> object:
        """Differs whenever a phrasing was added or withdrawn."""
        return await self._phrasings.mark()

    async def load(self) -> Change:
        """Adds them to their topics."""
        added = await self._phrasings.all()

        def change(pack: Pack) -> Pack:
            for one in added:
                if one.topic not in pack.topics:
                    log.warning("phrasing left out, its topic is gone", id=one.id, topic=one.topic)
            return with_phrasings(pack, [Phrasing(one.topic, one.text) for one in added])

        return change


class Rostered:
    """The agencies that rosters added."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster

    async def mark(self) -> object:
        """Differs whenever an agency was added."""
        return await self._roster.mark()

    async def load(self) -> Change:
        """Lists them with those of the pack."""
        added = [asdict(one) for one in await self._roster.all()]
        return lambda pack: with_agencies(pack, added)


class Switched:
    """Whether the epidemic plan is in force."""

    def __init__(self, contingency: Contingency) -> None:
        self._contingency = contingency

    async def mark(self) -> object:
        """Differs whenever a coordinator switched."""
        newest = await self._contingency.newest()
        return newest.id if newest else None

    async def load(self) -> Change:
        """Has every agency inspected through its dossier, if the epidemic plan is in force."""
        newest = await self._contingency.newest()
        if newest is None or not newest.contingency:
            return lambda pack: pack
        since = newest.at.astimezone(LOCAL).date()
        return lambda pack: pack.through_dossiers(since)


class InForce:
    """Holds the answerer that everybody is answered by, and swaps in another when the records change.

    Args:
        loaded: answers from the pack as it was loaded.
        sources: what changes it, in this order.

    Attributes:
        asked: set when somebody wants the pack's files to be looked at now.
    """

    def __init__(self, loaded: Answerer, sources: Sequence[Source]) -> None:
        self.answerer = loaded
        self.asked = asyncio.Event()
        self._loaded = loaded.pack
        self._sources = sources
        self._marks: list[object] = []
        self._scores: WeakKeyDictionary[Answerer, Score] = WeakKeyDictionary()
        self._changing = asyncio.Lock()

    @property
    def report_before(self) -> date | None:
        """The day before which the plan wants every report; None where there is no plan."""
        plan = self.answerer.pack.plan
        return plan.report.before.value if plan else None

    @property
    def period(self) -> tuple[date, date] | None:
        """The plan's first and last day; None where there is no plan, or it does not say."""
        plan = self.answerer.pack.plan
        first, last = (plan.period.first_day.value, plan.period.last_day.value) if plan else (None, None)
        return (first, last) if first and last else None

    async def refresh(self) -> None:
        """Take in what the records changed since, whichever process wrote it; costs little where nothing did."""
        async with self._changing:
            await self._take_in()

    async def adopt(self, change: Change, keep: Callable[[], Awaitable[T]]) -> T:
        """Try a change on the pack's question set, keep it in the records, and put it in force.

        Args:
            change: what to try.
            keep: writes it where one of the sources finds it.

        Returns:
            What `keep` did.

        Raises:
            UnfitError, BreaksError: the change is refused, and nothing was kept.
        """
        async with self._changing:
            await self._take_in()
            trial = await asyncio.to_thread(self._tried, change)
            kept = await keep()
            await self._take_in(trial)
            return kept

    async def replace(self, loaded: Pack, faults_of: Callable[[Pack], Sequence[Fault]]) -> Sequence[Fault]:
        """Put another pack in the place of the one that was loaded, with what the records change of it.

        Args:
            loaded: the pack.
            faults_of: what speaks against it, once changed; if anything does, everything stays as it is.

        Returns:
            What speaks against it.
        """
        async with self._changing:
            marks, answerer = await self._changed(loaded, ())
            faults = faults_of(answerer.pack)
            if not faults:
                self._loaded, self.answerer, self._marks = loaded, answerer, marks
            return faults

    def _tried(self, change: Change) -> Answerer:
        trial = Answerer(change(self.answerer.pack))
        before = self._scores.get(self.answerer) or tried(self.answerer)
        self._scores[self.answerer] = before
        self._scores[trial] = tried(trial)
        compare(before, self._scores[trial])
        return trial

    async def _take_in(self, *ready: Answerer) -> None:
        marks = [await source.mark() for source in self._sources]
        if marks != self._marks:
            self._marks, self.answerer = await self._changed(self._loaded, (self.answerer, *ready))

    async def _changed(self, pack: Pack, ready: tuple[Answerer, ...]) -> tuple[list[object], Answerer]:
        """What the records make of a pack, and as of when."""
        marks = [await source.mark() for source in self._sources]
        changes = [await source.load() for source in self._sources]
        return marks, await asyncio.to_thread(_answerer, pack, changes, ready)


def _answerer(pack: Pack, changes: list[Change], ready: tuple[Answerer, ...]) -> Answerer:
    """Answers from the changed pack; one that is made already if it does."""
    for change in changes:
        pack = change(pack)
    return next((one for one in ready if one.pack == pack), None) or Answerer(pack)
