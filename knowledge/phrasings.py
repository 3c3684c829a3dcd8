"""Phrasings that are added to a pack while it is in use: which may be, and the pack with them."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from knowledge.pack import Pack
from knowledge.tokens import normalise

# The longest in the shipped pack has 214 characters; what is much longer tells a story and would be like everything.
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One way of asking for a topic."""

    topic: str
    text: str


class Unfit(StrEnum):
    """Why a text cannot be a phrasing."""

    EMPTY = "empty"
    LONG = "long"
    KNOWN = "known"


class UnfitError(Exception):
    """A text that cannot be a phrasing.

    Attributes:
        why: the reason.
        topic: the topic that has it already, if any.
    """

    def __init__(self, why: Unfit, topic: str | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.topic = topic


def as_said(text: str) -> str:
    """A phrasing without what is only spelling: two that are the same by this say the same."""
    return " ".join(re.findall(r"\w+", normalise(text))) or text


def as_written(text: str) -> str:
    """What was typed as one line of a file: NFC, no control or format characters, single spaces."""
    return " ".join("".join(char if char.isprintable() else " " for char in unicodedata.normalize("NFC", text)).split())


def added(pack: Pack, phrasing: Phrasing) -> Pack:
    """The pack with one more phrasing.

    Raises:
        UnfitError: the text is none.
    """
    if not re.search(r"\w", phrasing.text):
        raise UnfitError(Unfit.EMPTY)
    if len(phrasing.text) > LONGEST:
        raise UnfitError(Unfit.LONG)
    if owner := _said(pack).get(as_said(phrasing.text)):
        raise UnfitError(Unfit.KNOWN, owner)
    return _extended(pack, {phrasing.topic: [phrasing.text]})


def new_to(pack: Pack, phrasings: Iterable[Phrasing]) -> list[Phrasing]:
    """Those that no topic of the pack has, each once; those of topics that it does not know are left out."""
    new: list[Phrasing] = []
    asked = list(phrasings)
    # To say again all that the pack says takes long, and mostly there is nothing to compare it with.
    said = _said(pack) if asked else {}
    for one in asked:
        text = as_said(one.text)
        if one.topic in pack.topics and text not in said:
            said[text] = one.topic
            new.append(one)
    return new


def with_phrasings(pack: Pack, phrasings: Iterable[Phrasing]) -> Pack:
    """The pack with all of these that are new to it."""
    texts: dict[str, list[str]] = {}
    for one in new_to(pack, phrasings):
        texts.setdefault(one.topic, []).append(one.text)
    return _extended(pack, texts) if texts else pack


def _said(pack: Pack) -> dict[str, str]:
    """Everything that phrasings say, and the topic that has it."""
    return {as_said(text): topic.id for topic in pack.topics.values() for text in (topic.ask, *topic.phrasings)}


def _extended(pack: Pack, new: dict[str, list[str]]) -> Pack:
    topics = {
        name: pack.topics[name].model_copy(update={"phrasings": (*pack.topics[name].phrasings, *texts)})
        for name, texts in new.items()
    }
    return replace(pack, topics=pack.topics | topics)
