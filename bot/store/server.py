"""PostgreSQL, for when one machine is not enough: how a connection to it is made, and who may write.

The rules of `bot` were made for one writer at a time, which is all that SQLite has. Here an advisory lock makes it so:
whoever reads and then writes what follows from it holds the lock until the transaction ends, in whatever process.
"""

import secrets
from collections.abc import Sequence
from typing import Any

from asyncpg import PostgresError
from sqlalchemy import BigInteger, Connection, Dialect, Select, cast, func, select
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.orm import Session

# Chats have locks with one number, their own; these have two. Any will do that nothing else in the database uses: "iso"
# in ASCII, and a count.
_FAMILY = 0x69736F
_WRITER, _LEADER = 1, 2

# In seconds: how long a writer waits for another; how long a transaction may stand still, since one whose program was
# frozen or cut off in the middle would hold everybody up; how long a connection may take to be made.
_LOCK_TIMEOUT = 10
_STANDSTILL = 5
_CONNECT_TIMEOUT = 10

# The first version with idle_session_timeout.
_OLDEST = (14,)

# Seconds without a sign of life after which the server takes the leader's place away.
LEASE = 6

# Where processes tell each other that something is to be sent, and how this one says who it is.
CHANNEL = "isobot_outbox"
CALLER = secrets.token_hex(8)

# A replica handles 16 updates and 8 deliveries at once; three of them must fit into the usual 100 connections.
_KEPT, _MORE = 10, 15


def is_new_enough(dialect: Dialect) -> bool:
    """Whether a server can end the connections of those from whom nothing is heard."""
    return dialect.name != "postgresql" or (dialect.server_version_info or ()) >= _OLDEST


def engine_options() -> dict[str, Any]:
    """How SQLAlchemy is to connect."""
    settings = {
        "application_name": "isobot",
        "lock_timeout": f"{_LOCK_TIMEOUT}s",
        "idle_in_transaction_session_timeout": f"{_STANDSTILL}s",
        "tcp_user_timeout": f"{_STANDSTILL}s",
    }
    return {
        "connect_args": {"timeout": _CONNECT_TIMEOUT, "server_settings": settings},
        "pool_pre_ping": True,
        "pool_size": _KEPT,
        "max_overflow": _MORE,
    }


def begin_on_server(connection: Connection) -> None:
    """Take the writer's place where the transaction is to write; what it reads afterwards is what the last one left."""
    if connection.get_execution_options().get("writes"):
        connection.execute(wait_to_write())


def without_nul(
    _connection: Connection, _cursor: object, statement: str, parameters: Any, _context: object, _is_many: bool
) -> tuple[str, Any]:
    """Leave out of what is stored the one character that PostgreSQL cannot hold, and that only programs send."""
    # Many rows are a list of rows; those that come back from one statement are one long row, though also called many.
    return statement, list(map(_cleaned, parameters)) if isinstance(parameters, list) else _cleaned(parameters)


def without_values(context: ExceptionContext) -> None:
    """Take out of an error the row that the server quotes: what people typed stands in it, and errors go to the log."""
    for error in (context.sqlalchemy_exception, context.original_exception, context.original_exception.__cause__):
        if error is not None:
            error.args = tuple(str(part).partition("\nDETAIL:")[0] for part in error.args)
        if isinstance(error, PostgresError):
            error.detail = None


def wait_to_write() -> Select[Any]:
    """Takes the writer's place for the rest of the transaction."""
    return select(func.pg_advisory_xact_lock(_FAMILY, _WRITER))


def try_to_lead() -> Select[tuple[bool]]:
    """Takes the leader's place if it is free, for as long as the connection lives."""
    return select(func.pg_try_advisory_lock(_FAMILY, _LEADER))


def try_to_work_for(chat: int) -> Select[tuple[bool]]:
    """Takes a chat's turn if it is free, for as long as the connection lives."""
    return select(func.pg_try_advisory_lock(cast(chat, BigInteger)))


def end_work_for(chat: int) -> Select[tuple[bool]]:
    """Gives a chat's turn back."""
    return select(func.pg_advisory_unlock(cast(chat, BigInteger)))


def shorten_life() -> Select[Any]:
    """Has the server end the connection when nothing is heard from it for `LEASE`."""
    return select(func.set_config("idle_session_timeout", f"{LEASE}s", False))


def call(session: Session) -> None:
    """Tell the other processes, once the transaction is committed, that something is to be sent."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_notify(CHANNEL, CALLER)))


def _cleaned(parameters: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(value.replace("\0", "") if isinstance(value, str) else value for value in parameters)
