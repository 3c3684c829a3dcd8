"""The line under an answer that says where it comes from and how fresh it is."""

from collections.abc import Sequence
from datetime import date

from knowledge.plan import Plan


def split_source(source: str) -> tuple[str, str]:
    """The name and the place of "circular-26: Điều 36"; the place is empty where none is given."""
    name, _, place = source.partition(":")
    return name.strip(), place.strip()


def source_line(sources: Sequence[str], plan: Plan | None, updated: date | None = None) -> str:
    """The line "Nguồn: Kế hoạch … · cập nhật 11/2021"; empty where no source is named."""
    if plan is None or not sources:
        return ""
    named = []
    for name, place in map(split_source, sources):
        label = plan.sources[name].label
        named.append(f"{label}, {place}" if place else label)
    return f"Nguồn: {'; '.join(named)} · cập nhật {updated or plan.updated:%m/%Y}"
