"""What is told to systemd: that the bot runs, that it is well, that it ends."""

import os
import socket

from bot import logs

log = logs.of(__name__)

# Seconds between two signs of life, where nobody says how often they are wanted.
_PERIOD = 10.0


class Watchdog:
    """Whoever watches over this process; nobody, if no address is given.

    Args:
        address: a datagram socket, as systemd names it; an @ stands for an abstract one.
        patience: seconds after which the process is ended if it gives no sign of life.
    """

    def __init__(self, address: str | None = None, patience: float | None = None) -> None:
        self._address = "\0" + address[1:] if address and address.startswith("@") else address
        self.period = min(patience / 3, _PERIOD) if patience else _PERIOD

    @classmethod
    def of_environment(cls) -> "Watchdog":
        """The one that started this process."""
        for_us = os.environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        microseconds = os.environ.get("WATCHDOG_USEC") if for_us else None
        return cls(os.environ.get("NOTIFY_SOCKET"), int(microseconds) / 1e6 if microseconds else None)

    def ready(self) -> None:
        """The bot runs."""
        self._tell("READY=1")

    def feed(self) -> None:
        """The bot is well."""
        self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        """The bot ends, as it was asked to."""
        self._tell("STOPPING=1")

    def _tell(self, state: str) -> None:
        if self._address is None:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
                notify.setblocking(False)
                notify.connect(self._address)
                notify.send(state.encode())
        except OSError as error:
            log.warning("watchdog not told", state=state, error=error)
