"""Who has read a notice: the button under it, and the report for each agency."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update

from bot.clock import Clock
from bot.notice_ledger import of_version
from bot.store.database import Database
from bot.store.ledger_tables import Delivery, Failure, Outgoing
from bot.store.notice_tables import Acknowledgement, Notice, NoticeRecipient
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
    """

    agency: str | None
    reached: Reached
    who: str | None = None
    at: datetime | None = None
    reason: Failure | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """How far a notice came.

    Attributes:
        agencies: one entry for each that it is for.
        others: one entry for each person who acts for none.
    """

    notice: Notice
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
        """How far a notice came at each agency; None if there is no such notice."""
        async with self._database.session() as session:
            notice = await session.get(Notice, notice_id)
            if notice is None:
                return None
            read = (Acknowledgement.recipient_id == NoticeRecipient.id) & (Acknowledgement.version == notice.version)
            sent = (Outgoing.recipient_id == NoticeRecipient.id) & of_version(notice)
            found = await session.execute(
                select(NoticeRecipient, Outgoing, Acknowledgement)
                .outerjoin(Outgoing, sent)
                .outerjoin(Acknowledgement, read)
                .where(NoticeRecipient.notice_id == notice_id)
                .order_by(NoticeRecipient.id)
            )
            by_agency: dict[str, list[AgencyReport]] = {agency: [] for agency in notice.agencies}
            others = []
            for recipient, row, acknowledged in found:
                for agency in recipient.agencies:
                    by_agency.setdefault(agency, []).append(_entry(agency, recipient, row, acknowledged))
                if not recipient.agencies:
                    others.append(_entry(None, recipient, row, acknowledged))
            agencies = tuple(_farthest(agency, entries) for agency, entries in by_agency.items())
            return Report(notice, agencies, tuple(others))


def _entry(
    agency: str | None, recipient: NoticeRecipient, row: Outgoing | None, read: Acknowledgement | None
) -> AgencyReport:
    if read:
        return AgencyReport(agency, Reached.READ, recipient.name, read.at)
    if row is None:
        return AgencyReport(agency, Reached.SKIPPED, recipient.name)
    return AgencyReport(agency, _REACHED[row.state], recipient.name, row.ended_at, row.reason)


def _farthest(agency: str, entries: Iterable[AgencyReport]) -> AgencyReport:
    order = list(Reached)
    return min(entries, key=lambda one: order.index(one.reached), default=AgencyReport(agency, Reached.NOBODY))
