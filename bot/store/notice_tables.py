"""The tables of notices: what is said to many, to whom, who has read it. Their messages stand in the ledger."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.columns import Base, RowId, UtcDateTime, Word, one_of
from bot.store.ledger_tables import FileKind


class NoticeState(StrEnum):
    """How far a notice has come."""

    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"
    RECALLED = "recalled"


class Audience(StrEnum):
    """Whom a notice is for."""

    ALL = "all"
    ONSITE = "onsite"
    DOSSIER = "dossier"
    OWING = "owing"
    RETURNED = "returned"
    CHOSEN = "chosen"
    SUBSCRIBERS = "subscribers"


class Notice(Base):
    """A notice.

    Attributes:
        version: the newest one; a correction is a new version.
        agencies: those it is for. Of a scheduled notice only those that were chosen one by one: who is, say, not yet
            confirmed is looked up when it starts.
    """

    __tablename__ = "notices"
    __table_args__ = (
        one_of("state", NoticeState),
        one_of("audience", Audience),
        CheckConstraint("state <> 'scheduled' OR scheduled_for IS NOT NULL", name="scheduled_has_its_moment"),
        Index(None, "state"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    state: Mapped[NoticeState] = mapped_column(Word(NoticeState))
    version: Mapped[int] = mapped_column(Integer)
    audience: Mapped[Audience] = mapped_column(Word(Audience))
    agencies: Mapped[list[Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(BigInteger)
    scheduled_for: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NoticeText(Base):
    """What a version of a notice says. Never changed."""

    __tablename__ = "notice_texts"
    __table_args__ = (
        one_of("file_kind", FileKind),
        CheckConstraint("(file_id IS NULL) = (file_kind IS NULL)", name="file_has_its_kind"),
    )

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    html: Mapped[str] = mapped_column(Text)
    file_id: Mapped[str | None] = mapped_column(Text)
    file_kind: Mapped[FileKind | None] = mapped_column(Word(FileKind))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(BigInteger)


class NoticeRecipient(Base):
    """A person a notice goes to, and the agencies for which they get it; none for a subscriber.

    Who asks to be forgotten is taken out; that the agency got it, and when it read it, stays.
    """

    __tablename__ = "notice_recipients"
    __table_args__ = (Index(None, "notice_id", "person_id"), Index(None, "person_id"))

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"))
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    name: Mapped[str | None] = mapped_column(Text)
    agencies: Mapped[list[Any]] = mapped_column(JSON)


class Acknowledgement(Base):
    """That a recipient has pressed "read" under a version of a notice."""

    __tablename__ = "acknowledgements"

    recipient_id: Mapped[int] = mapped_column(ForeignKey("notice_recipients.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class NoticeCard(Base):
    """A message in a coordinator's chat that shows how a notice goes; final once it shows the end."""

    __tablename__ = "notice_cards"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    message_id: Mapped[int] = mapped_column(BigInteger)
    is_final: Mapped[bool] = mapped_column(default=False)


class Subscriber(Base):
    """Somebody who acts for no agency and agreed to be sent notices."""

    __tablename__ = "subscribers"

    person_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
