"""The wire to the Bot API: discreet, with somebody told how each call ended."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from telegram import Update
from telegram.error import NetworkError, TelegramError, TimedOut

from bot import logs
from bot.client import Client

log = logs.of(__name__)

# Takes the method that was called, and what went wrong, if anything did.
Told = Callable[[str, str | None], None]

_KINDS: dict[int, str] = {
    HTTPStatus.FORBIDDEN: "blocked",
    HTTPStatus.CONFLICT: "conflict",
    HTTPStatus.TOO_MANY_REQUESTS: "busy",
}

# A card that shows already what it is to show is no mistake.
_UNCHANGED = b"message is not modified"


class Wire(Client):
    """Requests to the Bot API.

    Args:
        told: hears how each call ended.
        at_once: connections.
        proxy: address of an HTTP proxy, if any.
    """

    def __init__(self, told: Told, at_once: int, proxy: str | None) -> None:
        super().__init__(at_once, proxy)
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

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """What Telegram has answered; the library would log half an answer, with all that people typed."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            raise TelegramError("Invalid server response") from None
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        return answer


class UpdatesWire(Wire):
    """Asks for updates, and passes over an update that cannot be read.

    The library would ask for it again and again, at once and for ever, with all the updates behind it waiting.
    """

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """What Telegram has answered, each update in a form that can be read."""
        answer = Wire.parse_json_payload(payload)
        if isinstance(updates := answer.get("result"), list):
            answer["result"] = [readable(one) for one in updates if is_numbered(one)]
        return answer


def is_numbered(update: object) -> bool:
    """Whether something can be told apart from other updates."""
    return isinstance(update, dict) and type(update.get("update_id")) is int


def readable(update: dict[str, Any]) -> dict[str, Any]:
    """An update as it is; or nothing but its number, which lets the next one come."""
    try:
        read = Update.de_json(update)
        # What updates are kept in order by.
        hash((read.effective_chat and read.effective_chat.id, read.effective_sender and read.effective_sender.id))
    except Exception as error:  # noqa: BLE001 - whatever may be missing in it
        log.error("unreadable update passed over", id=update["update_id"], kind=type(error).__name__)  # noqa: TRY400 - it would tell what is in it
        return {"update_id": update["update_id"]}
    return update


def _kind(status: int, payload: bytes) -> str | None:
    if status == HTTPStatus.OK or _UNCHANGED in payload:
        return None
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "server"
    return _KINDS.get(status, "refused")
