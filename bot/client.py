"""The HTTP client that calls the Bot API.

It is aiohttp's: a call takes a fifth of the computing, or less, that it takes with httpx, the library's own. Neither is
to find a proxy in the environment: there is a setting for that, and a sandbox on this machine needs none.
"""

from functools import cache
from ssl import SSLContext
from typing import Any

import aiohttp
import httpx
from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, encode_basic_auth
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

# Seconds.
_WAITING_FOR_ONE, _CONNECTING, _WRITING, _WRITING_FILES, _READING = 1.0, 5.0, 5.0, 60.0, 5.0

# What ends a call before it was made: no connection came about or was free, or the proxy let nothing through.
_BEFORE = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError)


@cache
def trusted() -> SSLContext:
    """The certificates that are trusted, SSL_CERT_FILE included; to read them takes a while."""
    return httpx.create_ssl_context()


class Client(BaseRequest):
    """Makes calls over a few connections that are kept open.

    Args:
        at_once: connections.
        proxy: address of an HTTP proxy, if any.
    """

    def __init__(self, at_once: int, proxy: str | None) -> None:
        self._at_once = at_once
        self._proxy = URL(proxy).with_user(None) if proxy else None
        self._let_in = _let_in(URL(proxy)) if proxy else {}
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds that an answer may take unless a call says otherwise."""
        return _READING

    async def initialize(self) -> None:
        """Get ready."""
        if self._session is None:
            self._session = ClientSession(
                connector=TCPConnector(limit=self._at_once, ssl=trusted()),
                cookie_jar=DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close the connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE, write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE, pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:  # fmt: skip
        """Make a call.

        Raises:
            TimedOut: a part of it took too long.
            NetworkError: it failed on the way; see `never_left`.
        """
        if self._session is None:
            raise RuntimeError("the client is not ready")
        to = URL(url, encoded=True)
        body, headers = _body(request_data)
        if to.scheme == "http":
            # Otherwise the proxy is told when it is asked for a tunnel.
            headers |= self._let_in
        writing = _WRITING_FILES if request_data and request_data.contains_files else _WRITING
        to_connect = _seconds(pool_timeout, _WAITING_FOR_ONE) + _seconds(connect_timeout, _CONNECTING)
        to_read = _seconds(read_timeout, _READING)
        patience = ClientTimeout(
            total=to_connect + _seconds(write_timeout, writing) + to_read, connect=to_connect, sock_read=to_read
        )
        try:
            async with self._session.request(
                method, to, data=body, headers=headers, timeout=patience, allow_redirects=False, proxy=self._proxy,
                proxy_headers=self._let_in,
            ) as answer:  # fmt: skip
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(_said(error)) from error


def never_left(error: NetworkError) -> bool:
    """Whether a call that failed was surely not made."""
    return isinstance(error.__cause__, _BEFORE)


def _let_in(proxy: URL) -> dict[str, str]:
    """What a proxy is told by whoever knows its password."""
    return {"Proxy-Authorization": encode_basic_auth(proxy.user, proxy.password or "")} if proxy.user else {}


def _seconds(given: Any, usual: float) -> float:
    return usual if given is BaseRequest.DEFAULT_NONE else float(given)


def _body(data: RequestData | None) -> tuple[bytes | None, dict[str, str]]:
    """What is sent and its headers: JSON, which is quicker to write than a form.

    With files it is a form as httpx writes it: aiohttp's would have the names of files in percents.
    """
    if data is None:
        return None, {}
    if not data.contains_files:
        return data.json_payload, {"Content-Type": "application/json"}
    form = httpx.Request("POST", "", data=data.json_parameters, files=data.multipart_data)
    return form.read(), {"Content-Type": form.headers["Content-Type"]}


def _said(error: aiohttp.ClientError) -> str:
    """What went wrong; an error that carries an address would show the token in it."""
    if isinstance(error, aiohttp.ClientResponseError):
        return f"{type(error).__name__}: {error.status}"
    return f"{type(error).__name__}: {error}"
