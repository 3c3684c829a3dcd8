"""The wire itself: an application on a port of this machine, and connections that can be cut.

It is uvicorn's HTTP without uvicorn's server. That one takes the process's signals for itself and looks ten times a
second whether it should end; the sandbox lives in somebody else's loop, and in tests it is started hundreds of times.
"""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

# Longer than any client keeps an idle connection: who closes first should not be the server.
_KEEP_ALIVE = 75
# Seconds for what is under way when the end comes.
_GRACE = 2


@asynccontextmanager
async def listening(app: ASGIApp, host: str, port: int) -> AsyncIterator[str]:
    """Serve an application inside the running loop; yields its address, without a slash at the end."""
    listener = _bind(host, port)
    config = uvicorn.Config(
        app,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE,
    )
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _CuttableProtocol(config, state, {}), sock=listener)
    try:
        name = f"[{host}]" if ":" in host else host
        yield f"http://{name}:{listener.getsockname()[1]}"
    finally:
        server.close()
        for connection in list(state.connections):
            connection.shutdown()
        if state.tasks:
            _, late = await asyncio.wait(state.tasks, timeout=_GRACE)
            for task in late:
                task.cancel()
        await server.wait_closed()


async def cut(request: Request) -> Response:
    """Close the connection without an answer. The response is there for form's sake: nobody gets to read it."""
    transport: asyncio.Transport = request.state.transport
    transport.abort()
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return Response()


class BrokenDownload(Response):
    """A file that stops coming part of the way.

    Args:
        after: how many bytes come before it stops.
        pause: seconds until the rest comes; None cuts the connection instead.
    """

    def __init__(self, content: bytes, *, after: int, pause: float | None) -> None:
        super().__init__(content, media_type="application/octet-stream")
        self._beginning, self._rest = content[:after], content[after:]
        self._pause = pause

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what is to come."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self._beginning, "more_body": True})
        if self._pause is not None:
            await asyncio.sleep(self._pause)
            await send({"type": "http.response.body", "body": self._rest})
            return
        # Unlike abort, this lets what was sent arrive.
        scope["state"]["transport"].close()
        while (await receive())["type"] != "http.disconnect":
            pass


class _CuttableProtocol(H11Protocol):
    """uvicorn's HTTP, which also tells each request the connection it has come by."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client is there."""
        super().connection_made(transport)
        self.app_state = {"transport": transport}


def _bind(host: str, port: int) -> socket.socket:
    # With the protocol named, asyncio switches Nagle's algorithm off; without, every answer would take 40 ms.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":  # there it would let two share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener
