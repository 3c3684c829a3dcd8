"""The words of a field: short forms, ambiguous names, other places."""

from pydantic import Field

from knowledge.models import Strict


class Words(Strict):
    """words.yaml as written.

    Attributes:
        abbreviations: short form → what it may stand for, likeliest first.
        ambiguous: short form → ids of the agencies it could mean; the bot asks which.
        elsewhere: names of places that this plan has nothing to do with.
    """

    abbreviations: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    ambiguous: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    elsewhere: tuple[str, ...] = ()
