"""The tables of the installation itself: which bots run here, what Telegram has brought, when it was backed up."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.columns import HERE_ONLY, Base, RowId, UtcDateTime


class Heartbeat(Base):
    """A process that runs the bot; its row goes when it ends, and grows old when it is killed.

    Attributes:
        conflict_at: when Telegram last told it that somebody else fetches updates with the same token.
    """

    __tablename__ = "heartbeats"
    __table_args__ = HERE_ONLY

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    host: Mapped[str] = mapped_column(Text)
    pid: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    conflict_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Backup(Base):
    """That a backup was made, and where it was written."""

    __tablename__ = "backups"
    __table_args__ = HERE_ONLY

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    file: Mapped[str] = mapped_column(Text)


class HandledUpdate(Base):
    """That an update which Telegram brought has been handled."""

    __tablename__ = "handled_updates"
    __table_args__ = (Index(None, "at"), HERE_ONLY)

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
