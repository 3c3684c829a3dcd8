"""plan.yaml of a new pack: what was said of the plan, what follows from it, and what nobody said."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import yaml

from knowledge.agencies import Form
from knowledge.brief import Brief, period_days
from knowledge.deadline import Deadline
from knowledge.plan import Certainty, Detail

# The name of the plan's own source.
SOURCE = "plan"

_HEAD = """\
# Dữ kiện của kế hoạch, mỗi dữ kiện một lần; câu trả lời lấy từ đây và không ghi lại. Cách ghi: docs/knowledge.md.
#
# value      dữ kiện; ngày viết YYYY-MM-DD; null: nguồn không nêu, và trợ lý nói như vậy
# fact       số của dữ kiện
# source     lấy từ đâu: một tên ở mục sources
# certainty  stated: nguồn nêu; inferred: suy ra từ nguồn; silent: nguồn không nêu
#
# Biết thêm điều gì thì thay null bằng dữ kiện, đổi silent thành stated, rồi chạy isobot check.
"""

_FORMS = ("tại trụ sở", "qua hồ sơ và báo cáo")
_STANDARD, _STANDARD_BEFORE = "TCVN ISO 9001:2015", "TCVN ISO 9001:2008"
_UNNAMED_SOURCE = "dữ kiện do người lập bộ kiến thức nhập, chưa ghi rõ lấy từ văn bản nào"


def plan_text(brief: Brief, counted: Mapping[Form, int], today: date, sources: Mapping[str, Mapping[str, str]]) -> str:
    """plan.yaml as a text.

    Args:
        brief: what was said.
        counted: how many agencies are inspected in each form.
        today: the day as of which the answers stand.
        sources: of law and standard.
    """
    return "\n".join([_HEAD, *_lines(_plan(brief, counted, today, sources))]) + "\n"


def _plan(
    brief: Brief, counted: Mapping[Form, int], today: date, sources: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    before = brief["deadline"]
    deadline = Deadline(before, before)
    days = period_days(brief["period"]) if brief["period"] else None
    first, last = days or (None, None)
    number = brief["number"]
    label = f"Kế hoạch {number}" if number else f"Kế hoạch của {brief['issuer']}"
    inferred = Certainty.INFERRED
    return {
        "updated": today,
        "language": "vi",
        "number": _fact("A01", number),
        "issuer": _fact("A02", brief["issuer"]),
        "province": _fact("A02", brief["province"]),
        "title": _fact("A03", brief["title"]),
        "signed": _fact("A04", brief["signed"]),
        "lead": _fact("A05", brief.lead, Certainty.STATED if brief["lead"] else inferred),
        "partners": _fact("A06", list(brief["partners"] or ()), Certainty.STATED if brief["partners"] else None),
        "standard": _fact("A03", _STANDARD),
        "standard_before": _fact("A15", _STANDARD_BEFORE),
        "forms": _fact("A10", list(_FORMS)),
        "onsite": _fact("A11", counted[Form.ONSITE]),
        "dossier": _fact("A13", counted[Form.DOSSIER]),
        "total": _fact("A14", sum(counted.values())),
        "random_units": _fact("A12", brief["random_units"]),
        "period": {
            "name": _fact("A17", brief["period"]),
            "first_day": _fact("A35", first, inferred),
            "last_day": _fact("A35", last, inferred),
        },
        "report": {
            "before": _fact("A18", before),
            "last_day": _fact("A30", deadline.last_day, inferred),
            "last_working_day": _fact("A31", deadline.last_working_day, inferred),
            "recipient": _fact("A18", brief.recipient, Certainty.STATED if brief["recipient"] else inferred),
            "use": _fact("A19", brief["use"]),
        },
        "contingency": {"condition": _fact("A20", brief["epidemic"]), "form": _fact("A20", _FORMS[1])},
        "not_stated": _fact("A.3", brief.missing, Certainty.SILENT),
        "published": _fact("A21", None),
        "details": {str(name): _fact(f"A{50 + place}", brief[name]) for place, name in enumerate(Detail)},
        "sources": {
            SOURCE: {"label": label, "document": brief["source"] or _UNNAMED_SOURCE},
            **{name: dict(source) for name, source in sources.items()},
        },
    }


def _fact(number: str, value: object, certainty: Certainty | None = Certainty.STATED) -> dict[str, Any]:
    if value is None or certainty is None:
        certainty = Certainty.SILENT
    return {"value": value, "fact": number, "source": SOURCE, "certainty": str(certainty)}


def _lines(content: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
    """A line for each fact, and for each source."""
    for name, part in content.items():
        indent = "  " * depth
        if isinstance(part, dict) and not {"value", "label"} & part.keys():
            yield f"\n{indent}{name}:" if not depth else f"{indent}{name}:"
            yield from _lines(part, depth + 1)
        else:
            yield f"{indent}{name}: {_inline(part)}"


def _inline(part: object) -> str:
    """A value, fact or source on one line."""
    text: str = yaml.dump(
        part, Dumper=yaml.CSafeDumper, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10_000
    )
    return text.removesuffix("...\n").strip()
