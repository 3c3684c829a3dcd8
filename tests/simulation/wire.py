"""The wire between the bot and the sandbox: real requests and answers, without TCP; and a witness of what arrived."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import aiohttp
import httpx
from aiohttp.client_reqrep import ConnectionKey
from starlette.types import ASGIApp
from yarl import URL

from tests.simulation.adversary import CHANGE, LETTER, Adversary, Harm

# The row of the ledger that is being sent, where one is.
ROW: "ContextVar[int | None]" = ContextVar("row", default=None)

_SLOW = 3.0
_TIME_OUT = 5.0


@dataclass(frozen=True)
class Accepted:
    """A call that the sandbox has done.

    Attributes:
        row: of the ledger; None for what the bot says of itself.
        by: the name of the task that made the call.
        number: of the message that it made or changed.
    """

    method: str
    params: dict[str, Any]
    row: int | None
    by: str
    number: int | None


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes

    async def read(self) -> bytes:
        return self.body


class Wire:
    """Stands in for the session of the bot's client: its calls reach the sandbox, unless the adversary is at them."""

    def __init__(self, app: ASGIApp, adversary: Adversary) -> None:
        self.accepted: list[Accepted] = []
        self._sandbox = httpx.ASGITransport(app)
        self._adversary = adversary

    @asynccontextmanager
    async def request(
        self, http_method: str, url: URL, *, data: bytes = b"", headers: dict[str, str] | None = None, **_: object
    ) -> AsyncIterator[Answer]:
        """A call."""
        method = url.name
        what = method
        if ROW.get() is not None:
            what = LETTER if method.startswith("send") else CHANGE
        await self._adversary.pass_by(what)
        harm = self._adversary.of_call(what)
        match harm:
            case Harm.BUSY:
                yield _refusal(429, "Too Many Requests: retry after 2", retry_after=2)
                return
            case Harm.ERROR:
                yield _refusal(500, "Internal Server Error")
                return
            case Harm.REFUSED:
                raise aiohttp.ClientConnectorError(_nowhere(url), ConnectionRefusedError("connection refused"))
            case Harm.NEVER_CAME:
                await asyncio.sleep(_TIME_OUT)
                raise aiohttp.SocketTimeoutError("no answer")
            case Harm.SLOW:
                await asyncio.sleep(_SLOW)
        response = await self._sandbox.handle_async_request(
            httpx.Request(http_method, str(url), content=data, headers=headers)
        )
        answer = Answer(response.status_code, await response.aread())
        self._note(method, data, answer)
        await self._adversary.pass_by(what)
        match harm:
            case Harm.LOST:
                await asyncio.sleep(_TIME_OUT)
                raise aiohttp.SocketTimeoutError("no answer")
            case Harm.CUT:
                raise aiohttp.ServerDisconnectedError
            case Harm.GATEWAY:
                answer = _refusal(504, "Gateway Timeout")
        yield answer

    async def close(self) -> None:
        """Nothing is open."""

    def _note(self, method: str, asked: bytes, answer: Answer) -> None:
        if method == "getUpdates" or answer.status != httpx.codes.OK:
            return
        result = json.loads(answer.body)["result"]
        number = result.get("message_id") if isinstance(result, dict) else None
        params = json.loads(asked) if asked else {}
        task = asyncio.current_task()
        self.accepted.append(Accepted(method, params, ROW.get(), task.get_name() if task else "", number))


def _nowhere(url: URL) -> ConnectionKey:
    return ConnectionKey(url.host or "", url.port, False, True, None, None, None)


def _refusal(status: int, description: str, **parameters: Any) -> Answer:
    body = {"ok": False, "error_code": status, "description": description, "parameters": parameters}
    return Answer(status, json.dumps(body).encode())
