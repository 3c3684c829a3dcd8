"""The agencies of a plan."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from pydantic import BaseModel, ConfigDict, Field

from knowledge.models import Strict


class Level(StrEnum):
    """The level of government an agency belongs to."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class Form(StrEnum):
    """How an agency is inspected: at its seat, or through its dossier and report."""

    ONSITE = "onsite"
    DOSSIER = "dossier"


class Standing(StrEnum):
    """How surely an agency belongs to the plan."""

    STATED = "stated"
    INFERRED = "inferred"
    TO_BE_CONFIRMED = "to-be-confirmed"
    UNLISTED = "unlisted"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    name: str
    level: Level
    short: tuple[str, ...] = ()


class Agency(_Entry):
    """One agency; `form` is None where the source does not place it."""

    form: Form | None = None
    source: Standing
    is_lead: bool = False


class UnlistedAgency(_Entry):
    """A name that people use and the source does not place; recognised, never listed."""

    lead: bool = False


class Expected(Strict):
    """How many agencies of a form the plan counts without naming them; of a level, where it says which."""

    level: Level | None = None
    form: Form
    count: int = Field(gt=0)


class AgencyFile(Strict):
    """agencies.yaml as written."""

    agencies: tuple[Agency, ...] = ()
    expected: tuple[Expected, ...] = ()
    unlisted: tuple[UnlistedAgency, ...] = ()


@dataclass(frozen=True)
class Agencies:
    """The agencies of a pack: those the plan inspects, and those it does not place."""

    file: AgencyFile

    @property
    def listed(self) -> tuple[Agency, ...]:
        """Those that the plan inspects."""
        return self.file.agencies

    @property
    def expected(self) -> tuple[Expected, ...]:
        """How many more the plan counts without naming them."""
        return self.file.expected

    @cached_property
    def everyone(self) -> Mapping[str, Agency]:
        """All of them by id, the listed ones first."""
        unlisted = [
            Agency(id=entry.id, name=entry.name, level=entry.level, short=entry.short, source=Standing.UNLISTED,
                   is_lead=entry.lead)
            for entry in self.file.unlisted
        ]  # fmt: skip
        return {agency.id: agency for agency in (*self.listed, *unlisted)}

    def with_listed(self, added: Iterable[Agency]) -> "Agencies":
        """These and more that are inspected, in the places kept for them; one that is listed stays as it is."""
        listed = {agency.id: agency for agency in self.listed}
        new = {agency.id: agency for agency in added if agency.id not in listed}
        kept = {(entry.level, entry.form) for entry in self.expected}
        taken = Counter(
            (agency.level if (agency.level, agency.form) in kept else None, agency.form) for agency in new.values()
        )
        left = ((entry, entry.count - taken[entry.level, entry.form]) for entry in self.expected)
        return Agencies(
            AgencyFile(
                agencies=(*listed.values(), *new.values()),
                expected=tuple(entry.model_copy(update={"count": count}) for entry, count in left if count > 0),
                unlisted=tuple(entry for entry in self.file.unlisted if entry.id not in new),
            )
        )

    def of_form(self, form: Form, standing: Standing | None = None) -> list[Agency]:
        """The listed agencies inspected in one form, in the pack's order; of one standing only, if given."""
        return [
            agency for agency in self.listed if agency.form is form and (standing is None or agency.source is standing)
        ]

    def through_dossiers(self) -> "Agencies":
        """The same agencies, none of them inspected on site."""
        moved = tuple(
            agency.model_copy(update={"form": Form.DOSSIER}) if agency.form is Form.ONSITE else agency
            for agency in self.listed
        )
        return Agencies(self.file.model_copy(update={"agencies": moved}))

    def short_forms(self) -> dict[str, list[str]]:
        """Every short form with the name it stands for, for the reader.

        A full name stands for itself: "Sở Tài nguyên và Môi trường" must not be read as the short form "Sở Tài nguyên"
        and three words more.
        """
        return {form: [agency.name] for agency in self.everyone.values() for form in (*agency.short, agency.name)}
