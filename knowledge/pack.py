"""A pack: one folder of YAML that a civil servant can edit, loaded, typed and checked."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import TypeVar

from pydantic import BaseModel

from knowledge.agencies import Agencies, AgencyFile, Form
from knowledge.calibration import Calibration
from knowledge.contingency import Contingency
from knowledge.facts import Register
from knowledge.faults import Fault, PackError
from knowledge.handouts import Handout, take
from knowledge.located import Located, read, validate
from knowledge.matrix import Matrix
from knowledge.menu import Group, MenuFile, groups
from knowledge.pack_files import version_of
from knowledge.plan import Plan, facts_of, values_of
from knowledge.provinces import elsewhere
from knowledge.questions import Labelled, read_questions
from knowledge.topics import Kind, Topic
from knowledge.words import Words

M = TypeVar("M", bound=BaseModel)

SHIPPED = Path(__file__).with_name("packs")
DEFAULT = "binh-phuoc-2021"


@dataclass(frozen=True)
class Pack:
    """What a folder holds.

    Attributes:
        folder: where it was read from.
        version: tells two states of its files apart.
        plan: None for a folder of questions and answers alone.
        values: the plan as templates see it; None without a plan.
        topics: by id, in the order of the files.
        menu: the topics in groups to choose from.
        places: where each topic stands, by id.
        files: the other files as read, by name.
        known_facts: the ids that an answer may rest on; empty without a plan.
        matrix: the clauses of the standard's two editions; None where the pack has none.
        handouts: the files that answers can carry, by name.
        questions: its own question set; empty where it has none.
        contingency: that the epidemic plan is in force; None as a pack is loaded.
    """

    folder: Path
    version: str
    plan: Plan | None
    values: SimpleNamespace | None
    agencies: Agencies
    words: Words
    calibration: Calibration
    topics: dict[str, Topic]
    menu: tuple[Group, ...]
    places: dict[str, tuple[Located, int]]
    files: dict[str, Located]
    known_facts: frozenset[str]
    matrix: Matrix | None
    handouts: dict[str, Handout]
    questions: tuple[Labelled, ...]
    contingency: Contingency | None = None

    @property
    def shown(self) -> list[Topic]:
        """The topics that have an answer of their own, without the entries on what is not covered."""
        return [topic for topic in self.topics.values() if topic.kind is not Kind.OUTSIDE]

    def through_dossiers(self, since: date) -> "Pack":
        """The pack with the epidemic plan in force since a day."""
        onsite = {agency.id for agency in self.agencies.of_form(Form.ONSITE)}
        agencies = self.agencies.through_dossiers()
        moved = tuple(agency for agency in agencies.listed if agency.id in onsite)
        return replace(self, agencies=agencies, contingency=Contingency(since, moved))


def find(name: str | Path) -> Path:
    """The folder of a pack: a path, or the name of a shipped one.

    Raises:
        PackError: there is no such folder.
    """
    for folder in (Path(name), SHIPPED / name):
        if folder.is_dir():
            return folder
    shipped = ", ".join(sorted(entry.name for entry in SHIPPED.iterdir() if entry.is_dir()))
    raise PackError([Fault(Path(name), 0, "không có bộ kiến thức này", f"đưa một thư mục, hoặc một trong: {shipped}")])


def load(name: str | Path = DEFAULT) -> Pack:
    """Read a pack.

    Args:
        name: its folder, or the name of a shipped pack.

    Raises:
        PackError: with every fault that keeps it from being read. What `knowledge.checks` finds beyond that does not.
    """
    folder = find(name)
    version = version_of(folder)
    faults: list[Fault] = []
    topics: dict[str, Topic] = {}
    places: dict[str, tuple[Located, int]] = {}
    topic_files = sorted((folder / "topics").glob("*.yaml"))
    if not topic_files:
        faults.append(Fault(folder / "topics", 0, "không có tệp chủ đề nào", "thêm ít nhất một tệp topics/*.yaml"))
    for file in topic_files:
        try:
            located = read(file)
        except PackError as error:
            faults += error.faults
            continue
        faults += _take_topics(located, topics, places)

    files: dict[str, Located] = {}
    plan = _optional(folder / "plan.yaml", Plan, files, faults)
    agencies = _optional(folder / "agencies.yaml", AgencyFile, files, faults)
    words = _optional(folder / "words.yaml", Words, files, faults)
    register = _optional(folder / "facts.yaml", Register, files, faults)
    menu = _optional(folder / "menu.yaml", MenuFile, files, faults)
    calibration = _optional(folder / "calibration.yaml", Calibration, files, faults)
    matrix = _optional(folder / "matrix.yaml", Matrix, files, faults)
    handouts = take(folder, files, faults)
    questions = _questions(folder / "questions.jsonl", faults)
    if faults:
        raise PackError(sorted(faults))
    known_facts = {fact.fact for fact in facts_of(plan).values()} if plan else set()
    return Pack(
        folder=folder,
        version=version,
        plan=plan,
        values=values_of(plan) if plan else None,
        agencies=Agencies(agencies or AgencyFile()),
        words=_complete(words or Words(), plan),
        calibration=calibration or Calibration.shipped(),
        topics=topics,
        menu=groups(menu, topics),
        places=places,
        files=files,
        known_facts=frozenset(known_facts | set(register.root if register else ())),
        matrix=matrix,
        handouts=handouts,
        questions=questions,
    )


def _take_topics(located: Located, topics: dict[str, Topic], places: dict[str, tuple[Located, int]]) -> Iterable[Fault]:
    if not isinstance(located.content, list) or not located.content:
        return [located.fault((), "tệp không phải là một danh sách chủ đề", "bắt đầu mỗi chủ đề bằng “- id: …”")]
    faults: list[Fault] = []
    for number in range(len(located.content)):
        try:
            topic = validate(Topic, located, (number,))
        except PackError as error:
            faults += error.faults
            continue
        if topic.id in topics:
            first, place = places[topic.id]
            where = f"{first.file.name}:{first.line((place,))}"
            faults.append(
                located.fault((number, "id"), f"mã “{topic.id}” đã dùng ở {where}", "đặt mã khác hoặc gộp hai mục")
            )
            continue
        topics[topic.id] = topic
        places[topic.id] = (located, number)
    return faults


def _optional(file: Path, model: type[M], files: dict[str, Located], faults: list[Fault]) -> M | None:
    if not file.exists():
        return None
    try:
        files[file.name] = read(file)
        return validate(model, files[file.name])
    except PackError as error:
        faults += error.faults
        return None


def _complete(words: Words, plan: Plan | None) -> Words:
    if plan is None or "elsewhere" in words.model_fields_set:
        return words
    return words.model_copy(update={"elsewhere": elsewhere(plan.province.value)})


def _questions(file: Path, faults: list[Fault]) -> tuple[Labelled, ...]:
    try:
        return tuple(read_questions(file)) if file.exists() else ()
    except PackError as error:
        faults += error.faults
        return ()
