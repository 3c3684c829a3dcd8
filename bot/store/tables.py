"""The tables of questions and conversations."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Float, ForeignKey, Index, String, Text, text
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


class Settled(StrEnum):
    """What the coordinator did with a question that the bot had missed."""

    LEARNED = "learned"
    DISMISSED = "dismissed"
    ANSWERED = "answered"


class Question(Base):
    """One question and how it ended.

    Who asked, and what was typed, are forgotten in time (see `retention`).
    """

    __tablename__ = "questions"
    __table_args__ = (
        one_of("outcome", Outcome),
        one_of("via", Via),
        one_of("rating", Rating),
        Index(None, "asked_at"),
        Index(None, "passed_on_at"),
        Index(
            "ix_questions_author_asked_at", "asked_at", sqlite_where=text("person_id IS NOT NULL"),
            postgresql_where=text("person_id IS NOT NULL"),
        ),
    )  # fmt: skip

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


class Phrasing(Base):
    """A way of asking that a coordinator added to a topic: knowledge, so who asked is not kept with it.

    Ids are never given twice: that is how another process notices a change (see `phrasings.Phrasings.mark`).

    Attributes:
        written_at: when `isobot learn` wrote it into a pack's files.
        in_pack_at: when the bot started with a pack that has it; from then on the pack alone decides.
    """

    __tablename__ = "phrasings"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy reads it as it stands

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    topic: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[int | None] = mapped_column(BigInteger)
    written_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    in_pack_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Settlement(Base):
    """A missed question that is off the coordinator's list, together with others that are like it.

    Attributes:
        entry: the question that stood for all of them.
        phrasing_id: what was learned from them; taken back, they are on the list again.
        answer: what a person wrote to those who asked.
    """

    __tablename__ = "settlements"
    __table_args__ = (
        one_of("how", Settled),
        CheckConstraint("(how = 'learned') = (phrasing_id IS NOT NULL)", name="learned_has_a_phrasing"),
        CheckConstraint("(how = 'answered') = (answer IS NOT NULL)", name="answered_has_an_answer"),
        Index(None, "entry"),
        Index(None, "phrasing_id"),
    )

    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True)
    entry: Mapped[int] = mapped_column(BigInteger)
    how: Mapped[Settled] = mapped_column(String(16))
    phrasing_id: Mapped[int | None] = mapped_column(ForeignKey("phrasings.id", ondelete="CASCADE"))
    settled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_by: Mapped[int | None] = mapped_column(BigInteger)
    answer: Mapped[str | None] = mapped_column(Text)
