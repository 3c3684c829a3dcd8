"""Faults to inject: what a network and a busy Telegram do to a bot, at will and repeatable."""

from dataclasses import dataclass, field
from random import Random
from typing import Literal, get_args

CallFault = Literal["error", "drop_before", "lost_reply", "delay", "retry_after"]
UpdateFault = Literal["drop", "duplicate", "reorder"]
DownloadFault = Literal["cut_download", "slow_download"]
_OF_CALLS = frozenset[str](get_args(CallFault))
_OF_DOWNLOADS = frozenset[str](get_args(DownloadFault))


@dataclass(slots=True, kw_only=True, eq=False)
class Fault:
    """One kind of mishap, and when it strikes.

    Kinds that befall calls of the Bot API:
        error: answered with `status` and `description`, nothing done.
        drop_before: the connection is cut, nothing done.
        lost_reply: done, but the connection is cut before the answer.
        delay: everything as usual, `seconds` later.
        retry_after: 429, come back in `seconds`.
    Kinds that befall updates:
        drop: the bot is never given the update.
        duplicate: the bot is given the same update twice.
        reorder: an update is held back and comes after the next one.
    Kinds that befall downloads of files:
        cut_download: the connection is cut after `bytes` of the file.
        slow_download: after `bytes` of the file nothing comes for `seconds`, then the rest.

    Args:
        method: the call it befalls; "*" is every call but getUpdates, which has to be named.
        chat_id: only calls and updates of this chat; a download belongs to none.
        times: how often it strikes; once, unless there is a `probability`.
        probability: strike by chance (repeatable, by `seed`) instead of every time.
    """

    kind: CallFault | UpdateFault | DownloadFault = field(kw_only=False)
    method: str = "*"
    chat_id: int | None = None
    times: int | None = None
    probability: float | None = None
    seed: int = 0
    status: int = 500
    description: str = "Internal Server Error"
    seconds: float = 1.0
    bytes: int = 0
    _chance: Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Once is the rule; what strikes by chance goes on striking."""
        self._chance = Random(self.seed)
        if self.times is None and self.probability is None:
            self.times = 1

    def strikes(self, chat_id: int | None) -> bool:
        """Whether it strikes now; counts if so."""
        if self.times == 0 or self.chat_id not in (None, chat_id):
            return False
        if self.probability is not None and self._chance.random() >= self.probability:
            return False
        if self.times is not None:
            self.times -= 1
        return True


class Faults(list[Fault]):
    """The faults of a world. Append to it and clear it as any list; what is used up stays and does no harm."""

    def of_call(self, method: str, chat_id: int | None) -> tuple[float, Fault | None]:
        """What befalls this call: how many seconds of delay, and the first other fault that strikes."""
        named = [fault for fault in self if fault.kind in _OF_CALLS and _names(fault.method, method)]
        delay = sum(fault.seconds for fault in named if fault.kind == "delay" and fault.strikes(chat_id))
        other = next((fault for fault in named if fault.kind != "delay" and fault.strikes(chat_id)), None)
        return delay, other

    def strike(self, kind: UpdateFault, chat_id: int | None) -> bool:
        """Whether a fault of this kind befalls an update."""
        return any(fault.kind == kind and fault.strikes(chat_id) for fault in self)

    def of_download(self) -> Fault | None:
        """What befalls this download."""
        return next((fault for fault in self if fault.kind in _OF_DOWNLOADS and fault.strikes(None)), None)


def _names(pattern: str, method: str) -> bool:
    if pattern == "*":
        return method != "getUpdates"
    return pattern.lower() == method.lower()
