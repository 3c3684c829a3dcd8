"""What a topic of a pack is: one thing people ask, the ways they ask it, and the answer."""

from datetime import date
from enum import StrEnum

from pydantic import Field, field_validator

from knowledge.models import Strict

# A button carries the id, with its own number, in Telegram's 64 bytes.
LONGEST_ID = 40

# A button shows the question; Telegram cuts longer labels on a phone.
LONGEST_ASK = 60


class Kind(StrEnum):
    """What answering a topic takes."""

    ANSWER = "answer"
    SLOT = "slot"  # depends on one agency
    LIVE = "live"  # depends on the clock or on the records
    SILENT = "silent"  # the source does not say; offered to pass on
    ACTION = "action"  # starts something in the bot
    CHAT = "chat"  # small talk
    OUTSIDE = "outside"  # recognised in order to be declined


class Topic(Strict):
    """One entry of topics/*.yaml.

    Attributes:
        id: stable name; question sets and buttons refer to it.
        ask: the question as shown on a button.
        phrasings: how people ask it.
        answer: a template of Telegram HTML.
        facts: ids of the facts that the answer rests on.
        sources: where they stand: names of the plan's sources, each optionally with a place ("circular-26: Điều 36").
        related: topics that the reader is likely to ask next.
        pass_on: whether the answer offers to pass the question on to a person; silent and action ones always do.
        updated: the day as of which the answer stands, where it is not the plan's.
        file: the name of one of the pack's handouts, offered under the answer.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=LONGEST_ID)
    ask: str = Field(min_length=1, max_length=LONGEST_ASK)
    kind: Kind = Kind.ANSWER
    phrasings: tuple[str, ...] = Field(min_length=1)
    answer: str = Field(min_length=1)
    facts: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    related: tuple[str, ...] = Field(default=(), max_length=3)
    updated: date | None = None
    pass_on: bool = False
    file: str | None = None

    @property
    def may_pass_on(self) -> bool:
        """Whether to offer passing the question on to a person right away."""
        return self.pass_on or self.kind in (Kind.SILENT, Kind.ACTION)

    @field_validator("phrasings", "sources", mode="before")
    @classmethod
    def _single_pairs_as_text(cls, value: object) -> object:
        """Take `circular-26: Điều 36` without quotes, a mapping of one pair to YAML, as the text it looks like."""
        if not isinstance(value, list):
            return value
        return [": ".join(map(str, *item.items())) if _is_pair(item) else item for item in value]


def _is_pair(item: object) -> bool:
    return isinstance(item, dict) and len(item) == 1
