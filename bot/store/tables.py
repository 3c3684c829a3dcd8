"""The tables of questions and conversations."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Float, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.columns import Base, RowId, UtcDateTime, one_of


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


class Question(Base):
    """One question and how it ended.

    Who asked is forgotten after `questions.AUTHOR_KEPT`, what was typed after `questions.TEXT_KEPT`.
    """

    __tablename__ = "questions"
    __table_args__ = (
        one_of("outcome", Outcome),
        one_of("via", Via),
        one_of("rating", Rating),
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


class Conversation(Base):
    """What a person was just told in a chat, so that "and Bù Đăng?" can be understood."""

    __tablename__ = "conversations"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    topic: Mapped[str] = mapped_column(String(64))
    agency: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
