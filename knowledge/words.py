"""The words of a field: short forms, synonyms, ambiguous names, other places."""

from pydantic import BaseModel, ConfigDict


class Words(BaseModel):
    """words.yaml as written.

    Attributes:
        abbreviations: short form → what it may stand for, likeliest first.
        ambiguous: short form → ids of the agencies it could mean; the bot asks which.
        elsewhere: names of places that this plan has nothing to do with.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    abbreviations: dict[str, tuple[str, ...]] = {}
    ambiguous: dict[str, tuple[str, ...]] = {}
    elsewhere: tuple[str, ...] = ()
