"""The tables. Times are UTC; the words of an enum are the same in code, database and documents."""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Dialect, Float, Index, Integer, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

# SQLite counts row ids up by itself only for INTEGER; PostgreSQL needs BIGINT for ids that may outgrow 32 bits.
RowId = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with a time zone; SQLite keeps none, so it goes in and comes out as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a time zone: it could mean anything."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a moment without a time zone: {value}")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment its time zone back."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class Outcome(StrEnum):
    """How a question ended."""

    ANSWER = "answer"
    CHOOSE = "choose"
    DECLINE = "decline"


class Via(StrEnum):
    """How a question came."""

    TEXT = "text"
    BUTTON = "button"
    COMMAND = "command"


class Rating(StrEnum):
    """What the asker thought of the answer."""

    HELPFUL = "helpful"
    WRONG = "wrong"


def _one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    allowed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({allowed})", name=f"{column}_is_known")


class Base(DeclarativeBase):
    """Constraint names follow one pattern, so that migrations can refer to them on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Question(Base):
    """One question and how it ended.

    Who asked is forgotten after `questions.AUTHOR_KEPT`, what was typed after `questions.TEXT_KEPT`.
    """

    __tablename__ = "questions"
    __table_args__ = (
        _one_of("outcome", Outcome),
        _one_of("via", Via),
        _one_of("rating", Rating),
        Index(None, "asked_at"),
        Index(None, "passed_on_at"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    text: Mapped[str | None] = mapped_column(Text)
    via: Mapped[Via] = mapped_column(String(16))
    outcome: Mapped[Outcome] = mapped_column(String(16))
    topic: Mapped[str | None] = mapped_column(String(64))
    agency: Mapped[str | None] = mapped_column(String(64))
    score: Mapped[float] = mapped_column(Float)
    rating: Mapped[Rating | None] = mapped_column(String(16))
    passed_on_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Contact(Base):
    """A person who acts for an agency."""

    __tablename__ = "contacts"

    person_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    agency: Mapped[str] = mapped_column(String(64), primary_key=True)
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Conversation(Base):
    """What a person was just told in a chat, so that "and Bù Đăng?" can be understood."""

    __tablename__ = "conversations"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    topic: Mapped[str] = mapped_column(String(64))
    agency: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
