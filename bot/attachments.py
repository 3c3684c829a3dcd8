"""Files that contacts send: fetched from Telegram, looked at, and kept under the hash of their content."""

import asyncio
import errno
import hashlib
import os
import re
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path, PurePath
from typing import IO

import httpx

from bot import logs
from bot.attachment_folder import AttachmentFolder
from bot.attachment_kinds import AttachmentError, Kind, Reason, kind_of
from bot.visible import visible

log = logs.of(__name__)

# What Telegram lets a bot fetch.
LIMIT = 20 * 1024 * 1024
_LONGEST_NAME = 120
_LONGEST_ENDING = 12
_CHUNK = 256 * 1024
# Seconds for one try, however slowly the bytes drip.
_PATIENCE = 300
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is kept.

    Attributes:
        sha256: of its content; the key to it.
        name: as the sender called it, made harmless; its ending need not fit `kind`.
        kind: by its content.
    """

    sha256: str
    size: int
    name: str
    kind: Kind


class Attachments(AttachmentFolder):
    """The attachments in a folder, and fetching more of them.

    Args:
        folder: where they lie; made when the first one comes.
        client: fetches them.
        pauses: seconds to wait before each new try after a broken connection.
    """

    def __init__(self, folder: Path, client: httpx.AsyncClient, *, pauses: Sequence[float] = (0.5, 2.0)) -> None:
        super().__init__(folder)
        self._client = client
        self._pauses = pauses

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def fetch(self, url: str, name: str) -> Attachment:
        """Fetch a file and keep it.

        Args:
            url: where Telegram has it; or its absolute path, which a Bot API server on this machine gives instead.
            name: as the sender called it.

        Raises:
            AttachmentError: it is not taken, or could not be fetched; nothing of it is left behind.
        """
        for pause in (*self._pauses, None):
            attachment = await self._try(url, clean_name(name))
            if attachment is not None:
                return attachment
            if pause is not None:
                await asyncio.sleep(pause)
        raise AttachmentError(Reason.BROKEN_OFF)

    def remove_orphans(self, keep: set[str], older_than: timedelta) -> int:
        """Remove what nobody refers to, and what a killed download has left; returns how many files.

        Args:
            keep: the hashes that are referred to.
            older_than: spare what came later than this, since its row may not be written yet.
        """
        # The file system's times are the machine's own, wherever the bot's clock has been turned to.
        latest = time.time() - older_than.total_seconds()
        removed = 0
        for file in [*self._folder.glob("??/*"), *self._incoming.glob("*")]:
            # One on its way in may be gone by now.
            with suppress(FileNotFoundError):
                if file.name not in keep and file.stat().st_mtime <= latest:
                    file.unlink()
                    removed += 1
        return removed

    async def _try(self, url: str, name: str) -> Attachment | None:
        """Fetch and keep; None if the connection broke and another try may help.

        The address and the path hold the bot's token, and so do the messages of the errors they lead to: none of these
        is passed on, nor raised from, nor logged.
        """
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self._take(url, name)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            fault = error
        status = fault.response.status_code if isinstance(fault, httpx.HTTPStatusError) else None
        log.warning("file not fetched", error=type(fault).__name__, status=status)
        if isinstance(fault, OSError) and fault.errno in _NO_SPACE:
            raise AttachmentError(Reason.NO_SPACE)
        if status is not None and status < 500 and status != httpx.codes.TOO_MANY_REQUESTS:
            raise AttachmentError(Reason.BROKEN_OFF)
        return None

    async def _take(self, url: str, name: str) -> Attachment:
        with self.incoming() as temporary:
            with temporary.open("wb") as file:
                coming = _Coming(file)
                async with aclosing(self._chunks(url)) as chunks:
                    async for chunk in chunks:
                        await asyncio.to_thread(coming.write, chunk)
                await asyncio.to_thread(coming.finish)
            kind = await asyncio.to_thread(self._look_and_settle, temporary, coming.sha256)
        return Attachment(coming.sha256, coming.size, name, kind)

    def _look_and_settle(self, temporary: Path, sha256: str) -> Kind:
        """Look at a file that has come whole and move it to its place."""
        kind = kind_of(temporary)
        self.settle(temporary, sha256)
        return kind

    async def _chunks(self, url: str) -> AsyncGenerator[bytes]:
        if PurePath(url).is_absolute():
            with await asyncio.to_thread(Path(url).open, "rb") as file:
                while chunk := await asyncio.to_thread(file.read, _CHUNK):
                    yield chunk
            return
        # Raw and unpacked: a packed answer could grow a thousandfold before it is counted.
        async with self._client.stream("GET", url, headers={"Accept-Encoding": "identity"}) as response:
            response.raise_for_status()
            async for chunk in response.aiter_raw(_CHUNK):
                yield chunk


class _Coming:
    """A file on its way in: counted and hashed as it is written."""

    def __init__(self, file: IO[bytes]) -> None:
        self.size = 0
        self._file = file
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def write(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.size > LIMIT:
            raise AttachmentError(Reason.TOO_BIG)
        self._hash.update(chunk)
        self._file.write(chunk)

    def finish(self) -> None:
        """See to it that a power cut cannot leave an empty file where a receipt says there is a full one."""
        self._file.flush()
        os.fsync(self._file.fileno())


def clean_name(name: str) -> str:
    """A file's name without folders, control and direction characters; shortened in front of its ending."""
    tidy = visible(re.split(r"[/\\]", name)[-1]).strip(". ") or "file"
    if len(tidy) <= _LONGEST_NAME:
        return tidy
    ending = PurePath(tidy).suffix
    if len(ending) > _LONGEST_ENDING:
        ending = ""
    return tidy[: _LONGEST_NAME - len(ending)].rstrip(". ") + ending
