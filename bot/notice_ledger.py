"""The messages of notices in the ledger: one row for each recipient and version, and how they add up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox import Letter
from bot.store.ledger_tables import Action, Delivery, Failure, FileKind, Lane, Outgoing
from bot.store.notice_tables import Notice, NoticeState

# How a version of a notice is shown to those who get it: its notice's number, its own, and what it says.
NoticeWords = Callable[[int, int, str], Letter]


class NoticeOvertakenError(Exception):
    """What was to be done with a notice cannot be done (any more): another tap, or another coordinator, was faster.

    Attributes:
        state: how it is instead; None if the draft or the notice is gone.
    """

    def __init__(self, state: NoticeState | None) -> None:
        super().__init__(state)
        self.state = state


@dataclass(frozen=True, slots=True)
class Said:
    """What a notice says: text, and perhaps a file that Telegram has."""

    html: str
    file_id: str | None = None
    file_kind: FileKind | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the newest version of a notice has come; of a recalled one, how far the recall has.

    Attributes:
        counts: how many messages are in each state.
        reasons: how many failed for each reason.
        repeats: those sent again by hand though they may have arrived.
        unknown: of a recalled notice, the messages that may have arrived and cannot be found to be deleted.
    """

    notice: Notice
    counts: Mapping[Delivery, int]
    reasons: Mapping[Failure, int]
    repeats: int
    unknown: int

    @property
    def planned(self) -> int:
        """All messages."""
        return sum(self.counts.values())

    @property
    def waiting(self) -> int:
        """Those that have not ended."""
        return self.counts[Delivery.WAITING]


async def progress_of(session: AsyncSession, notice: Notice) -> Progress:
    """How far a notice has come."""
    is_recalled = notice.state is NoticeState.RECALLED
    rows = of_recall(notice) if is_recalled else of_version(notice)
    found = await session.execute(
        select(Outgoing.state, Outgoing.reason, Outgoing.is_repeat, func.count())
        .where(rows)
        .group_by(Outgoing.state, Outgoing.reason, Outgoing.is_repeat)
    )
    counts, reasons, repeats = dict.fromkeys(Delivery, 0), dict.fromkeys(Failure, 0), 0
    for state, reason, is_repeat, count in found:
        counts[state] += count
        repeats += count if is_repeat else 0
        if state is Delivery.FAILED and reason:
            reasons[reason] += count
    unknown = 0
    if is_recalled:
        uncertain = (Outgoing.notice_id == notice.id) & (Outgoing.state == Delivery.UNCERTAIN)
        unknown = await session.scalar(select(func.count()).select_from(Outgoing).where(uncertain)) or 0
    return Progress(notice, counts, reasons, repeats, unknown)


def of_version(notice: Notice) -> ColumnElement[bool]:
    """The messages of a notice's newest version."""
    return _of_newest(notice) & (Outgoing.action != Action.DELETE)


def of_recall(notice: Notice) -> ColumnElement[bool]:
    """The messages of a recalled notice, to be deleted."""
    return _of_newest(notice) & (Outgoing.action == Action.DELETE)


def message(
    notice: Notice, said: Said, letter: Letter, recipient_id: int, chat_id: int, now: datetime, *,
    replaces: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A row of the ledger for the newest version; it changes an own message where one is named."""
    return {
        **_row(notice, recipient_id, chat_id, now, replaces),
        "html": letter.html,
        "buttons": [list(map(list, row)) for row in letter.buttons],
        "file_id": said.file_id,
        "file_kind": said.file_kind,
        "action": Action.SEND if replaces is None else Action.EDIT,
    }


def deletion(notice: Notice, sent: Outgoing, version: int, now: datetime) -> dict[str, Any]:
    """A row of the ledger that takes a message away."""
    return {
        **_row(notice, sent.recipient_id, sent.chat_id, now, sent.message_id),
        "html": "",
        "buttons": [],
        "file_id": None,
        "file_kind": None,
        "action": Action.DELETE,
        "notice_version": version,
    }


async def put(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows into the ledger, many at once."""
    if rows:
        await session.execute(insert(Outgoing), rows)


def _row(notice: Notice, recipient_id: int | None, chat_id: int, now: datetime, replaces: int | None) -> dict[str, Any]:
    return {
        "chat_id": chat_id,
        "replaces": replaces,
        "created_at": now,
        "state": Delivery.WAITING,
        "lane": Lane.BULK,
        "notice_id": notice.id,
        "notice_version": notice.version,
        "recipient_id": recipient_id,
    }


def _of_newest(notice: Notice) -> ColumnElement[bool]:
    return (Outgoing.notice_id == notice.id) & (Outgoing.notice_version == notice.version)
