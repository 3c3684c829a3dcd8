"""The folder of attachments: each lies under the hash of its content."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Its name in the data folder.
ATTACHMENTS = "attachments"

_SHA256 = re.compile(r"[0-9a-f]{64}")


class AttachmentFolder:
    """The attachments in a folder, which is made when the first one comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"

    def path(self, sha256: str) -> Path:
        """Where the file with this content lies, if it is kept."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a SHA-256")
        return self._folder / sha256[:2] / sha256

    def verify(self, sha256: str) -> bool:
        """Whether the file is there and its content is still what it was."""
        try:
            with self.path(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except OSError:
            return False

    @contextmanager
    def incoming(self) -> Iterator[Path]:
        """A file in the same file system, gone afterwards unless it was moved to its place."""
        self._incoming.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=self._incoming)
        os.close(descriptor)
        try:
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)

    def settle(self, temporary: Path, sha256: str) -> None:
        """Move a file that has come whole to its place; what may lie there has the same content."""
        place = self.path(sha256)
        place.parent.mkdir(exist_ok=True)
        temporary.replace(place)
