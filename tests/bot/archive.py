"""An installation with something of most kinds to remember, and reading databases row by row."""

import hashlib
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.attachment_folder import ATTACHMENTS, AttachmentFolder
from bot.attachment_kinds import Kind
from bot.attachments import Attachment
from bot.backup_files import Manifest
from bot.backups import Backups
from bot.clock import Clock
from bot.receipts import load_key
from bot.states import Way
from bot.store.copying import remembered_tables
from bot.store.database import Database, open_database
from bot.store.tables import Outcome, Phrasing, Question, Settled, Settlement, Via
from bot.submission_records import Given
from tests.bot.office import AN, BINH, BU_DANG, CARD, CHI, XAY_DUNG, Office, event_words

REPORT, DRAWING = b"bao cao nam 2021 " * 99, b"ban ve " * 999

Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Installation:
    """A data folder with its database."""

    data: Path

    @property
    def file(self) -> Path:
        return self.data / "isobot.db"

    @property
    def url(self) -> str:
        return f"sqlite+aiosqlite:///{self.file}"

    @property
    def attachments(self) -> AttachmentFolder:
        return AttachmentFolder(self.data / ATTACHMENTS)

    def rows(self) -> Rows:
        """Everything that is remembered, as the file has it."""
        return rows_of(self.file)

    def attach(self, content: bytes, name: str) -> Attachment:
        sha256 = hashlib.sha256(content).hexdigest()
        with self.attachments.incoming() as temporary:
            temporary.write_bytes(content)
            self.attachments.settle(temporary, sha256)
        return Attachment(sha256, len(content), name, Kind.PDF)

    async def back_up(self, file: Path) -> Manifest:
        async with open_database(self.url) as database:
            return await Backups(database, self.data).make(file, Clock().now())

    def contents(self) -> dict[str, bytes]:
        """What lies in the folder beside the database, byte for byte."""
        files = [file for file in self.data.rglob("*") if file.is_file() and not file.name.startswith("isobot.db")]
        return {str(file.relative_to(self.data)): file.read_bytes() for file in files}


def rows_of(file: Path) -> Rows:
    with closing(sqlite3.connect(file)) as connection:
        return {
            table.name: connection.execute(
                f"SELECT * FROM {table.name} ORDER BY {', '.join(column.name for column in table.primary_key)}"
            ).fetchall()
            for table in remembered_tables()
        }


@asynccontextmanager
async def well_used(installation: Installation, clock: Clock) -> AsyncIterator[Database]:
    """An installation where much has happened."""
    load_key(installation.data)
    report, drawing = installation.attach(REPORT, "Báo cáo.pdf"), installation.attach(DRAWING, "bản vẽ.pdf")
    async with open_database(installation.url) as database:
        office = Office(database, clock)
        await office.link(AN)
        await office.link(BINH, BU_DANG)
        await office.confirm(given=Given(Way.FILES, "123/BC-SXD", date(2021, 11, 10), (report,)))
        version = (await office.submissions.standing(XAY_DUNG)).version
        assert version
        await office.submissions.send_back(CHI, version.id, "thiếu phụ lục", None, event_words, CARD)
        await office.confirm()
        await office.confirm(BINH, BU_DANG)
        await office.invitations.issue(CHI, None)
        file = {"sha256": drawing.sha256, "name": drawing.name, "size": drawing.size, "kind": str(drawing.kind)}
        await office.drafts.keep(AN.id or 0, "confirm", {"agency": XAY_DUNG, "files": [file]}, CARD)
        async with database.session() as session:
            session.add(Phrasing(id=7, topic="report", text="nộp ở đâu", added_at=clock.now()))
            question = Question(
                asked_at=clock.now(),
                text="nộp chỗ nào “nhỉ” 🙂",
                via=Via.TEXT,
                outcome=Outcome.DECLINE,
                score=1 / 3,
            )
            session.add(question)
            await session.flush()
            settled = Settlement(
                question_id=question.id, entry=question.id, how=Settled.LEARNED, phrasing_id=7, settled_at=clock.now()
            )
            session.add(settled)
        yield database
