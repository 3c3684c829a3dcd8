"""The chain of steps: which may follow which, kept by the database itself."""

import asyncio
import shutil
import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest

from bot.states import FOLLOWS, OPEN, OWING, TO_REVIEW, State
from bot.store.database import open_database

# What is stored: that an agency is linked follows from its contacts.
STORED = [state for state in State if state is not State.LINKED]
PAIRS = list(product(STORED, STORED))
NOW = "2021-11-08 01:00:00.000000"
AGENCY = "so-xay-dung"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file as the migrations make it."""
    path = tmp_path_factory.mktemp("made") / "isobot.db"

    async def make() -> None:
        async with open_database(f"sqlite+aiosqlite:///{path}"):
            pass

    asyncio.run(make())
    return path


@pytest.fixture
def file(made: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Such a file, opened as any program may, its references held to."""
    path = shutil.copy(made, tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys=ON")
        yield connection


def _insert(file: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    marks = ", ".join("?" for _ in row)
    file.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))


def _version(file: sqlite3.Connection, **changed: Any) -> None:
    row = {"agency": AGENCY, "version": 1, "way": "email", "confirmed_at": NOW, "on_behalf": 0}
    _insert(file, "versions", row | changed)


def _step(file: sqlite3.Connection, number: int, before: str, after: str, **changed: Any) -> None:
    row = {
        "agency": AGENCY, "number": number, "previous": None if number == 1 else number - 1,
        "before": before, "after": after, "version": 1, "at": NOW, "reason": "thiếu phụ lục",
    }  # fmt: skip
    _insert(file, "steps", row | changed)


def _way_to(state: State) -> list[State]:
    """The shortest chain of states from the beginning to this one."""
    ways = deque([[State.NOT_OPENED]])
    while ways:
        way = ways.popleft()
        if way[-1] is state:
            return way
        ways.extend([*way, after] for after in sorted(FOLLOWS[way[-1]]))
    raise AssertionError(f"{state} cannot be reached")


def _go_to(file: sqlite3.Connection, state: State) -> int:
    """Take the steps to a state; how many there were."""
    _version(file)
    way = _way_to(state)
    for number, (before, after) in enumerate(pairwise(way), 1):
        _step(file, number, before, after)
    return len(way) - 1


def _steps(file: sqlite3.Connection) -> list[Any]:
    return file.execute("SELECT * FROM steps ORDER BY number").fetchall()


def _refused(by: str) -> Any:
    return pytest.raises(sqlite3.IntegrityError, match=by)


@pytest.mark.parametrize(("before", "after"), PAIRS, ids=[f"{before}>{after}" for before, after in PAIRS])
def test_a_step_is_stored_if_and_only_if_it_may_follow(file: sqlite3.Connection, before: State, after: State) -> None:
    taken = _go_to(file, before)
    if after in FOLLOWS[before]:
        _step(file, taken + 1, before, after)
        assert len(_steps(file)) == taken + 1
    else:
        with _refused("may_follow"):
            _step(file, taken + 1, before, after)
        assert len(_steps(file)) == taken


def test_the_pairs_are_those_that_were_agreed() -> None:
    agreed = {
        "not-opened": "confirmed waived",
        "confirmed": "accepted amended returned withdrawn",
        "amended": "accepted amended returned withdrawn",
        "returned": "amended waived withdrawn",
        "accepted": "amended confirmed",
        "withdrawn": "amended waived",
        "waived": "not-opened",
    }
    assert {str(before): " ".join(sorted(after)) for before, after in FOLLOWS.items()} == agreed


def test_what_is_open_owed_and_to_review_fits_the_pairs() -> None:
    assert set(FOLLOWS) == set(STORED)
    assert set(OPEN) == {State.NOT_OPENED, State.CONFIRMED, State.AMENDED, State.RETURNED, State.WITHDRAWN}
    assert set(OWING) - {State.LINKED} == {state for state in STORED if State.WAIVED in FOLLOWS[state]}
    assert set(TO_REVIEW) == {state for state in STORED if State.ACCEPTED in FOLLOWS[state]}


@pytest.mark.parametrize("word", ["linked", "late", "CONFIRMED", "", "confirmed "])
def test_a_state_that_is_no_state_of_a_step_cannot_be_stored(file: sqlite3.Connection, word: str) -> None:
    _version(file)
    with _refused("may_follow"):
        _step(file, 1, "not-opened", word)
    _step(file, 1, "not-opened", "confirmed")
    with _refused("may_follow"):
        _step(file, 2, word, "accepted")


@pytest.mark.parametrize(
    ("by", "changed"),
    [
        pytest.param("FOREIGN KEY", {"number": 3, "previous": 2}, id="its number is skipped"),
        pytest.param("one_before", {"number": 3, "previous": 1}, id="after the last, with a number skipped"),
        pytest.param("one_before", {"previous": None}, id="without a predecessor"),
        pytest.param("one_before", {"previous": 2}, id="its own predecessor"),
        pytest.param("one_before", {"number": 0, "previous": None}, id="number 0"),
        pytest.param("one_before", {"number": -1, "previous": -2}, id="a number below 0"),
        pytest.param("FOREIGN KEY", {"before": "amended"}, id="another state before than the predecessor led to"),
        pytest.param("FOREIGN KEY", {"before": "not-opened", "after": "confirmed"}, id="as if nothing had happened"),
        pytest.param("FOREIGN KEY", {"agency": "so-y-te"}, id="after the step of another agency"),
        pytest.param(
            "UNIQUE", {"number": 1, "previous": None, "before": "not-opened", "after": "confirmed"}, id="first again"
        ),
        pytest.param(
            "UNIQUE", {"number": 1, "previous": None, "before": "not-opened", "after": "waived"}, id="another first"
        ),
        pytest.param("FOREIGN KEY", {"version": 2}, id="about a version that does not exist"),
        pytest.param("is_about_a_version", {"version": None}, id="about no version"),
        pytest.param("NOT NULL", {"before": None}, id="without a state before"),
        pytest.param("NOT NULL", {"after": None}, id="without a state after"),
        pytest.param("NOT NULL", {"at": None}, id="without a time"),
        pytest.param("has_its_reason", {"after": "returned", "reason": None}, id="returned without a reason"),
    ],
)
def test_a_step_out_of_line_cannot_be_stored(file: sqlite3.Connection, by: str, changed: dict[str, Any]) -> None:
    for agency in (AGENCY, "so-y-te"):
        _version(file, agency=agency)
    _step(file, 1, "not-opened", "confirmed")
    in_line: dict[str, Any] = {"number": 2, "before": "confirmed", "after": "accepted"}
    with _refused(by):
        _step(file, **in_line | changed)
    _step(file, **in_line)
    assert len(_steps(file)) == 2


def test_letting_off_without_a_reason_cannot_be_stored(file: sqlite3.Connection) -> None:
    with _refused("has_its_reason"):
        _step(file, 1, "not-opened", "waived", version=None, reason=None)
    _step(file, 1, "not-opened", "waived", version=None)


def test_a_first_step_that_follows_something_cannot_be_stored(file: sqlite3.Connection) -> None:
    _version(file)
    with _refused("follows_the_one_before"):
        _step(file, 1, "confirmed", "accepted")
    with _refused("follows_the_one_before"):
        _step(file, 1, "not-opened", "confirmed", previous=0)


def test_a_step_that_another_follows_can_be_neither_changed_nor_removed(file: sqlite3.Connection) -> None:
    _version(file, agency="so-y-te")
    _go_to(file, State.ACCEPTED)
    before = _steps(file)
    for statement in (
        "UPDATE steps SET after = 'waived' WHERE number = 1",
        "UPDATE steps SET agency = 'so-y-te' WHERE number = 1",
        "DELETE FROM steps WHERE number = 1",
    ):
        with _refused("FOREIGN KEY"):
            file.execute(statement)
    assert _steps(file) == before


def test_two_versions_with_one_number_cannot_be_stored(file: sqlite3.Connection) -> None:
    _version(file)
    with _refused("UNIQUE"):
        _version(file)
    _version(file, agency="so-y-te")
    _version(file, version=2)


@pytest.mark.parametrize(
    ("by", "changed"),
    [
        ("counts_from_one", {"version": 0}),
        ("counts_from_one", {"version": -1}),
        ("way_is_known", {"way": "fax"}),
        *(("NOT NULL", {column: None}) for column in ("version", "way", "agency", "confirmed_at", "on_behalf")),
    ],
)
def test_a_version_that_is_none_cannot_be_stored(file: sqlite3.Connection, by: str, changed: dict[str, Any]) -> None:
    with _refused(by):
        _version(file, **changed)


def test_a_version_that_a_step_is_about_cannot_be_removed(file: sqlite3.Connection) -> None:
    _go_to(file, State.CONFIRMED)
    with _refused("FOREIGN KEY"):
        file.execute("DELETE FROM versions")
    with _refused("FOREIGN KEY"):
        file.execute("UPDATE versions SET agency = 'so-y-te'")
