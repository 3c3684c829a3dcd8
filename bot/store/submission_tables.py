"""The tables of submissions: every version that was confirmed, and every step it took; and what changes the plan.

The chain of steps is the law. Each step names the one before it and the state that one led to, by a foreign key, and
only the pairs of states in `FOLLOWS` are taken: a step that skips another, or that may not follow it, cannot be stored.
"""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.states import FOLLOWS, State, Way
from bot.store.columns import Base, RowId, UtcDateTime, Word, one_of, quoted

_PAIRS = quoted(f"{before}>{after}" for before in FOLLOWS for after in sorted(FOLLOWS[before]))


class Version(Base):
    """What an agency confirmed, once. Its number is the receipt's.

    `due_before` is the deadline as it stood then: what is decided later does not rewrite how late this was. Names may
    be forgotten on demand; the agency, the time and what was confirmed stay.
    """

    __tablename__ = "versions"
    __table_args__ = (
        UniqueConstraint("agency", "version"),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
        one_of("way", Way),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    agency: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(Integer)
    way: Mapped[Way] = mapped_column(Word(Way))
    document_number: Mapped[str | None] = mapped_column(Text)
    document_day: Mapped[date | None] = mapped_column(Date)
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_before: Mapped[date | None] = mapped_column(Date)
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    person_name: Mapped[str | None] = mapped_column(Text)
    # Set where a coordinator recorded it on the agency's behalf; `person_name` is then who handed it in.
    recorded_by: Mapped[int | None] = mapped_column(BigInteger)
    recorded_by_name: Mapped[str | None] = mapped_column(Text)
    on_behalf: Mapped[bool] = mapped_column(default=False)


class VersionFile(Base):
    """A file that belongs to a version; its content lies under its SHA-256."""

    __tablename__ = "version_files"

    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(16))


class Step(Base):
    """One step of an agency's submission from a state to the next."""

    __tablename__ = "steps"
    __table_args__ = (
        CheckConstraint(f"before || '>' || after IN ({_PAIRS})", name="may_follow"),
        CheckConstraint(
            f"(number = 1 AND previous IS NULL AND before = '{State.NOT_OPENED}')"
            " OR (number > 1 AND previous IS NOT NULL AND previous = number - 1)",
            name="follows_the_one_before",
        ),
        CheckConstraint(
            f"after NOT IN ({quoted((State.RETURNED, State.WAIVED))}) OR reason IS NOT NULL", name="has_its_reason"
        ),
        CheckConstraint(
            f"after IN ({quoted((State.NOT_OPENED, State.WAIVED))}) OR version IS NOT NULL", name="is_about_a_version"
        ),
        UniqueConstraint("agency", "number", "after"),
        ForeignKeyConstraint(["agency", "previous", "before"], ["steps.agency", "steps.number", "steps.after"]),
        ForeignKeyConstraint(["agency", "version"], ["versions.agency", "versions.version"]),
    )

    agency: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    previous: Mapped[int | None] = mapped_column(Integer)
    before: Mapped[State] = mapped_column(Word(State))
    after: Mapped[State] = mapped_column(Word(State))
    version: Mapped[int | None] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    person_name: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)


class Extension(Base):
    """A later deadline for one agency, or for all where none is named. The newest one for each counts."""

    __tablename__ = "extensions"
    __table_args__ = (Index(None, "agency"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    agency: Mapped[str | None] = mapped_column(String(64))
    before: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    person_name: Mapped[str | None] = mapped_column(Text)


class Switch(Base):
    """That the epidemic plan came into force, or the main plan again. The newest one counts; none is ever changed."""

    __tablename__ = "switches"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    contingency: Mapped[bool] = mapped_column()
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    person_name: Mapped[str | None] = mapped_column(Text)
