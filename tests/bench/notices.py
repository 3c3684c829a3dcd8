"""Notices at Telegram's limits: the share of the configured rate, and what somebody who asks meanwhile waits.

The bot runs in a process of its own beside the sandbox, with flood control on and 50 ms of network.
"""

import asyncio
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from bot.sandbox import actions
from bot.sandbox.faults import Fault
from bot.sandbox.flood import FloodControl
from tests.bench.table import Row
from tests.bot.campaign import AN, FIRST, Campaign, campaign

RECIPIENTS = 2_000
QUESTIONS = 30
NETWORK = 0.05


def rates() -> list[Row]:
    """A notice to everybody at Telegram's limit, and at a higher one that lies as little above."""
    return [asyncio.run(_measure(rate, limit)) for rate, limit in ((25, 30), (100, 120))]


def kills() -> list[Row]:
    """A notice during which the bot is killed ten times at random moments."""
    return [asyncio.run(_killed(10))]


async def _killed(times: int) -> Row:
    moments = sorted(Random(1813).sample(range(1, RECIPIENTS), times))
    with tempfile.TemporaryDirectory() as folder:
        async with campaign(Path(folder), RECIPIENTS, 100) as notice:
            await notice.send_with_kills(moments)
            states = {row["chat_id"]: row["state"] for row in notice.rows("outgoing") if row["notice_id"]}
            got = notice.got()
    return {
        "kills": times,
        "recipients": RECIPIENTS,
        "sent": sum(state == "sent" for state in states.values()),
        "uncertain": sum(state == "uncertain" for state in states.values()),
        "of those arrived": sum(got[person] == 1 for person, state in states.items() if state == "uncertain"),
        "sent, not arrived": sum(got[person] == 0 for person, state in states.items() if state == "sent"),
        "got it twice": sum(count > 1 for count in got.values()),
    }


async def _measure(rate: int, limit: int) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        async with campaign(Path(folder), RECIPIENTS, rate, pack="binh-phuoc-2021") as notice:
            notice.world.flood = FloodControl(per_second=limit)
            notice.world.faults.append(Fault("delay", probability=1, seconds=NETWORK))
            async with notice.bot():
                quiet = await _delays(notice, QUESTIONS)
                await notice.send()
                started = time.perf_counter()
                asking = asyncio.create_task(_delays(notice, QUESTIONS))
                await notice.until(lambda: notice.arrived() >= RECIPIENTS, seconds=300, every=0.05)
                took = time.perf_counter() - started
                busy = await asking
                await notice.until(notice.is_out)
            states = Counter(row["state"] for row in notice.rows("outgoing") if row["notice_id"])
    return {
        "rate, 1/s": rate,
        "recipients": RECIPIENTS,
        "share of it, %": 100 * RECIPIENTS / took / rate,
        "429": sum(call.error_code == 429 and call.params["chat_id"] >= FIRST for call in notice.world.calls),
        "sent": states["sent"],
        "asked alone, ms": 1000 * statistics.median(quiet),
        "meanwhile, ms": 1000 * statistics.median(busy),
    }


async def _delays(notice: Campaign, count: int) -> list[float]:
    """Ask one question after another; seconds until each is answered."""
    delays = []
    for _ in range(count):
        before = len(notice.heard(AN))
        actions.write(notice.world, notice.world.people[AN], "hạn nộp báo cáo là ngày nào")
        started = time.perf_counter()
        await notice.until(lambda before=before: len(notice.heard(AN)) > before, every=0.001)  # type: ignore[misc]
        delays.append(time.perf_counter() - started)
        await asyncio.sleep(1.1)  # what one chat may be sent
    return delays
