"""The wire between the bot and the sandbox: real requests and answers, without TCP; and a witness of what arrived."""

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.types import ASGIApp

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


class Wire(httpx.AsyncBaseTransport):
    """Carries the bot's requests to the sandbox, unless the adversary is at them."""

    def __init__(self, app: ASGIApp, adversary: Adversary) -> None:
        self.accepted: list[Accepted] = []
        self._sandbox = httpx.ASGITransport(app)
        self._adversary = adversary

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        method = request.url.path.rpartition("/")[2]
        what = method
        if ROW.get() is not None:
            what = LETTER if method.startswith("send") else CHANGE
        await self._adversary.pass_by(what)
        harm = self._adversary.of_call(what)
        match harm:
            case Harm.BUSY:
                return _refusal(request, 429, "Too Many Requests: retry after 2", retry_after=2)
            case Harm.ERROR:
                return _refusal(request, 500, "Internal Server Error")
            case Harm.REFUSED:
                raise httpx.ConnectError("connection refused", request=request)
            case Harm.NEVER_CAME:
                await asyncio.sleep(_TIME_OUT)
                raise httpx.ReadTimeout("no answer", request=request)
            case Harm.SLOW:
                await asyncio.sleep(_SLOW)
        response = await self._sandbox.handle_async_request(request)
        await response.aread()
        self._note(method, request, response)
        await self._adversary.pass_by(what)
        match harm:
            case Harm.LOST:
                await asyncio.sleep(_TIME_OUT)
                raise httpx.ReadTimeout("no answer", request=request)
            case Harm.CUT:
                raise httpx.RemoteProtocolError("server disconnected", request=request)
            case Harm.GATEWAY:
                return _refusal(request, 504, "Gateway Timeout")
        return response

    def _note(self, method: str, request: httpx.Request, response: httpx.Response) -> None:
        if method == "getUpdates" or not response.is_success:
            return
        result = response.json()["result"]
        number = result.get("message_id") if isinstance(result, dict) else None
        params = dict(httpx.QueryParams(request.content.decode()))
        task = asyncio.current_task()
        self.accepted.append(Accepted(method, params, ROW.get(), task.get_name() if task else "", number))


def _refusal(request: httpx.Request, status: int, description: str, **parameters: Any) -> httpx.Response:
    body = {"ok": False, "error_code": status, "description": description, "parameters": parameters}
    return httpx.Response(status, json=body, request=request)
