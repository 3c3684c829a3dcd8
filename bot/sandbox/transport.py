"""Connections that can be cut: what a network does to a bot."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol


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


class Cuttable(H11Protocol):
    """uvicorn's HTTP, which also tells each request the connection it has come by."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client is there."""
        super().connection_made(transport)
        self.app_state = {"transport": transport}
