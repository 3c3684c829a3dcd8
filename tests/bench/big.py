"""Five years of a country of 10,000 agencies beside five years of 31: `python -m tests.bench.big`.

What people wait for, and what the bot does by itself each minute, with a Telegram that answers at once.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from bot.clock import LOCAL
from bot.outbox import Letter
from bot.settings import Settings
from bot.store.database import open_database
from handlers.digest import send_digests
from handlers.services import Services
from handlers.ticks import tick
from knowledge.answer import Answerer
from knowledge.pack import load
from tests.bench import country
from tests.bench.instant import COORDINATOR, Bot, instant
from tests.bench.table import Row, keep

COUNTS = (31, 10_000)
TIMES = 5

_SOMEBODY = 50_000


async def big() -> list[Row]:
    """The time each thing takes at each size, in milliseconds."""
    taken = [await _times(count) for count in COUNTS]
    return [
        {"what": what, **{f"{count:,} agencies, ms": of[what] for count, of in zip(COUNTS, taken, strict=True)}}
        for what in taken[0]
    ]


async def _times(count: int) -> dict[str, float]:
    pack = load()
    listed = [agency.id for agency in pack.agencies.listed]
    added = country.named(count - len(listed))
    agencies = [*listed, *(one["id"] for one in added)]
    with tempfile.TemporaryDirectory() as folder:
        async with open_database(Settings(data=Path(folder), database_url=None).sqlalchemy_url) as database:
            await country.settle(database, agencies, added)
        async with instant(Answerer(pack), Path(folder)) as bot:
            first = {"first tick": await _median(lambda: tick(bot.application.bot_data), 1)}
            return first | {name: await _median(what) for name, what in _things(bot, agencies[-1]).items()}


def _things(bot: Bot, agency: str) -> dict[str, Callable[[], Awaitable[object]]]:
    services = bot.application.bot_data
    contact = country.FIRST_CONTACT
    name = services.pack.agencies.everyone[agency].name
    return {
        "tick of a minute": lambda: tick(services),
        "the morning's digest": lambda: _digest(services),
        "ledger claim": lambda: _claim(services),
        "question": lambda: bot.hears(_SOMEBODY, "hạn nộp báo cáo là ngày nào"),
        "question of a contact": lambda: bot.hears(contact, "hạn nộp báo cáo là ngày nào"),
        "question on an agency": lambda: bot.hears(_SOMEBODY, f"{name} kiểm tra hình thức nào"),
        "/tinhtrang, own": lambda: bot.hears(contact, "/tinhtrang"),
        "/tinhtrang, by name": lambda: bot.hears(COORDINATOR, f"/tinhtrang {name}"),
        "/tinhtrang, the list": lambda: bot.hears(COORDINATOR, "/tinhtrang"),
        "/bang": lambda: bot.hears(COORDINATOR, "/bang"),
        "/hopthu": lambda: bot.hears(COORDINATOR, "/hopthu"),
        "/nhatky": lambda: bot.hears(COORDINATOR, "/nhatky"),
    }


async def _digest(services: Services) -> None:
    """The digest of the next morning that has one."""
    services.clock.turn_to((services.clock.now() + timedelta(days=1)).astimezone(LOCAL).replace(hour=8, minute=0))
    await send_digests(services)


async def _claim(services: Services) -> None:
    """Claim the one message that waits."""
    async with services.deliverer._database.session() as session:
        services.outbox.put(session, _SOMEBODY, Letter("."))
    assert await services.deliverer._next()


async def _median(what: Callable[[], Awaitable[object]], times: int = TIMES) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        await what()
        taken.append(time.perf_counter() - started)
    return 1000 * statistics.median(taken)


if __name__ == "__main__":
    keep("big", asyncio.run(big()))
