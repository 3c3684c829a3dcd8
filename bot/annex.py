"""What stands behind the board: versions with their files, steps, notices, questions whose text is still kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from bot.notice_reading import Report, reports_in
from bot.store.database import Database
from bot.store.submission_tables import Step, Version, VersionFile
from bot.store.tables import Outcome, Question, Rating


class Asked(NamedTuple):
    """A question and how it ended, without who asked it."""

    asked_at: datetime
    text: str
    outcome: Outcome
    topic: str | None
    agency: str | None
    rating: Rating | None
    passed_on_at: datetime | None


@dataclass(frozen=True, slots=True)
class Annex:
    """The records of one moment.

    Attributes:
        versions: by the numbers of their receipts, each with its files.
        steps: oldest first.
        notices: how far each of their versions came, oldest first.
        questions: oldest first.
    """

    versions: Sequence[tuple[Version, Sequence[VersionFile]]]
    steps: Sequence[Step]
    notices: Sequence[Report]
    questions: Sequence[Asked]


class Annexes:
    """Collects the records."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def collect(self) -> Annex:
        """The records of this moment."""
        asked = select(
            Question.asked_at, Question.text, Question.outcome, Question.topic, Question.agency, Question.rating,
            Question.passed_on_at,
        ).where(Question.text.is_not(None)).order_by(Question.id)  # fmt: skip
        async with self._database.session() as session:
            files: dict[int, list[VersionFile]] = {}
            for file in await session.scalars(select(VersionFile).order_by(VersionFile.position)):
                files.setdefault(file.version_id, []).append(file)
            versions = await session.scalars(select(Version).order_by(Version.id))
            steps = await session.scalars(select(Step).order_by(Step.at, Step.agency, Step.number))
            return Annex(
                [(version, files.get(version.id, ())) for version in versions],
                steps.all(),
                await reports_in(session),
                [Asked._make(row) for row in await session.execute(asked)],
            )
