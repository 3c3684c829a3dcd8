"""Receipts: the check code over a version, and telling whether a code is real and its version current.

The code is an HMAC over what was confirmed, under a key that lies beside the database and not in it: a record that was
changed afterwards, by whomever, no longer fits its code. Names are left out, since they may be forgotten on demand.
"""

import hashlib
import hmac
import json
import os
import re
import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from bot.states import State
from bot.store.database import Database
from bot.store.submission_tables import Step, Version, VersionFile

# The signs of a code, without those that are taken for one another; ten of them are 50 bits.
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("ILO", "110")
_LENGTH = 10
_NUMBER = re.compile(r"[0-9]{1,12}")

_KEY_FILE = "receipts.key"
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Checked:
    """A receipt whose code is right: its version, the agency's newest one, and where the submission stands now."""

    version: Version
    files: Sequence[VersionFile]
    newest: int
    state: State

    @property
    def is_current(self) -> bool:
        """Whether nothing newer has taken its place, and it was not withdrawn."""
        return self.version.version == self.newest and self.state is not State.WITHDRAWN


class Receipts:
    """Makes and checks codes.

    Args:
        database: with the versions.
        key: the secret they are made with.
    """

    def __init__(self, database: Database, key: bytes) -> None:
        self._database = database
        self._key = key

    def code(self, version: Version, files: Sequence[VersionFile]) -> str:
        """The check code of a version: its number and ten signs, "7-K3MPX-9QRTW"."""
        record = {
            "id": version.id,
            "agency": version.agency,
            "version": version.version,
            "way": str(version.way),
            "document": [version.document_number, version.document_day and version.document_day.isoformat()],
            "confirmed_at": version.confirmed_at.isoformat(),
            "due_before": version.due_before and version.due_before.isoformat(),
            "on_behalf": version.on_behalf,
            "files": [[file.name, file.size, file.kind, file.sha256] for file in files],
        }
        digest = hmac.digest(self._key, json.dumps(record, sort_keys=True).encode(), hashlib.sha256)
        number = int.from_bytes(digest[:8], "big")
        signs = "".join(_SIGNS[number >> 5 * place & 31] for place in range(_LENGTH))
        return _joined(version.id, signs)

    async def check(self, text: str) -> Checked | None:
        """What a code stands for; None if there is no such receipt or it is not its code."""
        typed = re.sub(r"[\s-]", "", text).upper().translate(_MISREAD)
        number, signs = typed[:-_LENGTH], typed[-_LENGTH:]
        if _NUMBER.fullmatch(number) is None or not set(signs) <= set(_SIGNS):
            return None
        async with self._database.session() as session:
            version = await session.get(Version, int(number))
            if version is None:
                return None
            query = select(VersionFile).where(VersionFile.version_id == version.id).order_by(VersionFile.position)
            files = list(await session.scalars(query))
            of_agency = Step.agency == version.agency
            newest = await session.scalar(select(func.max(Version.version)).where(Version.agency == version.agency))
            state = await session.scalar(select(Step.after).where(of_agency).order_by(Step.number.desc()).limit(1))
        if not hmac.compare_digest(_joined(version.id, signs), self.code(version, files)):
            return None
        return Checked(version, files, newest or 0, State(state or State.NOT_OPENED))


def _joined(number: int, signs: str) -> str:
    return f"{number}-{signs[: _LENGTH // 2]}-{signs[_LENGTH // 2 :]}"


def load_key(folder: Path) -> bytes:
    """The key of a data folder; made the first time, readable for its owner only.

    Raises:
        OSError: it can be neither read nor made.
    """
    file = folder / _KEY_FILE
    folder.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        # Its owner's only, and its name nobody else's: several machines may share the folder.
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=f"{_KEY_FILE}.")
        fresh = Path(name)
        with os.fdopen(descriptor, "wb") as made:
            made.write(secrets.token_bytes(_KEY_BYTES))
        try:
            # Another process may have made one in the meantime; the first counts.
            os.link(fresh, file)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return file.read_bytes()
