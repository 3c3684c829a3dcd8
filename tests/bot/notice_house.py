"""The rooms behind notices, put together without handlers, beside a Telegram on this machine."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from telegram.constants import ParseMode
from telegram.ext import Defaults, ExtBot

from bot.audiences import Audiences
from bot.audit import Actor, Audit
from bot.bulk import BulkLane
from bot.client import Client
from bot.clock import Clock
from bot.contacts import Contacts
from bot.coordinators import Coordinators
from bot.deadlines import Deadlines
from bot.delivery import Deliverer
from bot.drafts import Drafts
from bot.notice_ledger import Said
from bot.notice_reading import NoticeReading
from bot.notice_versions import NoticeVersions
from bot.notices import DRAFT, Notices
from bot.outbox import Letter, Outbox
from bot.sandbox.people import Person
from bot.sandbox.server import create_app, serve
from bot.sandbox.world import World
from bot.store.database import Database
from bot.store.ledger_tables import Delivery, Outgoing
from bot.store.notice_tables import Audience
from bot.store.seat import Seat, seat_at
from bot.submission_news import SubmissionNews
from bot.submissions import Submissions
from bot.subscribers import Subscribers

TOKEN = "1:sandbox"
HA = Actor(1, "Lê Thu Hà")
FIRST = 10_000
PATIENCE = 30.0


def words(notice: int, version: int, html: str) -> Letter:
    return Letter(html, [[("Đã đọc", f"read:{notice}:{version}")]])


async def when(holds: Callable[[], Awaitable[object]]) -> None:
    """Let the loop run until something holds."""
    async with asyncio.timeout(PATIENCE):
        while not await holds():  # noqa: ASYNC110 - what is waited for is in the database, or at the sandbox
            await asyncio.sleep(0.01)


@dataclass(frozen=True)
class House:
    """Everything a notice needs."""

    world: World
    database: Database
    clock: Clock
    outbox: Outbox
    seat: Seat
    bot: ExtBot[None]
    deliverer: Deliverer
    contacts: Contacts
    subscribers: Subscribers
    drafts: Drafts
    audit: Audit
    audiences: Audiences
    notices: Notices
    versions: NoticeVersions
    reading: NoticeReading

    async def agencies(self, count: int) -> dict[str, str | None]:
        """So many agencies with a contact each, who have all started the bot."""
        for number in range(count):
            person = Person(id=FIRST + number, key=f"p{number}", name=f"Người {number}", started=True)
            self.world.add_person(person)
            await self.contacts.link(person.id, f"agency-{number}", person.name)
        return {f"agency-{number}": "onsite" if number % 2 else "dossier" for number in range(count)}

    async def send(self, forms: dict[str, str | None], audience: Audience = Audience.ALL, **options: Any) -> int:
        """Send a notice to an audience; its number."""
        await self.drafts.keep(1, DRAFT, {}, 1)
        said = options.pop("said", Said("Họp lúc <b>14:00</b>"))
        chosen = options.pop("chosen", ())
        return (await self.notices.send(HA, said, audience, chosen, forms, words, 1, **options)).id

    async def correct(self, notice: int, said: Said) -> None:
        await self.drafts.keep(1, DRAFT, {}, 1)
        await self.versions.correct(HA, notice, said, words, 1)

    async def ledger(self, **values: Any) -> list[Outgoing]:
        """The rows of the ledger with these values, in their order."""
        async with self.database.session() as session:
            return list(await session.scalars(select(Outgoing).filter_by(**values).order_by(Outgoing.id)))

    async def until(self, notice: int, state: str) -> None:
        """Wait until a notice has come to a state, with nothing left to be sent."""

        async def is_there() -> bool:
            progress = await self.notices.progress(notice)
            return progress is not None and progress.notice.state == state and not progress.waiting

        await when(is_there)

    async def under_way(self, notice: int) -> list[Outgoing]:
        """The messages of a notice that are being sent at this moment."""
        return [row for row in await self.ledger(notice_id=notice, state=Delivery.WAITING) if row.claimed_at]

    def got(self, number: int) -> list[str]:
        """What the bot has said to a contact."""
        messages = self.world.chats[FIRST + number].messages.values()
        return [message.text for message in messages if message.sender is self.world.bot]

    @asynccontextmanager
    async def lane(self, rate: float = 1000) -> AsyncIterator[BulkLane]:
        """Run the lane until the block ends."""
        lane = BulkLane(self.database, self.clock, self.outbox, rate, self.seat)
        task = asyncio.create_task(lane.run(self.bot))
        try:
            yield lane
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    @contextmanager
    def told(self) -> Iterator[None]:
        """The single messages of the ledger are sent until the block ends."""
        task = asyncio.create_task(self.deliverer.run(self.bot))
        try:
            yield
        finally:
            task.cancel()


@asynccontextmanager
async def house(database: Database, clock: Clock) -> AsyncIterator[House]:
    world = World(
        clock=clock, token=TOKEN, bot_username="isobot_demo_bot", bot_name="Trợ lý",
        people=[Person(id=1, key="ha", name="Lê Thu Hà", started=True)],
    )  # fmt: skip
    outbox, audit = Outbox(clock), Audit(database, clock)
    coordinators = Coordinators(database, frozenset({1}))
    contacts = Contacts(database, clock, outbox, audit, coordinators)
    deadlines = Deadlines(database, clock, audit, contacts, lambda: None)
    news = SubmissionNews(outbox, contacts, coordinators)
    audiences = Audiences(database, Submissions(database, clock, audit, contacts, deadlines, news))
    notices = Notices(database, clock, outbox, audit, audiences)
    seat = seat_at(database, outbox.wake)
    assert await seat.take()
    async with serve(create_app(world)) as url:
        bot: ExtBot[None] = ExtBot(
            TOKEN, base_url=f"{url}/bot", request=Client(32, None), defaults=Defaults(parse_mode=ParseMode.HTML)
        )
        async with bot:
            yield House(
                world, database, clock, outbox, seat, bot, Deliverer(database, clock, outbox, seat), contacts,
                Subscribers(database, clock), Drafts(database, clock, outbox), audit, audiences, notices,
                NoticeVersions(database, clock, audit, notices), NoticeReading(database, clock),
            )  # fmt: skip
    await seat.leave()
