"""The tables of what comes by the calendar: reminders to agencies, and the coordinators' morning digests."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, CheckConstraint, Date, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.columns import Base, RowId, UtcDateTime, Word, one_of


class Milestone(StrEnum):
    """When an agency is reminded, in working days before or after the last day; in order."""

    BEFORE_14 = "14-before"
    BEFORE_7 = "7-before"
    BEFORE_3 = "3-before"
    BEFORE_1 = "1-before"
    LAST_DAY = "last-day"
    AFTER_1 = "1-after"
    AFTER_5 = "5-after"


class Outcome(StrEnum):
    """What became of a reminder."""

    SENT = "sent"  # put into the ledger; how that ended stands there
    MISSED = "missed"  # the bot was down for as long as it would have been of use
    SKIPPED = "skipped"


class Skipped(StrEnum):
    """Why an agency was not reminded."""

    SETTLED = "settled"  # it owed nothing
    UNREACHABLE = "unreachable"  # nobody was linked to it on that day
    MUTED = "muted"  # all of its contacts have muted reminders


class Reminder(Base):
    """What became of one milestone of an agency's deadline; once ever."""

    __tablename__ = "reminders"
    __table_args__ = (
        UniqueConstraint("agency", "milestone", "due_before"),
        # All that the tick of a minute asks for, and the digest of a day.
        Index(None, "due_before", "agency", "milestone"),
        Index(None, "at"),
        one_of("milestone", Milestone),
        one_of("outcome", Outcome),
        one_of("why", Skipped),
        CheckConstraint("(outcome = 'skipped') = (why IS NOT NULL)", name="skipped_has_its_why"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    agency: Mapped[str] = mapped_column(String(64))
    milestone: Mapped[Milestone] = mapped_column(Word(Milestone))
    due_before: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[Outcome] = mapped_column(Word(Outcome))
    why: Mapped[Skipped | None] = mapped_column(Word(Skipped))


class Digest(Base):
    """What a coordinator was told last.

    `day` is the last day on which it was asked whether there is anything new; `seen` the last entry of the audit log
    that a digest has told of, `figures` the counts that it gave.
    """

    __tablename__ = "digests"

    person_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(Date)
    seen: Mapped[int] = mapped_column(BigInteger)
    figures: Mapped[dict[str, int]] = mapped_column(JSON)
