"""Submissions: what agencies confirmed, and how the coordinator took it. Every step is one transaction.

A transaction writes the version if there is a new one, the step, the audit entry, and the messages that tell of it.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit import Actor, Audit
from bot.clock import Clock
from bot.contacts import Contacts
from bot.deadlines import Deadlines
from bot.drafts import use_up
from bot.states import FOLLOWS, State
from bot.store.database import Database
from bot.store.ledger_tables import Act
from bot.store.submission_tables import Step, Version, VersionFile
from bot.submission_news import SubmissionNews
from bot.submission_records import DraftGoneError, Event, EventWords, Given, OvertakenError, Standing

# Accepting can be undone for so long.
UNDOABLE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Taking:
    """A step to be taken: from the standing of which one knows, to a state."""

    agency: str
    after: State
    act: Act
    actor: Actor
    words: EventWords
    card: int | None = None
    reason: str | None = None
    new_due: date | None = None
    detail: dict[str, object] = field(default_factory=dict)


class Submissions:
    """The submissions of all agencies."""

    def __init__(
        self, database: Database, clock: Clock, audit: Audit, contacts: Contacts, deadlines: Deadlines,
        news: SubmissionNews,
    ) -> None:  # fmt: skip
        self._database = database
        self._clock = clock
        self._audit = audit
        self._contacts = contacts
        self._deadlines = deadlines
        self._news = news

    async def standing(self, agency: str) -> Standing:
        """Where an agency's submission stands."""
        async with self._database.session() as session:
            return await self.standing_in(session, agency)

    async def standing_in(self, session: AsyncSession, agency: str) -> Standing:
        """Where an agency's submission stands, within a transaction."""
        step = await session.scalar(select(Step).where(Step.agency == agency).order_by(Step.number.desc()).limit(1))
        version = await session.scalar(
            select(Version).where(Version.agency == agency).order_by(Version.version.desc()).limit(1)
        )
        state = step.after if step else State.NOT_OPENED
        if state is State.NOT_OPENED and await self._contacts.of_in(session, agency):
            state = State.LINKED
        files = await _files(session, version.id) if version else []
        return Standing(agency, State(state), step, version, files, await self._deadlines.of_in(session, agency))

    async def states(self) -> dict[str, State]:
        """Where every agency stands for which something has happened."""
        async with self._database.session() as session:
            return await self.states_in(session)

    async def states_in(self, session: AsyncSession, agencies: Collection[str] | None = None) -> dict[str, State]:
        """Where every agency stands, or each of these, for which something has happened, within a transaction."""
        steps = select(Step.agency, func.max(Step.number).label("number")).group_by(Step.agency)
        newest = (steps if agencies is None else steps.where(Step.agency.in_(agencies))).subquery()
        query = select(Step.agency, Step.after).join(
            newest, (Step.agency == newest.c.agency) & (Step.number == newest.c.number)
        )
        return {agency: State(after) for agency, after in await session.execute(query)}

    async def story(self, agency: str) -> list[Step]:
        """Every step of an agency's submission, in order."""
        async with self._database.session() as session:
            return list(await session.scalars(select(Step).where(Step.agency == agency).order_by(Step.number)))

    async def versions(self, agency: str) -> list[tuple[Version, list[VersionFile]]]:
        """Every version of an agency, the newest first, with its files."""
        query = select(Version).where(Version.agency == agency).order_by(Version.version.desc())
        async with self._database.session() as session:
            return [(version, await _files(session, version.id)) for version in await session.scalars(query)]

    async def version(self, version_id: int) -> tuple[Version, list[VersionFile]] | None:
        """A version by the number of its receipt, with its files."""
        async with self._database.session() as session:
            version = await session.get(Version, version_id)
            return (version, await _files(session, version_id)) if version else None

    async def file_hashes(self) -> set[str]:
        """The SHA-256 of every file that belongs to some version."""
        async with self._database.session() as session:
            return set(await session.scalars(select(VersionFile.sha256).distinct()))

    async def confirm(
        self, actor: Actor, agency: str, given: Given, *, known: int, words: EventWords, card: int,
        on_behalf: bool = False,
    ) -> Event:  # fmt: skip
        """Store what an agency confirms as its next version.

        Args:
            actor: who confirms; the coordinator where it is recorded on the agency's behalf.
            agency: whose submission.
            given: what is confirmed.
            known: how many steps there were when the actor began; if somebody has confirmed since, nothing is stored.
            words: what those concerned are told.
            card: the message in the actor's chat that becomes the receipt.
            on_behalf: whether a coordinator records it.

        Raises:
            DraftGoneError: another tap has stored it.
            OvertakenError: somebody else was faster, or the submission is closed.
        """
        try:
            return await self._confirm(actor, agency, given, known, words, card, on_behalf=on_behalf)
        except IntegrityError:
            # Two at once on a database that lets both begin: the one who came second finds the other's step.
            raise OvertakenError(await self.standing(agency)) from None

    async def accept(self, actor: Actor, version_id: int, words: EventWords) -> Event:
        """Accept a version.

        Raises:
            OvertakenError: it does not lie before the coordinator any more.
        """
        return await self._review(version_id, lambda one: _Taking(one, State.ACCEPTED, Act.ACCEPTED, actor, words))

    async def send_back(
        self, actor: Actor, version_id: int, reason: str, new_due: date | None, words: EventWords, card: int
    ) -> Event:
        """Return a version to the agency.

        Args:
            actor: who returns it.
            version_id: which.
            reason: what is missing.
            new_due: the day before which it is wanted again; None leaves the deadline as it is.
            words: what those concerned are told.
            card: the message in the actor's chat that becomes the outcome.

        Raises:
            OvertakenError: it does not lie before the coordinator any more.
        """
        return await self._review(
            version_id,
            lambda one: _Taking(one, State.RETURNED, Act.RETURNED, actor, words, card, reason=reason, new_due=new_due),
        )

    async def undo_acceptance(self, actor: Actor, version_id: int, words: EventWords) -> Event:
        """Let a version that was accepted a short while ago lie before the coordinator again.

        Raises:
            OvertakenError: it was not accepted, or too long ago.
        """
        async with self._database.writing() as session:
            standing = await self._of_version(session, version_id)
            step, version = standing.step, standing.version
            if step is None or version is None or version.id != version_id or step.after is not State.ACCEPTED:
                raise OvertakenError(standing)
            if self._clock.now() - step.at > UNDOABLE:
                raise OvertakenError(standing)
            taking = _Taking(standing.agency, step.before, Act.ACCEPTANCE_UNDONE, actor, words)
            return await self._take(session, standing, taking, version, standing.files)

    async def withdraw(self, actor: Actor, agency: str, known: int, words: EventWords, card: int) -> Event:
        """Withdraw an agency's submission.

        Raises:
            OvertakenError: something has happened since the actor saw it, or there is nothing to withdraw.
        """
        return await self._close(known, _Taking(agency, State.WITHDRAWN, Act.WITHDRAWN, actor, words, card=card))

    async def waive(self, actor: Actor, agency: str, known: int, reason: str, words: EventWords, card: int) -> Event:
        """Let an agency off.

        Raises:
            OvertakenError: something has happened since the actor saw it, or it does not owe anything.
        """
        return await self._close(
            known, _Taking(agency, State.WAIVED, Act.WAIVED, actor, words, card=card, reason=reason)
        )

    async def lift_waiver(self, actor: Actor, agency: str, known: int, words: EventWords, card: int) -> Event:
        """Want an agency's submission after all.

        Raises:
            OvertakenError: something has happened since the actor saw it, or it was not let off.
        """
        return await self._close(known, _Taking(agency, State.NOT_OPENED, Act.WAIVER_LIFTED, actor, words, card=card))

    async def _confirm(
        self, actor: Actor, agency: str, given: Given, known: int, words: EventWords, card: int, *, on_behalf: bool
    ) -> Event:
        async with self._database.writing() as session:
            if actor.id is None or not await use_up(session, actor.id, "confirm"):
                raise DraftGoneError
            standing = await self.standing_in(session, agency)
            before = standing.step.after if standing.step else State.NOT_OPENED
            after = State.CONFIRMED if before is State.NOT_OPENED else State.AMENDED
            if standing.number != known or before is State.ACCEPTED or after not in FOLLOWS[before]:
                raise OvertakenError(standing)
            newest = await session.scalar(select(func.max(Version.version)).where(Version.agency == agency))
            version = Version(
                agency=agency, version=(newest or 0) + 1, way=given.way, document_number=given.number,
                document_day=given.day, confirmed_at=self._clock.now().replace(microsecond=0),
                due_before=standing.due_before, on_behalf=on_behalf,
                person_id=None if on_behalf else actor.id,
                person_name=given.handed_in_by if on_behalf else actor.name,
                recorded_by=actor.id if on_behalf else None,
                recorded_by_name=actor.name if on_behalf else None,
            )  # fmt: skip
            session.add(version)
            await session.flush()
            files = [
                VersionFile(version_id=version.id, position=place, sha256=one.sha256, name=one.name, size=one.size,
                            kind=str(one.kind))
                for place, one in enumerate(given.files)
            ]  # fmt: skip
            session.add_all(files)
            act = Act.RECORDED if on_behalf else Act.AMENDED if after is State.AMENDED else Act.CONFIRMED
            taking = _Taking(agency, after, act, actor, words, card=card, detail={"receipt": version.id})
            return await self._take(session, standing, taking, version, files)

    async def _review(self, version_id: int, taking_of: Callable[[str], _Taking]) -> Event:
        async with self._database.writing() as session:
            standing = await self._of_version(session, version_id)
            taking = taking_of(standing.agency)
            current = standing.version is not None and standing.version.id == version_id
            if not current or standing.step is None or taking.after not in FOLLOWS[standing.step.after]:
                raise OvertakenError(standing)
            return await self._take(session, standing, taking, standing.version, standing.files)

    async def _close(self, known: int, taking: _Taking) -> Event:
        async with self._database.writing() as session:
            standing = await self.standing_in(session, taking.agency)
            before = standing.step.after if standing.step else State.NOT_OPENED
            if standing.number != known or taking.after not in FOLLOWS[before]:
                raise OvertakenError(standing)
            return await self._take(session, standing, taking, standing.version, standing.files)

    async def _take(
        self, session: AsyncSession, standing: Standing, taking: _Taking, version: Version | None,
        files: Sequence[VersionFile],
    ) -> Event:  # fmt: skip
        """The one place where a submission moves from a state to the next."""
        last = standing.step
        step = Step(
            agency=taking.agency, number=standing.number + 1, previous=last.number if last else None,
            before=last.after if last else State.NOT_OPENED, after=taking.after,
            version=version.version if version else None, at=self._clock.now(), person_id=taking.actor.id,
            person_name=taking.actor.name, reason=taking.reason,
        )  # fmt: skip
        session.add(step)
        await session.flush()
        detail = {"reason": taking.reason} if taking.reason else {}
        if version:
            detail["version"] = str(version.version)
        self._audit.note(session, taking.act, taking.actor, taking.agency, **detail, **taking.detail)
        due = standing.due_before
        if taking.new_due:
            self._deadlines.extend_in(session, taking.actor, taking.agency, taking.new_due, taking.reason or "")
            due = await self._deadlines.of_in(session, taking.agency)
        event = Event(
            taking.act,
            taking.actor,
            step,
            version,
            files,
            due,
            new_due=bool(taking.new_due) and due != standing.due_before,
        )
        await self._news.tell(session, event, taking.words, taking.card, before=standing)
        return event

    async def _of_version(self, session: AsyncSession, version_id: int) -> Standing:
        agency = await session.scalar(select(Version.agency).where(Version.id == version_id))
        return await self.standing_in(session, agency or "")


async def _files(session: AsyncSession, version_id: int) -> list[VersionFile]:
    query = select(VersionFile).where(VersionFile.version_id == version_id).order_by(VersionFile.position)
    return list(await session.scalars(query))
