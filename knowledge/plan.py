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


class Detail(StrEnum):
    """What a plan may say of matters that not every plan speaks of."""

    PURPOSE = "purpose"
    CONTENT = "content"
    LEGAL_BASIS = "legal_basis"
    SIGNER = "signer"
    DOCUMENT = "document"
    CONTACT = "contact"
    SCHEDULE = "schedule"
    TEAM = "team"
    SCORING = "scoring"
    BUDGET = "budget"
    CHANNEL = "channel"
    TEMPLATE = "template"
    REPORT_SIGNER = "report_signer"
    LATE = "late"


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

    name: Fact[str | None]
    first_day: Fact[date | None]
    last_day: Fact[date | None]


class Report(Strict):
    """The report that each inspected agency sends."""

    before: Fact[date]
    last_day: Fact[date]
    last_working_day: Fact[date]
    recipient: Fact[str]
    use: Fact[str | None]
    advice: Fact[str] | None = None
    when_published: Fact[str] | None = None
    weekend_rule: Fact[str] | None = None
    who: Fact[str] | None = None


class Contingency(Strict):
    """What happens if the epidemic keeps the team from travelling."""

    condition: Fact[str | None]
    form: Fact[str]
    decided: Fact[None] | None = None


class Plan(Strict):
    """plan.yaml as written.

    A fact whose value is null is one that the source does not state. What is left out altogether, nobody asked for.

    Attributes:
        details: what the plan says of lesser matters, by their names in `DETAILS`.
    """

    updated: date
    language: str = "vi"
    number: Fact[str | None]
    issuer: Fact[str]
    province: Fact[str]
    title: Fact[str]
    signed: Fact[date | None]
    lead: Fact[str]
    partners: Fact[tuple[str, ...]]
    partners_role: Fact[str] | None = None
    standard: Fact[str]
    standard_before: Fact[str]
    objectives: Objectives | None = None
    forms: Fact[tuple[str, ...]]
    onsite: Fact[int]
    dossier: Fact[int]
    dossier_province: Fact[int] | None = None
    dossier_district: Fact[int] | None = None
    total: Fact[int]
    province_level: Fact[int] | None = None
    district_level: Fact[int] | None = None
    random_units: Fact[str | None]
    contents: Contents | None = None
    period: Period
    report: Report
    contingency: Contingency
    aftermath: Fact[None] | None = None
    not_stated: Fact[tuple[str, ...]]
    published: Fact[date | None]
    details: dict[Detail, Fact[str | None]] = Field(default_factory=dict)
    sources: dict[str, Source] = Field(min_length=1)

    @property
    def called(self) -> str:
        """What to call the plan in a sentence: by its number, or else by who issued it."""
        number = self.number.value
        return f"Kế hoạch {number}" if number else f"Kế hoạch kiểm tra ISO 9001 của {self.issuer.value}"

    @property
    def known_since(self) -> date:
        """The first day on which anybody could ask about the plan."""
        return self.published.value or self.updated


def facts_of(model: BaseModel) -> dict[str, Fact[Any]]:
    """Every fact of a plan, by its path ("report.before")."""
    found: dict[str, Fact[Any]] = {}
    for name in type(model).model_fields:
        part = getattr(model, name)
        if isinstance(part, Fact):
            found[name] = part
        elif isinstance(part, BaseModel):
            found.update({f"{name}.{path}": fact for path, fact in facts_of(part).items()})
        elif name == "details":
            found.update({f"{name}.{path}": fact for path, fact in part.items()})
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
    if isinstance(model, Plan):
        values.called = model.called
        values.details = SimpleNamespace(
            **{name: model.details[name].value if name in model.details else None for name in Detail}
        )
    return values
