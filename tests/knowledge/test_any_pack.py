"""Packs that nobody would write on purpose: each ends in faults, and soon; none in a stack trace."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.checks import check
from knowledge.faults import Fault, PackError
from knowledge.pack import load
from tests.knowledge.conftest import SOUND

FaultsOf = Callable[[dict[str, str]], list[Fault]]

TOPICS = "topics/hoi.yaml"
LAUGHS = "".join(f"- &a{number} [{', '.join([f'*a{number - 1}'] * 9)}]\n" for number in range(1, 12))

# Found by hand and by mutating packs: each ended in a stack trace, ate the memory, killed the program or never ended.
NEVER_ENDING = {
    "an entry in itself": "&a [*a]",
    "a mapping in itself": "- &a {id: *a}",
    "a billion laughs": f"- &a0 [x]\n{LAUGHS}",
    "a billion merges": "- &a0 {x: 1}\n" + LAUGHS.replace("[", "{<<: [").replace("]", "]}"),
    "a thousand brackets": "[" * 3000 + "]" * 3000,
    "a hundred thousand brackets": "[" * 100_000 + "]" * 100_000,
    "a hundred thousand dashes": "- " * 100_000 + "a",
    "a deep mapping": "{a: " * 3000 + "}" * 3000,
    "nothing as a number": "- {id: !!float ''}",
    "an odd truth": "- {!!bool id: a}",
    "an odd day": "- {id: !!timestamp x}",
    "a program": "- !!python/object/apply:os.system [true]",
    "a very long number": "- {id: " + "1" * 5000 + "}",
    "a very long number of sixties": "- {id: " + "1" * 3000 + ":1}",
    "NUL": "- {id: a\0}",
    "NUL in a text": '- {id: "a\\0", ask: b, phrasings: [c], answer: d}',
    "half a sign": '- {id: "a\\ud800"}',
    "a mark that is none": "- {id: *ghi chú}",
}

ANSWERS = [
    "{{ 'x' * 10**9 }}",
    "{{ 9**9**9 }}",
    "{{ 'a' | center(10**9) }}",
    "{{ 'a'.center(1000000000) }}",
    "{{ '%999999999d' | format(1) }}",
    "{{ '{:999999999}'.format(1) }}",
    "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "{% if today %}" * 400,
    "{{ 'a' | urlize(rel=1) }}",
    "{{ today.__class__.__mro__ }}",
    "{% for x in range(99999) %}{% for y in range(99999) %}x{% endfor %}{% endfor %}",
    "{% include '/etc/passwd' %}",
]

INSERTED = [
    *"[]{}:,&*!|>'\"%@`#-? \t\x01\x7f\x85\u2028\ufeff",
    *("null", "~", "''", "[]", "{}", "{a: {b: c}}", "2021-02-31", "9999-12-31", "1e999", ".nan", "yes", "<<: {}"),
    *("!!int ''", "&a [*a]", "{{ 7*7 }}", "<b>", "&lt;", "\\0", "'*'", "(((", "...", "---", "? [a]", "0x1F", "1:1"),
]


def _names_a_file(faults: list[Fault]) -> bool:
    return all("\n" not in str(fault) and fault.file.suffix == ".yaml" for fault in faults)


@pytest.mark.parametrize("text", NEVER_ENDING.values(), ids=NEVER_ENDING.keys())
def test_a_file_that_would_never_end_is_refused_at_once(text: str, faults_of: FaultsOf) -> None:
    faults = faults_of({TOPICS: text})
    assert faults
    assert _names_a_file(faults)


def test_entries_that_are_used_again_are_refused_at_their_line(faults_of: FaultsOf) -> None:
    [fault] = faults_of({TOPICS: "- &ten\n  id: a\n- *ten\n"})
    assert str(fault).endswith(
        "hoi.yaml:3: “*ten” dùng lại một mục khác. "
        "Cách sửa: chép nội dung ra thay cho & và *; nếu là chữ thì đặt trong dấu nháy."
    )


@pytest.mark.parametrize("answer", ANSWERS, ids=range(len(ANSWERS)))
def test_an_answer_that_would_run_away_is_refused_at_its_line(answer: str, faults_of: FaultsOf) -> None:
    quoted = answer.replace("'", "''")
    topic = f"- id: hoi.han\n  ask: Hạn?\n  phrasings: [hạn nộp]\n  answer: '{quoted}'\n"
    [fault] = faults_of({"topics/them.yaml": topic, TOPICS: SOUND[TOPICS].replace("hoi.han", "hoi.khac")})
    assert (fault.file.name, fault.line) == ("them.yaml", 4)


def _mutated(draw: random.Random, text: str) -> str:
    """A text in which a line or two are not what they were."""
    lines = text.split("\n")
    for _ in range(draw.choice([1, 1, 2])):
        place = draw.randrange(len(lines))
        line = lines[place]
        cut = draw.randrange(len(line) + 1)
        match draw.randrange(6):
            case 0:
                lines[place : place + 1] = []
            case 1:
                lines.insert(place, draw.choice(lines))
            case 2:
                lines[place] = "  " * draw.randrange(3) + line.lstrip()
            case 3:
                lines[place] = line[:cut] + draw.choice(INSERTED) + line[cut:]
            case 4:
                lines[place] = line[:cut] + line[cut + 1 :]
            case _:
                lines[place] = re.sub(r"(?<=: ).+", lambda _: draw.choice(INSERTED), line, count=1)
        lines = lines or [""]
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(60))
def test_a_pack_that_was_damaged_anywhere_ends_in_faults_or_is_sound(seed: int, tmp_path: Path) -> None:
    draw = random.Random(seed)
    damaged = draw.choice([name for name in SOUND if name != "plan.yaml"])
    for name, text in SOUND.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(_mutated(draw, text) if name == damaged else text, "utf-8")
    try:
        faults = check(load(tmp_path))
    except PackError as error:
        faults = error.faults
    assert all("\n" not in str(fault) for fault in faults)
