"""What is due by the clock. Nothing lives in a timer's memory: each tick asks the records."""

import asyncio
from datetime import timedelta

from bot import logs
from bot.clock import LOCAL
from handlers.dialogue import closed_letter
from handlers.digest import send_digests
from handlers.notice_send import start_due
from handlers.reminders import send_reminders
from handlers.restart import tell_of_restart
from handlers.services import Services

# The hour of the night in which files that nothing refers to are cleared away, once they are a day old.
_CLEARING_HOUR = 3
_FILES_KEPT = timedelta(days=1)

log = logs.of(__name__)


async def tick(services: Services) -> None:
    """Do what is due: forget, close what was left half done, take in what changed, remind, start notices."""
    await services.conversations.forget_old()
    forgotten = await services.retention.forget_hourly()
    if forgotten:
        log.info("kept time over", rows=forgotten)
    await services.handled.forget_old()
    await services.drafts.drop_old(closed_letter)
    await services.in_force.refresh()
    await send_reminders(services)
    await send_digests(services)
    await start_due(services)
    await tell_of_restart(services)
    now = services.clock.now().astimezone(LOCAL)
    if (now.hour, now.minute) == (_CLEARING_HOUR, 0):
        await _clear_files(services)


async def _clear_files(services: Services) -> None:
    """Remove the files of drafts that came to nothing."""
    kept = await services.submissions.file_hashes()
    for draft in await services.drafts.all():
        kept |= {file["sha256"] for file in draft.data.get("files", ())}
    cleared = await asyncio.to_thread(services.attachments.remove_orphans, kept, _FILES_KEPT)
    if cleared:
        log.info("orphaned files cleared", count=cleared)
