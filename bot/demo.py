"""The demo: the real bot, a Telegram on this machine to talk to it, and people to be."""

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from pydantic import SecretStr

from bot.app import build, running
from bot.clock import LOCAL, Clock
from bot.sandbox.people import Person
from bot.sandbox.server import create_app, serve
from bot.sandbox.world import World
from bot.settings import Settings
from bot.store.database import open_database
from handlers.services import App
from knowledge.agencies import Agency
from knowledge.answer import Answerer
from knowledge.pack import Pack

# The shipped plan's demo starts on the Monday of the week before the deadline; other packs' likewise.
STARTS = datetime(2021, 11, 8, 8, 0, tzinfo=LOCAL)
_AHEAD = timedelta(days=7)

_TOKEN = "1813:sandbox"
_NEWCOMER, _COORDINATOR = 1001, 1004
_AT_AGENCIES = ((1002, "so-xay-dung", "Trần Thị Bình"), (1003, "bu-dang", "Điểu Minh"))
_SHIPPED_CONTACTS = ("so-xay-dung", "ubnd-bu-dang")


@dataclass(frozen=True)
class Demo:
    """A running demo."""

    url: str
    world: World
    application: App


def people(agencies: Sequence[Agency]) -> list[Person]:
    """The people one can be: somebody new, a contact of each of two agencies, a coordinator."""
    contacts = [
        Person(id=number, key=key, name=name, note=f"Đầu mối {agency.name}")
        for (number, key, name), agency in zip(_AT_AGENCIES, agencies, strict=False)
    ]
    return [
        Person(id=_NEWCOMER, key="newcomer", name="Nguyễn Văn An", note="Người mới"),
        *contacts,
        Person(id=_COORDINATOR, key="coordinator", name="Lê Thu Hà", note="Cán bộ điều phối"),
    ]


def starts(pack: Pack) -> datetime:
    """When the demo of a pack starts: 08:00 on the Monday of the week before the deadline, or before its week."""
    if pack.plan is None:
        return STARTS
    day = pack.plan.report.before.value - _AHEAD
    return datetime.combine(day - timedelta(days=day.weekday()), time(8), LOCAL)


def _two_agencies(pack: Pack) -> list[Agency]:
    everyone = pack.agencies.everyone
    if set(_SHIPPED_CONTACTS) <= everyone.keys():
        return [everyone[agency] for agency in _SHIPPED_CONTACTS]
    return list(pack.agencies.listed[:2])


@asynccontextmanager
async def demo(
    answerer: Answerer, folder: Path, port: int = 0, at: datetime = STARTS, database_url: str | None = None
) -> AsyncIterator[Demo]:
    """Run the demo until the block ends.

    Args:
        answerer: what the bot knows.
        folder: for the database; a demo begins anew each time.
        port: of 127.0.0.1; 0 takes a free one.
        at: the local time at which the clock starts.
        database_url: another database than the one in the folder; it is taken as it is.

    Raises:
        OSError: the port is taken.
        DatabaseError: the folder cannot be written to.
    """
    clock = Clock(at)
    agencies = _two_agencies(answerer.pack)
    crowd = people(agencies)
    world = World(clock=clock, token=_TOKEN, bot_username="isobot_demo_bot", bot_name="Trợ lý ISO 9001", people=crowd)
    world.add_group(id=-1001, title="Nhóm ISO tỉnh", members=crowd)
    async with serve(create_app(world), port=port) as url:
        shutil.rmtree(folder, ignore_errors=True)
        settings = Settings(
            token=SecretStr(_TOKEN), api_url=url, data=folder, coordinators=frozenset({_COORDINATOR}), proxy=None,
            database_url=SecretStr(database_url) if database_url else None,
        )  # fmt: skip
        async with open_database(settings.sqlalchemy_url) as database:
            application = build(settings, answerer, database, clock)
            for (person, _, name), agency in zip(_AT_AGENCIES, agencies, strict=False):
                await application.bot_data.contacts.link(person, agency.id, name)
            async with running(application):
                yield Demo(url, world, application)
