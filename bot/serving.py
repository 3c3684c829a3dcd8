"""An application on a port, inside a loop that belongs to somebody else.

It is uvicorn's HTTP without uvicorn's server. That one takes the process's signals for itself and looks ten times a
second whether it should end; here the bot decides about both, and in tests it is started hundreds of times.
"""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

# Longer than any client keeps an idle connection: who closes first should not be the server.
_KEEP_ALIVE = 75
# Seconds for what is under way when the end comes.
_GRACE = 2


@asynccontextmanager
async def listening(
    app: ASGIApp, host: str, port: int, *, protocol: type[H11Protocol] = H11Protocol, at_once: int | None = None
) -> AsyncIterator[str]:
    """Serve an application; yields its address, without a slash at the end.

    Args:
        app: what to serve.
        host: an address of this machine.
        port: 0 takes a free one.
        protocol: uvicorn's, or one that does more.
        at_once: connections and requests beyond which the answer is 503.

    Raises:
        OSError: the port is taken.
    """
    listener = _bind(host, port)
    config = uvicorn.Config(
        app,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE,
        limit_concurrency=at_once,
    )
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: protocol(config, state, {}), sock=listener)
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
