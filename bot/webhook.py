"""A webhook: Telegram posts updates, each of which is taken only when it has been handled.

Telegram posts the next message of a chat when the last one was answered with 200, and an unanswered one again. So an
update that a bot was killed over comes back, to this process or to another. One that merely took too long may come back
while it is still being handled: it waits for the chat's turn, and then there is nothing left to do.
"""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from hmac import compare_digest
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Update, WebhookInfo
from telegram.error import RetryAfter, TelegramError

from bot import logs
from bot.flood import seconds_to_wait
from bot.handled import Handled, PutOffError
from bot.metrics import Metrics
from bot.order import chat_of
from bot.store.lifeline import CutOffError
from bot.store.turns import Turns
from bot.updates import AnyApplication, Part
from bot.wire import is_numbered, readable

log = logs.of(__name__)

# Connections that Telegram may open, and so updates that may be here at once; its own default.
_CONNECTIONS = 40

# An update takes up to 64 KB at Telegram's server.
_LARGEST = 1_000_000

# Seconds between two looks at whether the webhook is still ours, and how long the last such answer holds.
_LOOK, _PATIENCE = 60, 180

# How often the webhook is set anew when several processes start at once and Telegram asks for patience.
_TRIES = 5

_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Webhook:
    """Takes updates in, and knows whether Telegram brings them here.

    Args:
        url: where Telegram is to post.
        secret: what it has to say then.
        metrics: count what is refused.
        turns: let one process at a time work for a chat.
        handled: knows what was handled before.
        now: seconds of a clock that never goes back.
    """

    def __init__(
        self, url: str, secret: str, metrics: Metrics, turns: Turns, handled: Handled,
        now: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._turns = turns
        self._handled = handled
        self._keeping: asyncio.Task[None] | None = None
        self._url = url
        self._secret = secret
        self._metrics = metrics
        self._now = now
        self._application: AnyApplication | None = None
        self._ours_at = self._asked_at = now()
        self._wrong: str | None = None
        self._failed_at: object = None
        self._taken = self._taken_before = 0

    @property
    def route(self) -> Route:
        """Where updates come in."""
        return Route(urlsplit(self._url).path or "/", self._receive, methods=["POST"])

    async def start(self, application: AnyApplication, allowed: Sequence[str]) -> None:
        """Take updates in, and have Telegram bring them."""
        self._keeping = asyncio.create_task(self._turns.keep(), name="turns")
        self._application = application
        await self._register(application, allowed)
        self._ours_at = self._asked_at = self._now()

    async def stop(self) -> None:
        """Take nothing more in. The webhook stays: another process may serve it, and otherwise updates wait."""
        self._application = None
        if self._keeping:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)

    async def flow(self) -> Part:
        """Whether the webhook is ours, as of the last minute."""
        if self._application and self._now() - self._asked_at >= _LOOK:
            self._asked_at = self._now()
            try:
                self._judge(await self._application.bot.get_webhook_info())
            except TelegramError as error:
                log.warning("webhook not looked up", error=error)
        age = self._now() - self._ours_at
        if self._wrong:
            return Part(ok=False, age=age, why=self._wrong)
        return Part(ok=age <= _PATIENCE, age=age, why=None if age <= _PATIENCE else "unreached")

    async def _register(self, application: AnyApplication, allowed: Sequence[str]) -> None:
        for attempt in range(1, _TRIES + 1):
            try:
                await application.bot.set_webhook(
                    self._url, secret_token=self._secret, allowed_updates=allowed, max_connections=_CONNECTIONS
                )
            except RetryAfter as busy:
                if attempt == _TRIES:
                    raise
                await asyncio.sleep(seconds_to_wait(busy))
            else:
                return

    def _judge(self, info: WebhookInfo) -> None:
        """It may be another's, or there may be no way here: updates wait, new ones fail, and none has come."""
        fails = bool(info.pending_update_count) and info.last_error_date not in (None, self._failed_at)
        if info.url != self._url:
            self._wrong = "elsewhere" if info.url else "deleted"
        elif fails and self._taken == self._taken_before:
            self._wrong = "undelivered"
            log.warning("updates do not arrive", said=info.last_error_message)
        else:
            self._wrong, self._ours_at = None, self._now()
        self._failed_at, self._taken_before = info.last_error_date, self._taken

    async def _receive(self, request: Request) -> Response:
        if not compare_digest(request.headers.get(_HEADER, "").encode(), self._secret.encode()):
            return self._turn_away(403, "secret")
        body = await _read(request)
        if body is None:
            return self._turn_away(413, "size")
        application = self._application
        if application is None:
            return Response(status_code=503)
        try:
            posted = json.loads(body)
        except (ValueError, RecursionError):
            return self._turn_away(400, "format")
        if not is_numbered(posted):
            return self._turn_away(400, "format")
        update = Update.de_json(readable(posted), application.bot)
        self._taken += 1
        handling = self._handle(application, update)
        try:
            # What fails in there was told to the person: posted again, it would fail for ever.
            await application.update_processor.process_update(update, handling)
        except asyncio.CancelledError:
            # The bot ends and has no more time for this one: it is to come again.
            return Response(status_code=503)
        except (CutOffError, PutOffError, SQLAlchemyError, OSError) as error:
            log.warning("update put off, no database", id=update.update_id, error=error.__cause__)
            return Response(status_code=503)
        finally:
            handling.close()
        return Response()

    async def _handle(self, application: AnyApplication, update: Update) -> None:
        """Handle an update unless that has been done; what it was handled to stands in the records by then."""
        chat = chat_of(update)
        async with (
            self._turns.of(chat) if chat is not None else nullcontext(),
            self._handled.once(update.update_id) as is_new,
        ):
            if is_new:
                await application.process_update(update)

    def _turn_away(self, status: int, reason: str) -> Response:
        self._metrics.turned_away(reason)
        log.warning("request to the webhook refused", reason=reason)
        # Closed, since whoever it is may still be sending.
        return Response(status_code=status, headers={"Connection": "close"})


async def _read(request: Request) -> bytes | None:
    """The body; None if it is too large."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LARGEST:
                return None
    except ClientDisconnect:
        return b""
    return bytes(body)
