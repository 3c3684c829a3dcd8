"""Receipts: a code is that of its record and of no other, however it is typed; whoever changes the record is found."""

import re
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.attachment_kinds import Kind
from bot.attachments import Attachment
from bot.receipts import Checked, Receipts, load_key
from bot.states import State
from bot.store.submission_tables import Version, VersionFile
from tests.bot.office import AN, AN_ID, CARD, CHI, CHI_ID, GIVEN, KEY, XAY_DUNG, Office, event_words
from tests.stores import Store

FILES = (
    Attachment("ab" * 32, 1234, "bao-cao.pdf", Kind.PDF),
    Attachment("cd" * 32, 99, "phu-luc.docx", Kind.DOCX),
)

# What may become of each column behind the bot's back.
CHANGES: dict[str, str] = {
    "id": "12",
    "agency": "'ubnd-bu-dang'",
    "version": "2",
    "way": "'paper'",
    "document_number": "'124/BC-SXD'",
    "document_day": "'2021-11-09'",
    "confirmed_at": "'2021-11-08 00:00:00.000000'",
    "due_before": "'2021-11-16'",
    "on_behalf": "1",
}
FILE_CHANGES: dict[str, str] = {
    "version_id": "12",
    "position": "5",
    "sha256": f"'{'ef' * 32}'",
    "name": "'bao-cao-2.pdf'",
    "size": "1235",
    "kind": "'zip'",
}
# Who it was is not what was confirmed, and may be forgotten on demand.
FORGETTABLE = {"person_id", "person_name", "recorded_by", "recorded_by_name"}

# Makes the key, once it is told to.
MAKES_KEY = """
import pathlib, sys
from bot.receipts import load_key
print("ready", flush=True)
sys.stdin.readline()
print(load_key(pathlib.Path(sys.argv[1])).hex())
"""


@pytest.fixture(scope="session")
def database_kind() -> str:
    """On a server numbers that others refer to cannot be changed at all."""
    return "sqlite"


async def _code(office: Office) -> str:
    """The code on the receipt of what An confirms."""
    event = await office.confirm(given=replace(GIVEN, files=FILES))
    assert event.version is not None
    return office.receipts.code(event.version, event.files)


async def _checked(office: Office, code: str) -> Checked:
    checked = await office.receipts.check(code)
    assert checked is not None, code
    return checked


async def test_a_code_stands_for_what_was_confirmed(office: Office) -> None:
    checked = await _checked(office, await _code(office))
    version = checked.version
    assert (version.agency, version.version, version.document_number) == (XAY_DUNG, 1, GIVEN.number)
    assert [(file.name, file.sha256) for file in checked.files] == [(file.name, file.sha256) for file in FILES]
    assert (checked.newest, checked.state, checked.is_current) == (1, State.CONFIRMED, True)


async def test_a_code_is_found_however_it_is_typed(office: Office) -> None:
    codes = [await _code(office) for _ in range(12)]
    assert any("0" in code.partition("-")[2] or "1" in code.partition("-")[2] for code in codes)
    for number, code in enumerate(codes, 1):
        assert re.fullmatch(rf"{number}-[0-9A-HJKMNP-TV-Z]{{5}}-[0-9A-HJKMNP-TV-Z]{{5}}", code)
        for typed in (
            code.lower(),
            code.replace("-", ""),
            code.replace("-", " "),
            code.replace("-", " - "),
            f"  {code}\n",
            " ".join(code),
            f"00{code}",
            code.replace("0", "O").replace("1", "I"),
            code.lower().replace("0", "o").replace("1", "l"),
        ):
            assert (await _checked(office, typed)).version.version == number, typed


async def test_what_is_no_code_stands_for_nothing(office: Office) -> None:
    code = await _code(office)
    number, *signs = code.split("-")
    other = "2" if signs[0][0] != "2" else "3"
    for typed in (
        "", "-", "1", "xin chào", "".join(signs), f"2-{'-'.join(signs)}", f"0-{'-'.join(signs)}",
        f"{number}-{other}{signs[0][1:]}-{signs[1]}", f"{number}-{signs[1]}-{signs[0]}x", code + "0", code[:-1],
        f"{10**30}-{'-'.join(signs)}", f"-{code}9", f"１-{'-'.join(signs)}x", f"{number}-ĐĐĐĐĐ-ßßßßß", f"{code} {code}",
        "\x00", "1-UUUUU-UUUUU",
    ):  # fmt: skip
        assert await office.receipts.check(typed) is None, typed


async def test_the_code_of_one_receipt_is_not_that_of_another(office: Office) -> None:
    first, second = await _code(office), await _code(office)
    assert await office.receipts.check(f"2-{first.partition('-')[2]}") is None
    assert await office.receipts.check(f"1-{second.partition('-')[2]}") is None


def test_every_column_is_tried() -> None:
    assert CHANGES.keys() | FORGETTABLE == set(Version.__table__.columns.keys())
    assert FILE_CHANGES.keys() == set(VersionFile.__table__.columns.keys())


@pytest.mark.parametrize("column", CHANGES)
async def test_a_record_that_was_changed_does_not_fit_its_code(office: Office, store: Store, column: str) -> None:
    code = await _code(office)
    await _checked(office, code)
    assert store.change(f"UPDATE versions SET {column} = {CHANGES[column]}")
    assert await office.receipts.check(code) is None
    assert await office.receipts.check(f"12-{code.partition('-')[2]}") is None


@pytest.mark.parametrize("column", FILE_CHANGES)
async def test_files_that_were_changed_do_not_fit_the_code(office: Office, store: Store, column: str) -> None:
    code = await _code(office)
    assert store.change(f"UPDATE version_files SET {column} = {FILE_CHANGES[column]} WHERE position = 0")
    assert await office.receipts.check(code) is None


@pytest.mark.parametrize("column", ["document_number", "document_day", "due_before"])
async def test_a_record_from_which_something_was_taken_does_not_fit_its_code(
    office: Office, store: Store, column: str
) -> None:
    code = await _code(office)
    assert store.change(f"UPDATE versions SET {column} = NULL")
    assert await office.receipts.check(code) is None


async def test_files_taken_away_or_added_do_not_fit_the_code(office: Office, store: Store) -> None:
    codes = [await _code(office) for _ in range(2)]
    assert store.change("DELETE FROM version_files WHERE version_id = 1 AND position = 1")
    assert store.change("INSERT INTO version_files VALUES (2, 2, 'ef', 'them.pdf', 1, 'pdf')")
    assert [await office.receipts.check(code) for code in codes] == [None, None]


async def test_a_code_made_with_another_key_is_not_real(office: Office) -> None:
    code = await _code(office)
    other = Receipts(office.database, KEY[::-1])
    assert await other.check(code) is None
    checked = await _checked(office, code)
    assert await office.receipts.check(other.code(checked.version, checked.files)) is None


async def test_a_code_is_right_after_names_were_forgotten(office: Office) -> None:
    await office.link(AN)
    codes = [await _code(office)]
    event = await office.confirm(CHI, on_behalf=True)
    assert event.version is not None
    codes.append(office.receipts.code(event.version, event.files))
    for person_id in (AN_ID, CHI_ID):
        await office.privacy.forget(person_id, {})
    versions = [(await _checked(office, code)).version for code in codes]
    assert [(one.person_name, one.recorded_by_name) for one in versions] == [(None, None), (None, None)]


async def test_only_the_newest_version_that_was_not_withdrawn_is_current(office: Office) -> None:
    older, newer = await _code(office), await _code(office)

    async def told(code: str) -> tuple[int, State, bool]:
        checked = await _checked(office, code)
        return checked.newest, checked.state, checked.is_current

    assert await told(older) == (2, State.AMENDED, False)
    assert await told(newer) == (2, State.AMENDED, True)
    await office.submissions.withdraw(AN, XAY_DUNG, 2, event_words, CARD)
    assert await told(newer) == (2, State.WITHDRAWN, False)


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "dữ liệu" / "2021"
    key = load_key(folder)
    assert len(key) == 32
    assert load_key(folder) == key
    [made] = folder.iterdir()
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert load_key(tmp_path / "other") != key


def test_programs_that_start_at_once_use_one_key(tmp_path: Path) -> None:
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", MAKES_KEY, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("\n")
        program.stdin.flush()
    keys = {program.communicate(timeout=30)[0].strip() for program in programs}
    assert keys == {load_key(tmp_path).hex()}
    assert len(list(tmp_path.iterdir())) == 1


def test_a_key_that_another_program_made_in_the_meantime_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = load_key(tmp_path)
    monkeypatch.setattr(Path, "exists", lambda _: False)  # looked before the other had made it
    assert load_key(tmp_path) == key
    assert len(list(tmp_path.iterdir())) == 1


def test_a_key_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        load_key(tmp_path / "file")
