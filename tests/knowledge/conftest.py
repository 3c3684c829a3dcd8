"""The shipped pack and what is built from it, once a session; small packs written on the spot."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

from knowledge.answer import Answerer, Asker
from knowledge.checks import check
from knowledge.faults import Fault, PackError
from knowledge.pack import DEFAULT, SHIPPED, Pack, load
from knowledge.understanding import Understanding

# The same examples on every machine: a failure on CI is a failure here.
settings.register_profile("isobot", deadline=None, derandomize=True, max_examples=150)
settings.load_profile("isobot")

# A sound pack in which each file is as small as can be. Tests replace one file and see what is said of it.
SOUND = {
    "plan.yaml": (SHIPPED / DEFAULT / "plan.yaml").read_text("utf-8"),
    "agencies.yaml": """\
agencies:
  - {id: so-an, name: Sở An, level: province, form: onsite, source: stated, short: [SAN]}
  - {id: so-binh, name: Sở Bình, level: province, form: onsite, source: stated}
expected:
  - {level: province, form: onsite, count: 3}
  - {level: province, form: dossier, count: 17}
  - {level: district, form: dossier, count: 9}
unlisted:
  - {id: so-khoa-hoc, name: Sở Khoa học, level: province, lead: true}
""",
    "words.yaml": "abbreviations: {bc: [báo cáo]}\nambiguous: {sở ab: [so-an, so-binh]}\n",
    "facts.yaml": "B01: {says: mười một huyện, source: sách, certainty: verified}\n",
    "menu.yaml": "- {title: Tất cả, topics: [hoi.*]}\n",
    "topics/hoi.yaml": """\
- id: hoi.han
  ask: Hạn nộp là ngày nào?
  phrasings: [hạn nộp báo cáo, bao giờ nộp]
  answer: Trước ngày {{ plan.report.before | date }}.
  facts: [A18, B01]
  sources: [article, "circular-26: Điều 36"]
  related: [hoi.ai]
- id: hoi.ai
  ask: Ai chủ trì?
  phrasings: [ai chủ trì, cơ quan nào đứng đầu]
  answer: "{{ plan.lead }}."
""",
}


@pytest.fixture(scope="session")
def pack() -> Pack:
    """The shipped pack."""
    return load()


@pytest.fixture(scope="session")
def answerer(pack: Pack) -> Answerer:
    """It answers from the shipped pack."""
    return Answerer(pack)


@pytest.fixture(scope="session")
def understanding(pack: Pack) -> Understanding:
    """It reads and searches with the shipped pack."""
    return Understanding(pack)


@pytest.fixture(scope="session")
def newcomer() -> Asker:
    """Somebody without an agency, on Monday of the week before the deadline."""
    return Asker(date(2021, 11, 8))


@pytest.fixture
def write_pack(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """Writes a folder of these files and nothing else."""

    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            file = tmp_path / "pack" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        return tmp_path / "pack"

    return write


@pytest.fixture
def faults_of(write_pack: Callable[[dict[str, str]], Path]) -> Callable[[dict[str, str]], list[Fault]]:
    """What is said of a sound pack in which these files are replaced."""

    def find(files: dict[str, str]) -> list[Fault]:
        try:
            return check(load(write_pack(SOUND | files)))
        except PackError as error:
            return error.faults

    return find
