"""What became of changed files of the pack: written down once, whichever process sees it first."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.audit import Actor, Audit
from bot.coordinators import Coordinators
from bot.outbox import Letter, Outbox
from bot.store.database import Database
from bot.store.ledger_tables import Act, AuditEntry

_ACTS = (Act.PACK_RELOADED, Act.PACK_REFUSED)


class PackChanges:
    """The log of packs that were reloaded or refused."""

    def __init__(self, database: Database, outbox: Outbox, audit: Audit, coordinators: Coordinators) -> None:
        self._database = database
        self._outbox = outbox
        self._audit = audit
        self._coordinators = coordinators

    async def note(self, act: Act, files: Actor, version: str, told: Letter | None = None, **detail: object) -> bool:
        """Write down what became of a version, and tell the coordinators; False if that is the last thing written.

        Args:
            act: what became of it.
            files: as whom the log names the files.
            version: which state of them.
            told: what coordinators are told, if anything.
            detail: what else the log keeps.
        """
        try:
            return await self._note(act, files, version, told, detail)
        except IntegrityError:
            # Two processes at once on a database that lets both begin: the other has written it.
            return False

    async def _note(self, act: Act, files: Actor, version: str, told: Letter | None, detail: dict[str, object]) -> bool:
        newest = select(AuditEntry).where(AuditEntry.act.in_(_ACTS)).order_by(AuditEntry.id.desc()).limit(1)
        async with self._database.writing() as session:
            last = await session.scalar(newest)
            if last and (last.act, last.detail["pack"]) == (act, version):
                return False
            # Each entry names the one before it, so that no two can follow the same.
            once = f"pack after {last.id if last else 0}"
            self._audit.note_once(session, once, act, files, pack=version, **detail)
            if told:
                for person_id in sorted(await self._coordinators.ids_in(session)):
                    self._outbox.put(session, person_id, told)
        return True
