"""What Telegram finds in plain text by itself: commands, mentions, hashtags, addresses.

The bot's own filters rely on it: a typed "/start" is a command only because Telegram says so.
"""

import re
from collections.abc import Sequence
from itertools import accumulate

from knowledge.markup import Entity

_DOMAIN = r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+(?:vn|com|net|org|gov|edu|info|io|me|dev|app|asia)\b"
_PATTERNS = re.compile(
    rf"""
      (?P<email>(?<![\w.+-])[\w.+-]+@{_DOMAIN})
    | (?P<url>(?<![\w@./:-])(?:https?://[^\s<>"]+|{_DOMAIN}(?::\d+)?(?:/[^\s<>"]*)?))
    | (?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{{1,64}}(?:@[A-Za-z]\w{{2,31}})?(?![\w/<>]))
    | (?P<mention>(?<![\w@])@[A-Za-z][A-Za-z0-9_]{{2,31}}\b)
    | (?P<hashtag>(?<!\w)\#(?=\w*[^\W\d_])\w{{1,256}})
    """,
    re.VERBOSE,
)
_WORTH_A_LOOK = re.compile(r"[/@#.]")
_NOT_OF_AN_ADDRESS = ".,:;!?)]}'\"…"
# Inside these Telegram looks for nothing more.
_CLOSED = frozenset({"code", "pre", "text_link"})


def detect(text: str, marked: Sequence[Entity] = ()) -> tuple[Entity, ...]:
    """The entities of a text: those it is marked up with, and those Telegram finds of itself."""
    if not _WORTH_A_LOOK.search(text):
        return tuple(marked)
    offsets = _utf16_offsets(text)
    closed = [(entity.offset, entity.offset + entity.length) for entity in marked if entity.type in _CLOSED]
    found = []
    for match in _PATTERNS.finditer(text):
        kind = match.lastgroup or ""
        begin, end = match.span()
        if kind == "url":
            end = begin + len(match.group().rstrip(_NOT_OF_AN_ADDRESS))
        start, stop = offsets[begin], offsets[end]
        if not any(start < closed_end and closed_start < stop for closed_start, closed_end in closed):
            found.append(Entity(kind, start, stop - start))
    if not found:
        return tuple(marked)
    return tuple(sorted((*marked, *found), key=lambda entity: (entity.offset, -entity.length)))


def slices(text: str, entities: Sequence[Entity], kind: str) -> list[str]:
    """The stretches of a text that are entities of this kind."""
    units = text.encode("utf-16-le")
    return [
        units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")
        for entity in entities
        if entity.type == kind
    ]


def _utf16_offsets(text: str) -> Sequence[int]:
    """The UTF-16 offset of every character, and of the end."""
    if max(text) <= "\uffff":
        return range(len(text) + 1)
    return list(accumulate((1 + (char > "\uffff") for char in text), initial=0))
