"""The matrix of clauses: where each clause of the standard's old edition went in the new one."""

from enum import StrEnum

from pydantic import Field

from knowledge.models import Strict


class Certainty(StrEnum):
    """How far a row has been checked; what is only known is shown as such."""

    VERIFIED = "verified"
    KNOWN = "known"


class Row(Strict):
    """One clause of the old edition.

    Attributes:
        old: its number.
        title: its name.
        new: the clauses of the new edition, the main one first.
        note: what the numbers alone do not say; may be empty.
        certainty: how far this has been checked.
    """

    old: str = Field(min_length=1)
    title: str = Field(min_length=1)
    new: tuple[str, ...] = Field(min_length=1)
    note: str = ""
    certainty: Certainty


class NewClause(Strict):
    """One clause of the new edition without a clear counterpart in the old one."""

    clause: str = Field(min_length=1)
    title: str = Field(min_length=1)
    note: str = ""
    certainty: Certainty


class Matrix(Strict):
    """matrix.yaml as written."""

    rows: tuple[Row, ...] = Field(min_length=1)
    new_only: tuple[NewClause, ...] = ()
