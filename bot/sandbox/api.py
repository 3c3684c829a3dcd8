"""The Bot API over HTTP: `/bot{token}/METHOD` and `/file/bot{token}/PATH`."""

import asyncio
import inspect
import json
import math
import re
from email.utils import formatdate
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox import methods
from bot.sandbox.errors import ApiError, too_many_requests
from bot.sandbox.faults import Fault
from bot.sandbox.params import Params, read_params
from bot.sandbox.transport import BrokenDownload, cut
from bot.sandbox.world import Call, World

_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")


class BotApi:
    """The Bot API of one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.routes = [
            Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._download, methods=["GET"]),
        ]

    async def _call(self, request: Request) -> Response:
        try:
            self._check_token(request.path_params["token"])
        except ApiError as error:
            return _refuse(error)
        found = methods.find(request.path_params["method"])
        if found is None:
            return _refuse(ApiError(404, "Not Found: method not found"))
        name, method = found
        try:
            params = await read_params(request, self._world.files.upload_limit)
        except ApiError as error:
            self._record(name, Params({}), error.status)
            return _refuse(error)
        delay, fault = self._world.faults.of_call(name, params.number("chat_id") or None)
        if delay:
            await asyncio.sleep(delay)
        return await self._perform(request, name, method, params, fault)

    async def _perform(
        self, request: Request, name: str, method: methods.Method, params: Params, fault: Fault | None
    ) -> Response:
        if fault is not None and fault.kind == "drop_before":
            self._record(name, params, None)
            return await cut(request)
        try:
            _befall(fault)
            result = method(self._world, params)
            if inspect.isawaitable(result):
                result = await result
        except ApiError as error:
            self._record(name, params, error.status, error.description)
            response = _refuse(error)
        else:
            self._record(name, params)
            response = _answer(200, {"ok": True, "result": result})
        if fault is not None and fault.kind == "lost_reply":
            return await cut(request)
        return response

    async def _download(self, request: Request) -> Response:
        try:
            self._check_token(request.path_params["token"])
        except ApiError as error:
            return _refuse(error)
        file = self._world.files.at(request.path_params["path"])
        if file is None or file.size > self._world.files.download_limit:
            return _refuse(ApiError(404, "Not Found"))
        if fault := self._world.faults.of_download():
            pause = fault.seconds if fault.kind == "slow_download" else None
            return BrokenDownload(file.read(), after=fault.bytes, pause=pause)
        return Response(file.read(), media_type="application/octet-stream")

    def _check_token(self, token: str) -> None:
        if not _TOKEN.fullmatch(token):
            raise ApiError(404, "Not Found")
        if token != self._world.token:
            raise ApiError(401, "Unauthorized")

    def _record(self, method: str, params: Params, error: int | None = 0, description: str | None = None) -> None:
        """Write a call down: error 0 is a success, None an end without an answer."""
        now = self._world.clock.now()
        self._world.record(Call(method, params.values, error == 0, error or None, now, description))


def _befall(fault: Fault | None) -> None:
    """The refusals among the faults."""
    if fault is not None and fault.kind == "error":
        raise ApiError(fault.status, fault.description)
    if fault is not None and fault.kind == "retry_after":
        raise too_many_requests(math.ceil(fault.seconds))


def _answer(status: int, body: dict[str, Any]) -> Response:
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    # The time of machines, as Telegram gives it; the world's clock may show another one.
    return Response(content, status, {"Date": formatdate(usegmt=True)}, media_type="application/json")


def _refuse(error: ApiError) -> Response:
    return _answer(error.status, error.as_json())
