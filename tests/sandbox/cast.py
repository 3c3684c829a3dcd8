"""Who and what the tests of the sandbox talk about."""

from collections.abc import Awaitable, Callable

TOKEN = "1:sandbox"
AN, BINH = 1001, 1002
# Reading the certificates of the whole world takes longer than most tests, and nothing here is encrypted.
QUICK = {"verify": False}

Until = Callable[[Callable[[], bool]], Awaitable[None]]
