"""The tables of people: who acts for an agency, who coordinates, who was invited, what they are in the middle of."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.columns import Base, RowId, UtcDateTime


class Contact(Base):
    """A person who acts for an agency, with the name they had on Telegram when they agreed to be one.

    `muted_at` is set while they want no reminders.
    """

    __tablename__ = "contacts"
    __table_args__ = (Index(None, "agency"),)

    person_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    agency: Mapped[str] = mapped_column(String(64), primary_key=True)
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    name: Mapped[str | None] = mapped_column(Text)
    muted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Coordinator(Base):
    """A person who coordinates because another coordinator, or who runs the bot, invited them."""

    __tablename__ = "coordinators"

    person_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class Invitation(Base):
    """A code that makes whoever has it a contact of an agency or, where no agency is named, a coordinator.

    Only the code's hash is kept. `replaces` is the contact whose successor it makes; `invited_name` is for whom it was
    made, forgotten once it is used or worthless.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint("used >= 0 AND used <= uses AND uses >= 1", name="used_at_most_uses"),
        Index(None, "code_hash", unique=True),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    agency: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(BigInteger)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    uses: Mapped[int] = mapped_column(Integer)
    used: Mapped[int] = mapped_column(Integer, default=0)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replaces: Mapped[int | None] = mapped_column(BigInteger)
    invited_name: Mapped[str | None] = mapped_column(Text)


class WrongCodes(Base):
    """How many wrong codes in a row a person has tried, and when the last."""

    __tablename__ = "wrong_codes"

    person_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Draft(Base):
    """What a person is in the middle of: one dialogue at a time, in their private chat.

    `message_id` is the card that shows it; a button under any other card is stale.
    """

    __tablename__ = "drafts"
    __table_args__ = (Index(None, "touched_at"),)

    person_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RosterAgency(Base):
    """An agency that the plan inspects and the pack does not name: imported from a roster."""

    __tablename__ = "roster_agencies"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(String(16))
    form: Mapped[str] = mapped_column(String(16))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
