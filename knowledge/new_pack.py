"""A pack for another plan: the shipped one's knowledge of law, standard and bot, with the other plan's facts."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from knowledge.agencies import Form
from knowledge.brief import Brief
from knowledge.checks import check
from knowledge.deadline import Deadline
from knowledge.faults import Fault, PackError
from knowledge.new_agencies import agency_file
from knowledge.new_plan import SOURCE, plan_text
from knowledge.pack import Pack, load
from knowledge.phrasings import as_said
from knowledge.retelling import Retelling
from knowledge.topics import LONGEST_ASK

_STARTER = Path(__file__).with_name("starter") / "topics.yaml"

# The name of the shipped plan's own source.
_SHIPPED_SOURCE = "article"

# Short forms that stand for the shipped plan's place and time.
_LOCAL_FORMS = frozenset({"bp"})

_COPIED = ("menu.yaml", "matrix.yaml", "calibration.yaml")

_HEADS = {
    "agencies.yaml": "Các cơ quan của kế hoạch. Cách ghi: docs/knowledge.md.",
    "words.yaml": "Từ viết tắt, tên mơ hồ. Tỉnh khác thì chương trình tự biết, trừ tỉnh của plan.yaml.",
    "facts.yaml": "Dữ kiện ngoài kế hoạch (luật, tiêu chuẩn) mà câu trả lời dựa vào.",
}


class _Dumper(yaml.CSafeDumper):
    """Writes YAML as people edit it: texts of several lines as blocks."""


def _as_block(dumper: yaml.CSafeDumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _as_block)


def make(folder: Path, brief: Brief, today: date) -> Pack:
    """Write a pack into a folder that is not there, or empty; whole and sound, or not at all.

    Args:
        folder: where.
        brief: what was said of the plan.
        today: the day as of which the answers stand.

    Raises:
        RosterError: the list of agencies has faults.
        PackError: what was said does not make a sound pack.
        OSError: the folder cannot be written.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, text in texts(brief, today):
            file = made / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, "utf-8")
        pack = load(made)
        _refuse_faults(check(pack))
        made.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return replace(pack, folder=folder)


def _refuse_faults(faults: list[Fault]) -> None:
    if faults:
        raise PackError(faults)


def texts(brief: Brief, today: date) -> Iterator[tuple[str, str]]:
    """The files of a new pack: the name of each in its folder, and what stands in it.

    Raises:
        RosterError: the list of agencies has faults.
    """
    shipped = load()
    agencies, ambiguous = agency_file(shipped, brief)
    counted = {form: _counted(agencies, form) for form in Form}
    plan = plan_text(brief, counted, today, _sources(shipped))
    known = {fact["fact"] for fact in _facts(yaml.load(plan, yaml.CSafeLoader))}
    before = brief["deadline"]
    retelling = Retelling(brief, Deadline(before, before).last_working_day)
    topics = _topics(shipped, retelling, yaml.load(plan, yaml.CSafeLoader))
    register = shipped.files["facts.yaml"].content
    used = {fact for entries in topics.values() for entry in entries for fact in entry.get("facts", ())}
    own = {fact for fact in used & register.keys() if _is_general(register[fact]["says"], retelling)}
    known |= own

    yield "plan.yaml", plan
    yield "agencies.yaml", _dumped(agencies, "agencies.yaml")
    words = {**shipped.files["words.yaml"].content, "ambiguous": _known_forms(shipped, agencies) | ambiguous}
    words["abbreviations"] = {form: of for form, of in words["abbreviations"].items() if form not in _LOCAL_FORMS}
    del words["elsewhere"]
    yield "words.yaml", _dumped(words, "words.yaml")
    yield "facts.yaml", _dumped({fact: register[fact] for fact in register if fact in own}, "facts.yaml")
    for name in _COPIED:
        yield name, (shipped.folder / name).read_text("utf-8")
    for name, entries in topics.items():
        yield f"topics/{name}", _dumped([_with_facts(entry, known) for entry in entries])
    for file in sorted((shipped.folder / "files").glob("*.yaml")):
        content = yaml.load(file.read_text("utf-8").replace(f"'{_SHIPPED_SOURCE}'", f"'{SOURCE}'"), yaml.CSafeLoader)
        yield f"files/{file.name}", _dumped(_with_facts(content, known))
    yield "questions.jsonl", "".join(_questions(shipped, retelling))


def _topics(shipped: Pack, retelling: Retelling, plan: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The shipped topics by their files, about the other plan."""
    starters = {one["id"]: one for one in yaml.load(_STARTER.read_text("utf-8"), yaml.CSafeLoader)}
    files: dict[str, list[dict[str, Any]]] = {}
    said: set[str] = set()
    for topic in shipped.topics.values():
        located, place = shipped.places[topic.id]
        entry = {**located.content[place], **starters.get(topic.id, {})}
        without = entry.pop("silent_without", None)
        if without:
            entry["kind"] = "answer" if _value(plan, without) else "silent"
            entry["pass_on"] = True
        asks = retelling.told(entry["ask"], topic.id) or entry["ask"]
        entry["ask"] = asks if len(asks) <= LONGEST_ASK else entry["ask"]
        sources = starters.get(topic.id, {}).get("sources", topic.sources)
        if sources:
            entry["sources"] = [SOURCE if one == _SHIPPED_SOURCE else one for one in sources]
        told = (retelling.told(text, topic.id) for text in topic.phrasings)
        entry["phrasings"] = [text for text in told if text and _is_new(as_said(text), said)] or [entry["ask"]]
        entry["answer"] = entry["answer"].strip() + "\n"
        files.setdefault(located.file.name, []).append(entry)
    return files


def _questions(shipped: Pack, retelling: Retelling) -> Iterator[str]:
    said: set[str] = set()
    for question in shipped.questions:
        text = retelling.told(question.text, question.topic)
        if text and _is_new(as_said(text), said):
            row = {"text": text, "topic": question.topic, "also": list(question.also), "style": question.style}
            yield json.dumps(row, ensure_ascii=False) + "\n"


def _is_general(fact: str, retelling: Retelling) -> bool:
    """Whether a fact says nothing of the shipped plan and its place."""
    return retelling.told(fact, "law.") == " ".join(fact.split())


def _is_new(text: str, said: set[str]) -> bool:
    is_new = text not in said
    said.add(text)
    return is_new


def _sources(shipped: Pack) -> dict[str, dict[str, str]]:
    """The sources that are not the shipped plan's own: law and standard."""
    sources = shipped.files["plan.yaml"].content["sources"]
    return {name: source for name, source in sources.items() if name != _SHIPPED_SOURCE}


def _counted(agencies: Mapping[str, Any], form: Form) -> int:
    listed: int = sum(agency["form"] == form for agency in agencies["agencies"])
    expected: int = sum(places["count"] for places in agencies["expected"] if places["form"] == form)
    return listed + expected


def _known_forms(shipped: Pack, agencies: Mapping[str, Any]) -> dict[str, list[str]]:
    """The ambiguous short forms all of whose agencies the new pack knows, too."""
    ids = {agency["id"] for part in ("agencies", "unlisted") for agency in agencies[part]}
    return {form: list(of) for form, of in shipped.words.ambiguous.items() if ids.issuperset(of)}


def _facts(part: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(part, dict):
        if "fact" in part:
            yield part
        else:
            for inner in part.values():
                yield from _facts(inner)


def _value(plan: Mapping[str, Any], path: str) -> object:
    part: Any = plan
    for name in path.split("."):
        part = part[name]
    return part["value"]


def _with_facts(entry: dict[str, Any], known: Iterable[str]) -> dict[str, Any]:
    """An entry that rests only on facts that the new pack has."""
    if "facts" not in entry:
        return entry
    return {**entry, "facts": [fact for fact in entry["facts"] if fact in known]}


def _dumped(content: object, name: str | None = None) -> str:
    head = f"# {_HEADS[name]}\n\n" if name else ""
    return head + yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
