"""Keeps other web pages out.

The sandbox has no passwords, and any page open in the same browser can send requests to 127.0.0.1. So the Host has to
be a name of this machine (or a page could have its own name resolve to it), and other origins are refused.
"""

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Guard:
    """Lets in what comes from this machine, from no page or from the sandbox's own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or _is_welcome(scope):
            await self._app(scope, receive, send)
        else:
            refusal = JSONResponse({"error": "Sandbox chỉ nhận yêu cầu từ trang của chính nó trên máy này."}, 403)
            await refusal(scope, receive, send)


def _is_welcome(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    if name.strip("[]").lower() not in LOOPBACK:
        return False
    if headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        # A link on another page may lead to the chat page, and nowhere else.
        return scope["method"] == "GET" and scope["path"] == "/" and headers.get("sec-fetch-mode") == "navigate"
    origin = headers.get("origin")
    return origin is None or origin == f"{scope['scheme']}://{host}"
