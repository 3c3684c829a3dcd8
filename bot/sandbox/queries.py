"""Questions that wait for one answer of the bot: a pressed button, an inline query."""

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from bot.sandbox.errors import bad_request
from bot.sandbox.people import Person

_LIFETIME = timedelta(minutes=15)
_KEPT = 10_000


@dataclass(slots=True, kw_only=True, eq=False)
class Query:
    """Somebody waits: the button spins until the bot answers."""

    id: str
    person: Person
    at: datetime


@dataclass(slots=True, kw_only=True, eq=False)
class Press(Query):
    """A pressed button."""

    chat_id: int
    message_id: int


@dataclass(slots=True, kw_only=True, eq=False)
class InlineQuery(Query):
    """`@bot words`, typed in some chat. `answer` is what the bot has sent with answerInlineQuery."""

    text: str
    answer: "asyncio.Future[dict[str, Any]]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


AnyQuery = TypeVar("AnyQuery", bound=Query)


class Queries(Generic[AnyQuery]):
    """The queries of one kind that can still be answered."""

    def __init__(self) -> None:
        self._queries: dict[str, AnyQuery] = {}

    def add(self, query: AnyQuery) -> AnyQuery:
        """Keep a query; the oldest is forgotten when there are too many."""
        if len(self._queries) >= _KEPT:
            del self._queries[next(iter(self._queries))]
        self._queries[query.id] = query
        return query

    def find(self, query_id: str, now: datetime) -> AnyQuery:
        """The query with this id. An ApiError, if there is none or its time is over."""
        query = self._queries.get(query_id)
        if query is None or now - query.at > _LIFETIME:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        return query


def new_query_id() -> str:
    """A number of 63 bits, as Telegram's are."""
    return str(secrets.randbits(63))
