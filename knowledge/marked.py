"""A text as Telegram shows it: what a person sees, and the stretches that are more than text.

Offsets and lengths of entities count UTF-16 code units, as Telegram's do.
"""

from dataclasses import dataclass

_TRIMMED = " \n\t\v\f"
_CONTROL = {code: " " for code in range(32) if code != ord("\n")} | {ord("\r"): None}
_INVISIBLE = frozenset("\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u2800\u3000\u3164\ufeff\uffa0") | {
    chr(code) for code in (*range(0x2000, 0x2010), *range(0x2028, 0x2030), *range(0x205F, 0x2070))
}


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of text that is more than text. Offset and length count UTF-16 code units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None

    def as_json(self) -> dict[str, str | int]:
        """The entity as the Bot API writes it."""
        entity: dict[str, str | int] = {"type": self.type, "offset": self.offset, "length": self.length}
        if self.url is not None:
            entity["url"] = self.url
        if self.language is not None:
            entity["language"] = self.language
        return entity


@dataclass(frozen=True, slots=True)
class Marked:
    """A text as it is shown, and its entities, outermost first."""

    text: str
    entities: tuple[Entity, ...] = ()

    @property
    def length(self) -> int:
        """The length Telegram holds against its limits, in UTF-16 code units."""
        return utf16_length(self.text)

    @property
    def is_blank(self) -> bool:
        """True when a person would see nothing at all."""
        return all(char.isspace() or char in _INVISIBLE for char in self.text)


def utf16_length(text: str) -> int:
    """How many UTF-16 code units a text takes: characters beyond the basic plane (most emoji) take two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def tidy(text: str, entities: tuple[Entity, ...] = ()) -> Marked:
    """Do to a text what Telegram does to every text: control characters go, blank ends are cut off."""
    text = text.translate(_CONTROL)
    kept_end = text.rstrip(_TRIMMED)
    trimmed = kept_end.lstrip(_TRIMMED)
    if not entities:
        return Marked(trimmed)
    cut, length = len(kept_end) - len(trimmed), utf16_length(trimmed)
    return Marked(trimmed, tuple(moved for entity in entities if (moved := _clip(entity, cut, length))))


def _clip(entity: Entity, cut: int, length: int) -> Entity | None:
    start = max(entity.offset - cut, 0)
    end = min(entity.offset - cut + entity.length, length)
    return Entity(entity.type, start, end - start, entity.url, entity.language) if end > start else None
