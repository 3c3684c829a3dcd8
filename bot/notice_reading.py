"""Who has read a notice: the button under it, and the report for each agency."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from bot.clock import Clock
from bot.store.database import Database
from bot.store.ledger_tables import Action, Delivery, Failure, Outgoing
from bot.store.notice_tables import Acknowledgement, Notice, NoticeRecipient, NoticeState, NoticeText
from bot.store.upsert import insert_once


class Read(StrEnum):
    """What pressing "read" led to."""

    NOTED = "noted"
    BEFORE = "before"  # noted already
    OUTDATED = "outdated"  # noted, but there is a newer version to read
    NOT_THEIRS = "not-theirs"


class Reached(StrEnum):
    """How far a notice came at an agency, the best first."""

    READ = "read"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    WAITING = "waiting"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOBODY = "nobody"  # there was no contact


_REACHED = {
    Delivery.SENT: Reached.SENT,
    Delivery.UNCERTAIN: Reached.UNCERTAIN,
    Delivery.WAITING: Reached.WAITING,
    Delivery.FAILED: Reached.FAILED,
    Delivery.SKIPPED: Reached.SKIPPED,
}


@dataclass(frozen=True, slots=True)
class AgencyReport:
    """How far a notice came at an agency: that of the contact with whom it came farthest.

    Attributes:
        agency: None for those who act for none.
        who: that contact's name, where it is known.
        at: when they read it, or else when the message ended.
        reason: why it failed or was skipped.
        sent_at: when the message to them was sent.
        names: of all that it was for there; None for one that is not known.
    """

    agency: str | None
    reached: Reached
    who: str | None = None
    at: datetime | None = None
    reason: Failure | None = None
    sent_at: datetime | None = None
    names: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """How far a version of a notice came.

    Attributes:
        text: what it says.
        agencies: one entry for each that it is for.
        others: one entry for each person who acts for none.
    """

    notice: Notice
    text: NoticeText
    agencies: tuple[AgencyReport, ...]
    others: tuple[AgencyReport, ...]

    @property
    def unread(self) -> tuple[str, ...]:
        """The agencies that have not read it."""
        return tuple(one.agency for one in self.agencies if one.agency and one.reached is not Reached.READ)

    def count(self, *reached: Reached) -> int:
        """How many agencies it came to so far."""
        return sum(one.reached in reached for one in self.agencies)


class NoticeReading:
    """Records of who has read which notice."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def acknowledge(self, notice_id: int, version: int, person_id: int, message_id: int | None) -> Read:
        """Note that a person has read a version; who presses has got it, whatever was known before.

        Args:
            notice_id: which notice.
            version: which of its versions.
            person_id: who presses.
            message_id: the message under which the button is.
        """
        async with self._database.writing() as session:
            notice = await session.get(Notice, notice_id)
            recipient = await session.scalar(
                select(NoticeRecipient).where(
                    NoticeRecipient.notice_id == notice_id, NoticeRecipient.person_id == person_id
                )
            )
            if notice is None or recipient is None or not 1 <= version <= notice.version:
                return Read.NOT_THEIRS
            key = {"recipient_id": recipient.id, "version": version}
            is_new = await insert_once(session, Acknowledgement, key, at=self._clock.now())
            if message_id is not None:
                of_theirs = (Outgoing.recipient_id == recipient.id) & (Outgoing.notice_version == version)
                await session.execute(
                    update(Outgoing)
                    .where(of_theirs, Outgoing.state == Delivery.UNCERTAIN)
                    .values(state=Delivery.SENT, reason=None, message_id=message_id)
                )
            if version < notice.version:
                return Read.OUTDATED
            return Read.NOTED if is_new else Read.BEFORE

    async def report(self, notice_id: int) -> Report | None:
        """How far the newest version of a notice came at each agency; None if there is no such notice."""
        newest = (Notice.id == notice_id) & (NoticeText.version == Notice.version)
        async with self._database.session() as session:
            return next(iter(await _reports(session, newest)), None)


async def reports_in(session: AsyncSession) -> list[Report]:
    """How far each version of each notice came that was ever begun, the oldest first, within a transaction."""
    # One that was stopped before its moment came has gone to nobody, not even to those for whom nobody acts.
    with_recipients = Notice.id.in_(select(NoticeRecipient.notice_id))
    begun = (Notice.state != NoticeState.SCHEDULED) & ((Notice.state != NoticeState.STOPPED) | with_recipients)
    return await _reports(session, begun)


async def _reports(session: AsyncSession, which: ColumnElement[bool]) -> list[Report]:
    of_notice = NoticeText.notice_id == Notice.id
    theirs = (Outgoing.recipient_id == NoticeRecipient.id) & (Outgoing.notice_version == NoticeText.version)
    read = (Acknowledgement.recipient_id == NoticeRecipient.id) & (Acknowledgement.version == NoticeText.version)
    found = await session.execute(
        select(NoticeText.notice_id, NoticeText.version, NoticeRecipient, Outgoing, Acknowledgement)
        .join(Notice, of_notice)
        .join(NoticeRecipient, NoticeRecipient.notice_id == Notice.id)
        .outerjoin(Outgoing, theirs & (Outgoing.action != Action.DELETE))
        .outerjoin(Acknowledgement, read)
        .where(which)
        .order_by(NoticeRecipient.id)
        # What each message says is not needed, and is much.
        .options(load_only(Outgoing.state, Outgoing.reason, Outgoing.ended_at))
    )
    entries: dict[tuple[int, int], list[tuple[NoticeRecipient, AgencyReport]]] = defaultdict(list)
    for notice_id, version, recipient, row, acknowledged in found:
        entries[notice_id, version].append((recipient, _entry(recipient, row, acknowledged)))
    texts = await session.execute(
        select(Notice, NoticeText).join(NoticeText, of_notice).where(which).order_by(Notice.id, NoticeText.version)
    )
    return [_report(notice, text, entries[notice.id, text.version]) for notice, text in texts]


def _report(notice: Notice, text: NoticeText, entries: Sequence[tuple[NoticeRecipient, AgencyReport]]) -> Report:
    by_agency: dict[str, list[AgencyReport]] = {agency: [] for agency in notice.agencies}
    for recipient, entry in entries:
        for agency in recipient.agencies:
            by_agency.setdefault(agency, []).append(entry)
    agencies = tuple(_farthest(agency, found) for agency, found in by_agency.items())
    return Report(notice, text, agencies, tuple(entry for recipient, entry in entries if not recipient.agencies))


def _entry(recipient: NoticeRecipient, row: Outgoing | None, read: Acknowledgement | None) -> AgencyReport:
    name = recipient.name
    sent_at = row.ended_at if row and row.state is Delivery.SENT else None
    if read:
        return AgencyReport(None, Reached.READ, name, read.at, sent_at=sent_at, names=(name,))
    if row is None:
        return AgencyReport(None, Reached.SKIPPED, name, names=(name,))
    return AgencyReport(None, _REACHED[row.state], name, row.ended_at, row.reason, sent_at, (name,))


def _farthest(agency: str, entries: Sequence[AgencyReport]) -> AgencyReport:
    order = list(Reached)
    farthest = min(entries, key=lambda one: order.index(one.reached), default=AgencyReport(agency, Reached.NOBODY))
    return replace(farthest, agency=agency, names=tuple(name for one in entries for name in one.names))
