"""The situations that the texts of a pack must read well in."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from knowledge.agencies import Agency
from knowledge.outcome import Asker, SubmissionStanding
from knowledge.pack import Pack
from knowledge.rendering import template_values

# Texts must read well long after the plan, too.
_SOME_DAY = date(2026, 11, 23)


class Situations:
    """What a text may use, in every situation.

    Args:
        pack: whose texts.

    Attributes:
        names: of what may be used in all of them.
    """

    def __init__(self, pack: Pack) -> None:
        self._values = [template_values(in_force, *case) for in_force in _in_force(pack) for case in cases(in_force)]
        self.names = frozenset(self._values[0])

    def differing_in(self, names: frozenset[str]) -> Iterator[Mapping[str, Any]]:
        """The situations that a text which uses these names can tell apart."""
        return iter({tuple(id(values[name]) for name in names): values for values in self._values}.values())


def cases(pack: Pack) -> Iterator[tuple[Asker, Agency | None]]:
    """Each kind of agency, before, on and after the deadline; nothing confirmed, confirmed, or returned and late."""
    days = [_today(pack)]
    if pack.plan:
        report = pack.plan.report
        days = [
            pack.plan.known_since,
            report.last_working_day.value,
            report.last_day.value,
            report.before.value,
            _SOME_DAY,
        ]
    kinds: dict[tuple[object, ...], Agency] = {}
    moved = {agency.id for agency in pack.contingency.agencies} if pack.contingency else set()
    for agency in pack.agencies.everyone.values():
        kinds.setdefault((agency.level, agency.form, agency.source, agency.is_lead, agency.id in moved), agency)
    for day in days:
        yield Asker(day), None
        for agency in kinds.values():
            yield Asker(day, agency.id), agency
            yield Asker(day), agency
        for agency in list(kinds.values())[:1]:
            for standing in _standings(agency, day):
                yield Asker(day, agency.id, standing=standing), agency


def _in_force(pack: Pack) -> Iterator[Pack]:
    """The pack as it is, and with the epidemic plan in force."""
    yield pack
    if pack.plan:
        yield pack.through_dossiers(pack.plan.known_since)


def _standings(agency: Agency, day: date) -> Iterator[SubmissionStanding]:
    yield SubmissionStanding(agency.name, "đã liên kết", day)
    yield SubmissionStanding(agency.name, "đã xác nhận", day, version=1)
    yield SubmissionStanding(agency.name, "trả lại, chờ bổ sung", day, version=2, late=3)


def _today(pack: Pack) -> date:
    return pack.plan.report.before.value if pack.plan else _SOME_DAY
