"""A full check of a pack in a process of its own: it takes seconds of computing that nobody who asks should feel."""

import asyncio
import json
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from knowledge.checks import check
from knowledge.faults import Fault, PackError
from knowledge.pack import load
from knowledge.pack_files import version_of


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was found: the version that was looked at, and its faults."""

    version: str
    faults: tuple[Fault, ...]


async def inspect(folder: Path) -> Inspected:
    """Check a pack in another process.

    Raises:
        RuntimeError: the process came to nothing.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "knowledge.inspection", folder,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        output, errors = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise RuntimeError(f"the check of a pack ended with {process.returncode}: {errors.decode()[-500:]}")
    found = json.loads(output)
    return Inspected(found["version"], tuple(Fault(Path(file), *rest) for file, *rest in found["faults"]))


def look_at(folder: Path) -> Inspected:
    """Check a pack in this process."""
    version = version_of(folder)
    try:
        return Inspected(version, tuple(check(load(folder))))
    except PackError as error:
        return Inspected(version, tuple(error.faults))


def main(folder: Path) -> None:
    """Print what was found as JSON, giving way to those who answer meanwhile."""
    if hasattr(os, "nice"):
        # A service manager may forbid it; then the check takes its share.
        with suppress(PermissionError):
            os.nice(10)
    found = look_at(folder)
    faults = [[str(one.file), one.line, one.what, one.cure] for one in found.faults]
    json.dump({"version": found.version, "faults": faults}, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
