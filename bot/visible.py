"""Texts of others as they may stand on a card: nothing in them that is not seen."""

import re
import unicodedata

_LONGEST_LINE = 500


def visible(text: str) -> str:
    """One line without control, direction, zero-width and private characters, in NFC, with single blanks."""
    seen = "".join(" " if char.isspace() else char for char in text if char.isspace() or not _is_hidden(char))
    # A mark may have stood behind what was hidden; only now does it meet its letter.
    return " ".join(unicodedata.normalize("NFC", seen).split())


def lines(text: str) -> str:
    """What somebody typed as a text of several lines, each of them cleaned, with single empty lines between."""
    cleaned = "\n".join(map(visible, text.splitlines()))
    return re.sub(r"\n{3,}", "\n\n", cleaned).strip()


def line(text: str) -> str:
    """What somebody typed as a reason or a name, cleaned and at most 500 characters long."""
    return visible(text)[:_LONGEST_LINE]


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char).startswith("C")
