"""The ledgers: every message that matters, and every act."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.columns import Base, RowId, UtcDateTime, Word, one_of


class Delivery(StrEnum):
    """How sending a message ended, or that it has not ended."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    SKIPPED = "skipped"


class Failure(StrEnum):
    """Why a message could not be sent, or was not."""

    BLOCKED = "blocked"  # the person has blocked the bot
    UNREACHABLE = "unreachable"  # the person never started the bot, or the chat is gone
    REFUSED = "refused"  # Telegram does not take the message
    TIMED_OUT = "timed-out"  # it may have arrived
    INTERRUPTED = "interrupted"  # the bot ended while it was being sent
    OUTDATED = "outdated"  # a newer message says more
    STOPPED = "stopped"  # the notice was stopped before it was this one's turn
    TOO_OLD = "too-old"  # Telegram does not delete it any more


class Lane(StrEnum):
    """Which way a message goes: what is sent to many never holds up what answers one person."""

    REPLY = "reply"
    BULK = "bulk"


class Action(StrEnum):
    """What is done in the chat."""

    SEND = "send"
    EDIT = "edit"
    DELETE = "delete"


class FileKind(StrEnum):
    """How a file is sent."""

    PHOTO = "photo"
    DOCUMENT = "document"


class Outgoing(Base):
    """One message to one chat.

    `replaces` is the number of an own message to be changed or deleted instead of sending a new one; `subject` says
    what the message is about, so that it can be changed later. A message that is `waiting` with a `claimed_at` was
    being sent at that moment. A message of a notice belongs to one of its recipients; there is one of each version for
    each of them. `is_repeat` marks one that was sent again by hand though it may have arrived.
    """

    __tablename__ = "outgoing"
    __table_args__ = (
        one_of("state", Delivery),
        one_of("reason", Failure),
        one_of("lane", Lane),
        one_of("action", Action),
        one_of("file_kind", FileKind),
        CheckConstraint("(action = 'send') = (replaces IS NULL)", name="changes_what_is_there"),
        CheckConstraint("(file_id IS NULL) = (file_kind IS NULL)", name="file_has_its_kind"),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ends_once"),
        CheckConstraint("(state IN ('waiting', 'sent')) = (reason IS NULL)", name="has_its_reason"),
        Index(None, "subject"),
        Index(None, "lane", "state", "chat_id"),
        Index(None, "chat_id"),
        Index(None, "notice_id", "notice_version"),
        Index(
            "ix_outgoing_text_ended_at", "ended_at", sqlite_where=text("html <> ''"),
            postgresql_where=text("html <> ''"),
        ),
        Index(
            "uq_outgoing_recipient_id_notice_version", "recipient_id", "notice_version", unique=True,
            sqlite_where=text("action <> 'delete'"), postgresql_where=text("action <> 'delete'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    html: Mapped[str] = mapped_column(Text)
    buttons: Mapped[list[Any]] = mapped_column(JSON)
    replaces: Mapped[int | None] = mapped_column(BigInteger)
    subject: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[Delivery] = mapped_column(Word(Delivery))
    reason: Mapped[Failure | None] = mapped_column(Word(Failure))
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    lane: Mapped[Lane] = mapped_column(Word(Lane), default=Lane.REPLY)
    action: Mapped[Action] = mapped_column(Word(Action))
    file_id: Mapped[str | None] = mapped_column(Text)
    file_kind: Mapped[FileKind | None] = mapped_column(Word(FileKind))
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notices.id"))
    notice_version: Mapped[int | None] = mapped_column(Integer)
    recipient_id: Mapped[int | None] = mapped_column(ForeignKey("notice_recipients.id"))
    is_repeat: Mapped[bool] = mapped_column(default=False)


class Act(StrEnum):
    """What people do that must be known later."""

    INVITED = "invited"
    REVOKED = "revoked"
    LINKED = "linked"
    UNLINKED = "unlinked"
    HANDED_OVER = "handed-over"
    COORDINATOR_ADDED = "coordinator-added"
    CONFIRMED = "confirmed"
    RECORDED = "recorded"  # confirmed by a coordinator on the agency's behalf
    AMENDED = "amended"
    ACCEPTED = "accepted"
    ACCEPTANCE_UNDONE = "acceptance-undone"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    WAIVED = "waived"
    WAIVER_LIFTED = "waiver-lifted"
    EXTENDED = "extended"
    FORGOTTEN = "forgotten"
    ROSTER_IMPORTED = "roster-imported"
    MUTED = "muted"  # a contact wants no reminders
    UNMUTED = "unmuted"
    ANSWERED = "answered"  # a question that the bot had missed
    CONTINGENCY_ON = "contingency-on"  # the epidemic plan is in force
    CONTINGENCY_OFF = "contingency-off"
    NOTICE_SCHEDULED = "notice-scheduled"
    NOTICE_SENT = "notice-sent"
    NOTICE_PAUSED = "notice-paused"
    NOTICE_RESUMED = "notice-resumed"
    NOTICE_STOPPED = "notice-stopped"
    NOTICE_REPEATED = "notice-repeated"  # its uncertain messages were sent again
    NOTICE_CORRECTED = "notice-corrected"
    NOTICE_RECALLED = "notice-recalled"
    PACK_RELOADED = "pack-reloaded"
    PACK_REFUSED = "pack-refused"  # its files have faults; the pack before stays in force


class AuditEntry(Base):
    """Who did what, when. Never changed; a name may be forgotten on demand.

    `once` keeps what several processes see from being written down by each of them.
    """

    __tablename__ = "audit"
    __table_args__ = (one_of("act", Act), Index(None, "agency"), Index(None, "act"), Index(None, "once", unique=True))

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    act: Mapped[Act] = mapped_column(Word(Act, 32))
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    person_name: Mapped[str | None] = mapped_column(Text)
    agency: Mapped[str | None] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    once: Mapped[str | None] = mapped_column(String(64))
