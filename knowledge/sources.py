"""The line under an answer that says where it comes from and how fresh it is."""

from knowledge.plan import Plan
from knowledge.topics import Topic


def split_source(source: str) -> tuple[str, str]:
    """ "circular-26: Điều 36" → ("circular-26", "Điều 36"); the place is empty where none is given."""
    name, _, place = source.partition(":")
    return name.strip(), place.strip()


def source_line(topic: Topic, plan: Plan | None) -> str:
    """ "Nguồn: Kế hoạch … · cập nhật 11/2021"; empty where the topic names no source."""
    if plan is None or not topic.sources:
        return ""
    named = []
    for name, place in map(split_source, topic.sources):
        label = plan.sources[name].label
        named.append(f"{label}, {place}" if place else label)
    return f"Nguồn: {'; '.join(named)} · cập nhật {plan.updated:%m/%Y}"
