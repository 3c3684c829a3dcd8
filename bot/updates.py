"""How updates come: the bot asks for them (`polling`), or Telegram brings them (`webhook`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from telegram.ext import Application

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """How one part of the bot is.

    Attributes:
        ok: whether it goes on.
        age: seconds since it was last seen to.
        why: what is wrong, in one word.
    """

    ok: bool
    age: float
    why: str | None = None


class Updates(Protocol):
    """A way in which updates come."""

    async def start(self, application: AnyApplication, allowed: Sequence[str]) -> None:
        """Have the application given updates of these kinds."""

    async def stop(self) -> None:
        """Take nothing more in."""

    async def flow(self) -> Part:
        """Whether updates flow."""
