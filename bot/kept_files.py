"""Which attachments the records refer to, and for whom."""

from dataclasses import dataclass

from sqlalchemy import select

from bot.store.database import Database
from bot.store.people_tables import Draft
from bot.store.submission_tables import Version, VersionFile


@dataclass(frozen=True, slots=True)
class KeptFile:
    """An attachment that has to be there.

    Attributes:
        receipt: the number of the version it belongs to; None while its dialogue is not finished.
    """

    sha256: str
    name: str
    agency: str | None
    receipt: int | None


async def kept_files(database: Database) -> list[KeptFile]:
    """Every attachment that a version or an open dialogue refers to."""
    query = (
        select(VersionFile.sha256, VersionFile.name, Version.agency, Version.id)
        .join(Version, Version.id == VersionFile.version_id)
        .order_by(Version.id, VersionFile.position)
    )
    async with database.session() as session:
        kept = [KeptFile(*row) for row in await session.execute(query)]
        drafts = list(await session.scalars(select(Draft.data)))
    for data in drafts:
        kept += [KeptFile(file["sha256"], file["name"], data.get("agency"), None) for file in data.get("files", ())]
    return kept
