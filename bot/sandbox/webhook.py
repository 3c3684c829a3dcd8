"""Delivery of updates to a webhook: again and again until it says yes, over several connections.

As at Telegram's own server, the next message of a chat is posted when the last one has been taken, and so it is with
what a person presses; everything else comes at the same time.
"""

import asyncio
import contextlib
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.clock import Clock
from bot.sandbox.errors import bad_request
from bot.sandbox.updates import Update, Updates

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_PATIENCE = 30.0

_Queues = set[tuple[str, int]]


class Webhook:
    """Where updates are posted to, if anywhere.

    `first_pause` and `longest_pause` are the real seconds between attempts, doubling; tests may shorten them.
    """

    def __init__(self, updates: Updates, clock: Clock, hosts: Sequence[str]) -> None:
        self._updates = updates
        self._clock = clock
        self._hosts = frozenset(hosts)
        self._delivery: asyncio.Task[None] | None = None
        self._secret: str | None = None
        self._max_connections = 40
        self._failed_at: datetime | None = None
        self._failure = ""
        self.url = ""
        self.first_pause = 0.1
        self.longest_pause = 10.0

    async def set(self, url: str, secret: str | None, max_connections: int) -> None:
        """Begin to deliver to `url`; an empty one means to stop delivering."""
        if url:
            self._check(url)
        if secret and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        await self.close()
        self.url = url
        self._secret = secret
        self._max_connections = max_connections
        self._failed_at = None
        if url:
            self._updates.end_poll("terminated by setWebhook request")
            self._delivery = asyncio.get_running_loop().create_task(self._deliver(), name="sandbox webhook")

    def as_info(self) -> dict[str, Any]:
        """The Bot API's WebhookInfo."""
        info: dict[str, Any] = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
        }
        if self.url:
            info["max_connections"] = self._max_connections
            info["ip_address"] = "127.0.0.1"
        if self._updates.allowed is not None:
            info["allowed_updates"] = self._updates.allowed
        if self._failed_at is not None:
            info["last_error_date"] = int(self._failed_at.timestamp())
            info["last_error_message"] = self._failure
        return info

    async def close(self) -> None:
        """Stop delivering."""
        delivery, self._delivery = self._delivery, None
        if delivery is not None:
            delivery.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await delivery

    def _check(self, url: str) -> None:
        """Only this machine, and plain http too: Telegram itself demands https and a public address."""
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        host = parts.hostname
        if host is None or parts.scheme not in ("http", "https"):
            raise bad_request("bad webhook: invalid webhook URL specified")
        if host not in self._hosts:
            allowed = ", ".join(sorted(self._hosts))
            raise bad_request(f"bad webhook: the sandbox delivers to this machine only ({allowed}), not to {host}")

    async def _deliver(self) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._secret} if self._secret else {}
        limits = httpx.Limits(max_connections=self._max_connections)
        under_way = _Queues()
        # The environment's proxies are for the way out; this stays inside. Waiting for a connection is no failure.
        patience = httpx.Timeout(_PATIENCE, pool=None)
        client = httpx.AsyncClient(headers=headers, timeout=patience, limits=limits, trust_env=False)
        async with client, asyncio.TaskGroup() as group:
            while True:
                for queue in {update.queue for update in self._updates.pending()} - under_way:
                    under_way.add(queue)
                    group.create_task(self._empty(client, queue, under_way))
                await self._updates.arrival()

    async def _empty(self, client: httpx.AsyncClient, queue: tuple[str, int], under_way: _Queues) -> None:
        """Post what waits in one queue, one after another."""
        pause = self.first_pause
        while update := next((one for one in self._updates.pending() if one.queue == queue), None):
            if failure := await self._post(client, update):
                self._failed_at, self._failure = self._clock.now(), failure
                await asyncio.sleep(pause)
                pause = min(pause * 2, self.longest_pause)
            else:
                self._updates.drop(update)
                pause = self.first_pause
        under_way.discard(queue)

    async def _post(self, client: httpx.AsyncClient, update: Update) -> str:
        """Post one update; what went wrong, or nothing."""
        try:
            response = await client.post(self.url, json=update.as_json())
        except httpx.ConnectError:
            return "Connection refused"
        except httpx.TimeoutException:
            return "Read timeout expired"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return f"Connection failed: {error}"
        if response.is_success:
            return ""
        return f"Wrong response from the webhook: {response.status_code} {response.reason_phrase}"
