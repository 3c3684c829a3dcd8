"""What the columns of all tables are made of. Times are UTC; the words of an enum are stored as they are."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Dialect, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

# SQLite counts row ids up by itself only for INTEGER; PostgreSQL needs BIGINT for ids that may outgrow 32 bits.
RowId = BigInteger().with_variant(Integer(), "sqlite")

# What is true of this installation only: such a table is neither backed up nor moved to another database.
HERE_ONLY = {"info": {"here_only": True}}


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


class Word(TypeDecorator[StrEnum]):
    """A word of an enum, stored as it is and read back as the enum's.

    Args:
        words: the enum.
        length: of the column.
    """

    impl = String
    cache_ok = True

    def __init__(self, words: type[StrEnum], length: int = 16) -> None:
        super().__init__(length)
        self.words = words

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """The word; one that the enum does not have is refused here already."""
        return None if value is None else str(self.words(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """The word as the enum's."""
        return None if value is None else self.words(value)


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


def one_of(column: str, words: Iterable[str]) -> CheckConstraint:
    """A column that holds one of these words."""
    return CheckConstraint(f"{column} IN ({quoted(words)})", name=f"{column}_is_known")


def quoted(words: Iterable[str]) -> str:
    """Words as SQL writes a list of them."""
    return ", ".join(f"'{word}'" for word in words)
