"""What is written to the log: one line an event, ids instead of names and texts, never the token."""

import logging


def configure(level: int = logging.INFO) -> None:
    """Log to standard error."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    # These write whole addresses, and the token is part of Telegram's addresses.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("telegram", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
