"""The register of facts beyond the plan's own: what answers about law and the standard rest on."""

from enum import StrEnum

from pydantic import RootModel

from knowledge.models import Strict


class Certainty(StrEnum):
    """How far a fact has been checked; decides how an answer may word it."""

    STATED = "stated"
    VERIFIED = "verified"
    INFERRED = "inferred"
    KNOWN = "known"
    UNCONFIRMED = "unconfirmed"


class RegisteredFact(Strict):
    """One fact: what it says and how sure it is."""

    says: str
    source: str
    certainty: Certainty


class Register(RootModel[dict[str, RegisteredFact]]):
    """facts.yaml as written: id → fact."""
