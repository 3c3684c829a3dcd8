"""The register of facts beyond the plan's own: what answers about law and the standard rest on."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, RootModel


class Certainty(StrEnum):
    """How far a fact has been checked; decides how an answer may word it."""

    STATED = "stated"
    VERIFIED = "verified"
    INFERRED = "inferred"
    KNOWN = "known"
    UNCONFIRMED = "unconfirmed"


class RegisteredFact(BaseModel):
    """One fact: what it says and how sure it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    says: str
    source: str
    certainty: Certainty


class Register(RootModel[dict[str, RegisteredFact]]):
    """facts.yaml as written: id → fact."""
