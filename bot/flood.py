"""How long Telegram wants a busy bot to wait."""

import warnings

from telegram.error import RetryAfter
from telegram.warnings import PTBDeprecationWarning


def seconds_to_wait(busy: RetryAfter) -> float:
    """The seconds after which the call may be made again."""
    with warnings.catch_warnings():
        # The library announces that this number will become a timedelta; both are taken here.
        warnings.simplefilter("ignore", PTBDeprecationWarning)
        wait = busy.retry_after
    return wait if isinstance(wait, int) else wait.total_seconds()
