"""The sandbox on a port of this machine: the Bot API, the control API and the chat page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.sandbox.api import BotApi
from bot.sandbox.control import Control
from bot.sandbox.control_people import PeopleControl
from bot.sandbox.errors import ActionError, ApiError
from bot.sandbox.guard import LOOPBACK, Guard
from bot.sandbox.transport import Cuttable
from bot.sandbox.world import World
from bot.serving import listening

_PAGE = Path(__file__).parent / "page"
_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def create_app(world: World) -> Starlette:
    """The sandbox as an application.

    It has no passwords and must never be reachable from other machines: serve it on loopback only, as `serve` does.
    `await app.state.close()` ends all open streams of events and long polls, so that a server can stop at once.
    """
    app = Starlette(
        routes=[
            *BotApi(world).routes,
            *Control(world).routes,
            *PeopleControl(world).routes,
            Route("/", _page),
            Mount("/static", StaticFiles(directory=_PAGE, check_dir=False)),
        ],
        middleware=[Middleware(Guard), Middleware(_SafeHeaders)],
        exception_handlers={
            ActionError: _tell_person,
            HTTPException: _tell_nothing_there,
            ClientDisconnect: _tell_nobody,
        },
    )
    app.state.world = world
    app.state.close = world.close
    return app


@asynccontextmanager
async def serve(app: Starlette, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve the sandbox inside the running loop; yields its address, without a slash at the end.

    Args:
        port: 0 takes a free one.

    Raises:
        ValueError: the host is not a name of this machine.
        OSError: the port is taken; raised before anything is started.
    """
    if host not in LOOPBACK:
        raise ValueError(f"the sandbox has no passwords and is served on this machine only, not on {host!r}")
    async with listening(app, host, port, protocol=Cuttable) as url:
        try:
            yield url
        finally:
            await app.state.close()


class _SafeHeaders:
    """Adds to every response the headers that keep a browser from guessing and from showing what is out of date."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                message["headers"] = [*headers, *_HEADERS]
                if not any(name == b"cache-control" for name, _ in headers):
                    message["headers"].append((b"cache-control", b"no-cache"))
            await send(message)

        await self._app(scope, receive, send_with_headers)


async def _page(_: Request) -> Response:
    index = _PAGE / "index.html"
    if not index.is_file():
        return PlainTextResponse("Thiếu trang trò chuyện trong bản cài này.", 503)
    return FileResponse(index, headers={"Content-Security-Policy": _PAGE_POLICY})


async def _tell_person(_: Request, error: Exception) -> Response:
    """What somebody at the chat page cannot do, in words for them."""
    if not isinstance(error, ActionError):
        raise error
    return JSONResponse({"error": error.message}, error.status)


async def _tell_nothing_there(request: Request, error: Exception) -> Response:
    """An address or method that leads nowhere: to the bot in the Bot API's form, to the page in words."""
    if not isinstance(error, HTTPException):
        raise error
    if request.url.path.startswith(("/bot", "/file/")):
        return JSONResponse(ApiError(error.status_code, error.detail).as_json(), error.status_code)
    return JSONResponse({"error": "Không có gì ở địa chỉ này."}, error.status_code)


async def _tell_nobody(_request: Request, _error: Exception) -> Response:
    """Who left in the middle of what they wanted to say is not heard, and hears nothing."""
    return Response(status_code=400)
