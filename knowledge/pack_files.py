"""The files of a pack: whether they have changed, and which state of them is meant."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

# What is told of a version: enough to tell a few thousand apart.
_DIGITS = 12

Fingerprint = frozenset[tuple[str, int, int]]


def files_of(folder: Path) -> Iterator[Path]:
    """The files that a pack is read from, in order; what editors put beside them is left out."""
    for part in (folder, folder / "topics", folder / "files"):
        yield from sorted(file for file in part.glob("*.yaml") if not file.name.startswith("."))
    questions = folder / "questions.jsonl"
    if questions.exists():
        yield questions


def fingerprint(folder: Path) -> Fingerprint:
    """The names, sizes and times of the files: differs when one was written, and costs next to nothing."""
    found = set()
    for file in files_of(folder):
        try:
            state = file.stat()
        except FileNotFoundError:
            # Gone in this moment: an editor is putting a new one in its place.
            continue
        found.add((file.relative_to(folder).as_posix(), state.st_size, state.st_mtime_ns))
    return frozenset(found)


def version_of(folder: Path) -> str:
    """A short SHA-256 of the files' names and contents; what cannot be read counts as empty."""
    digest = hashlib.sha256()
    for file in files_of(folder):
        try:
            content = file.read_bytes()
        except OSError:
            content = b""
        digest.update(f"{file.relative_to(folder).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:_DIGITS]
