"""Where people leave traces in records that stay without them: every column that says who did, or got, something.

What is kept of a person only as long as they want something (a link, a subscription, a dialogue) is a row of its own
and is deleted whole; see `privacy`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from bot.store.columns import Base
from bot.store.ledger_tables import AuditEntry
from bot.store.notice_tables import Notice, NoticeRecipient, NoticeText
from bot.store.people_tables import Invitation
from bot.store.submission_tables import Extension, Step, Switch, Version
from bot.store.tables import Phrasing, Settlement

_Column = InstrumentedAttribute[Any]
_Moment = ColumnElement[datetime] | InstrumentedAttribute[datetime]


@dataclass(frozen=True, slots=True)
class Trace:
    """A person in a record.

    Attributes:
        who: the column with their number.
        at: when the record was made.
        name: the column with their name, if there is one.
    """

    who: _Column
    at: _Moment
    name: _Column | None = None

    @property
    def table(self) -> type[Base]:
        """Where the records stand."""
        return cast("type[Base]", self.who.class_)

    @property
    def is_there(self) -> ColumnElement[bool]:
        """Whether a record still has its person."""
        return or_(*(column.is_not(None) for column in self._columns))

    @property
    def nobody(self) -> Mapping[str, None]:
        """What the columns hold once the person is taken out."""
        return dict.fromkeys(column.key for column in self._columns)

    @property
    def _columns(self) -> list[_Column]:
        return [column for column in (self.who, self.name) if column is not None]


_NOTICE_AT = select(Notice.created_at).where(Notice.id == NoticeRecipient.notice_id).scalar_subquery()

TRACES = (
    Trace(AuditEntry.person_id, AuditEntry.at, AuditEntry.person_name),
    Trace(Step.person_id, Step.at, Step.person_name),
    Trace(Version.person_id, Version.confirmed_at, Version.person_name),
    Trace(Version.recorded_by, Version.confirmed_at, Version.recorded_by_name),
    Trace(Extension.person_id, Extension.at, Extension.person_name),
    Trace(Switch.person_id, Switch.at, Switch.person_name),
    Trace(Notice.created_by, Notice.created_at),
    Trace(NoticeText.by, NoticeText.at),
    Trace(NoticeRecipient.person_id, _NOTICE_AT, NoticeRecipient.name),
    Trace(Invitation.created_by, Invitation.expires_at),
    Trace(Invitation.replaces, Invitation.expires_at),
    Trace(Phrasing.added_by, Phrasing.added_at),
    Trace(Settlement.settled_by, Settlement.settled_at),
)

# A message in the ledger without its person: that it was sent stays; to whom, what and about what does not.
UNADDRESSED: Mapping[str, Any] = {
    "chat_id": 0, "html": "", "buttons": [], "subject": None, "file_id": None, "file_kind": None,
}  # fmt: skip
