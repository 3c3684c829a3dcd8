"""The menu of topics: groups of questions to choose from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import filter as matching

from pydantic import Field, RootModel

from knowledge.models import Strict
from knowledge.topics import Kind, Topic

LONGEST_TITLE = 40


class MenuEntry(Strict):
    """One group as written: its title, and ids or patterns of its topics."""

    title: str = Field(min_length=1, max_length=LONGEST_TITLE)
    topics: tuple[str, ...] = Field(min_length=1)


class MenuFile(RootModel[tuple[MenuEntry, ...]]):
    """menu.yaml as written."""


@dataclass(frozen=True, slots=True)
class Group:
    """One group of the menu."""

    title: str
    topics: tuple[str, ...]


def groups(file: MenuFile | None, topics: Mapping[str, Topic]) -> tuple[Group, ...]:
    """The menu of a pack; one group of everything where the pack has no menu of its own."""
    shown = [topic.id for topic in topics.values() if topic.kind not in (Kind.CHAT, Kind.OUTSIDE)]
    if file is None:
        return (Group("Tất cả câu hỏi", tuple(shown)),)
    return tuple(Group(entry.title, tuple(_matching(entry.topics, shown))) for entry in file.root)


def _matching(patterns: Iterable[str], names: list[str]) -> Iterable[str]:
    return dict.fromkeys(name for pattern in patterns for name in matching(names, pattern))
