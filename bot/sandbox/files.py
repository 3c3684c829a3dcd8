"""Files: what people send and what the bot sends, kept under the ids the Bot API hands out."""

import mimetypes
import secrets
import struct
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from bot.sandbox.errors import bad_request

MEGABYTE = 1024 * 1024
_PHOTO_LIMIT = 10 * MEGABYTE
_UNKNOWN_TYPE = "application/octet-stream"


@dataclass(slots=True, kw_only=True, eq=False)
class StoredFile:
    """One file and what Telegram tells of it. `width` and `height` are set for a photo only."""

    id: str
    unique_id: str
    path: str  # as getFile tells it
    name: str
    mime: str
    size: int
    content: bytes | Path
    width: int = 0
    height: int = 0

    @property
    def is_photo(self) -> bool:
        """Sent as a photo, not as a document."""
        return self.width > 0

    def read(self) -> bytes:
        """The content."""
        return self.content if isinstance(self.content, bytes) else self.content.read_bytes()

    def as_api(self) -> dict[str, Any]:
        """The fields of the Bot API's Message that carry this file."""
        ids = {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": self.size}
        if self.is_photo:
            return {"photo": [{**ids, "width": self.width, "height": self.height}]}
        return {"document": {**ids, "file_name": self.name, "mime_type": self.mime}}

    def as_page_document(self) -> dict[str, Any]:
        """A document, for the chat page."""
        return {"name": self.name, "size": self.size, "file_id": self.id, "mime": self.mime}

    def as_page_photo(self) -> dict[str, Any]:
        """A photo, for the chat page."""
        return {"file_id": self.id, "width": self.width, "height": self.height}


class Files:
    """All files of a world.

    Args:
        folder: where to keep the contents; None keeps them in memory.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._files: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        # Telegram's limits for bots; tests may lower them.
        self.upload_limit = 50 * MEGABYTE
        self.download_limit = 20 * MEGABYTE

    def add(self, name: str, content: bytes, *, as_photo: bool = False) -> StoredFile:
        """Keep a file. An ApiError says what Telegram would say to an empty one or to a photo that is none."""
        if not content:
            raise bad_request("file must be non-empty")
        width, height = _photo_size(content) if as_photo else (0, 0)
        name = PurePath(name.replace("\\", "/")).name or "file"
        token = secrets.token_urlsafe(24)
        number = len(self._files) + 1
        file = StoredFile(
            id=("AgACAgUAAx" if as_photo else "BQACAgUAAx") + token,
            unique_id="AQAD" + token[:12],
            path=f"{'photos' if as_photo else 'documents'}/file_{number}{PurePath(name).suffix}",
            name=name,
            mime=mimetypes.guess_type(name)[0] or _UNKNOWN_TYPE,
            size=len(content),
            content=self._keep(token, content),
            width=width,
            height=height,
        )
        self._files[file.id] = file
        self._by_path[file.path] = file
        return file

    def get(self, file_id: str) -> StoredFile | None:
        """The file with this id."""
        return self._files.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        """The file that getFile says lies there."""
        return self._by_path.get(path)

    def _keep(self, token: str, content: bytes) -> bytes | Path:
        if self._folder is None:
            return content
        path = self._folder / token
        path.write_bytes(content)
        return path


def _photo_size(content: bytes) -> tuple[int, int]:
    """Width and height, read from the head of a PNG, GIF or JPEG."""
    if len(content) > _PHOTO_LIMIT:
        raise bad_request(
            f"file of size {len(content)} bytes is too big for a photo; the maximum size is 10485760 bytes"
        )
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            width, height = struct.unpack_from(">II", content, 16)
        elif content.startswith((b"GIF87a", b"GIF89a")):
            width, height = struct.unpack_from("<HH", content, 6)
        elif content.startswith(b"\xff\xd8"):
            width, height = _jpeg_size(content)
        else:
            width = height = 0
    except struct.error:
        width = height = 0
    if not width or not height:
        raise bad_request("IMAGE_PROCESS_FAILED")
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """Walk the segments of a JPEG to the one that holds the frame's size."""
    at = 2
    while True:
        marker, kind, length = struct.unpack_from(">BBH", content, at)
        if marker != 0xFF:
            return 0, 0
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        at += 2 + length
