"""The wire to the Bot API: python-telegram-bot's own, with somebody told how each call ended."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from telegram.error import NetworkError, TimedOut
from telegram.request import HTTPXRequest

# Takes the method that was called, and what went wrong, if anything did.
Told = Callable[[str, str | None], None]

_KINDS = {
    HTTPStatus.FORBIDDEN: "blocked",
    HTTPStatus.CONFLICT: "conflict",
    HTTPStatus.TOO_MANY_REQUESTS: "busy",
}
# A card that shows already what it is to show is no mistake.
_UNCHANGED = b"message is not modified"


class Wire(HTTPXRequest):
    """Requests to the Bot API.

    Args:
        told: hears how each call ended.
        at_once: connections.
        proxy: address of an HTTP proxy, if any.
    """

    def __init__(self, told: Told, at_once: int, proxy: str | None) -> None:
        super().__init__(connection_pool_size=at_once, proxy=proxy)
        self._told = told

    async def do_request(self, url: str, method: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make the call. Of its address only the end is told: the token is in the middle."""
        called = url.rpartition("/")[2]
        try:
            status, payload = await super().do_request(url, method, *args, **kwargs)
        except TimedOut:
            self._told(called, "timed-out")
            raise
        except NetworkError:
            self._told(called, "unreached")
            raise
        self._told(called, _kind(status, payload))
        return status, payload


def _kind(status: int, payload: bytes) -> str | None:
    if status == HTTPStatus.OK or _UNCHANGED in payload:
        return None
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "server"
    return _KINDS.get(HTTPStatus(status), "refused")
