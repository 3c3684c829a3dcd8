"""A file of topics as text: adding phrasings to it, and leaving everything else as somebody wrote it."""

import json
import re
from collections.abc import Mapping, Sequence

import yaml

_BREAK = re.compile(r"\r\n|\n")


def with_lines(text: str, new: Mapping[str, Sequence[str]]) -> str:
    """The text of a file with more phrasings at the end of their topics' lists.

    Args:
        text: the file, as YAML that can be read.
        new: phrasings of one line each, by topic; topics that the file does not have are left out.
    """
    additions: dict[int, str] = {}
    topics = yaml.compose(text, Loader=yaml.CSafeLoader)
    for entry in topics.value if topics else ():
        parts = {key.value: value for key, value in entry.value}
        texts = new.get(parts["id"].value, ())
        if texts:
            place, addition = _addition(text, parts["phrasings"], texts)
            additions[place] = addition
    for place in sorted(additions, reverse=True):
        text = text[:place] + additions[place] + text[place:]
    return text


def _addition(text: str, phrasings: yaml.SequenceNode, texts: Sequence[str]) -> tuple[int, str]:
    """Where to insert, and what."""
    last = phrasings.value[-1].end_mark.index
    if phrasings.flow_style:
        return last, "".join(f", {_scalar(one, '[{}]')}" for one in texts)
    newline = "\r\n" if "\r\n" in text else "\n"
    begin = text.rfind("\n", 0, phrasings.value[-1].start_mark.index) + 1
    indent = text[begin : text.index("-", begin)]
    lines = [f"{indent}- {_scalar(one, '- {}')}{newline}" for one in texts]
    # A block of several lines ends where the next thing begins: what stands between belongs to that.
    end = len(text[:last].rstrip())
    following = _BREAK.search(text, end)
    if following is None:
        return len(text), newline + "".join(lines)
    return following.end(), "".join(lines)


def _scalar(text: str, around: str) -> str:
    """A text as YAML: plain where that reads as the same text, else in quotes."""
    try:
        # Without the C library, which takes things that other readers of YAML refuse.
        plain = yaml.safe_load(around.format(text)) == [text]
    except (yaml.YAMLError, ValueError):
        plain = False
    return text if plain else json.dumps(text, ensure_ascii=False)
