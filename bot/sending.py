"""Sending one message of the ledger through Telegram, and what is known of how that ended.

A send that timed out is not a failure: it may have arrived. Only what surely never left is tried again; the rest is
uncertain, and a person decides. Changing or deleting a message is different: it may be done twice, so it is tried until
it is known to be done.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot import logs
from bot.client import never_left
from bot.flood import seconds_to_wait
from bot.store.ledger_tables import Action, Failure, FileKind, Lane, Outgoing
from bot.store.ledger_tables import Delivery as State

log = logs.of(__name__)

_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_DELETED = "message to delete not found"
_UNDELETABLE = "message can't be deleted"
_UNCHANGED = "message is not modified"
_UNREACHABLE = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated", "can't initiate")


class Again(Enum):
    """That a message is to be tried again: as it is, or as a new one where the one to be changed is gone."""

    SOON = auto()
    AS_NEW = auto()


@dataclass(frozen=True, slots=True)
class Busy:
    """That Telegram wants to be left alone for some seconds; then the message is tried again."""

    seconds: float


# The number of the message sent, or why it was not.
Outcome = int | Failure | Again | Busy

# Takes the lane of a message that came to an end, and how it ended.
Told = Callable[[Lane, State], None]


def nobody(_lane: Lane, _state: State) -> None:
    """Whom to tell where nobody counts."""


def end_of(outcome: Outcome) -> State | None:
    """The state that a message ends in; None if it waits again."""
    match outcome:
        case int():
            return State.SENT
        case Failure():
            return State.UNCERTAIN if outcome is Failure.TIMED_OUT else State.FAILED
        case _:
            return None


async def send(bot: ExtBot[None], row: Outgoing) -> Outcome:
    """Do what a row of the ledger says; a group that has become a supergroup is followed."""
    try:
        return await _act(bot, row)
    except BadRequest as error:
        return _refused(row, error.message.lower())
    except ChatMigrated as moved:
        row.chat_id = moved.new_chat_id
        return Again.SOON
    except Forbidden as error:
        said = error.message.lower()
        return Failure.UNREACHABLE if any(sign in said for sign in _UNREACHABLE) else Failure.BLOCKED
    except RetryAfter as busy:
        return Busy(seconds_to_wait(busy))
    except NetworkError as error:
        log.info("message did not get through", id=row.id, error=error)
        return Again.SOON if row.replaces is not None or _never_left(error) else Failure.TIMED_OUT
    except TelegramError as error:
        log.error("message refused", id=row.id, error=error)  # noqa: TRY400 - the ledger keeps the row
        return Failure.REFUSED
    except Exception:
        # Nobody has foreseen this, so nobody knows whether it has arrived; but it has ended.
        log.exception("message not sent", id=row.id)
        return Failure.TIMED_OUT


async def note(session: AsyncSession, row: Outgoing, outcome: Outcome, now: datetime) -> None:
    """Write down how a message ended, or that it waits again."""
    one = Outgoing.id == row.id
    # Who was forgotten meanwhile stays forgotten, and what another leader has claimed is theirs; what was sent all the
    # same was sent.
    unended = one & (Outgoing.state == State.WAITING) & (Outgoing.claimed_at == row.claimed_at)
    match outcome:
        case int():
            change = update(Outgoing).where(one)
            values: dict[str, Any] = {"state": State.SENT, "reason": None, "message_id": outcome, "ended_at": now}
        case Failure():
            ended = end_of(outcome)
            level = logging.WARNING if ended is State.UNCERTAIN else logging.INFO
            log.log(level, "message ended", id=row.id, chat=row.chat_id, state=ended, reason=outcome)
            change, values = update(Outgoing).where(unended), {"state": ended, "reason": outcome, "ended_at": now}
        case _:
            as_new = {"replaces": None, "action": Action.SEND} if outcome is Again.AS_NEW else {}
            change = update(Outgoing).where(unended)
            values = {"claimed_at": None, "chat_id": row.chat_id, **as_new}
    await session.execute(change.values(**values))


async def _act(bot: ExtBot[None], row: Outgoing) -> int:
    buttons = [[InlineKeyboardButton(label, callback_data=data) for label, data in line] for line in row.buttons]
    markup = InlineKeyboardMarkup(buttons) if buttons else None
    if row.replaces is None:
        if row.file_kind is FileKind.PHOTO:
            sent = await bot.send_photo(row.chat_id, row.file_id or "", row.html, reply_markup=markup)
        elif row.file_kind is FileKind.DOCUMENT:
            sent = await bot.send_document(row.chat_id, row.file_id or "", row.html, reply_markup=markup)
        else:
            sent = await bot.send_message(row.chat_id, row.html, reply_markup=markup)
        return sent.message_id
    if row.action is Action.DELETE:
        await bot.delete_message(row.chat_id, row.replaces)
    elif row.file_kind:
        await bot.edit_message_caption(row.chat_id, row.replaces, caption=row.html, reply_markup=markup)
    else:
        await bot.edit_message_text(row.html, row.chat_id, row.replaces, reply_markup=markup)
    return row.replaces


def _refused(row: Outgoing, said: str) -> Outcome:
    if row.replaces is not None:
        if _UNCHANGED in said or _DELETED in said:
            return row.replaces
        if _UNDELETABLE in said:
            return Failure.TOO_OLD
        if any(sign in said for sign in _GONE):
            return Again.AS_NEW
    if any(sign in said for sign in _UNREACHABLE):
        return Failure.UNREACHABLE
    log.error("message refused", id=row.id, chat=row.chat_id, error=said)
    return Failure.REFUSED


def _never_left(error: NetworkError) -> bool:
    """Whether a message surely did not arrive: no connection was made, or Telegram says that it failed."""
    if error.__cause__ is None or isinstance(error.__cause__, TelegramError):
        # Behind a gateway that lost patience the message may have been taken all the same.
        return "gateway timeout" not in error.message.lower()
    return never_left(error)
