"""A topic's answer as Telegram HTML: the template filled in, and the line that names its sources."""

from collections.abc import Iterable, Mapping
from typing import Any

from knowledge.agencies import Agency, Form, Standing
from knowledge.deadline import Deadline
from knowledge.outcome import Asker
from knowledge.pack import Pack
from knowledge.sources import source_line
from knowledge.templates import Templates
from knowledge.topics import Topic


class Renderer:
    """Renders the answers of one pack."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._templates = Templates()

    def topic(self, topic: Topic, asker: Asker, agency_id: str | None, clauses: Iterable[str] = ()) -> str:
        """The answer to a topic.

        Args:
            topic: which.
            asker: who asks, and when.
            agency_id: the agency it is about, if any.
            clauses: the numbers of clauses that the question named.
        """
        agency = self._pack.agencies.everyone.get(agency_id) if agency_id else None
        body = self.text(topic.answer, **template_values(self._pack, asker, agency, clauses))
        line = source_line(topic.sources, self._pack.plan, topic.updated)
        return f"{body}\n\n{self.text('<i>{{ line }}</i>', line=line)}" if line else body

    def text(self, source: str, **values: object) -> str:
        """Any other template, filled in and escaped."""
        return self._templates.render(source, values)


def template_values(pack: Pack, asker: Asker, agency: Agency | None, clauses: Iterable[str] = ()) -> Mapping[str, Any]:
    """What an answer may use; see docs/knowledge.md."""
    values: dict[str, Any] = {"today": asker.today}
    if pack.matrix:
        asked = set(clauses)
        values["matrix"] = pack.matrix
        values["rows"] = [row for row in pack.matrix.rows if row.old in asked]
    if pack.plan:
        moved = {one.id for one in pack.contingency.agencies} if pack.contingency else set()
        before = asker.report_before or pack.plan.report.before.value
        values |= {
            "plan": pack.values,
            "over": pack.plan.period.last_day.value is not None and asker.today > pack.plan.period.last_day.value,
            "deadline": Deadline(before, asker.today),
            "agency": agency,
            "mine": agency is not None and agency.id == asker.agency,
            "standing": asker.standing,
            "contingency": pack.contingency,
            "agencies": {
                # What the plan lists stays what it lists, whatever is in force.
                "onsite": pack.contingency.agencies if pack.contingency else pack.agencies.of_form(Form.ONSITE),
                "listed_all": not pack.agencies.expected,
                "dossier": [one for one in pack.agencies.of_form(Form.DOSSIER) if one.id not in moved],
                "dossier_inferred": pack.agencies.of_form(Form.DOSSIER, Standing.INFERRED),
                "dossier_added": pack.agencies.of_form(Form.DOSSIER, Standing.TO_BE_CONFIRMED),
            },
        }
    return values
