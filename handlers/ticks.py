"""What is due by the clock. Nothing lives in a timer's memory: each tick asks the records."""

import logging

from handlers.dialogue import closed_letter
from handlers.services import Services

log = logging.getLogger(__name__)


async def tick(services: Services) -> None:
    """Forget what has been kept long enough, and close what was left half done."""
    await services.conversations.forget_old()
    forgotten = await services.questions.forget_old()
    if forgotten:
        log.info("forgot the author or the text of %d questions", forgotten)
    await services.drafts.drop_old(closed_letter)
    await services.invitations.forget_old()
