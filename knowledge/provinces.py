"""The provinces and cities of the country, to tell a question about another one from a question about the plan."""

from functools import cache
from pathlib import Path

import yaml

from knowledge.tokens import normalise

_FILE = Path(__file__).with_name("provinces.yaml")


def core(province: str) -> str:
    """The name of a province without the word for what it is: "tỉnh Lâm Đồng" → "Lâm Đồng"."""
    for word in ("tỉnh ", "thành phố ", "tp. ", "tp "):
        if province.casefold().startswith(word):
            return province[len(word) :].strip()
    return province.strip()


def elsewhere(province: str) -> tuple[str, ...]:
    """The names of all provinces but one."""
    own = normalise(core(province))
    return tuple(name for names in _places() if own not in map(normalise, names) for name in names)


@cache
def _places() -> tuple[tuple[str, ...], ...]:
    listed = yaml.load(_FILE.read_text("utf-8"), yaml.CSafeLoader)
    return tuple((names,) if isinstance(names, str) else tuple(names) for names in listed)
