"""The words of a field: short forms, synonyms, ambiguous names, other places."""

from typing import Annotated

from pydantic import Field

from knowledge.models import Strict


class Words(Strict):
    """words.yaml as written.

    Attributes:
        abbreviations: short form → what it may stand for, likeliest first.
        synonyms: groups of words that mean the same here; each is read as the first of its group.
        ambiguous: short form → ids of the agencies it could mean; the bot asks which.
        elsewhere: names of places that this plan has nothing to do with; left out: all provinces but the plan's.
    """

    abbreviations: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    synonyms: tuple[Annotated[tuple[str, ...], Field(min_length=2)], ...] = ()
    ambiguous: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    elsewhere: tuple[str, ...] = ()
