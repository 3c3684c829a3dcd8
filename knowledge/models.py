"""What all of a pack's models share."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A part of a pack: refuses keys that nobody knows, and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)
