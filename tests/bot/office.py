"""The rooms of the bot over one database file, without Telegram; messages stay in the ledger, where tests read them."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from bot.askers import Askers
from bot.audit import Actor, Audit
from bot.clock import Clock
from bot.contacts import Contacts, Role
from bot.conversations import Conversations, Subject
from bot.coordinators import Coordinators
from bot.deadlines import Deadlines
from bot.drafts import Drafts
from bot.invitations import Invitations
from bot.outbox import Letter, Outbox
from bot.privacy import Privacy
from bot.questions import Asked, Questions
from bot.receipts import Receipts
from bot.retention import Retention
from bot.states import Way
from bot.store.database import Database
from bot.store.ledger_tables import Act, Outgoing
from bot.store.tables import Outcome, Via
from bot.submission_news import SubmissionNews
from bot.submission_records import Event, Given
from bot.submissions import Submissions

PLANNED = date(2021, 11, 15)
PERIOD = (date(2021, 10, 1), date(2021, 12, 31))
XAY_DUNG, BU_DANG = "so-xay-dung", "ubnd-bu-dang"

# Numbers that stand in nothing else, so that a trace of one is a trace of the person.
AN_ID, BINH_ID, CHI_ID, DUNG_ID = 700_100_001, 700_100_002, 700_100_003, 700_100_004
AN, BINH = Actor(AN_ID, "Nguyễn Văn An"), Actor(BINH_ID, "Trần Thị Bình")
CHI, DUNG = Actor(CHI_ID, "Lê Chi"), Actor(DUNG_ID, "Phạm Dũng")

GIVEN = Given(Way.EMAIL, "123/BC-SXD", date(2021, 11, 10))
KEY = b"a key of thirty-two bytes, no more"

ABOUT = Subject("report.deadline", None)

# The message in the actor's chat that becomes the outcome.
CARD = 77


class Told(NamedTuple):
    """A message in the ledger: to whom, what, and which of their messages it takes the place of."""

    person: int
    html: str
    replaces: int | None = None


def asked(person: int, text: str = "hạn nộp?") -> Asked:
    """A question that was answered."""
    return Asked(person, text, Via.TEXT, Outcome.ANSWER, ABOUT.topic, None, 0.9)


def event_words(event: Event, role: Role) -> Letter:
    """Say to each role what happened, and as what it is told."""
    return Letter(f"{role}: {event.act} {event.version.version if event.version else 0}")


def words(role: Role) -> Letter:
    """Say to each role as what it is told."""
    return Letter(role)


class Office:
    """What stands behind the handlers, but for Telegram.

    Args:
        coordinators: those named in the settings.
    """

    def __init__(self, database: Database, clock: Clock, coordinators: frozenset[int] = frozenset({CHI_ID})) -> None:
        self.database = database
        self.clock = clock
        self.outbox = Outbox(clock)
        self.audit = Audit(database, clock)
        self.coordinators = Coordinators(database, coordinators)
        self.contacts = Contacts(database, clock, self.outbox, self.audit, self.coordinators)
        self.deadlines = Deadlines(database, clock, self.audit, self.contacts, lambda: PLANNED)
        news = SubmissionNews(self.outbox, self.contacts, self.coordinators)
        self.submissions = Submissions(database, clock, self.audit, self.contacts, self.deadlines, news)
        self.invitations = Invitations(
            database, clock, self.outbox, self.audit, self.contacts, self.coordinators
        )  # fmt: skip
        self.drafts = Drafts(database, clock, self.outbox)
        self.conversations = Conversations(database, clock)
        self.askers = Askers(
            database, self.coordinators, self.deadlines, self.conversations, Questions(database, clock)
        )  # fmt: skip
        self.receipts = Receipts(database, KEY)
        self.retention = Retention(database, clock, self.deadlines, self.coordinators, lambda: PERIOD)
        self.privacy = Privacy(database, clock, self.audit, self.contacts, self.coordinators)

    async def link(self, person: Actor, agency: str = XAY_DUNG) -> None:
        """Let a person act for an agency."""
        assert person.id is not None
        await self.contacts.link(person.id, agency, person.name)

    async def begin(self, person: Actor) -> None:
        """Let a person be in the middle of confirming."""
        assert person.id is not None
        await self.drafts.keep(person.id, "confirm", {}, CARD)

    async def confirm(
        self, person: Actor = AN, agency: str = XAY_DUNG, given: Given = GIVEN, *, known: int | None = None,
        on_behalf: bool = False,
    ) -> Event:  # fmt: skip
        """Confirm as a person does who has seen how things stand."""
        await self.begin(person)
        if known is None:
            known = (await self.submissions.standing(agency)).number
        return await self.submissions.confirm(
            person, agency, given, known=known, words=event_words, card=CARD, on_behalf=on_behalf
        )

    async def messages(self) -> list[Outgoing]:
        """The whole ledger, oldest first."""
        async with self.database.session() as session:
            return list(await session.scalars(select(Outgoing).order_by(Outgoing.id)))

    async def told(self, after: int = 0) -> set[Told]:
        """What the ledger holds after so many messages; each of them once."""
        found = [Told(row.chat_id, row.html, row.replaces) for row in (await self.messages())[after:]]
        assert len(found) == len(set(found)), "nobody is told anything twice"
        return set(found)

    async def acts(self, agency: str | None = None) -> list[Act]:
        """What the audit log holds."""
        return [entry.act for entry in await self.audit.entries(agency)]
