"""The plan: its facts, each with its value, where it stands and how sure it is."""

from datetime import date
from enum import StrEnum
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field

from knowledge.models import Strict

T = TypeVar("T")


class Certainty(StrEnum):
    """How sure a fact is, and so how an answer may word it."""

    STATED = "stated"
    INFERRED = "inferred"
    SILENT = "silent"


class Fact(Strict, Generic[T]):
    """One fact of the plan.

    Attributes:
        value: the fact; None where the source is silent.
        fact: its number in the register of facts.
        source: the name of one of the plan's sources.
        certainty: how sure it is.
    """

    value: T
    fact: str
    source: str
    certainty: Certainty


class Source(Strict):
    """Where facts stand: a short label for the line under an answer, and the document in full."""

    label: str
    document: str


class Objectives(Strict):
    """What the plan is for."""

    maintain: Fact[str]
    procedures: Fact[str]
    people: Fact[str]


class Contents(Strict):
    """What is inspected."""

    transition: Fact[str]
    units: Fact[str]


class Period(Strict):
    """When the inspection takes place."""

    name: Fact[str]
    first_day: Fact[date]
    last_day: Fact[date]


class Report(Strict):
    """The report that each inspected agency sends."""

    before: Fact[date]
    last_day: Fact[date]
    last_working_day: Fact[date]
    advice: Fact[str]
    when_published: Fact[str]
    weekend_rule: Fact[str]
    recipient: Fact[str]
    who: Fact[str]
    use: Fact[str]


class Contingency(Strict):
    """What happens if the epidemic keeps the team from travelling."""

    condition: Fact[str]
    form: Fact[str]
    decided: Fact[None]


class Plan(Strict):
    """plan.yaml as written."""

    updated: date
    language: str = "vi"
    number: Fact[str]
    issuer: Fact[str]
    province: Fact[str]
    title: Fact[str]
    signed: Fact[date | None]
    lead: Fact[str]
    partners: Fact[tuple[str, ...]]
    partners_role: Fact[str]
    standard: Fact[str]
    standard_before: Fact[str]
    objectives: Objectives
    forms: Fact[tuple[str, ...]]
    onsite: Fact[int]
    dossier: Fact[int]
    dossier_province: Fact[int]
    dossier_district: Fact[int]
    total: Fact[int]
    province_level: Fact[int]
    district_level: Fact[int]
    random_units: Fact[str]
    contents: Contents
    period: Period
    report: Report
    contingency: Contingency
    aftermath: Fact[None]
    not_stated: Fact[tuple[str, ...]]
    published: Fact[date]
    sources: dict[str, Source] = Field(min_length=1)


def facts_of(model: BaseModel) -> dict[str, Fact[Any]]:
    """Every fact of a plan, by its path ("report.before")."""
    found: dict[str, Fact[Any]] = {}
    for name in type(model).model_fields:
        part = getattr(model, name)
        if isinstance(part, Fact):
            found[name] = part
        elif isinstance(part, BaseModel):
            found.update({f"{name}.{path}": fact for path, fact in facts_of(part).items()})
    return found


def values_of(model: BaseModel) -> SimpleNamespace:
    """The plan as templates see it: `plan.report.before` is the date itself."""
    values = SimpleNamespace()
    for name in type(model).model_fields:
        part = getattr(model, name)
        if isinstance(part, Fact):
            setattr(values, name, part.value)
        else:
            setattr(values, name, values_of(part) if isinstance(part, BaseModel) else part)
    return values
