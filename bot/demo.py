"""The demo: the real bot, a Telegram on this machine to talk to it, and people to be."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
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
from knowledge.answer import Answerer

# Monday of the week before the deadline.
STARTS = datetime(2021, 11, 8, 8, 0, tzinfo=LOCAL)

_TOKEN = "1813:sandbox"
_NEWCOMER, _AT_SO_XAY_DUNG, _AT_BU_DANG, _COORDINATOR = 1001, 1002, 1003, 1004
_CONTACTS = {_AT_SO_XAY_DUNG: "so-xay-dung", _AT_BU_DANG: "ubnd-bu-dang"}


@dataclass(frozen=True)
class Demo:
    """A running demo."""

    url: str
    world: World
    application: App


def people() -> list[Person]:
    """The people one can be."""
    return [
        Person(id=_NEWCOMER, key="newcomer", name="Nguyễn Văn An", note="Người mới"),
        Person(id=_AT_SO_XAY_DUNG, key="so-xay-dung", name="Trần Thị Bình", note="Đầu mối Sở Xây dựng"),
        Person(id=_AT_BU_DANG, key="bu-dang", name="Điểu Minh", note="Đầu mối UBND huyện Bù Đăng"),
        Person(id=_COORDINATOR, key="coordinator", name="Lê Thu Hà", note="Cán bộ điều phối"),
    ]


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
    crowd = people()
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
            for person, agency in _CONTACTS.items():
                if agency in answerer.pack.agencies.everyone:
                    await application.bot_data.contacts.link(person, agency, world.people[person].name)
            async with running(application):
                yield Demo(url, world, application)
