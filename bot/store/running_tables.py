"""The table of the bot's own coming and going."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.columns import Base, UtcDateTime


class Running(Base):
    """When the bot was last seen at work, and what the coordinators have not been told of its restarts; one row.

    Attributes:
        seen_at: the end of its last tick.
        told_at: when they were last told of a restart.
        untold: what came together since, to be told later.
    """

    __tablename__ = "running"
    __table_args__ = (CheckConstraint("id = 1", name="is_the_only_row"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    untold: Mapped[dict[str, Any]] = mapped_column(JSON)
