"""The epidemic plan in force: the records say so, not the source, which only says what would happen then."""

from dataclasses import dataclass
from datetime import date

from knowledge.agencies import Agency


@dataclass(frozen=True, slots=True)
class Contingency:
    """That every agency is inspected through its dossier.

    Attributes:
        since: the day on which a coordinator said so.
        agencies: those that the plan would have inspected on site; their form is the one in force.
    """

    since: date
    agencies: tuple[Agency, ...]
