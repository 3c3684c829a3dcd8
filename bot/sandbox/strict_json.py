"""JSON that can be written again: half of a surrogate pair reads well, but no UTF-8 can carry it on."""

import json
from typing import Any


def loads(raw: str) -> Any:
    """Read JSON. ValueError for what is none, and for strings that are no text."""
    value = json.loads(raw)
    if "\\ud" in raw.lower():
        json.dumps(value, ensure_ascii=False).encode()  # a UnicodeEncodeError is a ValueError
    return value
