"""Every table, so that the metadata is whole wherever it is used."""

from bot.store import (
    ledger_tables,
    notice_tables,
    people_tables,
    reminder_tables,
    running_tables,
    submission_tables,
    tables,
    upkeep_tables,
)
from bot.store.columns import Base

__all__ = [
    "Base",
    "ledger_tables",
    "notice_tables",
    "people_tables",
    "reminder_tables",
    "running_tables",
    "submission_tables",
    "tables",
    "upkeep_tables",
]
