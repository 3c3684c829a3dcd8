"""Telegram's HTML: what a person sees of it, and whether Telegram would take it at all.

Telegram does not read HTML as a browser does. It knows a dozen tags, four named character references, and refuses a
whole message for one unclosed tag. Who writes templates wants to hear that before a message goes out, in the very words
Telegram uses; so this is a reader of its own and no general HTML parser.

Offsets and lengths of entities count UTF-16 code units, as Telegram's do; offsets inside errors count bytes of UTF-8.
"""

import re
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlsplit

from knowledge.marked import Entity, Marked, tidy, utf16_length

__all__ = ["Entity", "Marked", "MarkupError", "checked_url", "parse", "plain", "tidy", "utf16_length"]

_STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
}
_MONOSPACE = frozenset({"code", "pre"})
# Of two entities over the same stretch, the outer one comes first.
_OUTER_FIRST = (
    "blockquote",
    "expandable_blockquote",
    "pre",
    "code",
    "text_link",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
)

_PLAIN = re.compile(r"[^<&]+")
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_TAG_NAME = re.compile(r"[^\s>]*")
_SPACE = re.compile(r"\s*")
_ATTRIBUTE_NAME = re.compile(r"[^\s=>/\"']*")
_BARE_VALUE = re.compile(r"[A-Za-z0-9.-]*")


class MarkupError(ValueError):
    """Telegram would refuse this text; the message says why, in Telegram's words."""


def parse(html: str) -> Marked:
    """Read Telegram's HTML.

    Raises:
        MarkupError: Telegram would answer "can't parse entities" with these words.
    """
    if "<" not in html and "&" not in html:
        return tidy(html)
    return _Reader(html).read()


def plain(html: str) -> str:
    """The text as a person sees it, without any markup. Raises MarkupError as `parse` does."""
    return parse(html).text


@dataclass(slots=True)
class _Open:
    """A start tag that waits for its end tag."""

    tag: str
    argument: str
    offset: int
    written: int  # how many pieces of text stood before it


class _Reader:
    """One pass over one text."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._at = 0
        self._pieces: list[str] = []
        self._offset = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def read(self) -> Marked:
        html, end = self._html, len(self._html)
        while self._at < end:
            if (text := _PLAIN.match(html, self._at)) is not None:
                self._write(text.group())
                self._at = text.end()
            elif html[self._at] == "&":
                self._write(self._reference())
            elif html.startswith("</", self._at):
                self._end_tag()
            else:
                self._start_tag()
        if self._open:
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{self._open[-1].tag}"')
        return tidy("".join(self._pieces), _in_order(self._entities))

    def _write(self, text: str) -> None:
        text = text.replace("\r", "")  # tidy() drops it too, and then the entities would be off by one
        self._pieces.append(text)
        self._offset += utf16_length(text)

    def _refuse(self, complaint: str, at: int, rest: str = "") -> NoReturn:
        raise MarkupError(f"{complaint} at byte offset {len(self._html[:at].encode())}{rest}")

    def _reference(self) -> str:
        """The character that `&…;` stands for; one that Telegram does not know stays as it is written."""
        found = _REFERENCE.match(self._html, self._at)
        if found is None:
            self._at += 1
            return "&"
        hexadecimal, decimal, name = found.groups()
        code = int(hexadecimal, 16) if hexadecimal else int(decimal or 0)
        if not name and not 0 < code < 0x10FFFF:
            self._at += 1
            return "&"
        if 0xD800 <= code <= 0xDFFF:
            raise MarkupError(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        self._at = found.end()
        return _NAMED[name] if name else chr(code)

    def _skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._html, self._at)
        if found is None:
            return ""
        self._at = found.end()
        return found.group()

    def _here(self) -> str:
        """The character under the finger; empty at the end."""
        return self._html[self._at : self._at + 1]

    def _start_tag(self) -> None:
        begin = self._at
        self._at += 1
        tag = self._skip(_TAG_NAME).lower()
        if not self._here():
            self._refuse("Unclosed start tag", begin)
        if tag not in _STYLES:
            self._refuse(f'Unsupported start tag "{tag}"', begin)
        argument = ""
        while True:
            self._skip(_SPACE)
            if self._here() == ">":
                break
            name, value = self._attribute(tag, begin)
            argument = _argument(tag, name, value) or argument
        self._at += 1
        if tag == "span" and argument != "spoiler":
            self._refuse('Tag "span" must have class "tg-spoiler"', begin)
        self._open.append(_Open(tag, argument, self._offset, len(self._pieces)))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        name = self._skip(_ATTRIBUTE_NAME)
        if not name:
            if not self._here():
                self._refuse("Unclosed start tag", begin)
            self._refuse(f'Empty attribute name in the tag "{tag}"', begin)
        self._skip(_SPACE)
        if self._here() != "=":
            if not self._here():
                self._refuse(f'Unclosed start tag "{tag}"', begin)
            return name, ""
        self._at += 1
        self._skip(_SPACE)
        value = self._quoted() if self._here() in ("'", '"') else self._unquoted()
        if not self._here():
            self._refuse("Unclosed start tag", begin)
        return name, value

    def _quoted(self) -> str:
        quote = self._here()
        self._at += 1
        value = []
        while (char := self._here()) and char != quote:
            if char == "&":
                value.append(self._reference())
            else:
                value.append(char)
                self._at += 1
        self._at += 1
        return "".join(value)

    def _unquoted(self) -> str:
        begin = self._at
        value = self._skip(_BARE_VALUE).lower()
        if self._here() and not self._here().isspace() and self._here() != ">":
            self._refuse("Unexpected end of name token", begin)
        return value

    def _end_tag(self) -> None:
        begin = self._at
        if not self._open:
            self._refuse("Unexpected end tag", begin)
        self._at += 2
        tag = self._skip(_TAG_NAME).lower()
        self._skip(_SPACE)
        if self._here() != ">":
            self._refuse("Unclosed end tag", begin)
        self._at += 1
        opened = self._open.pop()
        if tag not in ("", opened.tag):
            self._refuse("Unmatched end tag", begin, f', expected "</{opened.tag}>", found "</{tag}>"')
        if self._offset > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        kind, length = _STYLES[opened.tag], self._offset - opened.offset
        url = language = None
        if kind == "text_link":
            url = checked_url(opened.argument or "".join(self._pieces[opened.written :]))
            if url is None:
                return
        elif kind == "blockquote" and opened.argument:
            kind = "expandable_blockquote"
        elif kind in _MONOSPACE:
            language = opened.argument or None
            inner = self._entities[-1] if self._entities else None
            if (
                inner is not None
                and inner.type in _MONOSPACE
                and (inner.offset, inner.length)
                == (
                    opened.offset,
                    length,
                )
            ):
                # <pre><code class="language-…"> is one entity, a block with a language.
                kind, language = "pre", language or inner.language
                self._entities.pop()
        self._entities.append(Entity(kind, opened.offset, length, url, language))


def _argument(tag: str, name: str, value: str) -> str:
    """What a tag's attribute says that matters to Telegram; everything else is ignored, as there."""
    match tag, name:
        case "a", "href":
            return value
        case "code", "class":
            return value.removeprefix("language-") if value.startswith("language-") else ""
        case "span", "class":
            return value.removeprefix("tg-") if value.startswith("tg-") else ""
        case "blockquote", "expandable":
            return "expandable"
    return ""


def checked_url(url: str) -> str | None:
    """The address as Telegram keeps it; None for one it drops without a word, leaving bare text."""
    url = url.strip()
    if url.startswith(("tg://", "mailto:")):
        return url
    if "://" not in url:
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or "." not in host.strip(".") or re.search(r"\s", url):
        return None
    return url if parts.path or parts.query or parts.fragment else f"{url}/"


def _in_order(entities: list[Entity]) -> tuple[Entity, ...]:
    """Outermost first, and nothing styled inside code: Telegram shows code as it stands."""
    # A lone <code class="language-…"> has no language to show.
    entities = [Entity("code", e.offset, e.length) if e.type == "code" else e for e in entities]
    entities.sort(key=lambda e: (e.offset, -e.length, _OUTER_FIRST.index(e.type)))
    kept: list[Entity] = []
    code_until = 0
    for entity in entities:
        if entity.offset < code_until:
            continue
        if entity.type in _MONOSPACE:
            code_until = entity.offset + entity.length
        kept.append(entity)
    return tuple(kept)
